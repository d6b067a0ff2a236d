"""Orders as those see them who are not of the house: where, what kind, how far; nothing of what
people wrote in them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from backend.core.db import Record, select
from backend.core.scope import Scope


async def brief(scope: Scope, orders: Iterable[UUID]) -> dict[UUID, Record]:
    """Number, stage and result of some orders by their id."""
    ids = list(orders)
    if not ids:
        return {}
    found = await select(
        scope,
        """select o.id, o.no, o.rev, o.stage, o.reply, o.result, o.photos, o.photos_after
           from work_order o where o.area like :scope and o.id = any(:ids)""",
        ids=ids,
    )
    return {row["id"]: row for row in found}


async def near(scope: Scope, lng: float, lat: float, since: datetime) -> list[Record]:
    """Orders marked as public that came in since a moment and lie within some 330 m of a point,
    those that came from officers left out: their findings tell of themselves."""
    return await select(
        scope,
        """select o.id, o.area, o.category, o.stage, o.lng, o.lat, o.received_at as since
           from work_order o
           where o.area like :scope and o.public and o.officer_id is null
             and o.received_at > :since and o.stage not in ('refused', 'merged')
             and o.lat between :lat::float - 0.003 and :lat::float + 0.003
             and o.lng between :lng::float - 0.0035 and :lng::float + 0.0035
           order by o.received_at desc limit 100""",
        lng=lng,
        lat=lat,
        since=since,
    )


async def is_public(scope: Scope, order: UUID) -> bool:
    """Whether anybody outside may know of it."""
    text = "select 1 from work_order o where o.area like :scope and o.id = :id and o.public"
    return bool(await select(scope, text, id=order))
