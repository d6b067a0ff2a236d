"""A committee's day."""

from backend.core.db import sql
from tests.cast import HUAXI, YUANYUAN
from tests.features.boards.conftest import fetched, past
from tests.features.ledgers.conftest import visit
from tests.residents import household, person

PATH = "/api/boards/today"


async def test_it_works(as_, units, book, catalogue, at):
    mine = await past(book, 2, unit=units["源园"], caller_phone="13800138000", day="2026-10-12")
    await past(book, 1, day="2026-10-12")
    await past(book, 4, HUAXI)
    await sql("update work_order set due_at = '2026-10-12 09:00+08' where id = :id", id=mine[0])
    await sql("update work_order set due_at = '2026-10-12 17:00+08' where id = :id", id=mine[1])
    homes = await household(
        catalogue, YUANYUAN, 1, person("王秀英", "1948-03-02"), person("李国强", "1944-05-06")
    )
    for resident, day in zip(homes, ("2026-10-12", "2026-10-10"), strict=True):
        with at("2026-10-08 10:00"):
            made = await visit(as_, resident, next_visit=day)
            assert made.status == 201, await made.text()
    day = await fetched(as_, "alice", PATH)
    orders = day["orders"]
    assert day["area"]["name"] == "源园居委会"
    assert {key: orders[key] for key in ("open", "overdue", "due_today", "to_sign")} == {
        "open": 3,
        "overdue": 1,
        "due_today": 2,  # the third waits to be filed
        "to_sign": 2,
    }
    assert orders["to_contact"] == 2
    assert [line["id"] for line in orders["next"]] == mine
    assert day["visits"] == {"today": 1, "overdue": 1}
    assert day["returns"] == {"open": 0, "overdue": 0, "next_due": None}
    assert day["hazards"] == {"open": 0, "overdue": 0}


async def test_who_sees_it(as_, units):
    assert (await as_(None).get(PATH)).status == 401
    for name in ("henry", "dora", "frank", "iris"):
        assert (await as_(name).get(PATH)).status == 403, name
    assert (await fetched(as_, "carol", PATH))["area"]["code"] == HUAXI
