"""In an emergency routine tasks rest and flash reports are asked for; afterwards all goes on."""

from copy import copy
from datetime import date

import pytest

from backend.app import FORMS
from backend.core import clock
from backend.core.access import SYSTEM
from backend.core.db import sql
from backend.engine.clocks.periods import flash_at
from backend.features.areas import modes
from backend.features.areas.modes import Mode
from backend.features.returns.actions import reminding, tasks
from tests.cast import CAOYANG, CHANGFENG, HUAXI, YUANYUAN

REPORTS = [path.read_text(encoding="utf-8") for path in (FORMS / "reports").glob("*.yaml")]
# Each has one task on 8 October: a form of `forms/reports` that comes round by itself.
ROUTINE = 1  # T03 of the third quarter
STORM = Mode("应急", "III", clocks=True, pauses=True, awake=True)


async def due(as_, form="T03", who="alice"):
    lines = await (await as_(who).get("/api/due")).json()
    return max((line for line in lines if line["form"] == form), key=lambda line: line["period"])


async def move_due(day):
    tasks_ = [row["id"] for row in await sql("select id from task")]
    await sql("update task set due_on = :day where id = any(:ids)", day=day, ids=tasks_)


async def pause(street=CAOYANG):
    return (await tasks.pause(SYSTEM, street)).tasks


async def resume(calendar):
    return (await tasks.resume(SYSTEM, calendar, CAOYANG)).tasks


@pytest.fixture
async def street(as_, at):
    """T03 is asked of 源园 and 花溪园, and of a committee of the next street."""
    with at("2026-10-08 09:00"):
        for who, areas in (("dora", [YUANYUAN, HUAXI]), ("erin", ["310107014002"])):
            body = {"form": "T03", "period": "2026Q3", "areas": areas}
            answer = await as_(who).post("/api/tasks", body)
            assert answer.status == 201, await answer.text()
        yield


async def test_it_works(as_, street, calendar, at):
    """T03 is due on Thursday the 8th; it rests on the day it is due."""
    before = await due(as_)
    assert (before["due_on"], before["paused"], before["due_at"]) == ("2026-10-08", False, None)
    assert await pause() == ROUTINE
    with at("2026-10-12 09:00"):
        line = await due(as_)
        assert (line["paused"], line["overdue"]) == (True, False)
        page = await (await as_("dora").get(f"/api/tasks/{line['task_id']}")).json()
        assert (page["paused"], page["overdue"], page["counts"]["overdue"]) == (True, False, 0)
        held = await (await as_("alice").get(f"/api/returns/{line['return_id']}")).json()
        assert (held["paused"], held["overdue"], "save" in held["can"]) == (True, False, True)
        assert await resume(calendar) == ROUTINE
        line = await due(as_)
        assert (line["paused"], line["due_on"]) == (False, "2026-10-13"), "at least a day is left"
    rows = await sql("select verb, facts from audit where verb like 'task.%e' order by id")
    assert [(row["verb"], row["facts"]) for row in rows] == [
        ("task.pause", {"tasks": ROUTINE}),
        ("task.resume", {"tasks": ROUTINE}),
    ]


async def test_the_days_that_were_left_are_given_back(as_, street, calendar, at):
    await move_due(date(2026, 10, 14))
    await pause()
    with at("2026-10-20 09:00"):
        await resume(calendar)
        assert (await due(as_))["due_on"] == "2026-10-27", "five working days, as on the 8th"
    assert await resume(calendar) == 0, "and only once"


async def test_what_is_late_already_stays_late(as_, street, at):
    with at("2026-10-09 09:00"):
        assert await pause() == 0
        assert (await due(as_))["overdue"] is True


async def test_another_street_works_on(as_, street):
    assert await pause(CHANGFENG) == ROUTINE
    assert (await due(as_))["paused"] is False
    assert (await due(as_, who="erin"))["paused"] is True


async def test_nobody_is_reminded_of_what_rests(as_, street, catalogue):
    await pause()
    assert (await reminding.remind(SYSTEM, catalogue)).told == 0
    assert await sql("select 1 from notice") == []


async def test_what_comes_due_meanwhile_rests_from_the_first(as_, street, catalogue, calendar, at):
    with at("2026-11-01 00:20"):
        await modes.change(SYSTEM.scope, CAOYANG, STORM)
        only = copy(catalogue)
        only.forms = {
            code: form
            for code, form in catalogue.forms.items()
            if form.kind != "report" or code == "T06"
        }
        await tasks.open_due(SYSTEM, only, calendar)
        line = await due(as_, "T06")
        assert (line["period"], line["paused"]) == ("2026-10", True)
        assert (await due(as_, "T06", "erin"))["paused"] is False
    with at("2026-11-06 09:00"):
        await modes.change(SYSTEM.scope, CAOYANG, None)
        await resume(calendar)
        assert (await due(as_, "T06"))["due_on"] == "2026-11-10"


async def test_an_emergency_ends_though_next_year_is_unknown(as_, street, calendar, at):
    await move_due(date(2026, 12, 30))
    await pause()
    with at("2026-12-31 09:00"):
        await resume(calendar)
        assert (await due(as_))["due_on"] == "2026-12-31"


@pytest.fixture
async def flashed(street, catalogue, at):
    """A flash report of 16:00, asked for at 15:00 (by the form of disputes, to have one)."""

    async def ask():
        with at("2026-10-08 15:00"):
            due_at = clock.at(clock.today(), 16)
            period = flash_at(due_at)
            return await tasks.flash(SYSTEM, catalogue, "T06", CAOYANG, period, due_at, {})

    return ask


async def test_a_flash_report_is_due_at_a_moment(as_, flashed, at):
    made = await flashed()
    again = await flashed()
    assert (again.task, made.new, again.new) == (made.task, 20, 0), "asked for once"
    with at("2026-10-08 15:59"):
        lines = await (await as_("alice").get("/api/due")).json()
        line = next(line for line in lines if line["period"] == "2026-10-08T16")
        assert (line["period_label"], line["overdue"]) == ("10月8日16时", False)
        assert line["due_at"] == "2026-10-08T16:00:00+08:00"
        assert await pause() == ROUTINE, "the flash report goes on"
    with at("2026-10-08 16:01"):
        page = await (await as_("dora").get(f"/api/tasks/{made.task}")).json()
        assert (page["overdue"], page["paused"], page["counts"]["overdue"]) == (True, False, 20)
