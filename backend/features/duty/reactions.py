"""What follows a switch: the lists of those in need, who is told, and cards that have their end."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record
from backend.core.events import Event
from backend.core.scope import Scope
from backend.features.accounts.store import staff
from backend.features.areas import store as areas
from backend.features.catalogue.catalogue import Catalogue
from backend.features.duty.actions import calling
from backend.features.duty.plan import Plan
from backend.features.duty.store import emergencies, needs, shifts
from backend.features.notices import store as notices
from backend.features.registers.store import care


async def prepare(actor: Actor, event: Event, catalogue: Catalogue, plan: Plan) -> None:
    """The lists as of the switch; a later one adds whoever has come meanwhile."""
    held = await emergencies.by_id(event.subject_id)
    codes = [one.code for one in plan.in_need]
    found = await care.in_need(Scope(held["area"][:9]), catalogue, codes)
    new = await needs.put(held, found)
    if new:
        words = f"人员名单已按楼栋准备好，共 {len(found)} 人。"
        await emergencies.step("系统", held, "listed", words)
    if held["listed_at"] is None:
        await emergencies.change(actor.scope, held["id"], listed_at=clock.now())


async def tell_switched(actor: Actor, event: Event, plan: Plan) -> None:
    """Those who lead, in the street and in its committees, and those on duty learn of it."""
    held = await emergencies.by_id(event.subject_id)
    template = "emergency_on" if event.facts.get("first") else "emergency_turned"
    facts = await _facts(held, plan, event)
    await notices.tell(await _leading(held), template, facts, f"{event.verb}:{event.id}")


async def tell_ended(actor: Actor, event: Event, plan: Plan) -> None:
    """Back to ordinary times; what waited for a confirmation no longer does."""
    held = await emergencies.by_id(event.subject_id)
    facts = await _facts(held, plan, event)
    await notices.tell(await _leading(held), "emergency_off", facts, f"{event.verb}:{event.id}")
    await calling.settle(held["id"])


async def _leading(held: Record) -> list[UUID]:
    street = Scope(held["area"][:9])
    standing = await areas.committees(street, clock.today())
    found = {
        person
        for code in (held["area"], *(area.code for area in standing))
        for person in await staff.holding("duty.plan", code)
    }
    for row in await shifts.around(street, clock.now(), None):
        found |= {UUID(one["id"]) for one in row["people"] if one["id"]}
    return sorted(found)


async def _facts(held: Record, plan: Plan, event: Event) -> dict[str, str | int]:
    called = await areas.names([held["area"]])
    return {
        "drill": "演练 · " if held["drill"] else "",
        "kind": held["kind"],
        "level": plan.label(event.facts["level"]),
        "street": called.get(held["area"], held["area"]),
        "by": event.actor,
        "reason": held["reason"],
        "emergency": str(held["id"]),
    }


AFTER: dict[str, list[Callable[..., Awaitable[None]]]] = {
    "emergency.switch": [prepare, tell_switched],
    "emergency.end": [tell_ended],
}
