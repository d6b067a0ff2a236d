"""Joint handling: one after the other or side by side; the main unit finishes last."""

from backend.core.db import sql
from tests.features.orders.conftest import FINISHED, fetched, handled


async def joined(do, book, units, way):
    order = await handled(do, book, units["源园"])
    parts = [
        {"unit": units["城管"], "task": "清理占道物品"},
        {"unit": units["物业"], "task": "恢复消防通道标线"},
    ]
    await do("henry", order, "join", way=way, parts=parts)
    return order


async def test_side_by_side(as_, do, book, units, worked):
    order = await joined(do, book, units, "parallel")
    seen = await fetched(as_, "jack", order)
    assert [(part["unit"]["name"], part["state"]) for part in seen["parts"]] == [
        ("曹杨城管中队", "open"),
        ("曹杨物业", "open"),
    ]
    assert "finish_part" in seen["may"] and "finish" not in seen["may"]
    refused = await (await do.raw("alice", order, "finish", **FINISHED)).json()
    assert refused["guard"] == "parts"
    await do("jack", order, "finish_part", did="标线已重划")
    await do("iris", order, "finish_part", did="已清理")
    assert (await do("alice", order, "finish", **FINISHED))["stage"] == "answered"
    await worked()
    told = await sql("select staff_id from notice where template = 'order_part' order by staff_id")
    assert {row["staff_id"].int for row in told} <= {9, 10}


async def test_one_after_the_other(as_, do, book, units, worked):
    order = await joined(do, book, units, "serial")
    await worked()
    # whose turn has not come does not see it yet
    assert (await as_("jack").get(f"/api/orders/{order}")).status == 404
    first = await do("iris", order, "finish_part", did="已清理")
    assert [part["state"] for part in first["parts"]] == ["done", "open"]
    await worked()
    told = await sql("select staff_id from notice where template = 'order_part' order by staff_id")
    assert [row["staff_id"].int for row in told] == [9, 10]
    assert await do.refused("iris", order, "finish_part", did="再来") == (409, "order.held_up")
    await do("jack", order, "finish_part", did="标线已重划")
    assert (await do("alice", order, "finish", **FINISHED))["stage"] == "answered"


async def test_the_main_unit_is_no_part(do, book, units):
    order = await handled(do, book, units["源园"])
    part = {"unit": units["源园"], "task": "自己"}
    assert await do.refused("henry", order, "join", way="serial", parts=[part]) == (
        422,
        "order.refused",
    )
    twice = [{"unit": units["城管"], "task": text} for text in ("一遍", "两遍")]
    assert await do.refused("henry", order, "join", way="serial", parts=twice) == (
        422,
        "order.refused",
    )
    assert await sql("select 1 from order_part") == []


async def test_who_has_no_part_does_none(do, book, units):
    order = await handled(do, book, units["源园"])
    assert await do.refused("alice", order, "finish_part", did="好了") == (409, "order.held_up")
    assert (await do.raw("iris", order, "finish_part", did="好了")).status == 404
