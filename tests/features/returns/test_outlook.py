"""A year without a calendar is announced weeks before it stops the clock's tasks."""

from uuid import uuid4

import pytest

from backend.core.access import SYSTEM
from backend.core.db import sql
from backend.engine.clocks.calendar import Calendar
from backend.features.accounts.shapes import Staff
from backend.features.accounts.store import staff
from backend.features.returns.actions import outlook, tasks
from tests.cast import CAOYANG, YUANYUAN

MONTHLY = ("T02", "T06", "T07", "T08", "T09")
WAITING = sorted({*MONTHLY, "T03"})
STREETS = 10


@pytest.fixture
async def admin(http):
    """The street's administrator, and a committee's worker who has nothing to do with it."""
    await staff.save(
        [
            Staff(uuid4(), "ww", "shen.min", "沈敏", CAOYANG, ("street_admin",)),
            Staff(uuid4(), "ww", "lu.xiaoyan", "陆小燕", YUANYUAN, ("worker",)),
        ]
    )


async def seen(as_, who="dora"):
    response = await as_(who).get("/api/tasks/outlook")
    assert response.status == 200, await response.text()
    told = await response.json()
    return told["missing_year"], [(one["form"], one["opens_on"]) for one in told["reports"]]


async def told():
    rows = await sql("select userid, facts from notice where template = 'calendar_missing'")
    return [(row["userid"], row["facts"]) for row in rows]


async def test_it_works(as_, admin, at):
    with at("2026-10-08 09:00"):
        assert await seen(as_) == (None, [])
    with at("2026-11-20 09:00"):
        assert await seen(as_) == (2027, [(form, "2027-01-01") for form in WAITING])


async def test_who_publishes_tasks_is_told_once_a_week(as_, admin, catalogue, calendar, at):
    with at("2026-11-10 09:10"):
        await outlook.warn(SYSTEM, catalogue, calendar)
    assert await told() == []
    for day in ("2026-12-01", "2026-12-02", "2026-12-06"):
        with at(f"{day} 09:10"):
            await outlook.warn(SYSTEM, catalogue, calendar)
    ((who, facts),) = await told()
    assert who == "shen.min"
    assert (facts["year"], facts["count"], facts["first"]) == (2027, len(WAITING), "2027年1月1日")
    assert facts["forms"].startswith("《实有人口变动月报》")
    with at("2026-12-07 09:10"):
        await outlook.warn(SYSTEM, catalogue, calendar)
    assert len(await told()) == 2


async def test_with_a_calendar_all_is_well(as_, admin, catalogue, calendar, at):
    entered = Calendar(calendar.years | {2027}, calendar.off, calendar.work)
    with at("2026-12-01 09:10"):
        assert (await outlook.warn(SYSTEM, catalogue, entered)).told == 0
    with at("2027-01-01 00:20"):
        made = await tasks.open_due(SYSTEM, catalogue, entered)
    assert (made.tasks, made.undated) == (STREETS * len(WAITING), 0)


async def test_the_day_itself(as_, admin, catalogue, calendar, at):
    """Nothing breaks; what has no due date waits, or gets one by hand."""
    with at("2027-01-02 09:00"):
        made = await tasks.open_due(SYSTEM, catalogue, calendar)
        assert (made.tasks, made.undated) == (0, STREETS * len(WAITING))
        body = {"form": "T02", "period": "2026-12"}
        refused = await as_("dora").post("/api/tasks", body)
        problem = await refused.json()
        assert (refused.status, problem["code"]) == (422, "calendar.unknown_year")
        assert "2027 年" in problem["title"] and "自己指定" in problem["title"]
        by_hand = await as_("dora").post("/api/tasks", body | {"due_on": "2027-01-05"})
        assert by_hand.status == 201, await by_hand.text()
        february = [(form, "2027-02-01") for form in MONTHLY]
        late = [(form, "2027-01-01") for form in WAITING]
        assert await seen(as_) == (2027, [*late[1:], *february])
        assert await seen(as_, "erin") == (2027, [*late, *february]), "another street has all"


async def test_what_can_be_dated_does_not_wait(as_, admin, catalogue, calendar, at):
    with at("2026-12-01 00:20"):
        made = await tasks.open_due(SYSTEM, catalogue, calendar)
    assert (made.tasks, made.undated) == (STREETS * len(WAITING), 0)


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("alice", 403), ("greta", 403)])
async def test_others(as_, admin, who, status):
    assert (await as_(who).get("/api/tasks/outlook")).status == status
