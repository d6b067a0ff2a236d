"""Visits that have been promised (下次走访日期 of L01)."""

from datetime import date, timedelta

from backend.core.db import Record, select
from backend.core.scope import Scope

_LOOKING_BACK = timedelta(days=400)  # a promise older than that has been forgotten by both


async def visits(scope: Scope, today: date) -> Record:
    """How many people or homes are to be visited today, and how many should have been before: by
    the newest visit of each."""
    found = await select(
        scope,
        """select count(*) filter (where v.next = :today) as today,
             count(*) filter (where v.next < :today) as overdue
           from (select distinct on (coalesce(e.person_id, e.household_id, e.house_id))
                   (e.data->>'next_visit')::date as next
                 from ledger_entry e
                 where e.area like :scope and e.ledger = 'L01' and e.live and e.day >= :since
                   and coalesce(e.person_id, e.household_id, e.house_id) is not null
                 order by coalesce(e.person_id, e.household_id, e.house_id), e.at desc, e.id desc
                ) v""",
        today=today,
        since=today - _LOOKING_BACK,
    )
    return found[0]
