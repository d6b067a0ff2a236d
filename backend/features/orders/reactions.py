"""What follows when an order moves on: who is told, which cards change, what ledgers say."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from backend.core.access import Actor
from backend.core.events import Event
from backend.core.scope import EVERYWHERE
from backend.engine.orders import stages
from backend.features.catalogue.catalogue import Catalogue
from backend.features.notices import cards as card
from backend.features.notices.shapes import Answer
from backend.features.orders import ledger
from backend.features.orders.cards import CARD, left_of
from backend.features.orders.handbook import Handbook
from backend.features.orders.held import Held, Reach
from backend.features.orders.store import clocks, orders, units
from backend.features.orders.telling import (
    CENTRE,
    LEAD,
    STREET_LEAD,
    by_urge,
    in_hand,
    in_unit,
    key_of,
    moment_text,
    of_street,
    of_unit,
    tell,
)

ALL = Reach(EVERYWHERE, frozenset(), whole=True)


async def follow_areas(actor: Actor, event: Event) -> None:
    """Committees come and go, and with them the units that they are."""
    await units.keep()


async def tell_taken(actor: Actor, event: Event, catalogue: Catalogue, book: Handbook) -> None:
    """What is urgent is told to the centre at once; what has a unit already, to the unit."""
    for order in event.facts["orders"]:
        held = await orders.one(ALL, UUID(order))
        if order in event.facts["sent"]:
            await _tell_unit(held, catalogue, book)
        elif held.urge != "一般" and held.unit_id is None:
            people = await of_street(held, CENTRE)
            source = catalogue.label("case_source", held.source)
            await tell(held, people, "order_taken_urgent", "taken", source=source)


async def tell_unit(actor: Actor, event: Event, catalogue: Catalogue, book: Handbook) -> None:
    """A unit has new orders: each of them a card with buttons."""
    sent = event.facts.get("sent") or {str(event.subject_id): ""}
    for order in sent:
        held = await orders.one(ALL, UUID(order))
        await card.refresh(CARD, held.id, Answer(f"已由{held.unit_name}承办", (), "已转派"))
        if held.stage == "dispatched":
            await _tell_unit(held, catalogue, book)


async def _tell_unit(held: Held, catalogue: Catalogue, book: Handbook) -> None:
    dues = {row["kind"]: row["due_at"] for row in await clocks.alive(held.id, ("sign", "handle"))}
    await tell(
        held,
        await of_unit(held),
        by_urge("order_dispatched", held.urge),
        key_of("dispatched", held.dispatched_at),
        about=str(held.id),
        source=catalogue.label("case_source", held.source),
        category=book.label(held.category) or "待分类",
        sign_due=moment_text(dues.get("sign")),
        due=moment_text(dues.get("handle")),
    )


async def refresh_cards(actor: Actor, event: Event) -> None:
    """The matter moved on: buttons that make no sense any more disappear from the phones."""
    held = await orders.one(ALL, event.subject_id)
    said = f"{held.handler}正在承办" if held.handler else "已处理"
    await card.refresh(CARD, held.id, Answer(said, left_of(held), "已处理"))


async def tell_sent_back(actor: Actor, event: Event, catalogue: Catalogue, book: Handbook) -> None:
    """The right unit has it now; or the centre has to decide."""
    if event.facts.get("asks"):
        await tell_asked(actor, event)
        return
    await tell_unit(actor, event, catalogue, book)


async def tell_asked(actor: Actor, event: Event) -> None:
    """Somebody waits for the centre's decision."""
    held = await orders.one(ALL, event.subject_id)
    what = {"back": "退单", "extend": "延期", "pause": "暂停计时"}[event.facts["asks"]]
    people = await of_street(held, CENTRE)
    key = key_of("asked", event.facts["rev"])
    await tell(held, people, "order_asked", key, what=what, by=event.actor)


async def tell_decided(actor: Actor, event: Event) -> None:
    """The unit learns what was decided."""
    held = await orders.one(ALL, event.subject_id)
    granted = event.facts.get("grant") == "是"
    what = stages.LABELS[event.facts["act"]].replace("决定", "申请")
    people = await in_hand(held)
    key = key_of("decided", event.facts["rev"])
    answer = "批准" if granted else "驳回"
    await tell(held, people, "order_decided", key, what=what, answer=answer, by=event.actor)


async def tell_help(actor: Actor, event: Event) -> None:
    """Whoever asks for help is heard by the centre and by their own lead."""
    held = await orders.one(ALL, event.subject_id)
    people = [*await of_street(held, CENTRE), *await of_unit(held, LEAD)]
    others = [one for one in people if one != event.actor_id]
    await tell(held, others, "order_help", key_of("help", event.facts["rev"]), by=event.actor)


async def tell_assigned(actor: Actor, event: Event) -> None:
    held = await orders.one(ALL, event.subject_id)
    key = key_of("assigned", event.facts["rev"])
    await tell(held, [UUID(event.facts["to"])], "order_assigned", key, by=event.actor)


async def tell_parts(actor: Actor, event: Event) -> None:
    """Units whose turn it is in a joint order."""
    held = await orders.one(ALL, event.subject_id)
    for unit in held.part_units:
        people = await in_unit(held.area, unit, "order.finish_part")
        await tell(held, people, "order_part", f"part:{unit}")


async def tell_verified(actor: Actor, event: Event) -> None:
    """What was not right is done again."""
    if event.facts.get("outcome") == "fail":
        await _tell_again(event, "核查未通过")


async def tell_heard(actor: Actor, event: Event) -> None:
    """Not solved: the unit does it again; a second time the street's lead decides."""
    outcome = event.facts.get("outcome")
    if outcome == "again":
        await _tell_again(event, "诉求人表示没有解决")
    elif outcome == "appeal":
        held = await orders.one(ALL, event.subject_id)
        people = await of_street(held, STREET_LEAD)
        key = key_of("appeal", event.facts["rev"])
        await tell(held, people, "order_appeal", key, redo=held.redo)


async def _tell_again(event: Event, why: str) -> None:
    """Done again by the head of the unit, so they are told as well."""
    held = await orders.one(ALL, event.subject_id)
    people = [*await in_hand(held), *await of_unit(held, LEAD)]
    await tell(held, people, "order_again", key_of("again", event.facts["rev"]), why=why)


async def tell_reporter(actor: Actor, event: Event) -> None:
    """Whoever of ours reported it learns what became of it; of duplicates too."""
    for order in event.facts.get("ended") or {str(event.subject_id): 0}:
        held = await orders.one(ALL, UUID(order))
        if held.reported_by is None or held.reported_by == event.actor_id:
            continue
        result = _RESULTS.get(held.stage, "有了新进展")
        reply = held.reply or _SAID.get(held.stage, "")
        key = key_of("result", event.facts["rev"])
        await tell(held, [held.reported_by], "order_result", key, result=result, reply=reply)


_RESULTS = {"closed": "已结案", "refused": "没有立案", "merged": "与另一件工单合并办理"}
_SAID = {"merged": "与另一件反映同一问题的工单合并办理，结果会一并告诉您。"}


async def write_ledgers(actor: Actor, event: Event, catalogue: Catalogue, book: Handbook) -> None:
    """An order that has ended is an entry of its ledger; one done again takes it back."""
    by = (event.actor_id, event.actor)
    for order, n in (event.facts.get("undone") or {}).items():
        await ledger.undo(catalogue, await orders.one(ALL, UUID(order)), n)
    for order, n in (event.facts.get("ended") or {}).items():
        closed_at = datetime.fromisoformat(event.facts["closed_at"])
        held = await orders.one(ALL, UUID(order))
        await ledger.post(by, catalogue, book, held, n, closed_at)


Reaction = Callable[..., Awaitable[None]]

AFTER: dict[str, list[Reaction]] = {
    "order.take": [tell_taken],
    "order.refuse": [tell_reporter],
    "order.dispatch": [tell_unit],
    "order.transfer": [tell_unit],
    "order.sign": [refresh_cards],
    "order.contact": [refresh_cards],
    "order.send_back": [tell_sent_back],
    "order.decide_back": [tell_unit],
    "order.extend": [tell_asked],
    "order.decide_extend": [tell_decided],
    "order.pause": [tell_asked],
    "order.decide_pause": [tell_decided],
    "order.help": [tell_help],
    "order.assign": [tell_assigned],
    "order.join": [tell_parts],
    "order.finish_part": [tell_parts],
    "order.finish": [refresh_cards],
    "order.verify": [tell_verified],
    "order.call_back": [tell_heard, write_ledgers],
    "order.reopen": [tell_heard, write_ledgers],
    "order.close": [tell_reporter, write_ledgers],
    "order.merge": [refresh_cards, tell_reporter],
}
