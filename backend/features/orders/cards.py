"""The buttons on the card of an order: sign, contacted, help. Each is the act of the screens."""

from uuid import UUID

from backend.core.access import Actor
from backend.features.catalogue.catalogue import Catalogue
from backend.features.notices.shapes import Answer
from backend.features.orders.actions import handling
from backend.features.orders.bodies import Contacted, Helped, Noted
from backend.features.orders.handbook import Handbook
from backend.features.orders.held import Held
from backend.features.orders.store import orders, units

CARD = "order"
_BY_CARD = "在企业微信卡片上确认"


async def press(
    actor: Actor, order: UUID, key: str, catalogue: Catalogue, book: Handbook
) -> Answer:
    """A button of the card was pressed; what cannot be done is said by a problem."""
    held = await orders.one(await units.reach_of(actor), order)
    if key == "accept":
        await handling.sign(actor, catalogue, book, order, Noted(rev=held.rev))
        said = "已签收，由您承办。"
    elif key == "contacted":
        await handling.contact(actor, catalogue, book, order, Contacted(note=_BY_CARD))
        said = "已记下先行联系。"
    else:
        await handling.help_(actor, catalogue, book, order, Helped(note=_BY_CARD))
        said = "已请求支援，城运中心会与您联系。"
    return Answer(said, left_of(await orders.again(held)), "已办理")


def left_of(held: Held) -> tuple[str, ...]:
    """The buttons that still make sense."""
    if held.stage == "dispatched":
        return ("accept", "contacted", "help")
    if held.stage != "handling":
        return ()
    return ("help",) if held.contacted_at or not held.reported else ("contacted", "help")
