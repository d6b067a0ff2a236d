"""Recorded pages of the platform, row by row: what becomes of each column, and what is refused."""

import json
from datetime import date
from pathlib import Path

import pytest

from backend.app import FORMS
from backend.features.catalogue.catalogue import Catalogue
from backend.features.connectors import mapping
from backend.features.connectors.source import read_feeds

RECORDED = Path(__file__).parent.parent.parent / "recorded"


@pytest.fixture(scope="module")
def streams(server):  # digests want the server's keys
    feeds = read_feeds([FORMS], Catalogue.read([FORMS])).values()
    return {stream.key: stream for feed in feeds for stream in feed.streams}


def page(name):
    answer = json.loads((RECORDED / f"street-{name}.json").read_text(encoding="utf-8"))
    return answer["data"]["list"]


@pytest.mark.parametrize("name", ["people", "houses", "buildings"])
def test_a_recorded_page_fits(streams, name):
    for raw in page(name):
        mapped = mapping.map_row(raw, streams[name])
        assert mapped.refusal is None and mapped.left_out == ()
        assert mapped.row.source_id == raw[streams[name].row_id]


def test_a_person(streams):
    row = mapping.map_row(page("people")[0], streams["people"]).row
    assert row.refs == {
        "committee": "310107005001",
        "house": "F0050010020102",
        "household": "H00500100012",
        "household_kind": "家庭户",
    }
    assert row.as_of.isoformat() == "2022-05-28T12:43:51+08:00"
    told = {key: value for key, value in row.values.items() if value is not None}
    assert told == {
        "name": "张明",
        "id_type": "111",
        "id_no": "31019919810708079X",
        "sex": "1",
        "birth": date(1981, 7, 8),
        "ethnic": "01",
        "native_place": "320900",
        "nationality": "CHN",
        "edu": "41",
        "political": "13",
        "marital": "20",
        "occupation": "90",
        "phone": "18010458537",
        "residence_status": "1",
        "population_kind": "1",
        "huji_addr": "上海市普陀区棠浦路3010弄2号102室",
        "relation": "02",
        "move_in": date(2018, 8, 18),
    }


def test_a_house_and_its_building(streams):
    house = mapping.map_row(page("houses")[0], streams["houses"]).row
    assert house.values["house_area"] == float(page("houses")[0]["jzmj"])
    assert (house.values["house_use"], house.values["occupancy"]) == ("10", "1")
    building = mapping.map_row(page("buildings")[0], streams["buildings"]).row
    assert building.values["has_lift"] is False and building.values["floors_up"] == 6
    assert building.refs["road"] == page("buildings")[0]["lm"]


REFUSED = [
    ({"xm": ""}, "name", "姓名为空"),
    ({"zjhm": "310199198107080791"}, "id_no", "证件号码校验位不对"),
    ({"zjhm": "31O199198107080791"}, "id_no", "证件号码里有形似数字的字母，请核对"),
    ({"zjhm": "3101991981070807"}, "id_no", "证件号码应为 18 位"),
    ({"zjhm": "310199198102300798"}, "id_no", "证件号码里的出生日期不存在"),
    ({"csrq": "19810709"}, "birth", "出生日期与证件号码不一致"),
    ({"csrq": "1981年13月1日"}, "birth", "出生日期不是日期：1981年13月1日"),
    ({"xb": "0"}, "sex", "性别与证件号码不一致"),
    ({"rkzt": "09"}, "residence_status", "人户状态的代码不认识：09"),
    ({"csrq": {"value": 1}}, "birth", "出生日期的类型不对：应为文本"),
    ({"swrq": "19810101"}, "death_date", "死亡日期早于出生日期"),
    ({"gxsj": "昨天"}, "gxsj", "更新时间读不懂"),
    ({"fwbm": " "}, "house", "房屋为空"),
    ({"rkbm": ""}, "rkbm", "这一行没有编号，无法对应"),
]


@pytest.mark.parametrize(("change", "field", "reason"), REFUSED)
def test_what_is_refused(streams, change, field, reason):
    mapped = mapping.map_row(page("people")[0] | change, streams["people"])
    assert mapped.row is None
    assert (mapped.refusal.field, mapped.refusal.reason) == (field, reason)


LEFT_OUT = [
    ({"lxdh": "138O0138000"}, "phone", "联系电话里有形似数字的字母，请核对"),
    ({"lxdh": "62345678"}, "phone", "联系电话不是电话号码"),
    ({"whcd": "私塾"}, "edu", "文化程度的代码不认识：私塾"),
    ({"rzrq": "20180231"}, "move_in", "入住日期不是日期：20180231"),
    ({"gzdw": "很" * 101}, "employer", "工作单位/就读学校超过 100 个字"),
]


@pytest.mark.parametrize(("change", "field", "reason"), LEFT_OUT)
def test_an_optional_value_is_left_out(streams, change, field, reason):
    mapped = mapping.map_row(page("people")[0] | change, streams["people"])
    assert mapped.row.values[field] is None
    assert [(r.field, r.reason) for r in mapped.left_out] == [(field, reason)]


TOLERATED = [
    ({"zjhm": " 310199 19810708 079x "}, "id_no", "31019919810708079X"),
    ({"zjhm": "３１０１９９１９８１０７０８０７９Ｘ"}, "id_no", "31019919810708079X"),
    ({"csrq": "1981-07-08 00:00:00"}, "birth", date(1981, 7, 8)),
    ({"csrq": 19810708}, "birth", date(1981, 7, 8)),
    ({"lxdh": "+86 180-1045-8537"}, "phone", "18010458537"),
    ({"lxdh": 18010458537}, "phone", "18010458537"),
    ({"xm": "　张明 "}, "name", "张明"),
    ({"whcd": "文盲"}, "edu", "90"),
]


@pytest.mark.parametrize(("change", "field", "value"), TOLERATED)
def test_what_is_tolerated(streams, change, field, value):
    raw = page("people")[0] | change
    assert mapping.map_row(raw, streams["people"]).row.values[field] == value


def test_a_row_that_is_none(streams):
    for raw in (None, [], "row", 7):
        assert mapping.map_row(raw, streams["people"]).refusal.field == "rkbm"


def test_a_changed_mapping_makes_every_row_new(streams):
    raw, stream = page("people")[0], streams["people"]
    same = mapping.digest(dict(reversed(raw.items())), stream)
    assert mapping.digest(raw, stream) == same
    other = streams["houses"]
    assert mapping.digest(raw, other) != same
