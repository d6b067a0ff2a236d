"""The roster from a spreadsheet: good rows are taken over, every other is named with its reason."""

from io import BytesIO

import pytest
import xlsxwriter

from backend.core.db import sql
from tests.cast import CAOYANG, HUAXI, YUANYUAN

HEAD = ("姓名", "企业微信账号", "所在区域", "岗位", "条线", "状态")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def book(*rows, head=HEAD):
    out = BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "曹杨新村街道工作人员名册")
        for y, row in enumerate((head, *rows), 2):
            for x, cell in enumerate(row):
                sheet.write(y, x, cell)
    return out.getvalue()


async def send(as_, *rows, who="dora", head=HEAD):
    return await as_(who).upload("/api/staff/import", "名册.xlsx", book(*rows, head=head), XLSX)


async def imported(as_, *rows, **given):
    response = await send(as_, *rows, **given)
    assert response.status == 200, await response.text()
    return await response.json()


async def person(userid):
    found = await sql("select * from staff where userid_key = :key", key=userid.lower())
    return found[0] if found else None


async def test_it_works(as_, http, contacts):
    given = await imported(
        as_,
        ("王芳", "Wang.Fang", "源园居委会", "社工", "老龄、残联", ""),
        ("李军", "li.jun", "花溪园居委会", "书记（主任）、社工", "", "在岗"),
        ("陈静", "chen.jing", "曹杨新村街道", "科室经办", "老龄", ""),
    )
    assert given == {"added": 3, "changed": 0, "refused": []}
    row = await person("wang.fang")
    assert (row["area"], row["roles"], row["duties"]) == (YUANYUAN, ["worker"], ["老龄", "残联"])
    assert (await person("li.jun"))["roles"] == ["lead", "worker"]
    assert (await person("chen.jing"))["area"] == CAOYANG
    (trace,) = await sql("select actor, facts from audit where verb = 'staff.import'")
    assert (trace["actor"], trace["facts"]["added"]) == ("沈敏", 3)


async def test_the_same_again_changes_nothing(as_, roster):
    row = ("陆小燕", "lu.xiaoyan", "", "", "", "")
    assert await imported(as_, row) == {"added": 0, "changed": 0, "refused": []}
    given = await imported(as_, ("陆小燕", "lu.xiaoyan", "花溪园居委会", "", "调解", ""))
    assert given["changed"] == 1
    after = await person("lu.xiaoyan")
    assert (after["id"], after["area"]) == (roster["Lu.XiaoYan"], HUAXI)
    assert (after["roles"], after["duties"]) == (["worker"], ["调解"])


async def test_disabled_is_out_at_once(as_, browser):
    await browser.enter("Lu.XiaoYan")
    await imported(as_, ("陆小燕", "Lu.XiaoYan", "", "", "", "停用"))
    assert (await browser.get("/api/me")).status == 401
    assert (await person("lu.xiaoyan"))["barred"]
    await imported(as_, ("陆小燕", "Lu.XiaoYan", "", "", "", "在岗"))
    assert await browser.sign_in("Lu.XiaoYan") == "/m/#/pages/due"


REFUSED = [
    (("", "a.b", "源园居委会", "社工"), "name", "姓名没有填写"),
    (("王芳", "王芳", "源园居委会", "社工"), "userid", "不允许的字符"),
    (("王芳", "a.b", "", "社工"), "area", "请写明所在区域"),
    (("王芳", "a.b", "没有的居委会", "社工"), "area", "不在您的管辖范围内"),
    (("王芳", "a.b", "长风新村街道", "科室经办"), "area", "不在您的管辖范围内"),
    (("王芳", "a.b", "源园居委会", "主席"), "roles", "没有“主席”这个岗位"),
    (("王芳", "a.b", "源园居委会", "街镇数据专员"), "roles", "不能放在源园居委会"),
    (("王芳", "a.b", "曹杨新村街道", "区条线"), "roles", "不能放在曹杨新村街道"),
    (("王芳", "a.b", "曹杨新村街道", "审计员"), "roles", "不能放在曹杨新村街道"),
    (("王芳", "a.b", "曹杨新村街道", ""), "roles", "请写明岗位"),
    (("王芳", "a.b", "源园居委会", "社工", "", "休假"), "status", "状态应为"),
    (("邵峰", "shao.feng", "源园居委会", "社工"), "userid", "在别处的名册里"),
]


@pytest.mark.parametrize(("row", "field", "message"), REFUSED, ids=[str(r[2]) for r in REFUSED])
async def test_refused_rows(as_, roster, row, field, message):
    before = await sql("select userid, area, roles, status from staff order by id")
    given = await imported(as_, row)
    (refused,) = given["refused"]
    assert (given["added"], given["changed"]) == (0, 0)
    assert (refused["row"], refused["field"]) == (4, field) and message in refused["message"]
    assert await sql("select userid, area, roles, status from staff order by id") == before


async def test_good_rows_pass_beside_bad_ones(as_, http, contacts):
    given = await imported(
        as_,
        ("王芳", "wang.fang", "源园居委会", "社工"),
        ("王芳", "WANG.FANG", "花溪园居委会", "社工"),
        ("李军", "li.jun", "没有的居委会", "社工"),
    )
    assert given["added"] == 1 and [r["row"] for r in given["refused"]] == [5, 6]
    assert "两次" in given["refused"][0]["message"]
    assert (await person("wang.fang"))["area"] == YUANYUAN


async def test_nobody_changes_themselves(as_, roster, browser):
    from tests.cast import CAST

    await sql("update staff set id = :id where userid_key = 'shen.min'", id=CAST["dora"].id)
    given = await imported(as_, ("沈敏", "shen.min", "曹杨新村街道", "街镇分管领导"))
    assert "不能修改自己" in given["refused"][0]["message"]


async def test_who_may(as_, http):
    row = ("王芳", "wang.fang", "源园居委会", "社工")
    assert (await send(as_, row, who=None)).status == 401
    assert (await send(as_, row, who="bob")).status == 403
    assert await person("wang.fang") is None


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, 415, "file.kind"),
        (b"PK\x03\x04broken", 422, "file.broken"),
        (book(head=("甲", "乙", "丙")), 422, "sheet.headless"),
    ],
    ids=["a picture", "a broken file", "no head"],
)
async def test_bad_files(as_, http, contacts, body, status, code):
    response = await as_("dora").upload("/api/staff/import", "名册.xlsx", body, XLSX)
    told = await response.json()
    assert (response.status, told["code"]) == (status, code), told
