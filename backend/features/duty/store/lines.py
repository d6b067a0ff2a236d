"""The log of a shift, line by line."""

from datetime import datetime
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor
from backend.core.db import Record, select
from backend.core.ids import new_id
from backend.core.scope import Scope

_LINE = """select l.id, l.shift_id, l.at, l.source, l.content, l.handled, l.reported_at, l.order_id,
  l.by_name as by
from duty_line l where l.area like :scope"""


async def of_shift(scope: Scope, shift: UUID) -> list[Record]:
    """In the order in which it happened."""
    return await select(scope, f"{_LINE} and l.shift_id = :id order by l.at, l.id", id=shift)


async def between(scope: Scope, since: datetime, until: datetime) -> list[Record]:
    """What was logged in a scope during a time, with the place of each."""
    return await select(
        scope,
        f"""{_LINE.replace("l.id,", "l.id, l.area,")} and l.at >= :since and l.at <= :until
            order by l.at, l.id limit 1000""",
        since=since,
        until=until,
    )


async def add(actor: Actor, shift: Record, given: Record) -> UUID:
    """One more line, by the actor, now."""
    line = new_id()
    await select(
        actor.scope,
        """insert into duty_line (id, area, shift_id, at, source, content, handled, reported_at,
                                  order_id, by_id, by_name, created_at)
           select :id, s.area, s.id, :at, :source, :content, :handled, :reported_at, :order,
                  :by_id, :by, :now
           from duty_shift s where s.area like :scope and s.id = :shift returning id""",
        id=line,
        shift=shift["id"],
        by_id=actor.id,
        by=actor.name,
        now=clock.now(),
        **given,
    )
    return line


async def locked(scope: Scope, shift: UUID, line: UUID) -> Record:
    found = await select(
        scope, f"{_LINE} and l.shift_id = :shift and l.id = :id for update", shift=shift, id=line
    )
    if not found:
        raise problems.not_found(kind="值班记录")
    return found[0]


async def follow(
    scope: Scope, line: UUID, handled: str | None, reported_at: datetime | None
) -> None:
    """What was done about it, and when it went on; what is not said stays as it was."""
    await select(
        scope,
        """update duty_line l set handled = coalesce(:handled, handled),
             reported_at = coalesce(:reported_at, reported_at)
           where l.area like :scope and l.id = :id returning 1""",
        id=line,
        handled=handled,
        reported_at=reported_at,
    )
