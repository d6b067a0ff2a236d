"""The clocks of orders: started and ended by what people do, found by what is due next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.core import clock
from backend.core.db import Record, sql
from backend.core.ids import new_id
from backend.engine.clocks.limits import Limit, Pause
from backend.features.orders.handbook import Handbook, Times


@dataclass(frozen=True, slots=True)
class Start:
    """A clock about to run."""

    order: UUID
    kind: str
    limit: Limit
    at: datetime
    round_clock: bool = False


async def start(book: Handbook, starts: Sequence[Start]) -> None:
    """Have clocks run; one of the kind that runs already on an order stays as it is."""
    if not starts:
        return
    await sql(
        """insert into order_clock (id, order_id, kind, amount, unit, round_clock, started_at,
             pauses, half_at, most_at, due_at, alarmed, next_alarm_at, void, rule)
           select r.id, r.order_id, r.kind, r.amount, r.unit, r.round_clock, r.started_at, '[]',
             r.half_at, r.most_at, r.due_at, 0, r.half_at, false, :rule
           from jsonb_to_recordset(:rows::jsonb) as r(
             id uuid, order_id uuid, kind text, amount float, unit text, round_clock boolean,
             started_at timestamptz, half_at timestamptz, most_at timestamptz, due_at timestamptz)
           on conflict do nothing""",
        rows=[_row(book, each) for each in starts],
        rule=book.rule,
    )
    await settle_due([each.order for each in starts])


def _row(book: Handbook, each: Start) -> Record:
    times = book.times(each.at, running(each.limit, each.round_clock))
    return {
        "id": new_id(),
        "order_id": each.order,
        "kind": each.kind,
        "amount": each.limit.amount,
        "unit": each.limit.unit,
        "round_clock": each.round_clock,
        "started_at": each.at,
        "half_at": times.half,
        "most_at": times.most,
        "due_at": times.due,
    }


def running(limit: Limit, round_clock: bool) -> Limit:
    """The limit as it runs now: day and night in an emergency."""
    return limit.around_the_clock if round_clock else limit


async def end(
    orders: Iterable[UUID], kinds: Sequence[str], at: datetime, *, met: bool = True
) -> None:
    """What the clocks waited for has happened; or (not met) they have lost their reason."""
    ids = list(orders)
    await sql(
        """update order_clock set next_alarm_at = null,
             met_at = case when :met::boolean then :at::timestamptz end, void = not :met::boolean
           where order_id = any(:ids) and kind = any(:kinds) and met_at is null and not void""",
        ids=ids,
        kinds=list(kinds),
        met=met,
        at=at,
    )
    await settle_due(ids)


async def settle_due(orders: Iterable[UUID]) -> None:
    """Repeat on the orders which of their clocks runs out first."""
    await sql(
        """update work_order o set due_at = f.due_at, due_kind = f.kind
           from (select i.id, c.due_at, c.kind
                 from unnest(:ids::uuid[]) as i(id) left join lateral (
                   select c.due_at, c.kind from order_clock c
                   where c.order_id = i.id and c.met_at is null and not c.void
                   order by c.due_at nulls last, c.id limit 1) c on true) f
           where o.id = any(:ids) and o.id = f.id
             and (o.due_at, o.due_kind) is distinct from (f.due_at, f.kind)""",
        ids=list(orders),
    )


async def of_order(order: UUID) -> list[Record]:
    """All clocks that ever ran on an order, in the order of their starting."""
    return await sql(
        """select id, kind, amount, unit, round_clock, started_at, pauses, due_at, met_at, void,
             alarmed
           from order_clock where order_id = :id order by started_at, id""",
        id=order,
    )


async def alive(order: UUID, kinds: Sequence[str]) -> list[Record]:
    """The running clocks of some kinds, held until the transaction ends."""
    return await sql(
        """select id, order_id, kind, amount, unit, round_clock, started_at, pauses, due_at,
             alarmed
           from order_clock
           where order_id = :id and kind = any(:kinds) and met_at is null and not void
           order by id for update""",
        id=order,
        kinds=list(kinds),
    )


async def rewrite(book: Handbook, rows: Sequence[Record]) -> None:
    """Clocks with another limit, other stops or another calendar: all moments are made anew.

    Alarms that were given are not given again, unless the new moment lies ahead.
    """
    if not rows:
        return
    moment = clock.now()
    await sql(
        """update order_clock c set amount = r.amount, unit = r.unit, round_clock = r.round_clock,
             pauses = r.pauses, half_at = r.half_at, most_at = r.most_at, due_at = r.due_at,
             alarmed = r.alarmed, next_alarm_at = r.next_alarm_at, rule = :rule
           from jsonb_to_recordset(:rows::jsonb) as r(
             id uuid, amount float, unit text, round_clock boolean, pauses jsonb,
             half_at timestamptz, most_at timestamptz, due_at timestamptz, alarmed smallint,
             next_alarm_at timestamptz)
           where c.id = r.id""",
        rows=[_anew(book, row, moment) for row in rows],
        rule=book.rule,
    )
    await settle_due({row["order_id"] for row in rows})


def _anew(book: Handbook, row: Record, now: datetime) -> Record:
    limit = running(limit_of(row), row["round_clock"])
    times = book.times(row["started_at"], limit, pauses_of(row))
    alarmed = min(row["alarmed"], passed(times, now)) if times.due else row["alarmed"]
    return {
        "id": row["id"],
        "amount": row["amount"],
        "unit": row["unit"],
        "round_clock": row["round_clock"],
        "pauses": row["pauses"],
        "half_at": times.half,
        "most_at": times.most,
        "due_at": times.due,
        "alarmed": alarmed,
        "next_alarm_at": next_alarm(times, alarmed) if times.due else None,
    }


def limit_of(row: Record) -> Limit:
    return Limit(row["amount"], row["unit"])


def pauses_of(row: Record) -> list[Pause]:
    return [
        (datetime.fromisoformat(begun), datetime.fromisoformat(ended) if ended else None)
        for begun, ended in row["pauses"]
    ]


def passed(times: Times, now: datetime) -> int:
    """Which of the alarms lie behind: 0, 50, 80 or 100."""
    shares = ((100, times.due), (80, times.most), (50, times.half))
    return next((share for share, at in shares if at is not None and at <= now), 0)


def next_alarm(times: Times, alarmed: int) -> datetime | None:
    """When the first alarm after those given is due."""
    shares = ((50, times.half), (80, times.most), (100, times.due))
    return next((at for share, at in shares if share > alarmed), None)
