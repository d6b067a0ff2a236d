"""What follows when a finding moves on: officers are told by the mini program, staff by WeCom."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from backend.core import clock
from backend.core.access import Actor
from backend.core.events import Event
from backend.core.scope import EVERYWHERE, street_of
from backend.engine.text.dates import date_text
from backend.features.accounts.store import staff
from backend.features.areas import store as areas
from backend.features.catalogue.catalogue import Catalogue
from backend.features.feedback import stages, view
from backend.features.feedback.actions.desk import decided_again
from backend.features.feedback.held import Held
from backend.features.feedback.store import findings, listing
from backend.features.notices import store as notices


async def tell_desk(actor: Actor, event: Event, catalogue: Catalogue) -> None:
    """Something came in: those who register learn of it, not what it says."""
    held = await findings.one(actor.scope, event.subject_id)
    await _tell_staff(catalogue, held, "finding_sent", "finding.register", f"sent:{held.id}")


async def tell_registered(actor: Actor, event: Event, catalogue: Catalogue) -> None:
    held = await findings.one(actor.scope, event.subject_id)
    due = date_text(held.decide_due.astimezone(clock.SHANGHAI).date()) if held.decide_due else ""
    if due:
        await _tell_officer(catalogue, held, "finding_registered", "registered", due=due)


async def tell_decided(actor: Actor, event: Event, catalogue: Catalogue) -> None:
    held = await findings.one(actor.scope, event.subject_id)
    decision = stages.DECISIONS[held.decision or "declined"]
    await _tell_officer(catalogue, held, "finding_decided", "decided", decision=decision)


async def tell_answered(actor: Actor, event: Event, catalogue: Catalogue) -> None:
    """Whoever sent it judges now; those who follow it learn that there is an answer."""
    held = await findings.one(actor.scope, event.subject_id)
    await _tell_officer(catalogue, held, "finding_answered", f"answered:{held.unsolved}")
    if held.public:
        facts = {"scene": catalogue.label(view.SCENES, held.scene)}
        key = f"followed:{held.id}:{held.unsolved}"
        people = await listing.followers(held.id)
        await notices.tell_officers(people, "case_answered", facts, key)


async def tell_judged(actor: Actor, event: Event, catalogue: Catalogue) -> None:
    """Not solved: those who answer learn of it; the second time the street's lead decides."""
    if event.facts.get("solved") is not False:
        return
    held = await findings.one(actor.scope, event.subject_id)
    verb = "finding.reopen" if held.state == "appealed" else "finding.answer"
    key = f"unsolved:{held.id}:{held.unsolved}"
    await _tell_staff(catalogue, held, "finding_unsolved", verb, key)


async def tell_ready(actor: Actor, event: Event, catalogue: Catalogue) -> None:
    """The order behind a finding was checked: the officer can be answered now."""
    if event.facts.get("outcome") == "fail":
        return
    held = await findings.of_order(EVERYWHERE, event.subject_id)
    if held is not None and held.state == "working":
        key = f"ready:{held.id}:{held.unsolved}"
        await _tell_staff(catalogue, held, "finding_ready", "finding.answer", key)


async def follow_order(actor: Actor, event: Event) -> None:
    """The street's lead has decided on the order itself; the finding goes the same way."""
    held = await findings.of_order(EVERYWHERE, event.subject_id)
    if held is not None and held.state == "appealed":
        again = event.facts.get("outcome") == "again"
        await decided_again(held, event.actor, again=again, words=None)


async def tell_complaint(actor: Actor, event: Event) -> None:
    """Those who answer complaints of that place learn of one."""
    held = await findings.one(actor.scope, event.subject_id)
    if held.state not in ("sent", "working"):
        return
    people = await staff.holding("complaint.answer", street_of(held.area))
    facts = {"no": held.no, "finding_id": str(held.id)}
    await notices.tell(people, "complaint_sent", facts, f"complaint:{held.id}:{held.unsolved}")


async def tell_complainer(actor: Actor, event: Event) -> None:
    """Whoever complained has an answer."""
    held = await findings.one(actor.scope, event.subject_id)
    key, facts = f"complaint-answered:{held.id}:{held.unsolved}", {"no": held.no}
    if held.staff_id:
        await notices.tell([held.staff_id], "complaint_answered", facts, key)
    if held.officer_id:
        given = {"scene": "投诉建议", "finding_id": str(held.id)}
        await notices.tell_officers([held.officer_id], "finding_answered", given, key)


async def remind(actor: Actor) -> None:
    """The morning's job: per street, how many findings run out of time today, or have; of those
    that have the street's lead learns as well."""
    tonight = clock.at(clock.today(), 23, 59)
    for row in await listing.late(tonight):
        facts = {"unregistered": row["unregistered"], "undecided": row["undecided"]}
        people = await staff.holding("finding.register", row["street"])
        key = f"findings-due:{row['street']}:{clock.today()}"
        await notices.tell(people, "findings_due", facts, key)
        if row["late"]:
            leads = await staff.holding("finding.reopen", row["street"])
            late = {"late": row["late"]}
            await notices.tell(leads, "findings_late", late, f"late:{key}")


async def _tell_officer(
    catalogue: Catalogue, held: Held, template: str, what: str, **more: str
) -> None:
    if held.officer_id is None:
        return
    facts = {
        "scene": catalogue.label(view.SCENES, held.scene),
        "finding_id": str(held.id),
        **more,
    }
    await notices.tell_officers([held.officer_id], template, facts, f"finding:{held.id}:{what}")


async def _tell_staff(catalogue: Catalogue, held: Held, template: str, verb: str, key: str) -> None:
    street = street_of(held.area)
    called = await areas.names([held.area])
    facts: dict[str, str | int] = {
        "no": held.no,
        "scene": catalogue.label(view.SCENES, held.scene),
        "area": called.get(held.area, held.area),
        "finding_id": str(held.id),
    }
    people: list[UUID] = await staff.holding(verb, street)
    await notices.tell(people, template, facts, key)


AFTER: dict[str, list[Callable[..., Awaitable[None]]]] = {
    "finding.send": [tell_desk],
    "finding.register": [tell_registered],
    "finding.decide": [tell_decided],
    "finding.answer": [tell_answered],
    "finding.judge": [tell_judged],
    "complaint.send": [tell_complaint],
    "complaint.judge": [tell_complaint],
    "complaint.answer": [tell_complainer],
    "order.refuse": [tell_ready],
    "order.verify": [tell_ready],
    "order.close": [tell_ready],
    "order.merge": [tell_ready],
    "order.reopen": [follow_order],
}
