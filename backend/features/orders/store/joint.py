"""Joint handling (联合办理): the parts of further units, in sequence or side by side."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from backend.core.db import Record, sql
from backend.core.ids import new_id
from backend.features.orders.bodies import JoinedPart


async def of_order(order: UUID) -> list[Record]:
    """The parts of an order in their sequence."""
    return await sql(
        """select p.place, p.unit_id, u.name as unit_name, u.kind as unit_kind, p.task, p.state,
             p.opened_at, p.done_at, p.done_by, p.did
           from order_part p join order_unit u on u.id = p.unit_id
           where p.order_id = :id order by p.place, u.name""",
        id=order,
    )


async def add(order: UUID, parts: Sequence[JoinedPart], *, serial: bool, at: datetime) -> None:
    """Further parts. Of a sequence only the first is open, and only when nothing else is."""
    await sql(
        """insert into order_part (id, order_id, place, unit_id, task, state)
           select i.id, :order, coalesce((select max(p.place) from order_part p
                                          where p.order_id = :order), 0) + i.step,
             i.unit, i.task, 'waiting'
           from unnest(:ids::uuid[], :steps::int[], :units::uuid[], :tasks::text[])
             as i(id, step, unit, task)
           on conflict (order_id, unit_id) do update
             set task = excluded.task, place = excluded.place, state = 'waiting',
                 done_at = null, done_by = null, did = null, opened_at = null""",
        order=order,
        ids=[new_id() for _ in parts],
        steps=[n + 1 if serial else 1 for n in range(len(parts))],
        units=[part.unit for part in parts],
        tasks=[part.task for part in parts],
    )
    await open_next(order, at)


async def open_next(order: UUID, at: datetime) -> list[UUID]:
    """Open what stands first in the sequence once nothing before it is open; the units whose
    turn it is now."""
    found = await sql(
        """update order_part p set state = 'open', opened_at = :at
           where p.order_id = :order and p.state = 'waiting'
             and not exists (select 1 from order_part b where b.order_id = :order
                             and b.state <> 'done' and b.place < p.place)
           returning p.unit_id""",
        order=order,
        at=at,
    )
    return [row["unit_id"] for row in found]


async def finish(order: UUID, units: Sequence[UUID], by: str, did: str, at: datetime) -> None:
    await sql(
        """update order_part set state = 'done', done_at = :at, done_by = :by, did = :did
           where order_id = :order and unit_id = any(:units) and state = 'open'""",
        order=order,
        units=list(units),
        by=by,
        did=did,
        at=at,
    )
