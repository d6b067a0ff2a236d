"""What the clocks of orders do by themselves: alarms at 50, 80 and 100 %, escalation when a limit
has run out, and reckoning anew when the calendar, the hours or a street's mode have changed.

A pulse of the worker looks at what is due by an index; rows are held while they are dealt with, so
many workers share the work and one that is killed loses nothing.
"""

from collections.abc import Iterable
from uuid import UUID

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record, transaction
from backend.core.scope import street_of
from backend.features.accounts.store import staff
from backend.features.areas import modes
from backend.features.notices import store as notices
from backend.features.orders import timing
from backend.features.orders.handbook import KINDS, Handbook, Times
from backend.features.orders.held import Held, Reach, Said
from backend.features.orders.store import clocks, due, orders
from backend.features.orders.telling import (
    CENTRE,
    STREET_LEAD,
    by_urge,
    in_hand,
    moment_text,
    of_street,
    of_unit,
    tell,
)

AT_ONCE = 100
_POOL = {"file", "dispatch", "verify"}  # the centre's own limits


async def ring(actor: Actor, book: Handbook) -> int:
    """Give the alarms that are due; returns how many clocks were looked at."""
    rung = 0
    while found := await _some(actor, book):
        rung += found
    return rung


async def _some(actor: Actor, book: Handbook) -> int:
    moment = clock.now()
    async with transaction():
        rows = await due.ringing(moment, AT_ONCE)
        reach = Reach(actor.scope, frozenset(), whole=True)
        for row in rows:
            share = clocks.passed(Times(row["half_at"], row["most_at"], row["due_at"]), moment)
            await _tell(actor, await orders.one(reach, row["order_id"]), row, share)
        await due.rung(rows, moment)
    return len(rows)


async def _tell(actor: Actor, held: Held, row: Record, share: int) -> None:
    """Those who must act; once the limit has run out, also the centre and the street's lead."""
    what, key = KINDS[row["kind"]], f"alarm:{row['id']}:{share}"
    ends = moment_text(row["due_at"])
    if share < 100:
        template = by_urge("order_alarm", held.urge)
        await tell(held, await _who(held, row), template, key, what=what, share=share, due=ends)
        return
    people = [
        *await _who(held, row),
        *await of_street(held, CENTRE),
        *await of_street(held, STREET_LEAD),
    ]
    handler = held.handler or "未签收"
    template = by_urge("order_late", held.urge)
    await tell(held, people, template, key, what=what, handler=handler, due=ends)
    await orders.step(actor, held, "alarm", held.stage, Said(facts={"what": what, "due": ends}))


async def _who(held: Held, row: Record) -> Iterable[UUID]:
    if row["kind"] in _POOL:
        return await of_street(held, CENTRE)
    return await of_unit(held) if row["kind"] == "sign" else await in_hand(held)


async def reckon(actor: Actor, book: Handbook) -> int:
    """Clocks that were reckoned by another calendar, other hours or another mode of their street
    are reckoned anew; returns how many."""
    reckoned = 0
    while found := await _reckon(book):
        reckoned += found
    return reckoned


async def _reckon(book: Handbook) -> int:
    async with transaction():
        hurried = await modes.hurried()
        rows = await due.outdated(book.rule, sorted(hurried), AT_ONCE)
        anew = [row | {"round_clock": street_of(row.pop("area")) in hurried} for row in rows]
        await timing.reckon_again(book, anew)
    return len(rows)


async def missing_years(actor: Actor) -> None:
    """The daily job: limits that cannot be reckoned because a year's holidays are not entered."""
    for row in await due.unreckoned():
        people = [
            *await staff.holding("staff.manage", row["street"]),
            *await staff.holding(CENTRE, row["street"]),
        ]
        facts = {"count": row["n"], "year": row["year"]}
        key = f"calendar:{row['year']}:{clock.today()}"
        await notices.tell(people, "order_calendar", facts, key)
