"""Which clocks the steps of an order start and end; limits are data, hours those of the street."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core import clock
from backend.features.areas import modes
from backend.features.orders.handbook import Handbook
from backend.features.orders.held import Held
from backend.features.orders.store import clocks
from backend.features.orders.store.clocks import Start

POOL = ("file", "dispatch")
WORK = ("handle", "rehandle")
UNIT = ("sign", "contact", *WORK)
ALL = (*POOL, *UNIT, "verify")


async def run(book: Handbook, order: Any, *kinds: str, at: datetime | None = None) -> None:
    """Have clocks of these kinds run on an order from a moment on."""
    mode = await modes.now(order.area)
    moment = at or clock.now()
    starts = [
        Start(order.id, kind, book.limit(kind, order), moment, bool(mode and mode.clocks))
        for kind in kinds
    ]
    await clocks.start(book, starts)


async def met(order: UUID, *kinds: str, at: datetime | None = None) -> None:
    """What these clocks waited for has happened."""
    await clocks.end([order], kinds, at or clock.now())


async def dropped(order: UUID, *kinds: str) -> None:
    """These clocks have lost their reason."""
    await clocks.end([order], kinds, clock.now(), met=False)


async def dispatched(book: Handbook, held: Held) -> None:
    """A unit has the order now: its clocks run anew, those of the unit before are void."""
    await met(held.id, *POOL)
    await dropped(held.id, *UNIT)
    contact = ("contact",) if held.reported and held.contacted_at is None else ()
    await run(book, held, "sign", *contact, "handle")


async def stop(book: Handbook, held: Held, since: datetime) -> None:
    """The clocks of handling stand still since a moment."""
    rows = await clocks.alive(held.id, WORK)
    stopped = [row | {"pauses": [*row["pauses"], [since.isoformat(), None]]} for row in rows]
    await clocks.rewrite(book, stopped)


async def go_on(book: Handbook, held: Held) -> None:
    """The clocks of handling run again; what they stood still is given back."""
    now = clock.now().isoformat()
    rows = await clocks.alive(held.id, WORK)
    going = [
        row | {"pauses": [[begun, ended or now] for begun, ended in row["pauses"]]} for row in rows
    ]
    await clocks.rewrite(book, going)


async def lengthen(book: Handbook, held: Held, days: int) -> None:
    """So many working days in all for handling."""
    rows = await clocks.alive(held.id, WORK)
    longer = [row | {"amount": float(days), "unit": "工作日"} for row in rows]
    await clocks.rewrite(book, longer)


async def reckon_again(book: Handbook, rows: Sequence[dict[str, Any]]) -> None:
    """Clocks by the calendar, hours and mode that hold now."""
    await clocks.rewrite(book, rows)
