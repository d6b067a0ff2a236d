"""What visits (L01) say of buildings, for whoever puts several sources together."""

from datetime import datetime

from backend.core.db import Record, select
from backend.core.scope import Scope


async def of_buildings(scope: Scope, since: datetime) -> list[Record]:
    """Visits since a moment, with the building of the house and what was found there."""
    return await select(
        scope,
        """select e.id, h.building_id, e.at, e.data->>'met' as met,
             concat_ws(' ', e.data->>'content', e.data->>'demand') as text
           from ledger_entry e join house h on h.id = e.house_id
           where e.area like :scope and e.ledger = 'L01' and e.live
             and e.day >= :since::timestamptz::date and e.at >= :since""",
        since=since,
    )
