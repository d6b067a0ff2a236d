"""Whom to tell what about an order, in the words of templates/messages/orders.yaml."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core import clock
from backend.core.scope import Scope, street_of
from backend.engine.text.dates import short_date_text
from backend.features.accounts.store import staff
from backend.features.notices import store as notices
from backend.features.orders.held import Held
from backend.features.orders.store import units

CENTRE, STREET_LEAD, LEAD = "order.dispatch", "order.reopen", "order.verify"


async def of_unit(held: Held, verb: str = "order.sign") -> list[UUID]:
    """Those of the unit that has the order who may do something."""
    return await in_unit(held.area, held.unit_id, verb)


async def in_unit(area: str, unit: UUID | None, verb: str = "order.sign") -> list[UUID]:
    if unit is None:
        return []
    return await units.people(await units.one(Scope(street_of(area)[:9]), unit), verb)


async def in_hand(held: Held) -> list[UUID]:
    """Whoever has it in hand; before that, the whole unit."""
    return [held.handler_id] if held.handler_id else await of_unit(held)


async def of_street(held: Held, verb: str) -> list[UUID]:
    return await staff.holding(verb, street_of(held.area))


async def tell(
    held: Held, people: Iterable[UUID], template: str, key: str, **more: str | int
) -> None:
    """Tell people about an order, each once for a key."""
    facts: dict[str, str | int] = {
        "no": held.no,
        "title": held.title,
        "urge": held.urge,
        "place": held.place or "未写明",
        "unit": held.unit_name or "城运中心",
        "due": moment_text(held.due_at),
        "order_id": str(held.id),
    }
    await notices.tell(list(dict.fromkeys(people)), template, facts | more, f"{key}:{held.id}")


def by_urge(template: str, urge: str) -> str:
    """The template of urgent orders, which is sent at night too."""
    return template if urge == "一般" else f"{template}_urgent"


def moment_text(moment: datetime | None) -> str:
    """10月19日 17:30."""
    if moment is None:
        return "暂停计时"
    here = moment.astimezone(clock.SHANGHAI)
    return f"{short_date_text(here.date())} {here:%H:%M}"


def key_of(template: str, rev: Any) -> str:
    """What somebody is told once: of this kind, at this number of the order."""
    return f"{template}:{rev}"
