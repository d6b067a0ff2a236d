"""Clocks: alarms and escalation, more time asked for before it runs out, stops for approved reasons
only, and reckoning anew when calendar, hours or the street's mode change."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from backend.core import clock
from backend.core.access import SYSTEM
from backend.core.db import sql, transaction
from backend.core.scope import EVERYWHERE
from backend.engine.clocks.limits import Hours
from backend.features.areas import modes
from backend.features.areas.modes import Mode
from backend.features.orders import alarms
from backend.features.orders.handbook import rule_of
from tests.cast import CAOYANG
from tests.features.orders.conftest import (
    FINISHED,
    dispatched,
    fetched,
    finished,
    handled,
    hotline,
)


async def rung(book, at, moment):
    """What the pulse tells at a moment: template and who."""
    await sql("delete from notice where id = any(array(select id from notice))")
    with at(moment):
        await alarms.ring(SYSTEM, book)
        found = await sql("select template, staff_id, send_after from notice order by staff_id")
    return [(row["template"], row["staff_id"].int) for row in found]


def due_of(order, kind):
    running = [c for c in order["clocks"] if c["kind"] == kind and c["met_at"] is None]
    return running[0]["due_at"][:16] if running and running[0]["due_at"] else None


async def test_it_works(as_, do, book, units, at):
    order = await handled(do, book, units["源园"], category="H0109")
    seen = await fetched(as_, "alice", order)
    assert due_of(seen, "handle") == "2026-10-19T17:30"  # five working days
    assert await rung(book, at, "2026-10-15 13:00") == []
    assert await rung(book, at, "2026-10-15 13:20") == [("order_alarm", 1)]
    assert await rung(book, at, "2026-10-15 14:00") == []
    assert await rung(book, at, "2026-10-16 17:31") == [("order_alarm", 1)]
    # the handler, the centre and the street's lead
    late = [("order_late", 1), ("order_late", 8), ("order_late", 11)]
    assert await rung(book, at, "2026-10-19 17:30") == late
    assert await rung(book, at, "2026-10-20 09:30") == []
    with at("2026-10-20 09:30"):
        seen = await fetched(as_, "alice", order)
    assert seen["due"]["state"] == "late" and seen["steps"][-1]["act"] == "alarm"
    assert "extend" not in seen["may"] and "finish" in seen["may"]


async def test_alarms_slept_through_come_as_one(do, book, units, at):
    await handled(do, book, units["源园"], category="H0109")
    assert {name for name, _ in await rung(book, at, "2026-10-21 10:00")} == {"order_late"}
    assert await rung(book, at, "2026-10-21 10:05") == []


async def test_what_is_not_signed_for_is_told_to_the_unit_and_the_pool_to_the_centre(
    do, book, units, at
):
    await dispatched(do, book, units["城管"], caller_phone=None, category="H0109")
    await hotline(book)
    told = await rung(book, at, "2026-10-12 13:00")
    assert told == [("order_alarm", 8)]  # half of the four hours in which it is to be filed
    assert ("order_alarm", 9) in await rung(book, at, "2026-10-13 13:20")


async def test_the_night_is_quiet_except_for_what_is_urgent(do, book, units, at):
    await handled(do, book, units["源园"], category="E0404", urge="一般")
    await handled(do, book, units["源园"], category="E0408", urge="紧急")
    with at("2026-10-12 23:30"):
        await alarms.ring(SYSTEM, book)
    told = {r["template"]: r["send_after"] for r in await sql("select * from notice")}
    assert told["order_alarm_urgent"].astimezone(clock.SHANGHAI).hour == 23
    if "order_alarm" in told:
        assert told["order_alarm"].astimezone(clock.SHANGHAI).date() == date(2026, 10, 13)


async def test_two_workers_give_an_alarm_once(do, book, units, at):
    import asyncio

    for _ in range(5):
        await handled(do, book, units["源园"], category="H0109")
    with at("2026-10-19 18:00"):
        await asyncio.gather(*(alarms.ring(SYSTEM, book) for _ in range(3)))
    assert (await sql("select count(*) as n from notice"))[0]["n"] == 15
    assert (await sql("select count(*) as n from order_step where act = 'alarm'"))[0]["n"] == 5


async def test_more_time_is_asked_for_before_it_runs_out(do, book, units, at, worked):
    order = await handled(do, book, units["源园"], category="H0109")
    asked = await do("alice", order, "extend", days=15, reason="需要多部门会商")
    assert asked["asks"][0]["days"] == 15 and due_of(asked, "handle") == "2026-10-19T17:30"
    assert await do.refused("alice", order, "extend", days=15, reason="再申请") == (
        409,
        "order.held_up",
    )
    granted = await do("henry", order, "decide_extend", grant=True)
    assert (granted["extend"], due_of(granted, "handle")) == ("批准", "2026-11-02T17:30")
    await worked()
    told = {r["template"]: r["facts"] for r in await sql("select template, facts from notice")}
    assert told["order_decided"]["answer"] == "批准"
    late = await handled(do, book, units["源园"], category="H0109")
    with at("2026-10-20 10:00"):
        refused = await do.raw("alice", late, "extend", days=15, reason="来不及")
    assert (await refused.json())["guard"] == "in_time"


async def test_an_extension_is_longer(do, book, units):
    order = await handled(do, book, units["源园"], category="H0109")
    refused = await do.raw("alice", order, "extend", days=3, reason="需要会商")
    problem = await refused.json()
    assert (refused.status, problem["fields"][0]["code"]) == (422, "days.short")
    await do("alice", order, "extend", days=10, reason="需要会商")
    denied = await do("henry", order, "decide_extend", grant=False, note="请按期办结")
    assert (denied["extend"], due_of(denied, "handle")) == ("驳回", "2026-10-19T17:30")


async def test_the_clock_stops_for_approved_reasons_only(do, book, units, at):
    order = await handled(do, book, units["源园"], category="H0109")
    refused = await do.refused("alice", order, "pause", reason="太忙", note="人手不够")
    assert refused == (400, "input.bad")
    with at("2026-10-14 09:00"):
        await do("alice", order, "pause", reason="等待当事人", note="当事人出差，周五回来")
    with at("2026-10-14 16:00"):
        stopped = await do("henry", order, "decide_pause", grant=True)
    # it stands still from when it was asked
    assert (stopped["pause"], stopped["due"]["state"]) == ("批准", "stopped")
    assert await rung(book, at, "2026-10-20 10:00") == []
    with at("2026-10-16 09:00"):
        assert await do.refused("alice", order, "finish", **FINISHED) == (409, "order.held_up")
        going = await do("alice", order, "resume", note="当事人已回")
    # two working days are given back
    assert (going["pause"], due_of(going, "handle")) == ("无", "2026-10-21T17:30")
    assert going["clocks"][-1]["state"] != "stopped"


async def test_a_stop_that_is_not_granted_stops_nothing(do, book, units):
    order = await handled(do, book, units["源园"], category="H0109")
    await do("alice", order, "pause", reason="天气", note="台风")
    denied = await do("henry", order, "decide_pause", grant=False)
    assert (denied["pause"], due_of(denied, "handle")) == ("驳回", "2026-10-19T17:30")
    assert await do.refused("alice", order, "resume") == (409, "order.held_up")


async def test_a_change_of_the_calendar_moves_what_runs(as_, do, book, units):
    order = await handled(do, book, units["源园"], category="H0109")
    done = await finished(do, book, units["源园"], category="H0109")
    before = await fetched(as_, "alice", done)
    calendar = replace(book.calendar, off={**book.calendar.off, date(2026, 10, 14): "测试"})
    newer = replace(book, calendar=calendar, rule=rule_of(calendar, book.hours))
    assert await alarms.reckon(SYSTEM, newer) == 2  # handling here, checking there
    assert await alarms.reckon(SYSTEM, newer) == 0
    seen = await fetched(as_, "alice", order)
    assert due_of(seen, "handle") == "2026-10-20T17:30"
    assert seen["due"]["at"].startswith("2026-10-20")
    # what was met stays as it was
    met = [c for c in (await fetched(as_, "alice", done))["clocks"] if c["met_at"]]
    assert met == [c for c in before["clocks"] if c["met_at"]]


async def test_a_change_of_the_hours_moves_what_runs(as_, do, book, units):
    order = await hotline(book)
    hours = Hours(((date(2023, 1, 1), ((timedelta(hours=8), timedelta(hours=12)),)),))
    newer = replace(book, hours=hours, rule=rule_of(book.calendar, hours))
    await alarms.reckon(SYSTEM, newer)
    seen = await fetched(as_, "henry", order)
    assert seen["due"]["at"].startswith("2026-10-13T09:30")


async def test_an_alarm_given_is_not_given_again(do, book, units, at):
    await handled(do, book, units["源园"], category="H0109")
    assert len(await rung(book, at, "2026-10-15 14:00")) == 1
    calendar = replace(book.calendar, off={**book.calendar.off, date(2026, 12, 1): "测试"})
    newer = replace(book, calendar=calendar, rule=rule_of(calendar, book.hours))
    with at("2026-10-15 14:10"):
        await alarms.reckon(SYSTEM, newer)
    assert await rung(newer, at, "2026-10-15 14:20") == []


async def test_in_an_emergency_clocks_run_day_and_night(as_, do, book, units, at):
    order = await handled(do, book, units["源园"], category="H0109")
    mode = Mode("应急", "Ⅲ", clocks=True, pauses=True, awake=True)
    async with transaction():
        await modes.change(EVERYWHERE, CAOYANG, mode)
    assert await alarms.reckon(SYSTEM, book) > 0
    seen = await fetched(as_, "alice", order)
    assert due_of(seen, "handle") == "2026-10-17T09:30"
    new = await hotline(book)
    assert (await fetched(as_, "henry", new))["due"]["at"].startswith("2026-10-12T13:30")
    async with transaction():
        await modes.change(EVERYWHERE, CAOYANG, None)
    assert await alarms.reckon(SYSTEM, book) > 0
    seen = await fetched(as_, "alice", order)
    assert due_of(seen, "handle") == "2026-10-19T17:30"
    assert await alarms.reckon(SYSTEM, book) == 0


async def test_a_missing_year_is_told_and_made_up_for(as_, do, book, units, at):
    with at("2026-12-30 10:00"):
        order = await handled(do, book, units["源园"], category="H0109")
        assert due_of(await fetched(as_, "alice", order), "handle") is None
        await alarms.missing_years(SYSTEM)
        told = await sql("select template, facts from notice where template = 'order_calendar'")
        assert told and told[0]["facts"]["year"] == 2027
        years = frozenset({*book.calendar.years, 2027})
        calendar = replace(book.calendar, years=years)
        newer = replace(book, calendar=calendar, rule=rule_of(calendar, book.hours))
        assert await alarms.reckon(SYSTEM, newer) > 0
        assert due_of(await fetched(as_, "alice", order), "handle") == "2027-01-06T17:30"


async def test_what_is_urgent_is_due_sooner(as_, do, book, units):
    slow = await dispatched(do, book, units["源园"])
    fast = await dispatched(do, book, units["源园"], urge="特急")
    dues = [
        datetime.fromisoformat((await fetched(as_, "alice", order))["due"]["at"])
        for order in (slow, fast)
    ]
    assert dues[1] < dues[0]


@pytest.mark.parametrize("stage", ["closed"])
async def test_what_has_ended_rings_no_more(do, book, units, at, stage):
    from tests.features.orders.conftest import closed

    order = await closed(do, book, units["源园"])
    assert await rung(book, at, "2026-12-01 10:00") == []
    left = await sql(
        "select 1 from order_clock where order_id = :id and next_alarm_at is not null",
        id=UUID(order),
    )
    assert left == []
