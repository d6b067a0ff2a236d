"""The district's board: streets only, and nobody can tell a small number from it."""

from tests.cast import CHANGFENG, HUAXI, YUANYUAN
from tests.features.boards.conftest import MONTH, fetched, line, past, shown

PATH = "/api/boards/district"


async def test_streets_with_small_numbers_hidden(as_, units, book):
    await past(book, 20, on_time=True, solved=True, satisfied="满意")
    await past(book, 2, HUAXI, on_time=False)
    await past(book, 3, CHANGFENG, on_time=True)
    await past(book, 9, "310107015000", on_time=True)
    board = await fetched(as_, "frank", PATH, **MONTH)
    assert board["veiled"] and board["places"] == []
    assert len(board["table"]["rows"]) == 10
    large, small, kept = (
        line(board["table"], name) for name in ("曹杨新村街道", "长风新村街道", "长寿路街道")
    )
    assert large["counts"]["received"] == {"value": 22, "shown": "22"}
    assert small["counts"]["received"] == {"value": None, "shown": "<5"}
    # or 3 were what is missing to the total
    assert kept["counts"]["received"] == {"value": None, "shown": "*"}
    assert board["table"]["total"]["counts"]["received"]["value"] == 34
    # 20 of 22 were in time: two were late, which is a small number as well
    assert large["counts"]["on_time"]["value"] is None
    assert large["rates"]["on_time"] == {"value": None, "shown": "≥81.8%"}
    assert small["rates"]["on_time"] == {"value": None, "shown": "*"}
    assert large["rates"]["solved"] == {"value": 100.0, "shown": "100.0%"}


async def test_no_other_part_of_it_tells(as_, units, book):
    await past(book, 12, category="E0102")
    await past(book, 2, category="E0409", day="2026-09-28")
    board = await fetched(as_, "frank", PATH, **MONTH)
    text = str([board["classes"], board["weeks"], board["table"]])
    assert "'value': 2," not in text
    assert {row["key"] for row in board["classes"]} <= {"E01", "E04"}


async def test_who_sees_it(as_, units, book):
    await past(book, 5, YUANYUAN)
    assert (await as_(None).get(PATH)).status == 401
    for name in ("alice", "henry", "kate", "dora", "greta"):
        assert (await as_(name).get(PATH)).status == 403, name
    assert (await as_("frank").get("/api/boards/street")).status == 403
    assert shown((await fetched(as_, "frank", PATH, **MONTH))["table"]["total"])["received"] == "5"
