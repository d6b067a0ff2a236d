"""What came in during a span of time, as the closing report of an emergency counts it."""

from datetime import datetime

from backend.core import clock
from backend.core.db import Record, select
from backend.core.scope import Scope


async def received(scope: Scope, since: datetime, until: datetime) -> list[Record]:
    """By source: how many orders came in, are still open, and were or are over a limit of work."""
    return await select(
        scope,
        """select o.source, count(*) as n,
             count(*) filter (where o.stage not in ('closed', 'refused', 'merged')) as open,
             count(*) filter (where exists (
               select 1 from order_clock c
               where c.order_id = o.id and c.kind in ('handle', 'rehandle') and not c.void
                 and c.due_at < coalesce(c.met_at, :now))) as late
           from work_order o
           where o.area like :scope and o.received_at between :since and :until
           group by o.source order by o.source""",
        since=since,
        until=until,
        now=clock.now(),
    )
