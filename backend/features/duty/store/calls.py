"""Calls on everybody of a street, and who has confirmed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor
from backend.core.db import Record, select
from backend.core.ids import new_id
from backend.core.scope import EVERYWHERE, Scope

_CALL = """select c.id, c.area, c.emergency_id, c.words, c.at, c.until, c.by_name as by
from emergency_call c where c.area like :scope"""


async def make(actor: Actor, held: Record, words: str, until: datetime) -> UUID:
    call = new_id()
    await select(
        actor.scope,
        """insert into emergency_call (id, area, emergency_id, words, at, until, by_name)
           select :id, e.area, e.id, :words, :now, :until, :by
           from emergency e where e.area like :scope and e.id = :emergency returning id""",
        id=call,
        emergency=held["id"],
        words=words,
        now=clock.now(),
        until=until,
        by=actor.name,
    )
    return call


async def put(call: Record, people: Sequence[Record]) -> None:
    """Whom the call is for: id, name and area of each."""
    await select(
        Scope(call["area"][:9]),
        """insert into emergency_called (id, area, call_id, staff_id, name, reminded)
           select id, area, :call, staff_id, name, 0
           from jsonb_to_recordset(:rows::jsonb) as r(id uuid, area text, staff_id uuid, name text)
           where area like :scope
           on conflict (call_id, staff_id) do nothing returning id""",
        call=call["id"],
        rows=[
            {"id": new_id(), "area": one["area"], "staff_id": one["id"], "name": one["name"]}
            for one in people
        ],
    )


async def one(scope: Scope, call: UUID) -> Record:
    found = await select(scope, f"{_CALL} and c.id = :id", id=call)
    if not found:
        raise problems.not_found(kind="通知")
    return found[0]


async def by_id(call: UUID) -> Record:
    """For jobs and cards, which know it by its id."""
    return await one(EVERYWHERE, call)


async def of(emergency: UUID) -> list[Record]:
    """The calls of an emergency, latest first."""
    return await select(
        EVERYWHERE, f"{_CALL} and c.emergency_id = :id order by c.at desc", id=emergency
    )


async def called(calls: Sequence[UUID]) -> list[Record]:
    """Everybody of some calls, by place and name."""
    return await select(
        EVERYWHERE,
        """select d.call_id, d.staff_id, d.name, d.area, d.confirmed_at, d.how, d.help_at,
             d.reminded
           from emergency_called d
           where d.area like :scope and d.call_id = any(:calls)
           order by d.area, d.name, d.staff_id""",
        calls=list(calls),
    )


async def mine(staff: UUID, call: UUID) -> Record | None:
    """Somebody's own line of a call, held until the transaction ends."""
    found = await select(
        EVERYWHERE,
        """select d.id, d.confirmed_at, d.help_at from emergency_called d
           where d.area like :scope and d.call_id = :call and d.staff_id = :staff for update""",
        call=call,
        staff=staff,
    )
    return found[0] if found else None


async def waiting_for(staff: UUID) -> list[Record]:
    """The calls that somebody has not confirmed yet, of emergencies that last."""
    return await select(
        EVERYWHERE,
        f"""{_CALL} and exists (select 1 from emergency e
              where e.id = c.emergency_id and e.until is null)
            and exists (select 1 from emergency_called d
              where d.call_id = c.id and d.staff_id = :staff and d.confirmed_at is null)
            order by c.at desc""",
        staff=staff,
    )


async def confirm(line: UUID, given: dict[str, Any]) -> None:
    """Confirmed now, if not before; `given` says how, and when help was asked for."""
    await select(
        EVERYWHERE,
        """update emergency_called d set confirmed_at = coalesce(confirmed_at, :now),
             how = coalesce(how, :how), help_at = coalesce(help_at, :help_at)
           where d.area like :scope and d.id = :id returning 1""",
        id=line,
        now=clock.now(),
        **given,
    )


async def reminding(call: UUID, number: int) -> list[UUID]:
    """Who has not confirmed and is reminded for the so-manieth time; each only once."""
    found = await select(
        EVERYWHERE,
        """update emergency_called d set reminded = :number
           where d.area like :scope and d.call_id = :call and d.confirmed_at is null
             and d.reminded < :number
           returning d.staff_id""",
        call=call,
        number=number,
    )
    return [row["staff_id"] for row in found]
