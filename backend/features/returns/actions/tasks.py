"""Tasks: opened by the clock or by a street, watched until every committee has handed up."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor, act, look
from backend.core.db import Record
from backend.core.problems import FieldIssue
from backend.core.scope import scope_of
from backend.engine.clocks.calendar import Calendar, UnknownYearError
from backend.engine.clocks.due import DueRule
from backend.engine.clocks.periods import MONTHS_IN, Period, last_closed, parse_period
from backend.engine.form.definition import FormDef
from backend.features.areas import modes
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.catalogue.catalogue import Catalogue
from backend.features.returns import knowledge, merging, view
from backend.features.returns.actions import reminding
from backend.features.returns.shapes import STATE_LABELS
from backend.features.returns.standing import standing
from backend.features.returns.store import tasks
from backend.features.returns.store.tasks import Terms
from backend.features.returns.task_shapes import (
    Counts,
    Flashed,
    NewTask,
    Opened,
    Rested,
    Task,
    TaskFilter,
    TaskPage,
    TaskReturn,
)


@act("task.open", "按周期生成任务")
async def open_due(actor: Actor, catalogue: Catalogue, calendar: Calendar) -> Opened:
    """Open whatever has come due: every scheduled report for its last closed period."""
    made = returns = undated = 0
    pausing = await modes.pausing()
    for street in await areas.on_day(actor.scope, clock.today(), "street"):
        for form in catalogue.forms.values():
            if form.kind == "report" and form.schedule.every in MONTHS_IN:
                period = last_closed(form.schedule.every, clock.today())
                try:
                    terms = Terms(_due(form, period, calendar), paused=street.code in pausing)
                except UnknownYearError:
                    undated += 1  # the others must not wait for it; see outlook.py
                    continue
                filled = await _open(actor, catalogue, form, period, street.code, terms)
                made, returns = made + bool(filled), returns + filled
    return Opened(tasks=made, returns=returns, undated=undated)


@act("task.publish", "发布任务")
async def publish(actor: Actor, catalogue: Catalogue, calendar: Calendar, body: NewTask) -> Task:
    """A task now, for all or some committees of the actor's street."""
    form, period = catalogue.form(body.form), _period(body.period)
    if form.schedule.due and period.span != form.schedule.every:
        raise problems.bad_period(period=body.period)
    if body.due_on is not None and body.due_on < clock.today():
        issue = FieldIssue("due_on", "task.due_past", "截止日期不能早于今天。")
        raise problems.answers_bad(fields=[issue])
    one_off = body.due_on is not None or body.areas is not None
    try:
        terms = Terms(body.due_on or _due(form, period, calendar), one_off=one_off)
    except UnknownYearError as error:
        raise problems.year_unknown(year=error.year) from None
    await _open(actor, catalogue, form, period, actor.area, terms, only=body.areas)
    made = await tasks.listing(actor.scope, "open")
    row = next(r for r in made if r["form"] == form.code and r["period"] == period.key)
    return await _task(catalogue, row)


@act("task.flash", "生成快报任务")
async def flash(
    actor: Actor,
    catalogue: Catalogue,
    code: str,
    street: str,
    period: Period,
    due_at: datetime,
    given: Mapping[str, dict[str, Any]],
) -> Flashed:
    """A flash report, asked of a street's committees until a moment; of each hour only once.

    `given` are answers by committee that somebody has given elsewhere already.
    """
    form = catalogue.form(code)
    terms = Terms(due_at.date(), due_at=due_at, one_off=True)
    new = await _open(actor, catalogue, form, period, street, terms, given=given)
    made = await tasks.listing(scope_of(street), "open")
    row = next(r for r in made if r["form"] == code and r["period"] == period.key)
    return Flashed(task=row["id"], form=code, period=period.key, area=street, new=new)


@act("task.close", "结束快报任务")
async def close_flash(actor: Actor, code: str, street: str) -> Rested:
    """The emergency is over: what was not handed in by now is not asked for any more."""
    return Rested(tasks=await tasks.close_flash(actor.scope, street, code))


@act("task.pause", "暂停例行任务")
async def pause(actor: Actor, street: str) -> Rested:
    """An emergency begins: what is routine and not late yet can wait."""
    return Rested(tasks=await tasks.pause(actor.scope, street))


@act("task.resume", "恢复例行任务")
async def resume(actor: Actor, calendar: Calendar, street: str) -> Rested:
    """It is over: each task gets as many working days as it had left when it was put to rest."""
    resting = await tasks.resting(actor.scope, street)
    moved = {row["id"]: _after_rest(calendar, row["paused_on"], row["due_on"]) for row in resting}
    await tasks.resume(actor.scope, moved)
    return Rested(tasks=len(moved))


@look("task.read", "查看任务进度")
async def listing(actor: Actor, catalogue: Catalogue, query: TaskFilter) -> list[Task]:
    """Tasks of the actor's area, with how far their committees are."""
    found = await tasks.listing(actor.scope, query.state)
    return [await _task(catalogue, row) for row in found]


@look("task.read", "查看任务进度")
async def one(actor: Actor, catalogue: Catalogue, task: UUID) -> TaskPage:
    """A task: each committee's state, and the street's figures so far."""
    row = await tasks.one(actor.scope, task)
    found = await tasks.returns_of(actor.scope, task, actor.id)
    called = await areas.names(r["area"] for r in found)
    urged = await reminding.urged(found) if actor.may("task.urge") else frozenset()
    shown = await _task(catalogue, row)
    return TaskPage(
        **shown.model_dump(),
        returns=tuple(_line(r, called, urged) for r in found),
        merged=await merging.merged(catalogue, actor.scope, row, len(found)),
    )


async def _open(
    actor: Actor,
    catalogue: Catalogue,
    form: FormDef,
    period: Period,
    street: str,
    terms: Terms,
    *,
    only: tuple[str, ...] | None = None,
    given: Mapping[str, dict[str, Any]] | None = None,
) -> int:
    """The task and a draft for each committee that existed at the cut-off; how many are new."""
    scope = scope_of(street)
    standing_ones = [area.code for area in await areas.committees(scope, period.end)]
    wanted = [code for code in standing_ones if only is None or code in only]
    if not wanted:
        raise problems.not_found(kind="居村委")
    task = await tasks.open_task(actor, form, period, street, terms)
    missing = await tasks.without_return(scope, task, wanted)
    if not missing:
        return 0
    known = await knowledge.gather(catalogue, scope, form, period, missing)
    answers = given or {}
    drafts = {
        area: (held, len(standing(form, period.key, held, answers.get(area, {}), {}).left))
        for area, held in known.items()
    }
    return await tasks.fill_task(scope, task, drafts, answers)


def _due(form: FormDef, period: Period, calendar: Calendar) -> date:
    """The form's due day after the period, on a working day; a year without calendar is refused."""
    rule = form.schedule.due
    if rule is None:
        return calendar.plus(clock.today(), 5)
    return DueRule(rule.day).falls_on(period, calendar)


def _after_rest(calendar: Calendar, paused_on: date, due_on: date) -> date:
    """The new day; without next year's calendar the old one stays, for an emergency must end."""
    today = clock.today()
    try:
        return calendar.plus(today, max(1, calendar.between(paused_on, due_on)))
    except UnknownYearError:
        return max(due_on, today)


def _period(key: str) -> Period:
    try:
        return parse_period(key)
    except ValueError:
        raise problems.bad_period(period=key) from None


async def _task(catalogue: Catalogue, row: Record) -> Task:
    called = await areas.names([row["area"]])
    form = catalogue.definition(row["form"], row["version"])
    counts = Counts(**{name: row[name] for name in Counts.model_fields})
    return Task(
        id=row["id"],
        form=form.code,
        title=form.title,
        kind=form.kind,
        period=row["period"],
        period_label=parse_period(row["period"]).label,
        area=AreaName(code=row["area"], name=called.get(row["area"], row["area"])),
        opened_on=row["opened_on"],
        cut_off=row["cut_off"],
        due_on=row["due_on"],
        due_at=row["due_at"],
        paused=row["paused"],
        overdue=counts.overdue > 0,
        state=row["state"],
        counts=counts,
    )


def _line(row: Record, called: dict[str, str], urged: frozenset[str]) -> TaskReturn:
    return TaskReturn(
        return_id=row["id"],
        area=AreaName(code=row["area"], name=called.get(row["area"], row["area"])),
        state=row["state"],
        state_label=STATE_LABELS[row["state"]],
        version=row["n"],
        submitted_at=row["submitted_at"],
        asked_left=row["asked_left"],
        returned_fields=len(row["open_fields"] or ()),
        overdue=view.overdue(row["state"], late=row["late"]),
        changed_since_look=row["n"] > row["seen"],
        urged=row["area"] in urged,
    )
