"""Warnings from several sources (多源预警): weighed again and again, raised once, closed by people.

Alarms, hotline orders and visits at one building within some days, none of which would be much by
itself, become one warning with its reasons and one order.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor, act, look
from backend.core.db import Record, transaction
from backend.core.ids import new_id
from backend.core.scope import EVERYWHERE
from backend.engine.sensors.measures import Danger, Measures
from backend.engine.sensors.weigh import Mark, Reason, Verdict, weigh
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.ledgers.store import visits
from backend.features.orders.handbook import Handbook
from backend.features.orders.store import signs
from backend.features.registers.store import places
from backend.features.sensors import ordering, view
from backend.features.sensors.shapes import (
    Raised,
    WarningEnd,
    WarningFilter,
    WarningLine,
    WarningPage,
    WarningReason,
)
from backend.features.sensors.store import warnings
from backend.web.paging import cursor_of

_MOST = 40  # reasons shown and kept


async def look_around(actor: Actor, measures: Measures, book: Handbook) -> None:
    """Weigh what is known of every building; the pulse of the worker."""
    days = max((danger.days for danger in measures.dangers.values()), default=0)
    since = clock.now() - timedelta(days=days)
    marks = await _marks(measures, book, since)
    closed = await warnings.closed_since(since)
    rows = await _rows(measures, marks, closed)
    if rows:
        await raise_(actor, measures, book, rows)


async def _marks(measures: Measures, book: Handbook, since: datetime) -> dict[UUID, list[Mark]]:
    """What happened at each building."""
    found: dict[UUID, list[Mark]] = defaultdict(list)
    for row in await warnings.alarms_since(since):
        found[row["building_id"]].append(_of_alarm(measures, row))
    classes = {
        code
        for danger in measures.dangers.values()
        for sign in danger.signs
        for code in sign.categories
    }
    own = (ordering.SENSORS, ordering.WARNINGS)
    for row in await signs.of_buildings(EVERYWHERE, since, sorted(classes), own):
        label = book.label(row["category"]) or row["title"]
        mark = Mark(
            "order", row["id"], row["building_id"], row["at"], label, category=row["category"]
        )
        found[mark.building].append(mark)
    for row in await visits.of_buildings(EVERYWHERE, since):
        met, text = row["met"] or "", row["text"] or ""
        mark = Mark("visit", row["id"], row["building_id"], row["at"], met, met=met, text=text)
        found[mark.building].append(mark)
    return found


def _of_alarm(measures: Measures, row: Record) -> Mark:
    measure = measures.measure(row["kind"], row["signal"])
    label = f"{measures.kind(row['kind']).label}：{measure.label}（{row['place']}）"
    return Mark(
        "alarm",
        row["id"],
        row["building_id"],
        row["at"],
        label,
        kind=row["kind"],
        level=row["level"],
    )


async def _rows(
    measures: Measures,
    marks: dict[UUID, list[Mark]],
    closed: dict[tuple[UUID, str], datetime],
) -> list[Record]:
    """Warnings to raise: only marks after the last one was closed count again."""
    moment, found = clock.now(), []
    for building, these in marks.items():
        for danger in measures.dangers.values():
            over = closed.get((building, danger.key))
            fresh = [mark for mark in these if over is None or mark.at > over]
            if (verdict := weigh(danger, fresh, moment)) is not None:
                found.append((building, danger, verdict))
    standing = await places.buildings(EVERYWHERE, {building for building, *_ in found})
    return [_row(standing[b], d, v) for b, d, v in found if b in standing]


def _row(building: Record, danger: Danger, verdict: Verdict) -> Record:
    return {
        "id": new_id(),
        "area": building["area"],
        "danger": danger.key,
        "building_id": building["id"],
        "place": building["address"],
        "points": verdict.points,
        "reasons": [_told(reason) for reason in verdict.reasons[:_MOST]],
        "last_at": verdict.reasons[0].at,
    }


def _told(reason: Reason) -> Record:
    return {
        "of": reason.of,
        "id": str(reason.id),
        "at": reason.at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds"),
        "words": reason.words[:100],
        "points": reason.points,
    }


async def raise_(actor: Actor, measures: Measures, book: Handbook, rows: list[Record]) -> None:
    """Write them; those that are new become orders and an event."""
    async with transaction():
        fresh = [row for row in await warnings.raise_(rows) if row["fresh"]]
        if fresh:
            await _raise(actor, measures, book, fresh)


@act("warning.raise", "发出多源预警")
async def _raise(actor: Actor, measures: Measures, book: Handbook, fresh: list[Record]) -> Raised:
    standing = await places.buildings(EVERYWHERE, [row["building_id"] for row in fresh])
    made = await ordering.of_warnings(book, measures, fresh, standing)
    await warnings.link([(row["id"], order) for row, order in zip(fresh, made, strict=True)])
    return Raised(warnings=tuple(row["id"] for row in fresh))


@look("device.read", "查看物联设备")
async def listing(actor: Actor, measures: Measures, query: WarningFilter) -> WarningPage:
    rows, total = await warnings.page(actor.scope, query)
    shown = rows[: query.limit]
    more = cursor_of(*warnings.keys(shown[-1]), of="warnings") if len(rows) > query.limit else None
    lines = await _lines(actor, measures, shown)
    return WarningPage(rows=tuple(lines), total=total, next=more)


@look("device.read", "查看物联设备")
async def read(actor: Actor, measures: Measures, warning: UUID) -> WarningLine:
    return (await _lines(actor, measures, [await warnings.one(actor.scope, warning)]))[0]


@act("warning.close", "了结多源预警")
async def close(actor: Actor, measures: Measures, warning: UUID, body: WarningEnd) -> WarningLine:
    """Looked into and dealt with. What was known then raises nothing any more."""
    row = await warnings.locked(actor.scope, warning)
    if row["rev"] != body.rev:
        raise problems.overtaken()
    if row["state"] != "open":
        raise problems.wrong_state(state=row["state"], state_label="已了结", what="再次了结")
    await warnings.close(warning, actor.name, body.note)
    return (await _lines(actor, measures, [await warnings.one(actor.scope, warning)]))[0]


async def _lines(actor: Actor, measures: Measures, rows: list[Record]) -> list[WarningLine]:
    called = await areas.names(row["area"] for row in rows)
    orders = await view.order_names(actor, (row["order_id"] for row in rows))
    return [
        WarningLine(
            **{name: row[name] for name in _SAME},
            label=label_of(measures, row["danger"]),
            area=AreaName(code=row["area"], name=called.get(row["area"], row["area"])),
            reasons=tuple(WarningReason.model_validate(one) for one in row["reasons"]),
            order=orders.get(row["order_id"]),
        )
        for row in rows
    ]


def label_of(measures: Measures, danger: str) -> str:
    """What a danger is called; one that is no longer in the file keeps its key."""
    found = measures.dangers.get(danger)
    return found.label if found else danger


_ENDED = ("closed_at", "closed_by", "note")
_SAME = ("id", "rev", "danger", "state", "place", "points", "raised_at", "last_at", *_ENDED)
