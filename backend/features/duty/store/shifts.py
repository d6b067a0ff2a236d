"""Shifts: the roster, who is on duty at a moment, and how a shift is handed over."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.db import Record, select
from backend.core.scope import Scope

_SHIFT = """
select s.id, s.area, s.day, s.shift, s.starts_at, s.ends_at, s.leader, s.people, s.phone, s.weather,
  s.patrol, s.handover, s.offered_by, s.offered_at, s.taker, s.signed_at, s.entry_id, s.rev,
  (select count(*) from duty_line l where l.shift_id = s.id) as lines
from duty_shift s where s.area like :scope"""

MOST = 2000


async def listing(scope: Scope, since: date, until: date, area: str | None) -> list[Record]:
    """The roster of some days, by day, place and shift."""
    return await select(
        scope,
        f"""{_SHIFT} and s.day between :since and :until
            and (:area::text is null or s.area = :area::text)
            order by s.day, s.area, s.starts_at limit {MOST}""",
        since=since,
        until=until,
        area=area,
    )


async def around(scope: Scope, moment: datetime, areas: Sequence[str] | None) -> list[Record]:
    """Shifts that run at a moment, and those that ran and were not handed over yet."""
    return await select(
        scope,
        f"""{_SHIFT} and s.starts_at <= :now
            and (s.ends_at > :now or s.signed_at is null and s.ends_at > :now - interval '2 days')
            and (:areas::text[] is null or s.area = any(:areas::text[]))
            order by s.area, s.starts_at limit {MOST}""",
        now=moment,
        areas=list(areas) if areas is not None else None,
    )


async def one(scope: Scope, shift: UUID) -> Record:
    return _found(await select(scope, f"{_SHIFT} and s.id = :id", id=shift))


async def locked(scope: Scope, shift: UUID) -> Record:
    """The shift, held against other writers until the transaction ends."""
    return _found(await select(scope, f"{_SHIFT} and s.id = :id for update of s", id=shift))


async def write(scope: Scope, rows: Sequence[Record]) -> int:
    """Plan shifts, or plan them otherwise; what has begun stays as it was. How many were written.

    The caller has made sure that all of them lie within the scope.
    """
    made = await select(
        scope,
        """insert into duty_shift (id, area, day, shift, starts_at, ends_at, leader, people, phone,
                                   rev)
           select id, area, day, shift, starts_at, ends_at, leader, people, phone, 0
           from jsonb_to_recordset(:rows::jsonb) as r(
             id uuid, area text, day date, shift text, starts_at timestamptz, ends_at timestamptz,
             leader jsonb, people jsonb, phone text)
           where area like :scope
           on conflict (area, day, shift) do update set
             leader = excluded.leader, people = excluded.people, phone = excluded.phone,
             rev = duty_shift.rev + 1
           where duty_shift.offered_at is null
           returning id""",
        rows=list(rows),
    )
    return len(made)


async def planned(scope: Scope, keys: Sequence[tuple[str, date]]) -> list[Record]:
    """Place, day and shift of all that is planned on some days at some places."""
    return await select(
        scope,
        """select s.area, s.day, s.shift from duty_shift s
           join unnest(:areas::text[], :days::date[]) as k(area, day)
             on k.area = s.area and k.day = s.day
           where s.area like :scope""",
        areas=[area for area, _ in keys],
        days=[day for _, day in keys],
    )


async def drop(scope: Scope, shift: UUID) -> None:
    await select(
        scope,
        "delete from duty_shift s where s.area like :scope and s.id = :id returning 1",
        id=shift,
    )


async def offer(scope: Scope, shift: UUID, given: Record) -> None:
    """The hand-over in words: `given` holds handover, patrol, weather and who offers it."""
    await select(
        scope,
        """update duty_shift s set handover = :handover, patrol = :patrol, weather = :weather,
             offered_by = :by::jsonb, offered_at = :now, rev = rev + 1
           where s.area like :scope and s.id = :id returning 1""",
        id=shift,
        now=clock.now(),
        **given,
    )


async def sign(scope: Scope, shift: UUID, taker: dict[str, Any], at: datetime, entry: UUID) -> None:
    """The taker has signed; the shift is in the log for good."""
    await select(
        scope,
        """update duty_shift s set taker = :taker::jsonb, signed_at = :at, entry_id = :entry,
             rev = rev + 1
           where s.area like :scope and s.id = :id returning 1""",
        id=shift,
        taker=taker,
        at=at,
        entry=entry,
    )


async def on_duty(scope: Scope, staff: UUID, moment: datetime) -> bool:
    """Whether somebody stands a shift at a moment, here or for the street."""
    found = await select(
        scope,
        """select 1 from duty_shift s
           where s.area like :scope and s.starts_at <= :now and s.ends_at > :now
             and (s.leader->>'id' = :staff or s.people @> jsonb_build_array(
                    jsonb_build_object('id', :staff::text)))
           limit 1""",
        staff=str(staff),
        now=moment,
    )
    return bool(found)


def _found(found: list[Record]) -> Record:
    if not found:
        raise problems.not_found(kind="班次")
    return found[0]
