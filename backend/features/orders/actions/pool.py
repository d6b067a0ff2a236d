"""The side of the centre (城运中心): filing, dispatching, deciding what units ask for; joining
units, merging orders and splitting them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor, act
from backend.core.db import Record
from backend.core.problems import FieldIssue
from backend.core.scope import Scope, street_of
from backend.engine.orders.stages import DENIED, GRANTED
from backend.features.catalogue.catalogue import Catalogue
from backend.features.orders import acting, intake, timing, view
from backend.features.orders.acting import Deed
from backend.features.orders.bodies import (
    Bulk,
    Corrected,
    Decided,
    Dispatched,
    Filed,
    Incoming,
    Joined,
    MergedInto,
    Refused,
    Split,
)
from backend.features.orders.handbook import Handbook
from backend.features.orders.held import Held, Said
from backend.features.orders.shapes import BulkDone, Order
from backend.features.orders.store import joint, lessons, orders, units


@act("order.file", "立案")
async def file(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Filed
) -> Order:
    """Taken up: it waits to be dispatched."""
    deed = await acting.begin(actor, order, "file", body.rev)
    known = _known(book, deed.held, body.model_dump(exclude={"rev", "note"}, exclude_none=True))
    event = await acting.done(deed, Said(body.note), filed_at=clock.now(), **known)
    await timing.met(order, "file")
    await timing.run(book, await orders.locked(deed.reach, order), "dispatch")
    return await after(deed, catalogue, book, event)


@act("order.refuse", "不予立案")
async def refuse(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Refused
) -> Order:
    """Not taken up, with a reason; the reporter is told in words of their own."""
    deed = await acting.begin(actor, order, "refuse", body.rev)
    event = await acting.done(deed, Said(body.reason, body.words), reply=body.words)
    await timing.met(order, *timing.POOL)
    return await after(deed, catalogue, book, event)


@act("order.classify", "更正分类")
async def classify(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Corrected
) -> Order:
    """A better class or place; the classifier learns from it."""
    deed = await acting.begin(actor, order, "classify", body.rev)
    given = body.model_dump(exclude={"rev"}, exclude_none=True)
    if not given:
        raise problems.answers_bad(fields=[FieldIssue("category", "empty", "请至少更正一项。")])
    if (area := given.get("area")) and street_of(area) != street_of(deed.held.area):
        raise problems.not_found(kind="区域")
    if not actor.may("order.dispatch") and (wrong := sorted({"area", "public"} & given.keys())):
        said = "这一项由城运中心决定；不归您单位办的，请退单并写明应由谁办。"
        raise problems.answers_bad(fields=[FieldIssue(one, "centre.only", said) for one in wrong])
    values = _known(book, deed.held, given)
    if "category" in given and given["category"] != deed.held.category:
        await lessons.learn(actor, deed.held, given["category"])
    facts = {key: str(value) for key, value in values.items() if key in ("category", "area")}
    event = await acting.done(deed, Said(facts=facts), **values)
    return await after(deed, catalogue, book, event)


@act("order.dispatch", "派遣工单")
async def dispatch(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Dispatched
) -> Order:
    """To a unit; what was not filed yet is filed by it."""
    deed = await acting.begin(actor, order, "dispatch", body.rev)
    unit = await _unit(deed.held, body.unit)
    event = await hand_to(deed, book, unit, Said(body.note))
    return await after(deed, catalogue, book, event)


@act("order.dispatch", "派遣工单")
async def dispatch_all(actor: Actor, book: Handbook, body: Bulk) -> BulkDone:
    """Many at once, all or none."""
    reach = await units.reach_of(actor)
    wanted = {line.order: line for line in body.orders}
    held = await orders.many(reach, wanted)
    if len(held) < len(wanted):
        raise problems.not_found(kind="工单")
    for one in held:
        line = wanted[one.id]
        deed = await acting.hold(actor, reach, one, "dispatch", line.rev)
        await hand_to(deed, book, await _unit(one, line.unit), Said())
    sent = {str(one.id): str(wanted[one.id].unit) for one in held}
    return BulkDone(orders=tuple(one.id for one in held), sent=sent)


@act("order.transfer", "转派工单")
async def transfer(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Dispatched
) -> Order:
    """Another unit takes it over, and its clocks run anew."""
    deed = await acting.begin(actor, order, "transfer", body.rev)
    unit = await _unit(deed.held, body.unit)
    event = await hand_to(deed, book, unit, Said(body.note))
    return await after(deed, catalogue, book, event)


@act("order.decide_back", "决定退单")
async def decide_back(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Decided
) -> Order:
    """A unit sent an order back that was sent back before: whoever is named now keeps it."""
    deed = await acting.begin(actor, order, "decide_back", body.rev)
    asked = deed.held.asked["back"]["unit"]["id"]
    goes_to = (body.unit or UUID(asked)) if body.grant else deed.held.unit_id
    if goes_to is None:
        raise problems.not_found(kind="承办单位")
    unit = await _unit(deed.held, goes_to)
    said = Said(body.note, facts={"grant": "是" if body.grant else "否", "unit": unit["name"]})
    if body.grant:
        event = await hand_to(deed, book, unit, said, back=GRANTED, designated=True)
        return await after(deed, catalogue, book, event)
    # it stays where it was, and so does the limit of dealing with it
    event = await acting.done(deed, said, unit=unit["id"], back=DENIED, designated=True)
    await timing.dropped(order, "sign")
    await timing.run(book, deed.held, "sign")
    return await after(deed, catalogue, book, event | {"unit": str(unit["id"])})


@act("order.decide_extend", "决定延期")
async def decide_extend(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Decided
) -> Order:
    """More time for a difficult matter, or not."""
    deed = await acting.begin(actor, order, "decide_extend", body.rev)
    days = int(deed.held.asked["extend"]["days"])
    facts = {"grant": "是" if body.grant else "否", "days": str(days)}
    decided = GRANTED if body.grant else DENIED
    event = await acting.done(deed, Said(body.note, facts=facts), extend=decided)
    if body.grant:
        await timing.lengthen(book, deed.held, days)
    return await after(deed, catalogue, book, event)


@act("order.decide_pause", "决定暂停计时")
async def decide_pause(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Decided
) -> Order:
    """The clocks of handling stand still from when it was asked, or they do not."""
    deed = await acting.begin(actor, order, "decide_pause", body.rev)
    decided = GRANTED if body.grant else DENIED
    facts = {"grant": "是" if body.grant else "否"}
    event = await acting.done(deed, Said(body.note, facts=facts), pause=decided)
    if body.grant:
        since = deed.held.asked["pause"]["at"]
        await timing.stop(book, deed.held, datetime.fromisoformat(since))
    return await after(deed, catalogue, book, event)


@act("order.join", "联合办理")
async def join(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Joined
) -> Order:
    """Further units take part, one after the other or side by side."""
    deed = await acting.begin(actor, order, "join", body.rev)
    wanted = [part.unit for part in body.parts]
    found = await units.some(Scope(street_of(deed.held.area)[:9]), wanted)
    if deed.held.unit_id in found or len(found) < len(wanted):
        raise problems.order_refused(why="主办单位不能再作联办单位，一个联办单位只能有一项任务")
    await joint.add(order, body.parts, serial=body.way == "serial", at=clock.now())
    names = "、".join(found[unit]["name"] for unit in wanted)
    said = Said(facts={"way": "串联" if body.way == "serial" else "并联", "units": names})
    event = await acting.done(deed, said)
    return await after(deed, catalogue, book, event)


@act("order.merge", "并案")
async def merge(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: MergedInto
) -> Order:
    """The same matter as another order, which goes on for both; its result is this one's too."""
    reach = await units.reach_of(actor)
    both = {one.id: one for one in await orders.many(reach, [order, body.into])}
    if order not in both or body.into not in both:
        raise problems.not_found(kind="工单")
    main = both[body.into]
    deed = await acting.hold(actor, reach, both[order], "merge", body.rev)
    if main.id == order or main.stage not in _GOING_ON:
        raise problems.order_refused(why="只能并入另一件正在办理的工单，请重新选择主件")
    if await orders.followers(both[order]):
        raise problems.order_refused(why="这件工单已经是别的工单的主件，请把对方并入它")
    said = Said(facts={"into": main.no})
    event = await acting.done(deed, said, duplicate_of=main.id)
    await timing.dropped(order, *timing.ALL)
    await orders.step(actor, main, "follow", main.stage, Said(facts={"merged": deed.held.no}))
    return await after(deed, catalogue, book, event | {"into": str(main.id)})


_GOING_ON = ("collected", "filed", "dispatched", "handling", "answered", "verifying")


@act("order.split", "拆分工单")
async def split(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Split
) -> Order:
    """Further matters in the same order become orders of their own; they end before it does."""
    deed = await acting.begin(actor, order, "split", body.rev)
    held = deed.held
    parts = [
        Incoming(
            **part.model_dump(),
            **{name: getattr(held, name) for name in _INHERITED},
            system="split",
            system_no=f"{held.no}/{held.rev}/{number}",
            caller_name=orders.opened(held, "caller_name"),
            caller_phone=orders.opened(held, "caller_phone"),
        )
        for number, part in enumerate(body.parts, 1)
    ]
    made = await intake.take(actor, book, parts)
    await orders.adopt(deed.reach, made, order)
    event = await acting.done(deed, Said(facts={"parts": str(len(made))}))
    return await after(deed, catalogue, book, event)


_INHERITED = (
    "source",
    "area",
    "place",
    "appeal_type",
    "urge",
    "hide_name",
    "house_id",
    "building_id",
    "lng",
    "lat",
    "grid",
    "officer_id",
)


async def after(deed: Deed, catalogue: Catalogue, book: Handbook, event: dict[str, Any]) -> Order:
    """The order as it is after an act, for whoever did it."""
    held = await orders.again(deed.held)
    return await view.shown(deed.actor, deed.reach, catalogue, book, held, event)


async def _unit(held: Held, unit: UUID) -> Record:
    found = await units.some(Scope(street_of(held.area)[:9]), [unit])
    return found[unit]


async def hand_to(
    deed: Deed, book: Handbook, unit: Record, said: Said, **values: Any
) -> dict[str, Any]:
    """The order lies with a unit from now on: to be signed for, by clocks of its own."""
    held, moment = deed.held, clock.now()
    if unit["kind"] == units.COMMITTEE and unit["area"] != held.area:
        values |= {"area": unit["area"], "grid": None}
    values |= {
        "unit_id": unit["id"],
        "handler_id": None,
        "handler": None,
        "filed_at": held.filed_at or moment,
        "dispatched_at": moment,
        "signed_at": None,
        "own": False,
    }
    event = await acting.done(deed, said, unit=unit["id"], **values)
    await timing.dispatched(book, await orders.again(held))
    return event | {"unit": str(unit["id"])}


def _known(book: Handbook, held: Held, given: dict[str, Any]) -> dict[str, Any]:
    """What somebody knows better; a new class brings its severity along unless that is said."""
    category = given.get("category")
    if category is not None and category not in book.categories.by_code:
        issue = FieldIssue("category", "category.unknown", f"没有“{category}”这个分类。")
        raise problems.answers_bad(fields=[issue])
    if category is not None and category != held.category:
        given = {"severity": book.severity(category)} | given
    return given
