"""Clocks that ask for attention: an alarm is due, or they were reckoned by other hours."""

from collections.abc import Sequence
from datetime import datetime

from backend.core.db import Record, select, sql
from backend.core.scope import EVERYWHERE
from backend.features.orders.handbook import Times
from backend.features.orders.store.clocks import next_alarm, passed


async def ringing(moment: datetime, most: int) -> list[Record]:
    """Clocks whose next alarm is due, the longest due first, held against other workers."""
    return await sql(
        """select id, order_id, kind, half_at, most_at, due_at, alarmed from order_clock
           where next_alarm_at <= :now order by next_alarm_at limit :most
           for update skip locked""",
        now=moment,
        most=most,
    )


async def rung(rows: Sequence[Record], moment: datetime) -> None:
    """Their alarms were given; after the last one a clock is silent."""
    given = []
    for row in rows:
        times = Times(row["half_at"], row["most_at"], row["due_at"])
        share = passed(times, moment)
        given.append({"id": row["id"], "alarmed": share, "next": next_alarm(times, share)})
    await sql(
        """update order_clock c set alarmed = r.alarmed, next_alarm_at = r.next
           from jsonb_to_recordset(:rows::jsonb) as r(id uuid, alarmed int, next timestamptz)
           where c.id = r.id""",
        rows=given,
    )


async def outdated(rule: str, hurried: Sequence[str], most: int) -> list[Record]:
    """Running clocks by another calendar, or by the hours of another mode; held."""
    for test in (*_OTHERWISE, *([_NOT_YET] if hurried else [])):
        given = {name: value for name, value in _given(rule, hurried).items() if name in test}
        found = await select(
            EVERYWHERE,
            f"{_RUNNING} and {test} limit :most for update of o, c skip locked",
            most=most,
            **{name.strip(":"): value for name, value in given.items()},
        )
        if found:
            return found
    return []


def _given(rule: str, hurried: Sequence[str]) -> Record:
    return {":rule": rule, ":hurried": list(hurried)}


_RUNNING = """
select c.id, c.order_id, c.kind, c.amount, c.unit, c.round_clock, c.started_at, c.pauses,
  c.alarmed, o.area
from order_clock c join work_order o on o.id = c.order_id
where o.area like :scope and c.met_at is null and not c.void"""
# each by an index of its own; there is rarely anything to find
_OTHERWISE = (
    "(c.rule < :rule or c.rule > :rule)",
    "c.round_clock and left(o.area, 9) || '000' <> all(:hurried::text[])",
)
_NOT_YET = """not c.round_clock and left(o.area, 9) || '000' = any(:hurried::text[])
  and o.stage not in ('closed', 'refused', 'merged')"""


async def unreckoned() -> list[Record]:
    """Per street, how many running clocks wait for a calendar, and of which years."""
    return await select(
        EVERYWHERE,
        """select left(o.area, 9) || '000' as street, count(*) as n,
             max(extract(year from c.started_at))::int + 1 as year
           from order_clock c join work_order o on o.id = c.order_id
           where o.area like :scope and c.met_at is null and not c.void and c.due_at is null
             and c.pauses = '[]'
           group by 1""",
    )
