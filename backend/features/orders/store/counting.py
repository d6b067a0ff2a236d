"""Orders in figures: one pass over what happened in a span, by whatever is asked. An order counts
as received, due, called back and closed each in the span in which that happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from backend.core import clock, crypto
from backend.core.db import Record, select
from backend.core.scope import Scope
from backend.engine.orders.hotspots import CELL_LAT, CELL_LNG, Cell

By = Literal["area", "street", "class", "category", "unit", "place", "week", "source"]

LATEST: Final = 10  # orders shown of a caller

_KEYS: Final[dict[By, str]] = {
    "area": "e.area",
    "street": "substr(e.area, 1, 9) || '000'",
    "class": "coalesce(substr(e.category, 1, 3), '')",
    "category": "coalesce(e.category, '')",
    "unit": "coalesce(e.unit_id::text, '')",
    "place": "coalesce(e.building_id::text, '')",
    "source": "e.source",
    "week": "to_char(date_trunc('week', e.at at time zone 'Asia/Shanghai'), 'YYYY-MM-DD')",
}
_LIVE = "o.stage not in ('closed', 'refused', 'merged')"
_ORDER = "o.area, o.category, o.unit_id, o.building_id, o.source"


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment to just before another."""

    since: datetime
    until: datetime


def _happened(what: str, at: str, good: str, better: str = "false") -> str:
    """Rows of `e`: something that happened to an order in the span, and how well."""
    return f"""
  select '{what}' as what, {at} as at, {good} as good, {better} as better, {_ORDER}
  from work_order o where o.area like :scope and {at} >= :since and {at} < :until"""


def _ran_out(what: str, kinds: str) -> str:
    """Clocks that ran out in the span, or will have and were met before."""
    return f"""
  select '{what}', k.due_at, k.met_at <= k.due_at, false, {_ORDER}
  from order_clock k join work_order o on o.id = k.order_id
  where o.area like :scope and k.kind in ({kinds}) and not k.void
    and k.due_at >= :since and k.due_at < :until
    and (k.due_at <= :now or k.met_at is not null)"""


_EVENTS = " union all".join(
    (
        _happened("received", "o.received_at", "o.source = '01'", "o.source in ('02','03','04')")
        + " and o.stage <> 'refused'",
        _happened("closed", "o.closed_at", "o.redo > 0"),
        _happened("called", "o.called_at", "o.solved is true", "o.satisfied in ('满意','基本满意')")
        + " and o.satisfied is distinct from '未接通'",
        _ran_out("contact", "'contact'"),
        _ran_out("handle", "'handle', 'rehandle'"),
    )
)
_NOW = f"""
  union all
  select 'open', null, coalesce(o.due_at <= :now, false), false, {_ORDER}
  from work_order o where o.area like :scope and {_LIVE}"""

_COUNTS = """
  count(*) filter (where e.what = 'received') as received,
  count(*) filter (where e.what = 'received' and e.good) as hotline,
  count(*) filter (where e.what = 'received' and e.better) as found,
  count(*) filter (where e.what = 'closed') as closed,
  count(*) filter (where e.what = 'closed' and e.good) as redone,
  count(*) filter (where e.what = 'contact') as contact_due,
  count(*) filter (where e.what = 'contact' and e.good) as contacted,
  count(*) filter (where e.what = 'handle') as handle_due,
  count(*) filter (where e.what = 'handle' and e.good) as on_time,
  count(*) filter (where e.what = 'called') as called,
  count(*) filter (where e.what = 'called' and e.good) as solved,
  count(*) filter (where e.what = 'called' and e.better) as satisfied,
  count(*) filter (where e.what = 'open') as open,
  count(*) filter (where e.what = 'open' and e.good) as overdue"""


async def tallies(scope: Scope, span: Span, bys: Sequence[By]) -> dict[By, list[Record]]:
    """Every count by key, the busiest first, for several dimensions in one pass. Weeks go by when
    things happened, so what is open now belongs to none: they are asked for alone."""
    keys = ", ".join(f"{_KEYS[by]} as k{n}" for n, by in enumerate(bys))
    sets = ", ".join(f"(e.k{n})" for n in range(len(bys)))
    which = " ".join(f"when grouping(e.k{n}) = 0 then {n}" for n in range(len(bys)))
    found = await select(
        scope,
        f"""with e as ({_EVENTS}{"" if "week" in bys else _NOW})
            select case {which} end as which, coalesce({_each(len(bys))}) as key, {_COUNTS}
            from (select {keys}, e.what, e.good, e.better from e) e
            group by grouping sets ({sets})""",
        since=span.since,
        until=span.until,
        now=clock.now(),
    )
    told: dict[By, list[Record]] = {by: [] for by in bys}
    for row in sorted(found, key=lambda row: (-row["received"], -row["open"], row["key"])):
        told[bys[row.pop("which")]].append(row)
    return told


def _each(number: int) -> str:
    return ", ".join(f"e.k{n}" for n in range(number))


async def unit_names(scope: Scope) -> dict[str, str]:
    found = await select(
        scope, "select u.id::text as id, u.name from order_unit u where u.area like :scope"
    )
    return {row["id"]: row["name"] for row in found}


async def cells(scope: Scope, before: datetime, span: Span) -> list[Cell]:
    """Orders by cell of a fine grid and category: in the span, and since `before` until it."""
    found = await select(
        scope,
        """select floor(o.lng / :wide::float)::int as x, floor(o.lat / :high::float)::int as y,
             coalesce(o.category, '') as category, avg(o.lng) as lng, avg(o.lat) as lat,
             mode() within group (order by o.place) as place,
             count(*) filter (where o.received_at >= :since) as count,
             count(*) filter (where o.received_at < :since) as before,
             count(*) filter (where o.stage not in ('closed', 'merged')) as live
           from work_order o
           where o.area like :scope and o.lat is not null and o.lng is not null
             and o.stage <> 'refused' and o.received_at >= :before and o.received_at < :until
           group by 1, 2, 3""",
        wide=CELL_LNG,
        high=CELL_LAT,
        before=before,
        since=span.since,
        until=span.until,
    )
    return [Cell(**row) for row in found]


async def callers(scope: Scope, span: Span, least: int, most: int) -> list[Record]:
    """Who called at least so often in the span: the number in clear, to be masked by whoever
    shows it, how often, how much of it is open, and their latest orders."""
    found = await select(
        scope,
        f"""select count(*) as count, count(*) filter (where {_LIVE}) as live,
              count(*) filter (where o.solved is false) as unsolved,
              min(o.received_at) as first_at, max(o.received_at) as last_at,
              (array_agg(o.id order by o.received_at desc, o.id))[1:{LATEST}] as orders,
              (array_agg(o.caller_phone order by o.received_at desc, o.id))[1] as token
            from work_order o
            where o.area like :scope and o.phone_bi is not null and o.caller_phone is not null
              and o.received_at >= :since and o.received_at < :until
            group by o.phone_bi having count(*) >= :least
            order by count(*) desc, max(o.received_at) desc limit :most""",
        since=span.since,
        until=span.until,
        least=least,
        most=most,
    )
    for row in found:
        token = row.pop("token")
        row["phone"] = crypto.unseal("work_order", "caller_phone", row["orders"][0], token)
    return found


async def brief(scope: Scope, orders: list[object]) -> list[Record]:
    """What a list says of some orders."""
    return await select(
        scope,
        """select o.id, o.no, o.title, o.category, o.stage, o.area, o.received_at
           from work_order o where o.area like :scope and o.id = any(:ids)""",
        ids=orders,
    )


async def standing(scope: Scope, tonight: datetime) -> Record:
    """How the orders of a place stand now: open, overdue, due until tonight, and what to do."""
    found = await select(
        scope,
        f"""select count(*) as open,
              count(*) filter (where o.due_at <= :now) as overdue,
              count(*) filter (where o.due_at > :now and o.due_at <= :tonight) as due_today,
              count(*) filter (where o.stage = 'dispatched') as to_sign,
              count(*) filter (where o.stage in ('dispatched', 'handling')
                and o.caller_phone is not null and o.contacted_at is null) as to_contact
            from work_order o where o.area like :scope and {_LIVE}""",
        now=clock.now(),
        tonight=tonight,
    )
    return found[0]
