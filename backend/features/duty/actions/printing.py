"""Paper for an emergency: what is carried along when there is no network, and the closing report.

Every copy is marked with its reader and leaves its own row in the trace, as all documents do.
"""

from uuid import UUID

from backend.core import audit, clock, problems
from backend.core.access import Actor, look
from backend.core.db import Record
from backend.core.files import Download
from backend.core.scope import Scope
from backend.features.areas import store as areas
from backend.features.catalogue.catalogue import Catalogue
from backend.features.documents import issue
from backend.features.documents.issue import About
from backend.features.documents.office import Office
from backend.features.duty import papers, summing, view
from backend.features.duty.actions import caring, lending
from backend.features.duty.emergencies import Emergency, ListQuery
from backend.features.duty.papers import Desk
from backend.features.duty.plan import Plan
from backend.features.duty.store import emergencies, lines, needs
from backend.features.duty.store.needs import Wanted
from backend.features.orders.store import spans

MOST_PEOPLE = 3000


@look("emergency.print", "打印应急名单")
async def people_pdf(
    actor: Actor,
    catalogue: Catalogue,
    plan: Plan,
    office: Office,
    emergency: UUID,
    query: ListQuery,
) -> Download:
    """Those in need by building, in large print, of one's place or of one committee."""
    desk = await _desk(actor, catalogue, plan, office, emergency, query)
    caring.make_sure_seen(plan, query.kind, trusted=desk.trusted)
    wanted = Wanted(query.area, query.kind)
    found = await needs.people(actor.scope, emergency, wanted, MOST_PEOPLE + 1)
    if len(found) > MOST_PEOPLE:
        raise problems.document_too_long(rows=found[0]["total"], most=MOST_PEOPLE)
    called = await areas.names(row["area"] for row in found)
    if desk.trusted and found:
        told = {"people": len(found), "area": query.area or actor.area}
        await audit.record(actor.who, caring.NUMBERS, f"emergency:{emergency}", told)
    about = _about(desk, "应急人员名单", {"people": len(found), "numbers": desk.trusted})
    return await desk.issue.grouped(papers.people_paper(desk, found, called), about)


@look("emergency.print", "打印应急名单")
async def supplies_pdf(
    actor: Actor,
    catalogue: Catalogue,
    plan: Plan,
    office: Office,
    emergency: UUID,
    query: ListQuery,
) -> Download:
    """What the stores hold, in large print."""
    desk = await _desk(actor, catalogue, plan, office, emergency, query)
    found = await lending.in_stores(actor, plan, query.area)
    about = _about(desk, "应急物资清单", {"rows": len(found)})
    return await desk.issue.grouped(papers.stores_paper(desk, found), about)


@look("emergency.print", "打印应急名单")
async def closing_pdf(
    actor: Actor, catalogue: Catalogue, plan: Plan, office: Office, emergency: UUID
) -> Download:
    """The closing report; while the emergency lasts, as far as it has come."""
    desk = await _desk(actor, catalogue, plan, office, emergency, ListQuery())
    page = await summing.page(actor, plan, desk.held)
    gathered = {
        "place": await issue.full_name(desk.held["area"]),
        "orders": await _orders(catalogue, desk.held, page),
        "moved": await _moved(desk.held),
        "lines": await _lines(desk.held, page),
    }
    paper = papers.closing_paper(page, gathered, desk.issue)
    return await desk.issue.account(paper, _about(desk, "应急处置总结报告", {}))


async def _desk(
    actor: Actor,
    catalogue: Catalogue,
    plan: Plan,
    office: Office,
    emergency: UUID,
    query: ListQuery,
) -> Desk:
    held = await emergencies.one(view.street_scope(actor), emergency)
    if query.area is not None:
        await areas.one(actor.scope, query.area)
    copy = await issue.begin(actor, office)
    place = await issue.full_name(query.area or actor.area)
    trusted = await caring.on_duty(actor, held)
    return Desk(actor, catalogue, plan, held, copy, place, trusted)


def _about(desk: Desk, title: str, facts: dict[str, object]) -> About:
    ref = f"emergency:{desk.held['id']}"
    span = f"{desk.issue.at:%Y-%m-%d %H%M}"
    return About(ref, f"{desk.held['kind']}{title}", desk.place, span, facts)


async def _orders(catalogue: Catalogue, held: Record, page: Emergency) -> list[list[str]]:
    street = Scope(held["area"][:9])
    found = await spans.received(street, page.since, page.until or clock.now())
    return [
        [
            catalogue.label("case_source", row["source"]),
            str(row["n"]),
            str(row["open"]),
            str(row["late"]),
        ]
        for row in found
    ]


async def _lines(held: Record, page: Emergency) -> list[list[str]]:
    street = Scope(held["area"][:9])
    found = await lines.between(street, page.since, page.until or clock.now())
    return papers.lines(found, await areas.names(row["area"] for row in found))


async def _moved(held: Record) -> list[list[str]]:
    found = await needs.moved(held["id"])
    called = await areas.names(row["area"] for row in found)
    return [
        [str(called.get(row["area"], row["area"])), str(row["moved"]), str(row["back"])]
        for row in found
    ]
