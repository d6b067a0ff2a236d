"""What an order has to do with others: duplicates, parts split off, the same caller or place."""

from datetime import datetime, timedelta
from typing import Any

from backend.core import clock
from backend.core.db import Record, select
from backend.core.scope import Scope, scope_of, street_of
from backend.engine.orders.stages import STAGES
from backend.features.orders.held import Held, Reach
from backend.features.orders.shapes import OrderLink

_YEAR = timedelta(days=365)


async def links(reach: Reach, held: Held) -> tuple[OrderLink, ...]:
    """The orders that this one follows, that follow it, that it was split from or into."""
    found = await select(
        reach.scope,
        """select o.id, o.no, o.title, o.stage,
             case when o.id = :main then 'main' when o.duplicate_of = :id then 'duplicate'
                  when o.id = :parent then 'parent' else 'child' end as how
           from work_order o
           where o.area like :scope and (o.id in (:main, :parent) or o.duplicate_of = :id
             or o.parent_id = :id)
           order by o.received_at, o.id limit 100""",
        id=held.id,
        main=held.duplicate_of,
        parent=held.parent_id,
    )
    return tuple(OrderLink(**row, stage_label=STAGES[row["stage"]]) for row in found)


async def calls_before(held: Held) -> int:
    """How many other orders of the street came from the same number within a year."""
    if held.phone_bi is None:
        return 0
    found = await select(
        scope_of(street_of(held.area)),
        """select count(*) as n from work_order o
           where o.area like :scope and o.phone_bi = :phone and o.id <> :id
             and o.received_at > :since""",
        phone=held.phone_bi,
        id=held.id,
        since=clock.now() - _YEAR,
    )
    return int(found[0]["n"])


async def repeated(held: Held) -> Record | None:
    """The order that this one says again: its main one, else the last of the same caller on the
    same matter within a year."""
    if held.duplicate_of is None and (held.phone_bi is None or held.category is None):
        return None
    found = await select(
        Scope(street_of(held.area)[:9]),
        """select o.id, o.no from work_order o
           where o.area like :scope and (o.id = :main
             or :main is null and o.phone_bi = :phone and o.category = :category and o.id <> :id
               and o.received_at between :since and :received)
           order by o.received_at desc limit 1""",
        main=held.duplicate_of,
        phone=held.phone_bi,
        category=held.category,
        id=held.id,
        since=held.received_at - _YEAR,
        received=held.received_at,
    )
    return found[0] if found else None


async def near(street: Scope, at: datetime, within: timedelta, **where: Any) -> list[Record]:
    """Orders of a street from about the same time and place: the few that are worth comparing.

    `where` is the place: id (of the order itself, or None), building, place, lng and lat. A degree
    of latitude is 111 km, so 0.0006 is more than fifty metres.
    """
    return await select(
        street,
        """select o.id, o.no, o.title, o.content, o.stage, o.place, o.category, o.received_at,
             o.lng, o.lat, o.building_id
           from work_order o
           where o.area like :scope and o.received_at between :since and :until
             and o.stage not in ('refused', 'merged') and o.id is distinct from :id
             and (o.building_id = :building or o.place = :place and o.place <> ''
               or o.lat between :lat::float - 0.0006 and :lat::float + 0.0006
                 and o.lng between :lng::float - 0.0008 and :lng::float + 0.0008)
           order by o.received_at desc limit 30""",
        since=at - within,
        until=at + within,
        **where,
    )
