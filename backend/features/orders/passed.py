"""What somebody found on a visit, a check or a mediation and others have to deal with: an order,
made in the transaction that writes the ledger's entry."""

from uuid import UUID

from backend.core.access import Actor
from backend.core.scope import EVERYWHERE
from backend.features.ledgers.passing import Passed
from backend.features.orders import intake
from backend.features.orders.bodies import Incoming
from backend.features.orders.handbook import Handbook
from backend.features.orders.held import Reach
from backend.features.orders.store import orders, units

SYSTEM = "ledger"
_SELF_FOUND = "04"


class Pool:
    """Fills the ledgers' port `Orders`."""

    def __init__(self, book: Handbook) -> None:
        self.book = book

    async def take(self, actor: Actor, passed: Passed) -> str:
        """The number of the order of an entry, which is its number in the system it comes from."""
        actor.require("order.report")
        incoming = Incoming(
            system=SYSTEM,
            system_no=f"{passed.ledger}:{passed.entry}",
            source=_SELF_FOUND,
            area=passed.area,
            title=passed.title,
            content=passed.content,
            place=passed.place,
            house_id=passed.house,
            reported_by=actor.id,
            reporter=actor.name,
        )
        [order] = await intake.take(actor, self.book, [incoming])
        return (await orders.one(Reach(EVERYWHERE, frozenset(), whole=True), order)).no

    async def numbered(self, actor: Actor, number: str) -> UUID | None:
        return await orders.numbered(await units.reach_of(actor), number)

    async def number(self, actor: Actor, order: UUID) -> str:
        return (await orders.one(await units.reach_of(actor), order)).no
