"""Lists in large print and accounts in sections, read back: sizes, headings, breaks of pages."""

import re
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest

from backend.engine.pdf.account import account_pdf
from backend.engine.pdf.grouped import grouped_pdf
from backend.engine.pdf.papers import (
    AccountPaper,
    Column,
    Group,
    GroupedPaper,
    Printed,
    Section,
    Signer,
)
from backend.engine.pdf.press import Press, set_up

TEMPLATES = Path(__file__).parents[2] / "templates"
COLUMNS = (
    Column("room", "室号", 16, kind="code", pinned=True),
    Column("name", "姓名", 30),
    Column("kinds", "情况", 46, kind="codes"),
    Column("phone", "电话", kind="phone"),
    Column("contact", "紧急联系人", 42),
    Column("done", "联系结果", 52),
)
SMALL = (Column("at", "时间", 30, kind="datetime"), Column("words", "内容", 90))


@pytest.fixture(scope="module")
def press() -> Press:
    return set_up(TEMPLATES)


def building(number: int, people: int) -> Group:
    rows = [
        (
            f"{n}01",
            "欧阳建国" if n % 2 else "王秀英",
            "独居、高龄、低洼",
            "13800138000",
            "王小明\n13900139000",
            "□平安　□不在\n□已转移",
        )
        for n in range(1, people + 1)
    ]
    return Group(f"兰溪路3010弄{number}号　{people} 人", rows)


def grouped(groups: list[Group], **more: object) -> GroupedPaper:
    paper = GroupedPaper("应急人员名单", COLUMNS, groups, "源园居委会　Ⅳ级响应")
    return GroupedPaper(**(vars(paper) | {"notes": ("用后销毁。",)} | more))


def pages(printed: Printed) -> list[str]:
    """The text of each page without blanks."""
    with pdfplumber.open(BytesIO(printed.body)) as pdf:
        return [re.sub(r"\s", "", page.extract_text() or "") for page in pdf.pages]


def test_large_print(press: Press) -> None:
    printed = grouped_pdf(grouped([building(1, 2), building(2, 1)]), press)
    assert printed.pages == 1 and not printed.missing
    with pdfplumber.open(BytesIO(printed.body)) as pdf:
        (page,) = pdf.pages
        assert page.width > page.height
        cells = [char for char in page.chars if char["text"] in "平安王秀英13800138000"]
        assert min(char["size"] for char in cells if 120 < char["top"] < 400) >= 16
    (text,) = pages(printed)
    assert "兰溪路3010弄1号2人" in text and text.index("1号2人") < text.index("2号1人")
    assert "注：用后销毁。" in text


def test_a_building_that_goes_over_is_named_again(press: Press) -> None:
    printed = grouped_pdf(grouped([building(1, 9)]), press)
    texts = pages(printed)
    assert len(texts) > 1
    assert all("兰溪路3010弄1号9人（续）" in text for text in texts[1:])
    assert all("室号" in text for text in texts), "the head stands on every page"
    rooms = re.findall(r"(?<!\d)(\d)01(?!\d)", " ".join(texts).replace("3010", ""))
    assert rooms == list("123456789"), "everybody once, in order"


@pytest.mark.parametrize("before", range(1, 7))
def test_no_heading_stands_alone(press: Press, before: int) -> None:
    printed = grouped_pdf(grouped([building(1, before), building(2, 3)]), press)
    for text in pages(printed):
        if "弄2号" in text:
            after = text[text.rindex("弄2号") :]
            assert "平安" in after, "at least one of its people below it"


def test_nobody_in_need(press: Press) -> None:
    (text,) = pages(grouped_pdf(grouped([]), press))
    assert "没有记录" in text and "注：用后销毁。" in text


@pytest.mark.parametrize("people", range(1, 12))
def test_what_closes_the_paper_stands_on_it(press: Press, people: int) -> None:
    signed = grouped([building(1, people)], signature=(Signer("联系人"),))
    texts = pages(grouped_pdf(signed, press))
    assert sum("联系人：" in text for text in texts) == 1 and "注：用后销毁。" in texts[-1]


def account(*sections: Section) -> AccountPaper:
    return AccountPaper("总结报告", sections, signature=(Signer("负责人"),), stamp="曹杨新村街道")


def test_an_account(press: Press) -> None:
    many = [(f"10月{n}日", f"第{n}件事情，办理的经过写在这里。" * 3) for n in range(1, 61)]
    printed = account_pdf(
        account(
            Section("一、总体情况", "风雨减弱，险情排除。" * 20 + "\n无人员伤亡。"),
            Section("二、处置经过", columns=SMALL, rows=many),
            Section("三、没有的事", columns=SMALL),
            Section("四、物资", "全部归还。", SMALL, many[:2]),
        ),
        press,
    )
    texts = pages(printed)
    whole = "".join(texts)
    order = [whole.index(name) for name in ("一、总", "二、处", "三、没", "四、物", "负责人：")]
    assert order == sorted(order) and len(texts) > 2 and not printed.missing
    days = [int(n) for n in re.findall(r"10月(\d+)日", whole)]
    assert days == [*range(1, 61), 1, 2], "every row once, in order"
    assert "没有记录" in whole and "曹杨新村街道（盖章）" in texts[-1]
    for text in texts:
        body = re.sub(r"第\d+页共\d+页", "", text)
        assert not re.search(r"[一二三四]、.{2,4}$", body), "no heading stands alone"


def test_columns_that_do_not_fit(press: Press) -> None:
    wide = tuple(Column(f"c{n}", f"第{n}栏", kind="id_no") for n in range(9))
    row = ("310199195001010017",) * 9
    with pytest.raises(ValueError, match="do not fit"):
        account_pdf(account(Section("宽表", columns=wide, rows=[row])), press)
