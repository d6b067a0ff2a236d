"""Normalising, pinyin, money and Chinese dates by examples."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.engine.text import dates, divisions, money, normal, pinyin


def test_half_width() -> None:
    assert normal.half_width("１０４０弄（ＡＢｃ）－１　号") == "1040弄(ABc)-1 号"
    assert normal.tidy_code(" 138－0013\u200b 8000 ") == "138-00138000"
    assert normal.tidy_code("３１０１９９１９５００１０１００１Ｘ") == "31019919500101001X"
    assert normal.tidy_line("  兰溪路　１３８号 \t\n 底楼 ") == "兰溪路 138号 底楼"
    assert normal.tidy_text("漏水，\r\n已修（３次）。 \x00\n\n") == "漏水，\n已修（3次）。"
    assert normal.tidy_text("㛃𠮷\ufeff") == "㛃𠮷"


@given(st.text())
def test_tidying_twice_changes_nothing(text: str) -> None:
    for tidy in (normal.half_width, normal.tidy_code, normal.tidy_line, normal.tidy_text):
        assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("张小明", "zhangxiaoming", "zxm"),
        ("单晓燕", "shanxiaoyan", "sxy"),
        ("仇英", "qiuying", "qy"),
        ("解晓东", "xiexiaodong", "xxd"),
        ("曾志伟", "zengzhiwei", "zzw"),
        ("区志强", "ouzhiqiang", "ozq"),
        ("查良镛", "zhaliangyong", "zly"),
        ("翟天临", "zhaitianlin", "ztl"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("万俟雅", "moqiya", "mqy"),
        ("单于丹", "chanyudan", "cyd"),
        ("长孙无忌", "zhangsunwuji", "zswj"),
        ("欧阳建国", "ouyangjianguo", "oyjg"),
        ("吕布", "lvbu", "lb"),
        ("买买提·吐尔逊", "maimaitituerxun", "mmttex"),
        ("John Smith", "johnsmith", "js"),
        ("单", "shan", "s"),
        ("", "", ""),
    ],
)
def test_names_in_pinyin(name: str, full: str, initials: str) -> None:
    assert pinyin.spell_name(name) == pinyin.Spelling(full, initials)


def test_places_in_pinyin() -> None:
    assert pinyin.spell("曹杨一村123号") == pinyin.Spelling("caoyangyicun123hao", "cyyc1h")
    assert pinyin.spell("重庆路").full == "chongqinglu"


def test_money() -> None:
    assert money.yuan(1234567) == "12,345.67"
    assert money.yuan(-5) == "-0.05"
    assert money.yuan_short(120000) == "1,200"
    assert money.yuan_short(120050) == "1,200.50"
    assert money.wan_yuan(123456789) == "123.46"
    assert money.wan_yuan(50000) == "0.05"
    assert money.parse_yuan("￥1,234.5元") == 123450
    for wrong in ("一百", "1.234", "", "1e400", "nan"):
        with pytest.raises(ValueError, match="amount"):
            money.parse_yuan(wrong)


@given(st.integers(-(10**12), 10**12))
def test_money_there_and_back(fen: int) -> None:
    assert money.parse_yuan(money.yuan(fen)) == fen
    assert money.parse_yuan(money.yuan_short(fen)) == fen


def test_dates() -> None:
    day = date(2026, 8, 7)
    assert dates.date_text(day) == "2026年8月7日"
    assert dates.short_date_text(day) == "8月7日"
    assert dates.weekday_text(day) == "星期五"
    assert dates.time_text(datetime(2026, 8, 7, 9, 5)) == "2026年8月7日 09:05"
    assert dates.span_text(day, date(2026, 8, 31)) == "2026年8月7日至8月31日"
    assert dates.span_text(day, date(2027, 1, 1)) == "2026年8月7日至2027年1月1日"
    assert dates.span_text(day, day) == "2026年8月7日"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("310107", "上海市普陀区"),
        ("320506", "江苏省苏州市吴中区"),
        ("320600", "江苏省南通市"),
        ("310103", "上海市卢湾区"),  # withdrawn in 2011
        ("429004", "湖北省仙桃市"),  # groups of the standard are no places
        ("500230", "重庆市丰都县"),
        ("310199", "上海市（310199）"),  # in no revision
        ("999999", "999999"),
        ("苏州", "苏州"),
        ("", ""),
    ],
)
def test_divisions(code: str, text: str) -> None:
    assert divisions.division_text(code) == text


@pytest.mark.parametrize(
    ("code", "text"),
    [("310107005006-01", "第1网格"), ("310107005006-12", "第12网格"), ("兰溪网格", "兰溪网格")],
)
def test_grids(code: str, text: str) -> None:
    assert divisions.grid_text(code) == text
