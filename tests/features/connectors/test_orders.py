"""Orders come by feeds: once, with their place, their clocks, and what the source says later."""

from dataclasses import replace

import pytest

from backend.core import crypto
from backend.core.access import SYSTEM
from backend.core.db import sql
from backend.features.connectors import pull, store
from tests.cast import CAOYANG, YUANYUAN

ORDER_FEEDS = ("hotline", "patrol", "emergencies")


@pytest.fixture
def day(at):
    with at("2026-10-08 09:00"):
        yield


async def orders(number=None):
    text = "select * from work_order where :n::text is null or system_no = :n order by system_no"
    return await sql(text, n=number)


async def order(number):
    (found,) = await orders(number)
    return found


def clear(row, column):
    return crypto.unseal("work_order", column, row["id"], row[column])


async def test_it_works(day, street, pulled):
    await street.change("call", committee=YUANYUAN)
    await street.change("find", committee=YUANYUAN)
    await street.change("emergency", committee=YUANYUAN)
    shelf = street.shelf
    for feed, stream in zip(ORDER_FEEDS, (shelf.calls, shelf.finds, shelf.events), strict=True):
        run = await pulled(feed)
        assert (run.state, run.refused) == ("done", 0)
        assert run.seen == run.added == len(stream.order) > 0
    found = await sql("select source, count(*) as n from work_order group by source order by 1")
    assert {row["source"]: row["n"] for row in found} == {
        "01": len(shelf.calls.order),
        "02": len(shelf.finds.order),
        "07": len(shelf.events.order),
    }


async def test_an_order_arrives_whole(day, street, pulled):
    await pulled("housing")
    (number,) = await street.change("call", committee=YUANYUAN, content="楼道里堆满了纸板箱。")
    await pulled("hotline")
    row, theirs = await order(number), street.shelf.calls.latest(number)
    assert (row["area"], row["stage"], row["system"]) == (YUANYUAN, "collected", "hotline")
    assert row["title"] == theirs.title[:100] and row["received_at"] == theirs.at
    assert (clear(row, "content"), clear(row, "caller_name")) == (
        "楼道里堆满了纸板箱。",
        theirs.caller.name,
    )
    assert (row["lng"], row["lat"]) == theirs.point and row["building_id"] is not None
    clocks = await sql("select kind, due_at from order_clock where order_id = :o", o=row["id"])
    assert [clock["kind"] for clock in clocks] == ["file"] and clocks[0]["due_at"] is not None


async def test_what_was_said_is_nowhere_in_clear(day, street, pulled):
    (number,) = await street.change("call", committee=YUANYUAN, content="我家住在三楼，姓蔡。")
    await street.change("again", order=number)
    await pulled("hotline")
    told = await sql(
        """select string_agg(t, ' ') as text from (
             select work_order::text as t from work_order union all select order_step::text
             from order_step union all select audit::text from audit
             union all select feed_memory::text from feed_memory) as every_row"""
    )
    caller = street.shelf.calls.latest(number).caller
    assert "姓蔡" not in told[0]["text"] and caller.name not in told[0]["text"]
    assert not caller.phone or caller.phone not in told[0]["text"]


async def test_an_order_without_a_committee_is_placed_by_its_address(day, street, pulled):
    await pulled("housing")
    (number,) = await street.change("call", committee=YUANYUAN, nowhere=True)
    await pulled("hotline")
    assert (await order(number))["area"] == YUANYUAN


async def test_what_cannot_be_placed_goes_to_the_street(day, street, pulled):
    (number,) = await street.change(
        "call", committee=YUANYUAN, nowhere=True, place="公交站旁边的弄堂"
    )
    run = await pulled("hotline")
    assert run.refused == 0 and (await order(number))["area"] == CAOYANG


async def test_an_unknown_committee_goes_to_its_street(day, street, pulled):
    await street.change("call", committee=YUANYUAN, place="某处")
    await street.fault("unknown_area", stream="gd", rows=99)
    run = await pulled("hotline")
    assert run.added == run.seen and run.refused == 0
    assert {row["area"][:6] for row in await orders()} == {"310107"}
    assert "310107000000" in {row["area"] for row in await orders()}  # not even the street is known


async def test_what_has_no_words_at_all_waits_with_its_reason(day, street, pulled):
    await street.change("call", committee=YUANYUAN)
    await street.fault("no_words", stream="gd")
    run = await pulled("hotline")
    assert run.refused == 1
    (refused,) = await sql("select * from feed_quarantine")
    assert (refused["field"], refused["reason"]) == ("title", "没有标题，也没有内容")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"title": "长" * 101}, "left"),  # the title is made of the words
        ({"content": "话" * 20_000}, "left"),  # what was said stays in quarantine, sealed
        ({"urge": "7"}, "left"),
    ],
)
async def test_an_order_is_never_lost_for_one_value(day, street, pulled, given, kept):
    (number,) = await street.change("call", committee=YUANYUAN, **given)
    run = await pulled("hotline")
    assert run.refused == 0 and await order(number)
    (left,) = await sql("select field, whole from feed_quarantine")
    assert left["field"] in given and left["whole"] is False


async def test_a_second_pull_brings_nothing(day, street, pulled):
    await street.change("call", committee=YUANYUAN)
    first = await pulled("hotline")
    await store.forget("hotline")
    again = await pulled("hotline")
    assert (again.seen, again.same, again.added) == (first.seen, first.seen, 0)
    assert len(await orders()) == first.added


async def test_a_caller_who_urges(day, street, pulled):
    (number,) = await street.change("call", committee=YUANYUAN, urge="1")
    await pulled("hotline")
    assert (await order(number))["urge"] == "一般"
    await street.change("again", order=number)
    run = await pulled("hotline")
    row = await order(number)
    assert (run.changed, run.added, row["urge"]) == (1, 0, "紧急")
    steps = await sql(
        "select act, facts from order_step where order_id = :o order by id", o=row["id"]
    )
    assert [(s["act"], s["facts"]) for s in steps][1:] == [("update", {"urged": "1"})]
    events = await sql("select facts from audit where verb = 'order.update'")
    assert events[0]["facts"]["urged"] == "1" and "text" not in events[0]["facts"]


async def test_a_row_that_only_looks_different_is_the_same(day, street, pulled):
    (number,) = await street.change("call", committee=YUANYUAN)
    await pulled("hotline")
    call = street.shelf.calls.latest(number)
    street.shelf.calls.put(number, "20261008100000", call)  # told again, nothing new in it
    object.__setattr__(call, "updated", "20261008100000")
    run = await pulled("hotline")
    assert (run.seen, run.changed, run.same) == (1, 0, 1)
    assert await sql("select 1 from order_step where act = 'update'") == []


async def closed(number):
    """As if it had gone all its way."""
    await sql(
        """update work_order set stage = 'closed', closed_at = now(), finished_at = now()
           where system_no = :n""",
        n=number,
    )


async def test_the_citys_call_back_opens_it_again_once(day, street, pulled):
    (number,) = await street.change("call", committee=YUANYUAN)
    await pulled("hotline")
    await closed(number)
    await street.change("rated", order=number, satisfied="不满意", solved="否")
    await pulled("hotline")
    row = await order(number)
    assert (row["stage"], row["satisfied"], row["solved"]) == ("handling", "不满意", False)
    assert row["reopened"] == 1
    await closed(number)
    await street.change("again", order=number)  # the old verdict comes along with the row
    await pulled("hotline")
    assert (await order(number))["stage"] == "closed"


async def test_runs_that_bring_nothing_leave_no_trace(day, street, pulled):
    await street.change("find", committee=YUANYUAN)
    for _ in range(4):
        await pulled("patrol")
    runs = await store.runs("patrol")
    assert len(runs) == 2 and [run.seen > 0 for run in runs] == [False, True]
    assert len(await sql("select 1 from audit where verb = 'feed.finish'")) == 1


async def test_orders_come_while_the_day_goes_on(street, feeds, at):
    seen = []
    for hour in ("00:10", "12:00", "23:50"):
        with at(f"2026-10-09 {hour}"):
            await pull.pull(feeds, "hotline")
            seen.append(len(await orders()))
    assert seen[0] <= seen[1] <= seen[2]


async def test_what_comes_all_day_is_asked_for_again_and_again(street, feeds):
    for _ in range(3):
        await pull.often(SYSTEM, feeds)
    jobs = await sql("select name, key, args from job order by key")
    assert [(job["name"], job["args"]) for job in jobs] == [
        ("connectors.pull", {"feed": key}) for key in ("alarms", "emergencies", "hotline", "patrol")
    ]
    await sql("update job set state = 'done'")
    feeds.addresses.pop("pool")  # a system without an address is not asked
    await pull.often(SYSTEM, feeds)
    jobs = await sql("select key from job where state = 'queued'")
    assert [job["key"] for job in jobs] == ["alarms"]


async def test_what_a_streets_own_system_cannot_place_stays_in_the_street(day, street, feeds):
    feeds.addresses["pool"] = replace(feeds.addresses["pool"], area=CAOYANG)
    await street.change("call", committee=YUANYUAN)
    await street.fault("unknown_area", stream="gd", rows=99)
    await pull.pull(feeds, "hotline")
    assert {row["area"] for row in await orders()} == {CAOYANG}
