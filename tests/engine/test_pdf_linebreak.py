"""The line breaker as a promise: nothing lost, nothing too wide, no bad beginnings or ends."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.engine.pdf import linebreak
from backend.engine.pdf.fonts import Fonts
from backend.engine.pdf.linebreak import NEVER, NO_END, NO_START, LineBreaker

FONTS = Fonts(Path(__file__).parents[2] / "templates" / "fonts" / "node_modules")
ROUGH = 0.01
PIECES = st.sampled_from(
    [
        *"居民委员会王小明走访独居老人，。、；：？！（）《》“”……—— ",
        "021-62345678",
        "13800138000",
        "93.65%",
        "1,234.50",
        "《中华人民共和国》",
        "（负责人：张经理）",
        "https://sq.example.gov.cn/a_b?c=d",
        "zhang.san@example.com",
        "WeCom",
        "𠮷㛃",
    ]
)
TEXTS = st.lists(PIECES, max_size=60).map("".join)


@pytest.fixture(scope="module")
def breaker() -> LineBreaker:
    return LineBreaker(FONTS.typeface("song"))


def width(breaker: LineBreaker, text: str) -> float:
    return breaker.typeface.measure(text, 1000)


@given(text=TEXTS, limit=st.integers(3000, 40000))
def test_nothing_is_lost_and_nothing_overflows(breaker: LineBreaker, text: str, limit: int) -> None:
    lines = breaker.lines(text, limit)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(breaker, line) <= limit + ROUGH for line in lines)


@given(text=TEXTS, limit=st.integers(8000, 40000))
def test_no_bad_beginnings_or_ends_where_another_place_exists(
    breaker: LineBreaker, text: str, limit: int
) -> None:
    lines = breaker.lines(text, limit)
    for line, following in pairwise(lines):
        bad = following[:1] in NO_START or line[-1:] in NO_END
        joined = line + following
        assert not (bad and following and _had_a_choice(joined, len(line)))


def _had_a_choice(joined: str, stop: int) -> bool:
    return any(linebreak._badness(joined, place) < NEVER for place in range(1, stop))


@pytest.mark.parametrize(
    ("text", "ems", "lines"),
    [
        ("居民委员会", 5, ["居民委员会"]),
        ("已通知物业，待复查。", 5, ["已通知物", "业，待复", "查。"]),
        ("见《条例》第三条", 4, ["见《条", "例》第三", "条"]),
        ("他说：“好。”然后走了", 5, ["他说：", "“好。”然", "后走了"]),
        ("电话13800138000已核实", 7, ["电话", "13800138000已", "核实"]),
        ("完成率93.65%以上", 4, ["完成率", "93.65%", "以上"]),
        ("至zhang.san@example.com", 8, ["至zhang.san@", "example.com"]),
        ("第一行\n第二行\r\n\n第四行", 9, ["第一行", "第二行", "", "第四行"]),
        ("甲\t乙", 9, ["甲 乙"]),
        ("", 9, [""]),
    ],
)
def test_examples(breaker: LineBreaker, text: str, ems: float, lines: list[str]) -> None:
    assert list(breaker.lines(text, ems * 1000)) == lines


def test_names_in_an_enumeration_stay_whole(breaker: LineBreaker) -> None:
    assert breaker.items("陆小燕、顾建平", 6000) == ["陆小燕、", "顾建平"]
    assert list(breaker.items("陆小燕、顾建平", 9000)) == ["陆小燕、顾建平"]
    assert breaker.items("甲、中华人民共和国", 4000) == ["甲、", "中华人民", "共和国"]
    assert list(breaker.items("独居", 9000)) == ["独居"]


@given(text=TEXTS, limit=st.integers(3000, 40000))
def test_an_enumeration_loses_nothing(breaker: LineBreaker, text: str, limit: int) -> None:
    lines = breaker.items(text, limit)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(breaker, line) <= limit + ROUGH for line in lines)


def test_heads_are_balanced(breaker: LineBreaker) -> None:
    assert breaker.balanced("指标代码", 3500) == ["指标", "代码"]
    assert breaker.balanced("紧急联系人电话", 6000) == ["紧急联系", "人电话"]
    assert list(breaker.balanced("姓名", 6000)) == ["姓名"]


def test_a_number_longer_than_the_line_is_cut_rather_than_lost(breaker: LineBreaker) -> None:
    lines = breaker.lines("310199195001010018", 4000)
    assert "".join(lines) == "310199195001010018"
    assert len(lines) == 3
