"""The unit's side: signing or sending back, contacting first, handling, asking for time or help,
and saying what was done."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor, act
from backend.core.problems import FieldIssue
from backend.core.scope import Scope, street_of
from backend.engine.clocks.limits import Limit
from backend.engine.orders.stages import ASKED, GRANTED, NONE
from backend.features.accounts.store import staff
from backend.features.catalogue.catalogue import Catalogue
from backend.features.orders import acting, timing
from backend.features.orders.acting import asks
from backend.features.orders.actions.pool import after, hand_to
from backend.features.orders.bodies import (
    Assigned,
    Contacted,
    Extended,
    Finished,
    Happened,
    Helped,
    Noted,
    PartDone,
    Paused,
    SentBack,
)
from backend.features.orders.handbook import Handbook
from backend.features.orders.held import Held, Said
from backend.features.orders.shapes import Order
from backend.features.orders.store import clocks, joint, orders, units

_IN_VAIN = 3  # so many attempts in vain count as a contact


@act("order.sign", "签收工单")
async def sign(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Noted
) -> Order:
    """The unit takes it; whoever signs has it in hand until it is given to a colleague."""
    deed = await acting.begin(actor, order, "sign", body.rev)
    moment = clock.now()
    event = await acting.done(deed, Said(body.note), **_in_hand(actor, deed.held, moment))
    await timing.met(order, "sign")
    return await after(deed, catalogue, book, event)


@act("order.send_back", "退单")
async def send_back(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: SentBack
) -> Order:
    """Not ours. The first time it goes straight to the right unit; then the centre decides."""
    deed = await acting.begin(actor, order, "send_back", body.rev)
    held = deed.held
    found = await units.some(Scope(street_of(held.area)[:9]), [body.unit])
    right = found[body.unit]
    if right["id"] == held.unit_id:
        issue = FieldIssue("unit", "unit.same", "“应由哪个单位办理”不能是本单位。")
        raise problems.answers_bad(fields=[issue])
    said = Said(body.reason, facts={"unit": right["name"], "times": str(held.returned + 1)})
    if held.returned == 0:
        event = await hand_to(deed, book, right, said, returned=1, back=GRANTED)
        return await after(deed, catalogue, book, event | {"sent_back": True})
    name = {"id": str(right["id"]), "name": right["name"], "kind": right["kind"]}
    asked = held.asked | asks("back", actor, body.reason, unit=name)
    event = await acting.done(deed, said, returned=held.returned + 1, back=ASKED, asked=asked)
    await timing.met(order, "sign")
    return await after(deed, catalogue, book, event | {"asks": "back"})


@act("order.contact", "先行联系")
async def contact(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Contacted
) -> Order:
    """The caller was contacted first; who was not signed for yet has signed by it."""
    deed = await acting.begin(actor, order, "contact")
    held, at = deed.held, acting.happened(deed.held, body.at)
    values = _in_hand(actor, held, at) if held.signed_at is None else {}
    counts = body.reached or await orders.times(order, "contact") + 1 >= _IN_VAIN
    if counts and held.contacted_at is None:
        values["contacted_at"] = at
    facts = {"way": body.way, "reached": "是" if body.reached else "否"}
    event = await acting.done(deed, Said(body.note, at=at, facts=facts), **values)
    await timing.met(order, "sign", *(("contact",) if counts else ()), at=at)
    return await after(deed, catalogue, book, event)


@act("order.note", "记录工单进展")
async def note(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Happened
) -> Order:
    """How it goes, with pictures or without. It changes nothing, so it never comes too late."""
    deed = await acting.begin(actor, order, "note")
    at = acting.happened(deed.held, body.at)
    event = await acting.done(deed, Said(body.note, photos=body.photos, at=at))
    return await after(deed, catalogue, book, event)


@act("order.help", "请求支援")
async def help_(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Helped
) -> Order:
    """We cannot do it alone: the centre and one's own lead are told."""
    deed = await acting.begin(actor, order, "help")
    event = await acting.done(deed, Said(body.note))
    return await after(deed, catalogue, book, event)


@act("order.assign", "交给同事办理")
async def assign(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Assigned
) -> Order:
    """A colleague of the same unit goes on with it."""
    deed = await acting.begin(actor, order, "assign", body.rev)
    held = deed.held
    colleague = await staff.by_id(body.to)
    unit = await units.one(Scope(street_of(held.area)[:9]), held.unit_id or body.to)
    if colleague is None or colleague.id not in await units.people(unit, "order.finish"):
        issue = FieldIssue("to", "to.other_unit", "“交给”应是本单位在岗的同事。")
        raise problems.answers_bad(fields=[issue])
    said = Said(body.note, facts={"to": colleague.name})
    event = await acting.done(deed, said, handler_id=colleague.id, handler=colleague.name)
    return await after(deed, catalogue, book, event | {"to": str(colleague.id)})


@act("order.finish_part", "办好联办部分")
async def finish_part(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: PartDone
) -> Order:
    """Our share of a joint order is done; in a sequence the next unit's turn comes."""
    deed = await acting.begin(actor, order, "finish_part", body.rev)
    mine = [unit for unit in deed.held.part_units if unit in deed.reach.mine]
    moment = clock.now()
    await joint.finish(order, mine, actor.name, body.did, moment)
    following = await joint.open_next(order, moment)
    said = Said(body.did, photos=body.photos)
    event = await acting.done(deed, said, unit=mine[0])
    following_units = [str(unit) for unit in following]
    return await after(deed, catalogue, book, event | {"next": following_units})


@act("order.extend", "申请延期")
async def extend(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Extended
) -> Order:
    """More time, asked for before it has run out."""
    deed = await acting.begin(actor, order, "extend", body.rev)
    await _make_sure_longer(book, deed.held, body.days)
    asked = deed.held.asked | asks("extend", actor, body.reason, days=body.days)
    said = Said(body.reason, facts={"days": str(body.days)})
    event = await acting.done(deed, said, extend=ASKED, asked=asked)
    return await after(deed, catalogue, book, event | {"asks": "extend"})


@act("order.pause", "申请暂停计时")
async def pause(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Paused
) -> Order:
    """The matter waits for somebody else; only for the approved reasons."""
    deed = await acting.begin(actor, order, "pause", body.rev)
    reason = f"{body.reason}：{body.note}"
    asked = deed.held.asked | asks("pause", actor, reason)
    said = Said(body.note, facts={"reason": body.reason})
    event = await acting.done(deed, said, pause=ASKED, asked=asked)
    return await after(deed, catalogue, book, event | {"asks": "pause"})


@act("order.resume", "恢复计时")
async def resume(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Noted
) -> Order:
    """What it waited for has come: the clocks run again."""
    deed = await acting.begin(actor, order, "resume", body.rev)
    event = await acting.done(deed, Said(body.note), pause=NONE)
    await timing.go_on(book, deed.held)
    return await after(deed, catalogue, book, event)


@act("order.finish", "办结反馈")
async def finish(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Finished
) -> Order:
    """What was done, and what the public is told. It now waits to be checked."""
    deed = await acting.begin(actor, order, "finish", body.rev)
    held, at = deed.held, acting.happened(deed.held, body.at)
    said = Said(body.measure, body.reply, body.photos, at, {"result": body.result})
    event = await acting.done(
        deed,
        said,
        result=body.result,
        measure=body.measure,
        reply=body.reply,
        handle=body.handle,
        finished_at=at,
        verified_at=None,
        called_at=None,
        photos_after=[*held.photos_after, *(str(photo) for photo in body.photos)],
        **_nothing_open(held),
    )
    await timing.met(order, *timing.WORK, at=at)
    await timing.dropped(order, "contact")
    await timing.run(book, held, "verify")
    return await after(deed, catalogue, book, event)


def _in_hand(actor: Actor, held: Held, at: datetime) -> dict[str, Any]:
    """Signed for, by whoever has it in hand from now on."""
    return {
        "signed_at": held.signed_at or at,
        "handler_id": held.handler_id or actor.id,
        "handler": held.handler or actor.name,
    }


def _nothing_open(held: Held) -> dict[str, Any]:
    """What was asked for and is not decided has lost its reason."""
    return {kind: NONE for kind in ("extend", "pause") if getattr(held, kind) == ASKED}


async def _make_sure_longer(book: Handbook, held: Held, days: int) -> None:
    """An extension that ends before the limit does is a slip. Where the calendar ends, nobody can
    tell."""
    for row in await clocks.alive(held.id, timing.WORK):
        limit = clocks.running(Limit(days, "工作日"), row["round_clock"])
        longer = book.times(row["started_at"], limit, clocks.pauses_of(row)).due
        now = held.handle_due
        if longer and now and longer < now + timedelta(minutes=1):
            say = f"“延长到”共 {days} 个工作日，并不比现在的时限长，请改大一些。"
            raise problems.answers_bad(fields=[FieldIssue("days", "days.short", say)])
