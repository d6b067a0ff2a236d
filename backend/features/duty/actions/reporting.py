"""Reports while an emergency lasts: the first ones, and flash reports every two hours by the clock.

Each flash report asks for the next, in a job that survives restarts; what fell due while nobody
worked is left out, for an old flash report is of no use.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.core import clock, jobs
from backend.core.access import Actor
from backend.core.db import Record, transaction
from backend.core.scope import Scope
from backend.engine.clocks.periods import Period, flash_at, parse_period
from backend.features.accounts.store import staff
from backend.features.areas import store as areas
from backend.features.catalogue.catalogue import Catalogue
from backend.features.duty.plan import Plan
from backend.features.duty.store import emergencies, needs, shifts
from backend.features.duty.store.needs import Wanted
from backend.features.notices import store as notices
from backend.features.returns.actions import tasks
from backend.features.returns.store import tasks as asked

MOST_MOVED, MOST_ROWS = 2000, 100  # the form's table takes no more rows
AHEAD = timedelta(hours=1)  # asked for an hour before it is due
_SOON = timedelta(minutes=30)
_WHAT = {"oral": "口头首报", "written": "书面首报"}


async def flash(
    actor: Actor, catalogue: Catalogue, plan: Plan, emergency: str, period: str, due: str = ""
) -> None:
    """The job: ask every committee for a flash report, and have the next one asked for.

    It is due at the hour of its period, the first one when it says. All of it or nothing, so that
    a worker that is killed leaves no gap; run again, it finds that all were asked.
    """
    async with transaction():
        held = await emergencies.by_id(UUID(emergency))
        level = plan.level(held["level"])
        if held["until"] is None and level is not None and level.flash:
            asked_for = _newest(parse_period(period))
            first = due and asked_for.key == period
            due_at = datetime.fromisoformat(due) if first else _moment(asked_for)
            await _ask(actor, catalogue, plan, held, asked_for, due_at)


async def ask_first(plan: Plan, held: Record) -> None:
    """Flash reports begin now: the first is due when the written first report is."""
    soon = clock.now() + _SOON
    written = held["acute_since"] + timedelta(minutes=plan.flash.written_minutes)
    await jobs.enqueue(
        "duty.flash",
        key=f"once:flash:{held['id']}:{held['rev']}",
        emergency=str(held["id"]),
        period=flash_at(_plain(soon)).key,
        due=max(written, soon).isoformat(),
    )


async def _ask(
    actor: Actor, catalogue: Catalogue, plan: Plan, held: Record, now: Period, due_at: datetime
) -> None:
    moved = await _moved(held)
    made = await tasks.flash(actor, catalogue, plan.flash.form, held["area"], now, due_at, moved)
    if made.new:
        await _tell(catalogue, plan, held, made.task, now, due_at)
        title = catalogue.title(plan.flash.form)
        until = due_at.astimezone(clock.SHANGHAI)
        words = f"{title}（{now.label}）已发给各居村委，{until:%H:%M}前报送。"
        await emergencies.step("系统", held, "flash", words)
    await _ask_next(held, now)


async def first_report(actor: Actor, plan: Plan, emergency: str, what: str) -> None:
    """The job: a first report should have been made by now."""
    async with transaction():
        held = await emergencies.by_id(UUID(emergency))
        if held["until"] is None and held[f"{what}_at"] is None:
            await _remind_of(plan, held, what)


async def _remind_of(plan: Plan, held: Record, what: str) -> None:
    minutes = plan.flash.oral_minutes if what == "oral" else plan.flash.written_minutes
    people = await staff.holding("emergency.report", held["area"])
    called = await areas.names([held["area"]])
    facts: dict[str, str | int] = {
        "street": str(called.get(held["area"], held["area"])),
        "what": _WHAT[what],
        "minutes": minutes,
        "kind": f"{held['kind']}{plan.label(held['level'])}",
    }
    if await notices.tell(people, "first_report_due", facts, f"first:{held['id']}:{what}"):
        words = f"{_WHAT[what]}已超过 {minutes} 分钟，还没有记录。"
        await emergencies.step("系统", held, "late", words)


async def _moved(held: Record) -> dict[str, dict[str, Any]]:
    """Who was moved to safety is known from the lists: nobody writes it down again."""
    told: dict[str, list[dict[str, Any]]] = {}
    wanted = Wanted(moved=True)
    for row in await needs.people(Scope(held["area"][:9]), held["id"], wanted, MOST_MOVED):
        found = {
            "name": row["name"],
            "place": (row["std_addr"] or "")[:100],
            "shelter": row["place"],
            "at": row["moved_at"].astimezone(clock.SHANGHAI).isoformat(timespec="seconds"),
        }
        told.setdefault(row["area"], []).append({k: v for k, v in found.items() if v})
    return {area: {"moved": people[:MOST_ROWS]} for area, people in told.items()}


async def _ask_next(held: Record, now: Period) -> None:
    """The one after this, an hour before it is due."""
    after = now.next
    delay = (_moment(after) - AHEAD - clock.now()).total_seconds()
    await jobs.enqueue(
        "duty.flash",
        key=f"once:flash:{held['id']}:{after.key}:{held['acute_since'].isoformat()}"[:120],
        delay=max(0, delay),
        emergency=str(held["id"]),
        period=after.key,
    )


def _newest(period: Period) -> Period:
    """The flash report to be asked for now: that one, or a later one if nobody worked for long."""
    while _moment(period.next) - AHEAD <= clock.now():
        period = period.next
    return period


def _moment(period: Period) -> datetime:
    return clock.at(period.start, period.hour)


def _plain(moment: datetime) -> datetime:
    return moment.astimezone(clock.SHANGHAI).replace(tzinfo=None)


async def _tell(
    catalogue: Catalogue, plan: Plan, held: Record, task: UUID, now: Period, due_at: datetime
) -> None:
    """Those on duty in each committee; where nobody is, whoever hands in there."""
    street = Scope(held["area"][:9])
    on_duty: dict[str, list[UUID]] = {}
    for row in await shifts.around(street, clock.now(), None):
        if row["ends_at"] > clock.now():
            people = [UUID(one["id"]) for one in row["people"] if one["id"]]
            on_duty.setdefault(row["area"], []).extend(people)
    for row in await asked.returns_of(street, task, None):
        people = on_duty.get(row["area"]) or await staff.holding("return.submit", row["area"])
        facts: dict[str, str | int] = {
            "drill": "演练 · " if held["drill"] else "",
            "form": catalogue.title(plan.flash.form),
            "period": now.label,
            "due": f"{due_at.astimezone(clock.SHANGHAI):%H:%M}",
            "return_id": str(row["id"]),
        }
        await notices.tell(people, "flash_asked", facts, f"flash:{row['id']}")
