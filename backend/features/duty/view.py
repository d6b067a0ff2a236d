"""Shifts as people see them: named places, states, and what the asker may do."""

from collections.abc import Sequence
from datetime import timedelta

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record
from backend.core.scope import Scope, street_of
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.duty.shapes import STATES, LogLine, OnRoster, Shift, ShiftPage, State
from backend.features.duty.store import lines

_HALF_AN_HOUR = timedelta(minutes=30)
RUNNING = ("now", "offered", "due")


def street_scope(actor: Actor) -> Scope:
    """How far somebody sees in matters of the street: their own street whole, never less."""
    street = street_of(actor.area)
    return Scope(street[:9]) if street[6:9] != "000" else actor.scope


async def shifts(actor: Actor, found: Sequence[Record]) -> list[Shift]:
    called = await areas.names(row["area"] for row in found)
    return [Shift(**_shift(actor, row, called)) for row in found]


async def page(actor: Actor, row: Record, **did: object) -> ShiftPage:
    """One shift with its log."""
    called = await areas.names([row["area"]])
    log = await lines.of_shift(Scope(row["area"]), row["id"])
    more = ("weather", "patrol", "handover", "offered_at")
    return ShiftPage(
        **_shift(actor, row, called),
        **{key: row[key] for key in more},
        offered_by=named(row["offered_by"]),
        log=tuple(map(line, log)),
        entry=row["entry_id"],
        did=did,
    )


def line(row: Record) -> LogLine:
    reported, order = row["reported_at"], row["order_id"]
    keys = ("id", "at", "source", "content", "handled", "reported_at", "by")
    late = reported is not None and reported - row["at"] > _HALF_AN_HOUR
    return LogLine(**{key: row[key] for key in keys}, late=late, order=order)


def named(person: Record | None) -> OnRoster | None:
    return OnRoster.model_validate(person) if person else None


def state_of(row: Record) -> State:
    """Where a shift stands: planned, running, over and waiting for its hand-over, handed over."""
    if row["signed_at"]:
        return "handed"
    if row["offered_at"]:
        return "offered"
    moment = clock.now()
    if moment < row["starts_at"]:
        return "planned"
    return "now" if moment < row["ends_at"] else "due"


def stands(row: Record, actor: Actor) -> bool:
    """Whether somebody is one of those who stand the shift, or leads it."""
    people = [row["leader"], *row["people"]]
    return actor.id is not None and str(actor.id) in {one["id"] for one in people}


def may(actor: Actor, row: Record) -> tuple[str, ...]:
    """The acts that somebody may do on a shift now."""
    state, here = state_of(row), actor.area == row["area"]
    offered_by = (row["offered_by"] or {}).get("id")
    tests = {
        "log": actor.may("duty.log") and here and state in RUNNING,
        "offer": actor.may("duty.offer") and state in RUNNING and stands(row, actor),
        "take": actor.may("duty.take")
        and here
        and state == "offered"
        and offered_by != str(actor.id),
        "drop": actor.may("duty.plan") and state == "planned",
    }
    return tuple(act for act, holds in tests.items() if holds)


def _shift(actor: Actor, row: Record, called: dict[str, str]) -> Record:
    state, area = state_of(row), row["area"]
    keys = ("id", "day", "shift", "starts_at", "ends_at", "phone", "signed_at", "rev", "lines")
    return {key: row[key] for key in keys} | {
        "area": AreaName(code=area, name=called.get(area, area)),
        "leader": named(row["leader"]),
        "people": tuple(OnRoster.model_validate(one) for one in row["people"]),
        "taker": named(row["taker"]),
        "state": state,
        "state_label": STATES[state],
        "can": may(actor, row),
    }
