"""What people corrected, for the classifier: titles only, never the words of a caller."""

from uuid import UUID

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import place, select
from backend.core.ids import new_id
from backend.core.scope import EVERYWHERE, street_of
from backend.features.orders.held import Held
from backend.features.orders.tables import OrderLessonRow

_MOST = 2000


async def learn(actor: Actor, held: Held, category: str) -> None:
    """A person says what an order is really about."""
    street = street_of(held.area)
    await place(
        EVERYWHERE,
        OrderLessonRow,
        area=street,
        id=new_id(),
        order_id=held.id,
        words=held.title,
        was=held.category,
        category=category,
        by=actor.name,
        at=clock.now(),
    )


async def newest() -> UUID | None:
    """The id of the last correction."""
    found = await select(
        EVERYWHERE,
        "select l.id from order_lesson l where l.area like :scope order by l.id desc limit 1",
    )
    return found[0]["id"] if found else None


async def learnt() -> list[tuple[str, str]]:
    """(words, category) of the latest corrections, oldest first; the last word on an order."""
    found = await select(
        EVERYWHERE,
        """select words, category from (
             select distinct on (l.order_id) l.order_id, l.words, l.category, l.at
             from order_lesson l where l.area like :scope order by l.order_id, l.at desc) l
           order by at desc limit :most""",
        most=_MOST,
    )
    return [(row["words"], row["category"]) for row in reversed(found)]
