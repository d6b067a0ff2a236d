"""Emergencies: the one that lasts in a street, its levels, its time line and its first reports."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor
from backend.core.db import Record, select
from backend.core.ids import new_id
from backend.core.scope import EVERYWHERE, Scope

_EMERGENCY = """
select e.id, e.area, e.kind, e.drill, e.level, e.reason, e.since, e.by_name as by, e.acute_since,
  e.oral_at, e.written_at, e.listed_at, e.until, e.ended_by, e.summary, e.rested, e.rev
from emergency e where e.area like :scope"""


async def lasting(street: str) -> Record | None:
    """The emergency that a street is in."""
    found = await select(Scope(street), f"{_EMERGENCY} and e.until is null")
    return found[0] if found else None


async def listing(scope: Scope) -> list[Record]:
    """Latest first; those that last before all others."""
    return await select(scope, f"{_EMERGENCY} order by e.until is not null, e.since desc limit 100")


async def one(scope: Scope, emergency: UUID) -> Record:
    return _found(await select(scope, f"{_EMERGENCY} and e.id = :id", id=emergency))


async def by_id(emergency: UUID) -> Record:
    """For jobs and reactions, which know it by its id."""
    return await one(EVERYWHERE, emergency)


async def locked(scope: Scope, emergency: UUID) -> Record:
    """Held against other writers until the transaction ends."""
    return _found(await select(scope, f"{_EMERGENCY} and e.id = :id for update", id=emergency))


async def begin(actor: Actor, street: str, given: Record) -> UUID | None:
    """The street is in an emergency from now on; None when it is in one already.

    `given` holds kind, drill, level, reason and when it became acute (None while it has not).
    """
    made = await select(
        actor.scope,
        """insert into emergency (id, area, kind, drill, level, reason, since, by_name, acute_since,
                                  rested, rev)
           select :id, :street::text, :kind, :drill, :level, :reason, :now, :by, :acute_since, 0, 0
           where :street::text like :scope
           on conflict (area) where until is null do nothing returning id""",
        id=new_id(),
        street=street,
        now=clock.now(),
        by=actor.name,
        **given,
    )
    return made[0]["id"] if made else None


async def change(scope: Scope, emergency: UUID, **values: Any) -> None:
    """New values of an emergency. Its number is for those who decide: it is given with a level."""
    names = ", ".join(f"{name} = :{name}" for name in values)
    await select(
        scope,
        f"""update emergency e set {names}
            where e.area like :scope and e.id = :id returning 1""",
        id=emergency,
        **values,
    )


async def step(by: str, held: Record, what: str, words: str, at: datetime | None = None) -> None:
    """One more entry of the time line."""
    await select(
        Scope(held["area"]),
        """insert into emergency_step (id, area, emergency_id, at, what, level, words, by_name)
           select :id, e.area, e.id, :at, :what, e.level, :words, :by
           from emergency e where e.area like :scope and e.id = :emergency returning id""",
        id=new_id(),
        emergency=held["id"],
        at=at or clock.now(),
        what=what,
        words=words[:500],
        by=by,
    )


async def steps(held: Record) -> list[Record]:
    """The time line, in order."""
    return await select(
        Scope(held["area"]),
        """select s.at, s.what, s.level, s.words, s.by_name as by from emergency_step s
           where s.area like :scope and s.emergency_id = :id order by s.at, s.id""",
        id=held["id"],
    )


def _found(found: list[Record]) -> Record:
    if not found:
        raise problems.not_found(kind="应急事件")
    return found[0]
