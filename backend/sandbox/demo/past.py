"""What has happened in the demo's complete street before somebody looks: work, reports, reviews.

Everything goes through the use cases, on the day it is said to have happened: the reports before
last are approved, the last ones are in every state, and one committee is left to be filled in.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from backend.core import clock
from backend.core.access import SYSTEM, Actor
from backend.core.db import sql
from backend.core.ports import Ports
from backend.core.scope import scope_of
from backend.engine.clocks.calendar import Calendar
from backend.engine.clocks.periods import Period, last_closed
from backend.features.accounts.roles import verbs_of
from backend.features.accounts.store import staff
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers.passing import Orders
from backend.features.returns.actions import filling, reviewing, tasks
from backend.features.returns.shapes import Decision, Draft, SendBack, SentBackField
from backend.features.returns.task_shapes import NewTask, TaskFilter
from backend.sandbox.demo import doings
from backend.sandbox.demo.planting import CORP_ID
from backend.work import react_once

STREET = "310107005000"
LEFT_OPEN = "310107005001"  # 源园: whoever tries the demo fills this one in
DAYS = 75
REASON = "与台账核对无误，属正常变动。"
REMARKS = ("请核对口径：只统计实际居住的。", "与上期相差较大，请说明或更正。")

Tell = Callable[[str], None]

_NEXT = "select at from audit where pending order by id limit 1"


@dataclass(frozen=True)
class Committee:
    """Who works in it."""

    area: str
    worker: Actor
    lead: Actor


@dataclass(frozen=True)
class Street:
    """The street's committees and the one who reviews, with the parts use cases ask for."""

    committees: tuple[Committee, ...]
    reviewer: Actor
    forms: Catalogue
    pool: Orders
    calendar: Calendar
    rng: Random

    @property
    def parts(self) -> tuple[Catalogue, Orders]:
        """What writing into a ledger asks for."""
        return self.forms, self.pool


async def before(ports: Ports, tell: Tell) -> None:
    """The work of the past weeks, and the reports before the last ones: all approved."""
    street = await _street(ports)
    for day in _working_days(street.calendar, clock.today()):
        tell(f"what the committees of one street did on {day:%Y-%m-%d}")
        for committee in street.committees:
            await _work(street, committee, day)
    for form in street.forms.of_kind("report"):
        if form.schedule.due is None:
            continue  # asked for by events: flash reports
        period = last_closed(form.schedule.every, clock.today()).previous  # type: ignore[arg-type]
        tell(f"the report {form.code} of {period.key}")
        await _long_ago(street, form.code, period)
    tell("what followed from all this")
    await settled(ports)


async def settled(ports: Ports) -> None:
    """Let every reaction run on the day of its event; people were told of it then, not today."""
    going = True
    while going and (found := await sql(_NEXT)):
        with clock.pretend(found[0]["at"]):
            going = await react_once(ports)  # one that fails is left to the worker
    await sql("update notice set state = 'sent', sent_at = send_after where state = 'waiting'")


async def after(ports: Ports, tell: Tell) -> None:
    """The last reports, which have been asked for: some are done, some wait for each step."""
    street = await _street(ports)
    for task in await tasks.listing(street.reviewer, street.forms, TaskFilter(state="open")):
        if task.counts.draft:
            tell(f"the report {task.form} of {task.period}")
            await _handed_in(street, task.id, _state)


async def _street(ports: Ports) -> Street:
    people = [_actor(one) for one in (await staff.of_corp(CORP_ID)).values()]
    inside = [one for one in people if scope_of(STREET).covers(one.area)]
    committees = []
    for code in sorted({one.area for one in inside} - {STREET}):
        here = [one for one in inside if one.area == code]
        lead = next(one for one in here if one.may("return.check"))
        worker = next(one for one in here if not one.may("return.check"))
        committees.append(Committee(code, worker, lead))
    reviewer = next(one for one in inside if one.area == STREET and one.may("return.review"))
    kept = (ports[Catalogue], ports[Orders], ports[Calendar])
    return Street(tuple(committees), reviewer, *kept, Random(STREET))


def _actor(one: Any) -> Actor:
    return Actor(
        id=one.id,
        name=one.name,
        verbs=verbs_of(list(one.roles)),
        scope=scope_of(one.area),
        area=one.area,
        duties=frozenset(one.duties),
        session=None,
    )


def _working_days(calendar: Calendar, today: date) -> Iterator[date]:
    days = (today - timedelta(days=n) for n in range(DAYS, 0, -1))
    return (day for day in days if calendar.is_working(day))


async def _work(street: Street, committee: Committee, day: date) -> None:
    """A committee's day: often a visit, now and then a quarrel settled."""
    rng = street.rng
    people = await doings.homes(committee.worker)
    if rng.random() < 0.4:
        with clock.pretend(_moment(rng, day)):
            await doings.visit(rng, committee.worker, street.parts, people)
    if rng.random() < 0.06:
        with clock.pretend(_moment(rng, day)):
            await doings.mediation(rng, committee.lead, street.parts, people, day)


def _moment(rng: Random, day: date) -> datetime:
    return clock.at(day, rng.randrange(9, 17), rng.randrange(60))


async def _long_ago(street: Street, form: str, period: Period) -> None:
    """Asked for on the day after the period, and through all its steps within the week."""
    opened = period.end + timedelta(days=1)
    here = replace(SYSTEM, area=STREET, scope=scope_of(STREET))
    with clock.pretend(clock.at(opened, 9)):
        due = street.calendar.plus(opened, 5)
        body = NewTask(form=form, period=period.key, due_on=due)
        task = await tasks.publish(here, street.forms, street.calendar, body)
    with clock.pretend(clock.at(due, 10)):
        await _handed_in(street, task.id, lambda committee, number: "approved")


async def _handed_in(street: Street, task: UUID, state: Callable[[Committee, int], str]) -> None:
    page = await tasks.one(street.reviewer, street.forms, task)
    sheets = {line.area.code: line.return_id for line in page.returns if line.state == "draft"}
    for number, committee in enumerate(street.committees):
        if committee.area in sheets:
            sheet = sheets[committee.area]
            await _moved(street, committee, sheet, state(committee, number))


def _state(committee: Committee, number: int) -> str:
    """Where the returns under way stand: most are done, some wait for each of the steps."""
    if committee.area == LEFT_OPEN:
        return "draft"
    return ("approved", "submitted", "approved", "checking", "approved", "returned", "draft")[
        number % 7
    ]


async def _moved(street: Street, committee: Committee, sheet: UUID, state: str) -> None:
    """One return, step by step as far as `state`."""
    if state == "draft":
        return
    forms, reviewer = street.forms, street.reviewer
    await _fill(street, committee.worker, sheet)
    if state == "checking":
        return
    await reviewing.check(committee.lead, forms, sheet, Decision())
    if state == "approved":
        await reviewing.approve(reviewer, forms, sheet, Decision())
    elif state == "returned":
        fields = (await filling.read(reviewer, forms, sheet)).definition["fields"][:2]
        remarks = [
            SentBackField(field=field["key"], remark=remark)
            for field, remark in zip(fields, REMARKS, strict=False)
        ]
        await reviewing.send_back(reviewer, forms, sheet, SendBack(remarks=tuple(remarks)))


async def _fill(street: Street, worker: Actor, sheet: UUID) -> None:
    """Answer what is asked, give reasons for what is striking, hand in."""
    shown = await filling.read(worker, street.forms, sheet)
    version = shown.form.version
    answers = {key: street.rng.randrange(0, 6) for key in shown.asked}
    draft = Draft(rev=shown.rev, form_version=version, answers=answers)
    saved: Any = await filling.save(worker, street.forms, sheet, draft)
    reasons = {issue.field: REASON for issue in saved.issues if issue.kind == "warning"}
    whole = Draft(rev=saved.rev, form_version=version, answers=answers, reasons=reasons)
    await filling.submit(worker, street.forms, sheet, whole)
