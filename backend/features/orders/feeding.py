"""Rows of order feeds (12345, patrol, emergencies) become orders; what the source says later of one
that is here (urged again, the city's call-back) is added to it.

Whatever cannot be placed goes to the street, or to whose system it is: never lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from backend.core.access import SYSTEM, Actor, act
from backend.engine.orders.stages import ENDED
from backend.features.catalogue.catalogue import Catalogue
from backend.features.connectors.takers import Batch, Remembered, Taker
from backend.features.orders import intake
from backend.features.orders.actions import closing
from backend.features.orders.bodies import CalledBack, Incoming
from backend.features.orders.handbook import Handbook
from backend.features.orders.held import Held, Reach, Said
from backend.features.orders.store import orders, taking
from backend.features.registers import shapes as fed

UPDATE = "update"
_SHORT = 30
_HEARD = ("verifying", "closed")  # stages in which a call-back is heard
_REPEATED = ("urged", "satisfied", "solved")


def taker(catalogue: Catalogue, book: Handbook) -> Taker:
    """What feeds of orders are taken over by."""
    return Remembered(partial(_take, catalogue, book))


async def _take(catalogue: Catalogue, book: Handbook, batch: Batch) -> fed.Taken:
    fit = [row for row in batch.rows if _title(row)]
    refused = tuple(
        fed.Refusal(row.source_id, "title", "没有标题，也没有内容")
        for row in batch.rows
        if not _title(row)
    )
    coming = {row.source_id: _incoming(book, batch, row) for row in fit}
    before = await taking.known(list(coming.values()))
    known = {number: order for (_, number), order in before.items()}
    new = [one for number, one in coming.items() if number not in known]
    if new:
        await intake.take(SYSTEM, book, new)
    again = {known[row.source_id]: row for row in fit if row.source_id in known}
    changed = await _update(catalogue, book, again) if again else 0
    return fed.Taken(len(new), changed, len(again) - changed, refused)


def _incoming(book: Handbook, batch: Batch, row: fed.Incoming) -> Incoming:
    said = {key: value for key, value in row.values.items() if value is not None}
    point = said.get("coord") or {}
    category = book.categories.find(said.get("category", ""))
    return Incoming(
        system=batch.feed.key,
        system_no=row.source_id,
        source=said.get("source", "99"),
        area=batch.area_of(row),
        title=_title(row),
        content=_content(row),
        place=said.get("place", "")[:200],
        appeal_type=said.get("appeal_type", "9"),
        category=category.code if category else None,
        urge=said.get("urge", "一般"),
        caller_name=said.get("caller_name"),
        caller_phone=said.get("caller_phone"),
        hide_name=said.get("hide_name", False),
        lng=point.get("lng"),
        lat=point.get("lat"),
        grid=row.refs.get("grid"),
        received_at=said.get("received_at", row.as_of),
    )


def _title(row: fed.Incoming) -> str:
    """The title, or the beginning of what was said."""
    text = row.values.get("title") or (row.values.get("content") or "")[:_SHORT]
    return text if len(text) > 1 else text and f"{text}（无标题）"


def _content(row: fed.Incoming) -> str:
    text = row.values.get("content") or _title(row)
    return text if len(text) > 1 else _title(row)


@dataclass(frozen=True, slots=True)
class Updated:
    """An order of which its source has said something new."""

    held: Held
    said: Mapping[str, str]

    @property
    def ref(self) -> str:
        return f"order:{self.held.id}"

    @property
    def facts(self) -> dict[str, object]:
        return {"act": UPDATE, "no": self.held.no, "stage": self.held.stage, **self.said}


async def _update(catalogue: Catalogue, book: Handbook, rows: Mapping[UUID, fed.Incoming]) -> int:
    """Add what is new to orders that are here; how many had any. A row that only looks different
    (a tidied address, a moment of change) says nothing new."""
    held = await orders.many(Reach(SYSTEM.scope, frozenset(), whole=True), rows)
    before = await taking.said_before([one.id for one in held])
    changed = 0
    for one in held:
        row, (facts, text) = rows[one.id], before.get(one.id, ({}, None))
        news = {
            key: str(row.values[key])
            for key in _REPEATED
            if row.values.get(key) not in (None, 0) and str(row.values[key]) != facts.get(key)
        }
        content = _content(row)
        more = None if content in (text, orders.opened(one, "content")) else content
        if news or more:
            await add(SYSTEM, one, facts | news, more)
            await _heard(catalogue, book, one, row, news)
            changed += 1
    return changed


@act("order.update", "来源更新工单")
async def add(actor: Actor, held: Held, facts: Mapping[str, str], text: str | None) -> Updated:
    """A caller who urges makes an ordinary order an urgent one; what they said more is kept."""
    urgent = held.urge == "一般" and "urged" in facts and held.stage not in ENDED
    await orders.step(actor, held, UPDATE, held.stage, Said(text, facts=facts))
    await orders.change(held, **({"urge": "紧急"} if urgent else {}))
    return Updated(held, facts)


async def _heard(
    catalogue: Catalogue, book: Handbook, one: Held, row: fed.Incoming, news: Mapping[str, str]
) -> None:
    """The city has called back: as our own call-back, where one can be heard."""
    if not news.keys() & {"satisfied", "solved"} or one.stage not in _HEARD:
        return
    satisfied, solved = row.values.get("satisfied"), row.values.get("solved")
    body = CalledBack(
        rev=one.rev + 1, satisfied=satisfied or "未接通", solved=solved, note="市级回访"
    )
    await closing.call_back(SYSTEM, catalogue, book, one.id, body)
