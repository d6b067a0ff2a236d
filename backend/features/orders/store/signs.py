"""What orders say of buildings, for whoever puts several sources together."""

from collections.abc import Sequence
from datetime import datetime

from backend.core.db import Record, select
from backend.core.scope import Scope


async def of_buildings(
    scope: Scope, since: datetime, categories: Sequence[str], without: Sequence[str]
) -> list[Record]:
    """Orders of these classes at buildings since a moment, but not those of some systems; what
    was refused says nothing."""
    return await select(
        scope,
        """select o.id, o.building_id, o.received_at as at, o.category, o.title from work_order o
           where o.area like :scope and o.received_at >= :since and o.building_id is not null
             and o.category = any(:categories) and o.stage <> 'refused'
             and o.system <> all(:without)""",
        since=since,
        categories=list(categories),
        without=list(without),
    )
