"""What follows: those who lead a committee learn of what is urgent, and orders and alarms end
together."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from backend.core.access import Actor
from backend.core.events import Event
from backend.core.problems import Problem
from backend.core.scope import EVERYWHERE
from backend.engine.sensors.measures import Measures
from backend.features.accounts.store import staff
from backend.features.catalogue.catalogue import Catalogue
from backend.features.notices import store as notices
from backend.features.orders.actions import handling
from backend.features.orders.bodies import Happened
from backend.features.orders.handbook import Handbook
from backend.features.orders.telling import moment_text
from backend.features.sensors.store import alarms, warnings
from backend.features.sensors.warnings import label_of

LEADS = "warning.close"


async def tell_raised(actor: Actor, event: Event, measures: Measures) -> None:
    """Alarms of the highest level, each once and once more when it has risen to it."""
    top = len(measures.levels)
    loud = [UUID(key) for key, level in event.facts["alarms"].items() if level >= top]
    for row in await alarms.some(EVERYWHERE, loud):
        if row["order_id"] is None:
            continue  # nobody is sent, so nobody is called
        measure = measures.measure(row["kind"], row["signal"])
        facts = {
            "what": f"{measures.kind(row['kind']).label}：{measure.label}",
            "place": row["place"],
            "count": row["count"],
            "at": moment_text(row["first_at"]),
            "order_id": str(row["order_id"]),
        }
        people = await staff.holding(LEADS, row["area"])
        await notices.tell(people, "alarm_raised", facts, f"alarm:{row['id']}")


async def tell_warned(actor: Actor, event: Event, measures: Measures) -> None:
    """A warning goes to those who lead the committee; its order to the pool."""
    for row in await warnings.some([UUID(one) for one in event.facts["warnings"]]):
        facts = {
            "danger": label_of(measures, row["danger"]),
            "place": row["place"],
            "count": len(row["reasons"]),
            "why": "；".join(str(one["words"]) for one in row["reasons"][:4]),
            "order_id": str(row["order_id"]),
        }
        people = await staff.holding(LEADS, row["area"])
        await notices.tell(people, "warning_raised", facts, f"warning:{row['id']}")


async def end_with_order(actor: Actor, event: Event) -> None:
    """The order behind alarms is closed: what they say from now on is news."""
    for order in event.facts.get("ended") or {}:
        if found := await alarms.of_order(UUID(order)):
            await alarms.end([row["id"] for row in found])


async def note_on_order(actor: Actor, event: Event, catalogue: Catalogue, book: Handbook) -> None:
    """Whoever handles the order learns what was seen on the spot."""
    order = event.facts.get("order")
    if order is None:
        return
    reason = event.facts.get("reason")
    said = f"报警经确认为误报：{reason}。" if reason else "报警经确认属实。"
    try:
        await handling.note(
            actor, catalogue, book, UUID(order), Happened(note=f"{event.actor}：{said}")
        )
    except Problem:
        return  # it has ended meanwhile


AFTER: dict[str, list[Callable[..., Awaitable[None]]]] = {
    "alarm.raise": [tell_raised],
    "alarm.judge": [note_on_order],
    "warning.raise": [tell_warned],
    "order.close": [end_with_order],
}
