"""A return on paper and as a spreadsheet: the same figures, the marks of its copy, a trace."""

from uuid import uuid4

import pytest

from tests.features.documents.conftest import book, handed_in, pages, the_return, traces


async def test_it_works(as_, street):
    sheet = await the_return(as_)
    await handed_in(as_, sheet, C13=2)
    await as_("bob").post(f"/api/returns/{sheet}/check")
    response = await as_("dora").get(f"/api/returns/{sheet}/pdf")
    name = response.headers["Content-Disposition"]
    assert "filename*=UTF-8''" in name and name.endswith(".pdf")
    assert response.headers["Cache-Control"] == "no-store"
    (table, *_), text, info = await pages(response)
    assert table[0] == ["指标代码", "指标名称", "计量单位", "本期", "口径／说明"]
    by_code = {row[0]: row for row in table[1:]}
    assert by_code["C01"][1:4] == ["户籍60岁及以上", "人", "4"]
    assert by_code["C13"][3] == "2"
    assert by_code["C18"][2:4] == ["%", "80.0"]
    assert text.startswith("老年人口与独居老人情况统计表填报单位：曹杨新村街道源园")
    assert "2026年第三季度" in text
    assert "填报人：陆小燕审核人：顾建平负责人：" in text
    assert "填报日期：2026年10月8日" in text
    assert "第1版，2026年10月8日09:00提交，已上报。摘要（SM3）" in text
    (trace,) = await traces()
    assert (trace["actor"], trace["subject"]) == ("沈敏", f"return:{sheet}")
    assert trace["facts"]["form"] == "T03" and trace["facts"]["format"] == "pdf"
    assert info["TraceId"] == trace["facts"]["trace"]
    assert f"居村通{info['TraceId']}" in text


async def test_a_draft_says_that_it_is_one(as_, street):
    sheet = await the_return(as_)
    (table, *_), text, _ = await pages(await as_("alice").get(f"/api/returns/{sheet}/pdf"))
    assert {row[0]: row[3] for row in table}["C13"] == "—"
    assert "本表待填报，尚未上报，仅供核对。" in text
    assert "SM3" not in text


async def test_a_figure_typed_over_is_marked(as_, street):
    sheet = await the_return(as_)
    held = await (await as_("alice").get(f"/api/returns/{sheet}")).json()
    body = {
        "rev": held["rev"],
        "form_version": 1,
        "answers": {"C13": 1, "C14": 2},
        "reasons": {"C14": "助餐点名单尚未录入"},
    }
    saved = await as_("alice").put(f"/api/returns/{sheet}/draft", body)
    assert saved.status == 200, await saved.text()
    (table, *_), text, _ = await pages(await as_("alice").get(f"/api/returns/{sheet}/pdf"))
    row = next(row for row in table if row[0] == "C14")
    assert row[1] == "助餐服务※" and row[3] == "2" and row[-1] == "助餐点名单尚未录入"
    assert "带※的数由填报人修改" in text


async def test_as_a_spreadsheet(as_, street):
    sheet = await the_return(as_)
    await handed_in(as_, sheet, C13=2)
    rows, properties = await book(await as_("bob").get(f"/api/returns/{sheet}/xlsx"))
    assert rows[0][0] == "老年人口与独居老人情况统计表"
    assert rows[2][:4] == ["指标代码", "指标名称", "计量单位", "本期"]
    figures = {row[0]: row[3] for row in rows[3:]}
    assert (figures["C01"], figures["C13"], figures["C18"]) == (4, 2, 80.0)
    (trace,) = await traces()
    assert properties == {"TraceId": trace["facts"]["trace"]}


@pytest.mark.parametrize("ending", ["pdf", "xlsx"])
async def test_who_may_not(as_, street, ending):
    sheet = await the_return(as_)
    for who, status in ((None, 401), ("greta", 403), ("carol", 404), ("erin", 404)):
        assert (await as_(who).get(f"/api/returns/{sheet}/{ending}")).status == status
    assert (await as_("alice").get(f"/api/returns/{uuid4()}/{ending}")).status == 404
    assert (await as_("alice").get(f"/api/returns/nonsense/{ending}")).status in (400, 404)
    assert await traces() == []
