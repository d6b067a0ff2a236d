"""Two people at one order at once, and the same tap twice: one act, a clear word for the other."""

import asyncio

from backend.core.db import sql
from tests.features.orders.conftest import FINISHED, dispatched, fetched, finished, handled


async def test_whoever_is_later_is_told_who_was_faster(as_, do, book, units):
    order = await dispatched(do, book, units["源园"])
    await do("alice", order, "sign", rev=1)
    late = await do.raw("bob", order, "sign", rev=1)
    problem = await late.json()
    assert (late.status, problem["code"]) == (409, "order.overtaken")
    assert problem["title"] == "陆小燕刚才已经签收，请看最新情况后再办。"
    assert (problem["rev"], problem["stage"]) == (2, "handling")


async def test_at_the_very_same_moment(as_, do, book, units):
    order = await dispatched(do, book, units["源园"])
    answers = await asyncio.gather(
        *(do.raw(who, order, "sign", rev=1) for who in ("alice", "bob", "alice", "bob"))
    )
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
    assert (await sql("select count(*) as n from order_step where act = 'sign'"))[0]["n"] == 1


async def test_sending_back_while_the_centre_transfers(as_, do, book, units):
    order = await dispatched(do, book, units["源园"])
    answers = await asyncio.gather(
        do.raw("alice", order, "send_back", rev=1, reason="不归我们", unit=units["城管"]),
        do.raw("henry", order, "transfer", rev=1, unit=units["物业"]),
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
    running = await sql(
        "select kind from order_clock where met_at is null and not void order by kind"
    )
    assert [row["kind"] for row in running] == ["contact", "handle", "sign"]


async def test_the_same_tap_twice_gives_the_same_answer(as_, do, book, units):
    order = await handled(do, book, units["源园"])
    rev = (await fetched(as_, "alice", order))["rev"]
    body = FINISHED | {"rev": rev}
    path = f"/api/orders/{order}/finish"
    first, second = [await as_("alice").post(path, body, key="tap-finish-1") for _ in "ab"]
    assert first.status == second.status == 200
    assert await first.json() == await second.json()
    assert (await sql("select count(*) as n from order_step where act = 'finish'"))[0]["n"] == 1


async def test_an_act_that_is_not_in_the_table(as_, do, book, units):
    order = await finished(do, book, units["源园"])
    refused = await (await do.raw("alice", order, "sign")).json()
    assert refused["code"] == "state.wrong"
    assert refused["title"] == "当前状态是“反馈”，不能签收。"
    assert (await as_("alice").post(f"/api/orders/{order}/vanish", {"rev": 1})).status == 404
