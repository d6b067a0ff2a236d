"""The roster: who stands which shift, and who is on duty now."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor, act, look
from backend.core.db import Record
from backend.core.ids import new_id
from backend.core.problems import FieldIssue
from backend.core.scope import street_of
from backend.features.accounts.store import staff
from backend.features.areas import store as areas
from backend.features.duty import view
from backend.features.duty.plan import Plan, ShiftKind
from backend.features.duty.shapes import (
    STATES,
    ModeNow,
    OnDuty,
    Planned,
    PlannedShift,
    Roster,
    RosterQuery,
    Shift,
)
from backend.features.duty.store import emergencies, shifts

_WEEK, _LONGEST = timedelta(days=6), timedelta(days=62)
_WHOLE_DAY = "24小时"


@look("duty.read", "查看值班")
async def now(actor: Actor, plan: Plan) -> OnDuty:
    """Who is on duty at this moment: of a committee and its street, or of everybody below."""
    own = [actor.area, street_of(actor.area)]
    committee = actor.area != street_of(actor.area)
    found = await shifts.around(view.street_scope(actor), clock.now(), own if committee else None)
    found.sort(key=lambda row: (row["area"] != actor.area, row["area"], row["starts_at"]))
    shown = await view.shifts(actor, found)
    mine = (row["id"] for row in found if view.stands(row, actor) and not row["signed_at"])
    return OnDuty(
        mode=await mode(plan, actor.area),
        shifts=tuple(shown),
        mine=next(mine, None),
        waiting=tuple(one.id for one in shown if "take" in one.can),
    )


async def mode(plan: Plan, area: str) -> ModeNow:
    """The mode of an area's street, with the emergency behind it."""
    held = await emergencies.lasting(street_of(area))
    if held is None:
        return ModeNow(name="平时", level="", label="平时", since=None, emergency=None, drill=False)
    level = plan.level(held["level"])
    return ModeNow(
        name=level.mode if level else "应急",
        level=held["level"],
        label=plan.label(held["level"]),
        since=held["since"],
        emergency=held["id"],
        drill=held["drill"],
    )


@look("duty.read", "查看值班")
async def roster(actor: Actor, query: RosterQuery) -> list[Shift]:
    """The shifts of some days; of one's own street, for committees too."""
    since = query.since or clock.today()
    until = query.until or since + _WEEK
    if not since <= until <= since + _LONGEST:
        issue = FieldIssue("to", "span.bad", "结束日期不能早于开始日期，一次最多看两个月。")
        raise problems.answers_bad(fields=[issue])
    found = await shifts.listing(view.street_scope(actor), since, until, query.area)
    return await view.shifts(actor, found)


@act("duty.plan", "安排值班")
async def plan_shifts(actor: Actor, plan: Plan, body: Roster) -> Planned:
    """Plan shifts, or plan them otherwise: all of them, or none with every mistake named."""
    people = await _people(body.shifts)
    await _make_sure(actor, plan, body.shifts, people)
    await _whole_days(actor, body.shifts)
    rows = [
        _row(one, kind, people)
        for one in body.shifts
        if (kind := plan.shift(one.shift)) is not None
    ]
    if await shifts.write(actor.scope, rows) < len(rows):
        raise problems.overtaken()
    return Planned(shifts=len(rows), area=actor.area)


@act("duty.drop", "撤销班次")
async def drop(actor: Actor, shift: UUID) -> Planned:
    """A planned shift is taken out of the roster."""
    held = await shifts.locked(actor.scope, shift)
    if view.state_of(held) != "planned":
        state = view.state_of(held)
        raise problems.wrong_state(state=state, state_label=STATES[state], what="撤销班次")
    await shifts.drop(actor.scope, shift)
    return Planned(shifts=1, area=held["area"])


async def _people(planned: Sequence[PlannedShift]) -> dict[UUID, Record]:
    wanted = {one.leader for one in planned} | {who for one in planned for who in one.people}
    return {row["id"]: row for row in await staff.named(wanted)}


async def _make_sure(
    actor: Actor, plan: Plan, planned: Sequence[PlannedShift], people: dict[UUID, Record]
) -> None:
    """Every shift lies ahead, at a place of the actor's, with people who work there or above."""
    standing = {area.code for area in await areas.on_day(actor.scope, clock.today())}
    issues = [
        issue
        for number, one in enumerate(planned)
        for issue in _wrong(f"shifts.{number}", one, plan.shift(one.shift), standing, people)
    ]
    seen: set[tuple[str, date, str]] = set()
    for number, one in enumerate(planned):
        if (key := (one.area, one.day, one.shift)) in seen:
            say = f"{one.day} {one.shift}重复了。"
            issues.append(FieldIssue(f"shifts.{number}.shift", "shift.twice", say))
        seen.add(key)
    if issues:
        raise problems.answers_bad(fields=issues)


def _wrong(
    where: str,
    one: PlannedShift,
    kind: ShiftKind | None,
    standing: set[str],
    people: dict[UUID, Record],
) -> list[FieldIssue]:
    found = []
    if one.area not in standing:
        found.append(FieldIssue(f"{where}.area", "area.unknown", "没有这个居村委或街镇。"))
    if kind is None:
        found.append(FieldIssue(f"{where}.shift", "shift.unknown", f"预案里没有“{one.shift}”。"))
    elif kind.on(one.day)[1] <= clock.now():
        say = f"{one.day} {one.shift}已经过去，不能再排。"
        found.append(FieldIssue(f"{where}.day", "day.past", say))
    near = (one.area, street_of(one.area))
    for name, label, who in (
        ("leader", "带班领导", [one.leader]),
        ("people", "值班人员", one.people),
    ):
        if any(person not in people or people[person]["area"] not in near for person in who):
            say = f"{label}应是本居村委或本街镇在岗的人员。"
            found.append(FieldIssue(f"{where}.{name}", "person.elsewhere", say))
    return found


async def _whole_days(actor: Actor, planned: Sequence[PlannedShift]) -> None:
    """A day is stood in one shift of 24 hours or in a day and a night, not in both."""
    keys = sorted({(one.area, one.day) for one in planned})
    kept = {
        (row["area"], row["day"], row["shift"]) for row in await shifts.planned(actor.scope, keys)
    }
    every = kept | {(one.area, one.day, one.shift) for one in planned}
    for area, day in keys:
        of_day = {shift for place, on, shift in every if (place, on) == (area, day)}
        if _WHOLE_DAY in of_day and len(of_day) > 1:
            say = f"{day}：同一天不能既排24小时班，又排日班或夜班；请先撤销原来的班次。"
            raise problems.answers_bad(fields=[FieldIssue("shifts", "shift.overlap", say)])


def _row(one: PlannedShift, kind: ShiftKind, people: dict[UUID, Record]) -> Record:
    starts_at, ends_at = kind.on(one.day)

    def name(who: UUID) -> Record:
        return {"id": str(who), "label": people[who]["name"]}

    return {
        "id": new_id(),
        "area": one.area,
        "day": one.day,
        "shift": one.shift,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "leader": name(one.leader),
        "people": [name(who) for who in one.people],
        "phone": one.phone,
    }
