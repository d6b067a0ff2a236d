"""Sending back: the first time straight to the right unit, the second time the centre decides."""

import pytest

from backend.core.db import sql
from tests.features.orders.conftest import dispatched, fetched

WHY = "不在我居委范围，属城管执法。"


async def test_it_works(as_, do, book, units, worked):
    order = await dispatched(do, book, units["源园"])
    back = await do("alice", order, "send_back", reason=WHY, unit=units["城管"])
    assert (back["stage"], back["unit"]["name"], back["returned"]) == (
        "dispatched",
        "曹杨城管中队",
        1,
    )
    assert back["back"] == "批准" and "sign" not in back["may"]
    step = (await fetched(as_, "henry", order))["steps"][-1]
    assert (step["act"], step["note"], step["facts"]["unit"]) == (
        "send_back",
        WHY,
        "曹杨城管中队",
    )
    await worked()
    told = await sql("select staff_id from notice where template = 'order_dispatched'")
    assert 9 in {row["staff_id"].int for row in told}  # iris of 城管


async def test_the_second_time_the_centre_decides(as_, do, book, units, worked):
    order = await dispatched(do, book, units["源园"])
    await do("alice", order, "send_back", reason=WHY, unit=units["城管"])
    asked = await do("iris", order, "send_back", reason="应由物业清理", unit=units["物业"])
    assert (asked["stage"], asked["unit"]["name"]) == ("dispatched", "曹杨城管中队")
    assert asked["asks"][0]["kind"] == "back" and asked["asks"][0]["unit"]["name"] == "曹杨物业"
    assert await do.refused("iris", order, "sign") == (409, "order.held_up")
    assert await do.refused("alice", order, "decide_back", grant=True) == (403, "access.denied")
    await worked()
    told = await sql("select staff_id from notice where template = 'order_asked'")
    assert [row["staff_id"].int for row in told] == [8]
    decided = await do("henry", order, "decide_back", grant=True, note="同意，物业清理")
    assert (decided["unit"]["name"], decided["designated"], decided["back"]) == (
        "曹杨物业",
        True,
        "批准",
    )
    # whoever was named by the centre keeps it
    refused = await do.raw("jack", order, "send_back", reason="不归我们", unit=units["城管"])
    assert (await refused.json())["guard"] == "not_designated"
    assert (await do("jack", order, "sign"))["stage"] == "handling"


def handling(order):
    return [(c["started_at"], c["due_at"]) for c in order["clocks"] if c["kind"] == "handle"]


async def test_the_centre_says_no(as_, do, book, units):
    order = await dispatched(do, book, units["源园"])
    await do("alice", order, "send_back", reason=WHY, unit=units["城管"])
    await do("iris", order, "send_back", reason="不归我们", unit=units["物业"])
    before = handling(await fetched(as_, "henry", order))
    decided = await do("henry", order, "decide_back", grant=False)
    assert (decided["unit"]["name"], decided["back"]) == ("曹杨城管中队", "驳回")
    assert [c["kind"] for c in decided["clocks"] if c["state"] == "running"].count("sign") == 1
    assert handling(decided) == before, "time goes on meanwhile"
    await do("iris", order, "sign")


async def test_the_centre_names_a_third_unit(do, book, units):
    order = await dispatched(do, book, units["源园"])
    await do("alice", order, "send_back", reason=WHY, unit=units["城管"])
    await do("iris", order, "send_back", reason="不归我们", unit=units["物业"])
    decided = await do("henry", order, "decide_back", grant=True, unit=units["花溪园"])
    assert decided["unit"]["name"] == decided["area"]["name"] == "花溪园居委会"


async def test_a_reason_and_the_right_unit_are_needed(as_, do, book, units):
    order = await dispatched(do, book, units["源园"])
    for wrong, code in (
        ({"reason": ""}, (400, "input.bad")),
        ({"unit": None}, (400, "input.bad")),
        ({"unit": units["源园"]}, (422, "answers.bad")),
        ({"unit": "00000000-0000-0000-0000-000000000001"}, (404, "thing.missing")),
    ):
        body = {"reason": WHY, "unit": units["城管"]} | wrong
        assert await do.refused("alice", order, "send_back", **body) == code
    assert (await fetched(as_, "alice", order))["rev"] == 1


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("carol", 404), ("jack", 404)])
async def test_who_may_not(do, book, units, who, status):
    order = await dispatched(do, book, units["源园"])
    body = {"reason": WHY, "unit": units["城管"]}
    assert (await do.raw(who, order, "send_back", **body)).status == status


async def test_what_was_signed_for_is_not_sent_back(do, book, units):
    order = await dispatched(do, book, units["源园"])
    await do("alice", order, "sign")
    body = {"reason": WHY, "unit": units["城管"]}
    assert await do.refused("alice", order, "send_back", **body) == (409, "state.wrong")
