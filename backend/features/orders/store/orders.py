"""One order: reading it, holding it against others, moving it on, and what happened to it."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any
from uuid import UUID

from backend.core import clock, crypto, problems
from backend.core.access import Actor
from backend.core.db import Record, later, select, sql
from backend.core.ids import new_id
from backend.core.scope import Scope, street_of
from backend.features.orders.held import Held, Reach, Said

TABLE = "work_order"
SEALED = ("content", "caller_name", "caller_phone")
_HANGING = (
    "unit_name",
    "unit_kind",
    "unit_area",
    "handle_due",
    "parts_open",
    "children_open",
    "part_units",
)
_OWN = ", ".join(f"o.{f.name}" for f in fields(Held) if f.name not in _HANGING)
_MAY_CHANGE = {f.name for f in fields(Held)} - {"id", "no", "rev", "system", "system_no"}

_ORDER = f"""
select {_OWN}, u.name as unit_name, u.kind as unit_kind, u.area as unit_area,
  (select min(c.due_at) from order_clock c where c.order_id = o.id and c.met_at is null
     and not c.void and c.kind in ('handle', 'rehandle')) as handle_due,
  exists (select 1 from order_part p where p.order_id = o.id and p.state <> 'done') as parts_open,
  exists (select 1 from work_order c where c.parent_id = o.id
     and c.stage not in ('closed', 'refused', 'merged')) as children_open,
  array(select p.unit_id from order_part p
        where p.order_id = o.id and p.state = 'open') as part_units
from work_order o left join order_unit u on u.id = o.unit_id
where o.area like :scope"""


def within(reach: Reach) -> tuple[str, Record]:
    """What narrows a statement over `work_order o` to those in sight, and its parameters."""
    if reach.whole:
        return "", {}
    text = """ and (o.unit_id = any(:mine) or exists (
      select 1 from order_part p where p.order_id = o.id and p.unit_id = any(:mine)
        and p.state <> 'waiting'))"""
    return text, {"mine": list(reach.mine)}


async def one(reach: Reach, order: UUID) -> Held:
    text, given = within(reach)
    return _held(await select(reach.scope, f"{_ORDER} and o.id = :id{text}", id=order, **given))


async def numbered(reach: Reach, number: str) -> UUID | None:
    """The order of a number, if it is in sight."""
    text, given = within(reach)
    found = await select(
        reach.scope,
        f"select o.id from work_order o where o.area like :scope and o.no = :no{text}",
        no=number,
        **given,
    )
    return found[0]["id"] if found else None


async def locked(reach: Reach, order: UUID) -> Held:
    """The order, held against other writers until the transaction ends."""
    text, given = within(reach)
    found = await select(
        reach.scope, f"{_ORDER} and o.id = :id{text} for update of o", id=order, **given
    )
    return _held(found)


async def many(reach: Reach, orders: Iterable[UUID]) -> list[Held]:
    """Several orders, held, always in the same order so that nobody waits in a circle."""
    text, given = within(reach)
    found = await select(
        reach.scope,
        f"{_ORDER} and o.id = any(:ids){text} order by o.id for update of o",
        ids=list(orders),
        **given,
    )
    return [Held(**row) for row in found]


async def again(held: Held) -> Held:
    """An order that somebody holds, as it is now; it may have left their sight by their act."""
    street = Scope(street_of(held.area)[:9])
    return _held(await select(street, f"{_ORDER} and o.id = :id", id=held.id))


async def followers(main: Held) -> list[Held]:
    """The orders merged into this one, held."""
    street = Scope(street_of(main.area)[:9])
    return [
        Held(**row)
        for row in await select(
            street, f"{_ORDER} and o.duplicate_of = :id order by o.id for update of o", id=main.id
        )
    ]


async def adopt(reach: Reach, children: Iterable[UUID], parent: UUID) -> None:
    """These orders were split off that one."""
    await select(
        reach.scope,
        """update work_order o set parent_id = :parent
           where o.area like :scope and o.id = any(:ids) and o.parent_id is null returning o.id""",
        parent=parent,
        ids=list(children),
    )


async def times(order: UUID, act: str) -> int:
    """How often something was done to an order."""
    found = await sql(
        "select count(*) as n from order_step where order_id = :id and act = :act",
        id=order,
        act=act,
    )
    return int(found[0]["n"])


async def change(held: Held, **values: Any) -> int:
    """New values under the next number, which is returned."""
    if unknown := values.keys() - _MAY_CHANGE:
        raise TypeError(f"an order has no {sorted(unknown)}")
    sets = "".join(f"{name} = :{name}, " for name in values)
    found = await sql(
        f"update work_order set {sets}rev = rev + 1, updated_at = :now where id = :id"
        " returning rev",
        id=held.id,
        now=clock.now(),
        **values,
    )
    return int(found[0]["rev"])


async def step(
    actor: Actor, held: Held, act: str, to: str, said: Said, unit: UUID | None = None
) -> None:
    """Write down what happened. Notes may hold personal data, so they are sealed."""
    step_id, moment = new_id(), clock.now()
    await later(
        """insert into order_step (id, order_id, act, from_stage, to_stage, by_id, by_name,
                                   unit_id, at, recorded_at, note, words, photos, facts)
           values (:id, :order, :act, :from_stage, :to_stage, :by_id, :by, :unit, :at, :now,
                   :note, :words, :photos, :facts)""",
        id=step_id,
        order=held.id,
        act=act,
        from_stage=held.stage,
        to_stage=to,
        by_id=actor.id,
        by=actor.name,
        unit=unit or held.unit_id,
        at=said.at or moment,
        now=moment,
        note=crypto.seal("order_step", "note", step_id, said.note) if said.note else None,
        words=said.words,
        photos=[str(photo) for photo in said.photos],
        facts=dict(said.facts),
    )


async def steps_of(order: UUID) -> list[Record]:
    """What happened, in the order in which it was written down; notes in clear."""
    found = await sql(
        """select s.id, s.act, s.from_stage, s.to_stage, s.by_name as by, s.by_id, s.at,
             s.recorded_at, s.note, s.words, s.photos, s.facts,
             (select u.name from order_unit u where u.id = s.unit_id) as unit
           from order_step s where s.order_id = :id order by s.id""",
        id=order,
    )
    return [row | {"note": _note(row)} for row in found]


async def last_step(order: UUID) -> Record | None:
    """Who did the last thing, for whoever comes too late."""
    found = await sql(
        """select act, by_name as by, at from order_step where order_id = :id
           order by id desc limit 1""",
        id=order,
    )
    return found[0] if found else None


def opened(held: Held, column: str) -> str | None:
    """A sealed value of an order in clear."""
    token = getattr(held, column)
    return crypto.unseal(TABLE, column, held.id, token) if token else None


def _note(row: Record) -> str | None:
    return crypto.unseal("order_step", "note", row["id"], row["note"]) if row["note"] else None


def _held(found: list[Record]) -> Held:
    if not found:
        raise problems.not_found(kind="工单")
    return Held(**found[0])
