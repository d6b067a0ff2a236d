"""A unit at work: signing, contacting first, noting without network, handing over, asking for help,
finishing."""

import pytest

from backend.core.db import sql
from tests.features.orders.conftest import (
    FINISHED,
    dispatched,
    fetched,
    finished,
    handled,
)


async def test_it_works(as_, do, book, units):
    order = await handled(do, book, units["源园"])
    await do("alice", order, "note", note="已约物业下午三点到场。")
    done = await do("alice", order, "finish", **FINISHED)
    assert (done["result"], done["handle"]) == ("已解决", "自行处置")
    # what the public is told stands apart from what was done
    assert done["reply"] == FINISHED["reply"] and done["measure"] == FINISHED["measure"]
    step = done["steps"][-1]
    assert (step["words"], step["note"]) == (FINISHED["reply"], FINISHED["measure"])
    sealed = await sql("select note from order_step where act = 'finish'")
    assert "物业" not in sealed[0]["note"]


async def test_contact_before_signing_signs(do, book, units):
    order = await dispatched(do, book, units["源园"])
    seen = await do("alice", order, "contact", note="已联系")
    assert (seen["stage"], seen["handler"]) == ("handling", "陆小燕")
    assert seen["signed_at"] == seen["contacted_at"]


async def test_attempts_in_vain_count_the_third_time(do, book, units):
    order = await dispatched(do, book, units["源园"])
    for expected in (None, None, "2026-10-12T09:30:00+08:00"):
        seen = await do("alice", order, "contact", reached=False, note="无人接听")
        assert seen["contacted_at"] == expected


async def test_what_was_noted_without_network_keeps_its_moment(do, book, units, at):
    order = await dispatched(do, book, units["源园"])
    with at("2026-10-12 15:00"):
        called = "2026-10-12T10:05:00+08:00"
        seen = await do("alice", order, "contact", at=called, note="地下室没有信号")
        assert seen["contacted_at"] == called
        clock = next(c for c in seen["clocks"] if c["kind"] == "contact")
        assert (clock["state"], clock["met_at"]) == ("met", called)
        for wrong in ("2026-10-12T15:30:00+08:00", "2026-10-12T08:00:00+08:00"):
            assert await do.refused("alice", order, "note", at=wrong, note="…") == (
                422,
                "answers.bad",
            )


async def test_a_note_never_comes_too_late(do, book, units):
    order = await handled(do, book, units["源园"])
    await do("alice", order, "note", rev=0, note="第一条")
    await do("henry", order, "note", rev=0, note="中心看到了")
    assert await do.refused("alice", order, "finish", rev=0, **FINISHED) == (
        409,
        "order.overtaken",
    )


async def test_a_colleague_goes_on_with_it(do, book, units, worked):
    order = await handled(do, book, units["源园"])
    bob = "00000000-0000-0000-0000-000000000002"
    seen = await do("alice", order, "assign", to=bob, note="我明天休息")
    assert seen["handler"] == "顾建平"
    await worked()
    told = await sql("select staff_id from notice where template = 'order_assigned'")
    assert [row["staff_id"].int for row in told] == [2]
    iris = "00000000-0000-0000-0000-000000000009"
    assert await do.refused("bob", order, "assign", to=iris) == (422, "answers.bad")


async def test_help_is_heard_by_the_centre_and_the_lead(do, book, units, worked):
    order = await handled(do, book, units["源园"])
    await do("alice", order, "help", note="当事人情绪激动，请派人")
    await worked()
    told = await sql("select staff_id, facts from notice where template = 'order_help'")
    assert sorted(row["staff_id"].int for row in told) == [2, 8]
    assert "激动" not in str(told)


async def test_the_caller_is_contacted_before_it_is_finished(do, book, units):
    order = await dispatched(do, book, units["源园"])
    await do("alice", order, "sign")
    refused = await do.raw("alice", order, "finish", **FINISHED)
    problem = await refused.json()
    assert problem["guard"] == "contacted" and "先行联系" in problem["title"]
    nobody = await dispatched(do, book, units["源园"], caller_phone=None, caller_name=None)
    await do("alice", nobody, "sign")
    assert (await do("alice", nobody, "finish", **FINISHED))["stage"] == "answered"


async def test_bad_input_leaves_no_trace(as_, do, book, units):
    order = await handled(do, book, units["源园"])
    before = await fetched(as_, "alice", order)
    for wrong in (
        {"result": "好了"},
        {"reply": ""},
        {"measure": ""},
        {"measure": "长" * 1001},
        {"x": 1},
    ):
        body = FINISHED | wrong
        assert await do.refused("alice", order, "finish", **body) == (400, "input.bad"), wrong
    assert await fetched(as_, "alice", order) == before


ACTS = {
    "sign": {},
    "contact": {"note": "已联系"},
    "help": {"note": "请支援"},
    "assign": {"to": "00000000-0000-0000-0000-000000000002"},
    "finish": FINISHED,
    "extend": {"days": 10, "reason": "需要多部门会商"},
    "pause": {"reason": "天气", "note": "台风"},
    "resume": {},
}


@pytest.mark.parametrize(
    ("who", "status"), [(None, 401), ("carol", 404), ("jack", 404), ("dora", 403)]
)
async def test_who_may_not(as_, do, book, units, who, status):
    order = await dispatched(do, book, units["源园"])
    for act, body in ACTS.items():
        assert (await do.raw(who, order, act, **body)).status == status, act
    assert (await fetched(as_, "henry", order))["rev"] == 1


async def test_the_centre_does_not_do_the_units_work(do, book, units):
    order = await handled(do, book, units["源园"])
    assert (await do.raw("henry", order, "finish", **FINISHED)).status == 403
    other = await handled(do, book, units["城管"], who="iris")
    # the committee sees the order in its place, but the work is with the unit
    assert await do.refused("alice", other, "finish", **FINISHED) == (409, "order.held_up")


async def test_what_is_finished_is_out_of_hand(do, book, units):
    order = await finished(do, book, units["源园"])
    for act in ("sign", "contact", "help", "finish", "extend"):
        assert (await do.raw("alice", order, act, **ACTS[act])).status == 409
