"""The street's board: committees by results, each rate with what it divides."""

from datetime import date

from backend.app import FORMS
from backend.core.access import SYSTEM
from backend.core.scope import scope_of
from backend.engine.orders.rates import read_yardstick
from backend.features.areas import store as areas
from backend.features.boards import covering, store
from tests.cast import CAOYANG, CHANGFENG, HUAXI, YUANYUAN
from tests.features.boards.conftest import MONTH, fetched, line, past, shown
from tests.features.ledgers.conftest import visit
from tests.residents import household, person

PATH = "/api/boards/street"


async def test_it_works(as_, units, book):
    await past(book, 3, on_time=True, contacted=True, solved=True, satisfied="满意", closed=True)
    await past(book, 1, on_time=False, solved=False, satisfied="不满意", redo=1, closed=True)
    await past(book, 1, solved=None, satisfied="未接通")
    await past(book, 2, HUAXI, source="04", category="E0102")
    await past(book, 1, CAOYANG, source="02", title="路灯不亮", content="路口的路灯不亮。")
    board = await fetched(as_, "henry", PATH, **MONTH)
    assert (board["area"]["name"], board["veiled"]) == ("曹杨新村街道", False)
    assert (board["since"], board["until"]) == ("2026-09-14", "2026-10-12")
    committees = await areas.committees(scope_of(CAOYANG), date(2026, 10, 12))
    assert len(board["table"]["rows"]) == len(committees) + 1  # and what nobody could place yet
    own = line(board["table"], "源园居委会")
    assert shown(own) == {
        "received": "5",
        "hotline": "5",
        "closed": "4",
        "redone": "1",
        "contact_due": "3",
        "contacted": "3",
        "handle_due": "4",
        "on_time": "3",
        "called": "4",
        "solved": "3",
        "satisfied": "3",
        "open": "1",
    }
    assert {key: rate["shown"] for key, rate in own["rates"].items()} == {
        "on_time": "75.0%",
        "contacted": "100.0%",
        "solved": "75.0%",
        "satisfied": "75.0%",
        "found": "0.00倍",
        "visited": "—",
        "redone": "25.0%",
    }
    assert shown(line(board["table"], "花溪园居委会"))["found"] == "2"
    assert shown(line(board["table"], "未定"))["received"] == "1"
    total = board["table"]["total"]
    assert (total["counts"]["received"]["value"], total["rates"]["found"]["value"]) == (8, 0.6)
    assert [row["label"] for row in board["classes"]][:2] == ["楼道堆物", "暴露垃圾"]
    rate = next(rate for rate in board["rates"] if rate["key"] == "solved")
    assert (rate["of_label"], rate["per_label"]) == ("实际解决", "回访接通")
    assert "回访接通" in rate["caliber"]


async def test_weeks_are_told_by_when_things_happened(as_, units, book):
    await past(book, 2, day="2026-09-08", on_time=True)
    await past(book, 3, day="2026-10-05")
    weeks = (await fetched(as_, "henry", PATH, **MONTH))["weeks"]
    assert [(row["key"], row["counts"]["received"]["value"]) for row in weeks["rows"]] == [
        ("2026-09-07", 2),
        ("2026-10-05", 3),
    ]
    assert weeks["rows"][1]["label"] == "10月5日–10月11日"
    assert "open" not in weeks["total"]["counts"]


async def test_nothing_has_happened(as_, units):
    board = await fetched(as_, "kate", PATH)
    assert (board["since"], board["until"]) == ("2026-09-13", "2026-10-12")
    assert shown(board["table"]["total"]) == {}
    assert {rate["shown"] for rate in board["table"]["total"]["rates"].values()} == {"—"}
    assert (board["classes"], board["places"], board["weeks"]["rows"]) == ([], [], [])


async def test_visits_are_counted_at_night(as_, units, catalogue):
    await store.keep("2026Q4", date(2026, 10, 12), {YUANYUAN: (8, 6), HUAXI: (2, 2)})
    board = await fetched(as_, "henry", PATH, **MONTH)
    assert board["covered_on"] == "2026-10-12"
    assert line(board["table"], "源园居委会")["rates"]["visited"]["shown"] == "75.0%"
    assert board["table"]["total"]["rates"]["visited"]["shown"] == "80.0%"
    await store.keep("2026Q4", date(2026, 10, 11), {YUANYUAN: (1, 0)})  # a late run changes nothing
    again = await fetched(as_, "henry", PATH, **MONTH)
    assert again["table"] == board["table"]


async def test_what_the_night_counts(as_, units, catalogue):
    alone = await household(catalogue, YUANYUAN, 1, person("王秀英", "1948-03-02"))
    await household(catalogue, YUANYUAN, 2, person("孙玉兰", "1940-10-01"))
    await household(catalogue, HUAXI, 1, person("周小明", "1990-10-01"))
    made = await visit(as_, alone[0])
    assert made.status == 201, await made.text()
    counted = await covering.count_visits(SYSTEM, catalogue, read_yardstick([FORMS]))
    assert counted.facts["committees"] >= 1
    board = await fetched(as_, "henry", PATH, **MONTH)
    assert board["covered_on"] == "2026-10-12"
    assert line(board["table"], "源园居委会")["counts"]["alone"]["value"] == 2
    assert line(board["table"], "源园居委会")["rates"]["visited"]["shown"] == "50.0%"


async def test_who_sees_it(as_, units, book):
    await past(book, 5)
    assert (await as_(None).get(PATH)).status == 401
    for name in ("alice", "bob", "iris", "frank", "greta"):
        assert (await as_(name).get(PATH)).status == 403, name
    other = await fetched(as_, "leo", PATH, **MONTH)
    assert other["area"]["code"] == CHANGFENG
    assert shown(other["table"]["total"]) == {}


async def test_bad_spans(as_, units):
    for query, code in (
        ({"from": "2026-10-02", "to": "2026-10-01"}, "span.backwards"),
        ({"from": "2024-10-02", "to": "2026-10-01"}, "span.too_long"),
        ({"from": "gestern"}, "date_parsing"),
    ):
        response = await as_("henry").get(PATH, **query)
        fields = (await response.json())["fields"]
        assert (response.status // 100, fields[0]["code"]) == (4, code)
