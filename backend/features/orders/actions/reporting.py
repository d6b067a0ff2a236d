"""Orders that people of ours report themselves, and what is proposed while they write."""

from dataclasses import replace
from uuid import UUID

from backend.core import problems
from backend.core.access import Actor, act, look
from backend.core.ids import new_id
from backend.core.scope import street_of
from backend.features.catalogue.catalogue import Catalogue
from backend.features.orders import acting, intake, timing, view
from backend.features.orders.bodies import Finding, Incoming, Wording
from backend.features.orders.handbook import Handbook
from backend.features.orders.held import Said
from backend.features.orders.proposing import proposed
from backend.features.orders.shapes import Order, Proposal
from backend.features.orders.store import orders, units

OURS = "jucun"


@look("order.report", "上报工单")
async def proposal(actor: Actor, book: Handbook, query: Wording) -> Proposal:
    """What a report is probably about: class, place, unit, limit, and orders about the same."""
    return await proposed(actor, book, query)


@act("order.report", "上报工单")
async def report(actor: Actor, catalogue: Catalogue, book: Handbook, body: Finding) -> Order:
    """Something found by ourselves. Who also deals with it (自行处置) has it in hand at once."""
    if body.area is not None and not actor.scope.covers(body.area):
        raise problems.not_found(kind="区域")
    unit = await _own_unit(actor) if body.own else None
    given = body.model_dump(exclude={"own", "area"})
    incoming = Incoming(
        **given,
        system=OURS,
        system_no=str(new_id()),
        area=body.area or actor.area,
        unit=unit,
        reported_by=actor.id,
        reporter=actor.name,
    )
    order = (await intake.take(actor, book, [incoming]))[0]
    reach = await units.reach_of(actor)
    held = await orders.locked(reach, order)
    if unit is not None:
        await _in_hand(actor, order)
        held = await orders.locked(reach, order)
    event = acting.event(held, "report", held.stage, held.rev)
    return await view.shown(actor, reach, catalogue, book, held, event)


async def _own_unit(actor: Actor) -> UUID:
    unit = await units.of_committee(actor.area)
    if unit is None or street_of(actor.area) == actor.area:
        raise problems.order_refused(why="只有居村委可以自行处置，请不要勾选“自行处置”")
    return unit


async def _in_hand(actor: Actor, order: UUID) -> None:
    """Whoever found it has it in hand: signed for, by themselves."""
    deed = await acting.begin(actor, order, "sign")
    await timing.met(order, "sign")
    deed = replace(deed)
    await acting.done(
        deed,
        Said(facts={"way": "自行处置"}),
        own=True,
        handler_id=actor.id,
        handler=actor.name,
        signed_at=deed.held.dispatched_at,
    )
