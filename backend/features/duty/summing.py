"""An emergency as people see it: its figures, calls, reports, loans and time line together."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record
from backend.core.scope import Scope
from backend.engine.clocks.periods import parse_period
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.duty.emergencies import (
    CalledPerson,
    CallLine,
    CallPage,
    Emergency,
    EmergencyLine,
    EmergencyStep,
    First,
    FlashLine,
    Loan,
    NeedCount,
)
from backend.features.duty.plan import Plan
from backend.features.duty.store import calls, emergencies, loans, needs, shifts
from backend.features.notices import store as notices
from backend.features.returns.store import tasks

STEPS = {
    "begun": "启动",
    "turned": "调整级别",
    "rested": "例行报表",
    "listed": "人员名单",
    "called": "全员通知",
    "flash": "快报",
    "oral": "口头首报",
    "written": "书面首报",
    "late": "首报超时",
    "lent": "借出物资",
    "returned": "归还物资",
    "note": "记事",
    "ended": "恢复平时",
}
_STATES = {"confirmed": "已确认", "waiting": "未确认", "failed": "未送达"}


async def line(plan: Plan, row: Record) -> EmergencyLine:
    called = await areas.names([row["area"]])
    return EmergencyLine(**_line(plan, row, called))


def _line(plan: Plan, row: Record, called: dict[str, str]) -> Record:
    level = plan.level(row["level"])
    keys = ("id", "kind", "drill", "level", "since", "until", "by")
    return {key: row[key] for key in keys} | {
        "street": AreaName(code=row["area"], name=called.get(row["area"], row["area"])),
        "level_label": plan.label(row["level"]),
        "mode": level.mode if level else "应急",
    }


async def page(actor: Actor, plan: Plan, row: Record, **did: object) -> Emergency:
    """Everything about an emergency, as far as the asker sees: lists and loans of their place."""
    called = await areas.names([row["area"]])
    kinds, states = await needs.counts(actor.scope, row["id"])
    keys = ("reason", "ended_by", "summary", "rested", "rev", "listed_at")
    return Emergency(
        **_line(plan, row, called),
        **{key: row[key] for key in keys},
        oral=_first(row, "oral_at", plan.flash.oral_minutes),
        written=_first(row, "written_at", plan.flash.written_minutes),
        needs=tuple(
            NeedCount(kind=one.code, label=one.label, people=kinds.get(one.code, 0))
            for one in plan.in_need
        ),
        states=states,
        calls=tuple(await call_lines(await calls.of(row["id"]))),
        flash=tuple(await flashes(plan, row)),
        unmanned=tuple(await _unmanned(row)),
        loans=tuple(await loan_lines(actor.scope, row["id"])),
        steps=tuple(_step(plan, one) for one in await emergencies.steps(row)),
        can=may(actor, row),
        did=did,
    )


async def _unmanned(row: Record) -> list[AreaName]:
    """The committees of the street without a shift that runs, while the emergency lasts."""
    if row["until"] is not None:
        return []
    street, moment = Scope(row["area"][:9]), clock.now()
    running = await shifts.around(street, moment, None)
    manned = {one["area"] for one in running if one["ends_at"] > moment}
    standing = await areas.committees(street, moment.date())
    return [AreaName(code=a.code, name=a.name) for a in standing if a.code not in manned]


def may(actor: Actor, row: Record) -> tuple[str, ...]:
    """The acts that somebody may do on an emergency now."""
    if row["until"] is not None:
        return ()
    here = actor.area == row["area"]
    tests = {
        "turn": actor.may("emergency.switch") and here,
        "end": actor.may("emergency.end") and here,
        "call": actor.may("emergency.call") and here,
        "report": actor.may("emergency.report") and here,
        "mark": actor.may("emergency.mark"),
        "lend": actor.may("emergency.lend"),
    }
    return tuple(act for act, holds in tests.items() if holds)


def _first(row: Record, column: str, minutes: int) -> First:
    """A first report is owed from the moment when the emergency became acute."""
    since, at = row["acute_since"], row[column]
    due = since + timedelta(minutes=minutes) if since else None
    late = due is not None and (at or row["until"] or clock.now()) > due
    return First(due_at=due, at=at, late=late)


def _step(plan: Plan, row: Record) -> EmergencyStep:
    keys = ("at", "what", "words", "by")
    label = STEPS.get(row["what"], row["what"])
    return EmergencyStep(
        **{key: row[key] for key in keys}, label=label, level=plan.label(row["level"])
    )


async def call_lines(found: Sequence[Record]) -> list[CallLine]:
    """Calls with how many have confirmed, were not reached, and are waited for."""
    people = await calls.called([row["id"] for row in found])
    lines = []
    for row in found:
        mine = [one for one in people if one["call_id"] == row["id"]]
        states = await _states(row["id"], mine)
        lines.append(CallLine(**_call(row, mine, states)))
    return lines


async def call_page(row: Record, **did: object) -> CallPage:
    """One call, person by person."""
    people = await calls.called([row["id"]])
    states = await _states(row["id"], people)
    called = await areas.names(one["area"] for one in people)
    return CallPage(
        **_call(row, people, states),
        emergency=row["emergency_id"],
        people=tuple(
            CalledPerson(
                id=one["staff_id"],
                name=one["name"],
                area=AreaName(code=one["area"], name=called.get(one["area"], one["area"])),
                state=states[one["staff_id"]],
                state_label=_STATES[states[one["staff_id"]]],
                confirmed_at=one["confirmed_at"],
                how=one["how"],
                help_at=one["help_at"],
                reminded=one["reminded"],
            )
            for one in people
        ),
        did=did,
    )


def call_key(call: UUID, number: int = 0) -> str:
    """The key of a call's messages, and of its reminders."""
    return f"call:{call}:{number}"


async def _states(call: UUID, people: Sequence[Record]) -> dict[UUID, str]:
    sent = await notices.states(call_key(call))
    return {
        one["staff_id"]: "confirmed"
        if one["confirmed_at"]
        else "failed"
        if sent.get(one["staff_id"], "failed") == "failed"
        else "waiting"
        for one in people
    }


def _call(row: Record, people: Sequence[Record], states: dict[UUID, str]) -> Record:
    keys = ("id", "words", "at", "until", "by")
    told = list(states.values())
    return {key: row[key] for key in keys} | {
        "total": len(people),
        "help": sum(one["help_at"] is not None for one in people),
        **{state: told.count(state) for state in _STATES},
    }


async def flashes(plan: Plan, row: Record) -> list[FlashLine]:
    """The flash reports that were asked for while the emergency lasted, latest first."""
    until: datetime = row["until"] or clock.now() + timedelta(days=1)
    found = await tasks.asked(Scope(row["area"][:9]), plan.flash.form, row["since"], until)
    return [
        FlashLine(
            task=one["id"],
            period=one["period"],
            label=parse_period(one["period"]).label,
            due_at=one["due_at"],
            total=one["total"],
            handed=one["submitted"] + one["approved"] + one["checking"],
            overdue=one["overdue"],
        )
        for one in found
    ]


async def loan_lines(scope: Scope, emergency: UUID) -> list[Loan]:
    found = await loans.of(scope, emergency)
    called = await areas.names(row["area"] for row in found)
    return [loan(row, called) for row in found]


def loan(row: Record, called: dict[str, str]) -> Loan:
    keys = [name for name in Loan.model_fields if name != "area"]
    area = AreaName(code=row["area"], name=called.get(row["area"], row["area"]))
    return Loan(**{key: row[key] for key in keys}, area=area)
