"""The end of an order: checked, the caller called back, closed; opened again when it must be."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core import clock
from backend.core.access import Actor, act
from backend.engine.orders.stages import ASKED, DENIED, GRANTED, NONE
from backend.features.catalogue.catalogue import Catalogue
from backend.features.orders import acting, timing
from backend.features.orders.acting import Deed
from backend.features.orders.actions.pool import after
from backend.features.orders.bodies import CalledBack, Noted, Reopened, Verified
from backend.features.orders.handbook import Handbook
from backend.features.orders.held import Held, Said
from backend.features.orders.shapes import Order
from backend.features.orders.store import orders, units


@act("order.verify", "核查工单")
async def verify(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Verified
) -> Order:
    """On the spot, or by the pictures before and after. What is not right is done again."""
    outcome = "pass" if body.passed else "fail"
    deed = await acting.begin(actor, order, "verify", body.rev, outcome)
    said = Said(body.note, photos=body.photos, facts={"passed": "是" if body.passed else "否"})
    await timing.met(order, "verify")
    if body.passed:
        event = await acting.done(deed, said, verified_at=clock.now(), verifier=actor.name)
    else:
        event = await acting.done(deed, said, redo=deed.held.redo + 1)
        await timing.run(book, deed.held, "rehandle")
    return await after(deed, catalogue, book, event | {"outcome": outcome})


@act("order.call_back", "回访")
async def call_back(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: CalledBack
) -> Order:
    """What the caller says: solved is one thing, satisfied another, and silence is neither."""
    reach = await units.reach_of(actor)
    held = await orders.locked(reach, order)
    deed = await acting.hold(
        actor, reach, held, "call_back", body.rev, heard_as(held, solved=body.solved)
    )
    facts = {"satisfied": body.satisfied, "solved": _said(body.solved)}
    values = {"satisfied": body.satisfied, "solved": body.solved, "called_at": clock.now()}
    event = await heard(deed, book, Said(body.note, facts=facts), values)
    return await after(deed, catalogue, book, event)


def heard_as(held: Held, *, solved: bool | None) -> str:
    """Not solved: the first time it is done again by itself, then the street's lead decides."""
    if solved is not False:
        return "heard"
    return "again" if held.reopened == 0 else "appeal"


async def heard(deed: Deed, book: Handbook, said: Said, values: dict[str, Any]) -> dict[str, Any]:
    """What whoever reported it says of the result; the order goes the way of the deed's rule."""
    outcome = deed.rule.outcome
    if outcome == "again":
        return await _again(deed, book, said, values)
    if outcome == "appeal":
        asked = deed.held.asked | acting.asks("appeal", deed.actor, said.note or "仍未解决")
        values |= {"appeal": ASKED, "asked": asked}
    facts: dict[str, Any] = {"outcome": outcome}
    if deed.held.closed_at is not None:
        # what was said after the end belongs into the ledger too
        n = values["posted"] = deed.held.posted + 1
        facts |= _ended({str(deed.held.id): n}, deed.held.closed_at)
    return await acting.done(deed, said, **values) | facts


@act("order.close", "结案")
async def close(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Noted
) -> Order:
    """The end, for us. Orders merged into it end with it and share its result."""
    deed = await acting.begin(actor, order, "close", body.rev)
    moment, n = clock.now(), deed.held.posted + 1
    event = await acting.done(deed, Said(body.note), closed_at=moment, posted=n)
    await timing.dropped(order, *timing.ALL)
    ended = {str(order): n} | await _followers_end(actor, await orders.again(deed.held))
    return await after(deed, catalogue, book, event | _ended(ended, moment))


@act("order.reopen", "决定重新办理")
async def reopen(
    actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID, body: Reopened
) -> Order:
    """The street's lead decides whether it is done once more or the result stays."""
    outcome = "again" if body.again else "stay"
    deed = await acting.begin(actor, order, "reopen", body.rev, outcome)
    said = Said(body.reason, facts={"again": "是" if body.again else "否"})
    if body.again:
        event = await _again(deed, book, said, {"appeal": GRANTED})
    else:
        event = await acting.done(deed, said, appeal=DENIED) | {"outcome": outcome}
    return await after(deed, catalogue, book, event)


async def _again(deed: Deed, book: Handbook, said: Said, values: dict[str, Any]) -> dict[str, Any]:
    """Done once more, by the head of the unit, within the limit for that."""
    held = deed.held
    event = await acting.done(
        deed,
        said,
        reopened=held.reopened + 1,
        redo=held.redo + 1,
        closed_at=None,
        extend=NONE,
        pause=NONE,
        **values,
    )
    await timing.met(held.id, "verify")
    await timing.run(book, held, "rehandle")
    undone: dict[str, int] = {}
    if held.stage == "closed":
        undone = {str(held.id): held.posted} | await _followers_go_on(deed.actor, held)
    return event | {"outcome": "again", "undone": undone}


def _ended(orders_: dict[str, int], moment: datetime) -> dict[str, Any]:
    """For the ledgers: which orders have ended, and which entry of theirs this is."""
    return {"ended": orders_, "closed_at": moment.isoformat()}


async def _followers_end(actor: Actor, main: Held) -> dict[str, int]:
    """The orders merged into one end with its result; by id, how often they have ended."""
    ended = {}
    for follower in await orders.followers(main):
        n = follower.posted + 1
        said = Said(words=main.reply, facts={"main": main.no})
        await orders.step(actor, follower, "follow", follower.stage, said)
        await orders.change(
            follower,
            posted=n,
            **{name: getattr(main, name) for name in _SHARED},
        )
        ended[str(follower.id)] = n
    return ended


async def _followers_go_on(actor: Actor, main: Held) -> dict[str, int]:
    """The main order is done again, so theirs are not ended either."""
    undone = {}
    for follower in await orders.followers(main):
        said = Said(facts={"main": main.no, "again": "是"})
        await orders.step(actor, follower, "follow", follower.stage, said)
        await orders.change(follower, closed_at=None)
        undone[str(follower.id)] = follower.posted
    return undone


_SHARED = (
    "unit_id",
    "handler_id",
    "handler",
    "dispatched_at",
    "signed_at",
    "finished_at",
    "verified_at",
    "closed_at",
    "measure",
    "reply",
    "result",
    "handle",
    "verifier",
    "solved",
)


def _said(solved: bool | None) -> str:
    return {True: "是", False: "否", None: "不详"}[solved]
