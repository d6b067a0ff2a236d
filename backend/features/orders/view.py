"""An order as its reader may see it now: masked where it must be, with the buttons they get."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor
from backend.core.db import Record
from backend.core.levels import seen
from backend.core.scope import scope_of
from backend.engine.orders import stages
from backend.engine.orders.stages import ASKED, STAGES
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers.store import reading
from backend.features.materials import store as materials
from backend.features.materials.shapes import FileLink
from backend.features.orders import acting, matching
from backend.features.orders.handbook import KINDS, Handbook
from backend.features.orders.held import Held, Reach
from backend.features.orders.shapes import (
    Ask,
    Caller,
    Guess,
    Order,
    OrderClock,
    OrderDue,
    OrderEntry,
    OrderLine,
    OrderPart,
    OrderStep,
    UnitName,
)
from backend.features.orders.store import clocks, joint, orders, relating

ASK_LABELS = {"back": "退单", "extend": "延期", "pause": "暂停计时", "appeal": "重新办理"}
_SOON = 24 * 3600


async def lines(
    actor: Actor, reach: Reach, catalogue: Catalogue, book: Handbook, found: Sequence[Record]
) -> tuple[OrderLine, ...]:
    """Rows of a list as cards."""
    called = await areas.names(row["area"] for row in found)
    return tuple(_line(actor, reach, catalogue, book, row, called) for row in found)


def _line(
    actor: Actor,
    reach: Reach,
    catalogue: Catalogue,
    book: Handbook,
    row: Record,
    called: Mapping[str, str],
) -> OrderLine:
    same = {key: row[key] for key in _LINE_SAME}
    return OrderLine(
        **same,
        source_label=catalogue.label("case_source", row["source"]),
        category_label=book.label(row["category"]),
        stage_label=STAGES[row["stage"]],
        area=_area(row["area"], called),
        unit=_unit(row),
        due=due(row["due_kind"], row["due_at"], row["pause"]),
        asks=tuple(kind for kind in ASK_LABELS if row[kind] == ASKED),
        may=stages.allowed(acting.standing(actor, reach, SimpleNamespace(**row)), actor.may),
    )


_LINE_SAME = (
    "id",
    "no",
    "rev",
    "title",
    "source",
    "category",
    "urge",
    "severity",
    "stage",
    "place",
    "handler",
    "received_at",
)


def due(kind: str | None, at: datetime | None, pause: str) -> OrderDue:
    """How the clock that runs out first stands, in one word."""
    state = due_state(kind, at, pause, clock.now())
    return OrderDue(kind=kind, label=KINDS.get(kind or ""), at=at, state=state)


def due_state(kind: str | None, at: datetime | None, pause: str, moment: datetime) -> Any:
    if kind is None:
        return "none"
    if at is None:
        return "stopped" if pause == stages.GRANTED else "unknown"
    left = (at - moment).total_seconds()
    return "late" if left <= 0 else "soon" if left <= _SOON else "fine"


async def shown(
    actor: Actor,
    reach: Reach,
    catalogue: Catalogue,
    book: Handbook,
    held: Held,
    event: dict[str, Any] | None = None,
) -> Order:
    """The whole view. `event` is what has just happened, for the trace."""
    called = await areas.names([held.area])
    same = {key: getattr(held, key) for key in _ORDER_SAME}
    return Order(
        **same,
        area=_area(held.area, called),
        source_label=catalogue.label("case_source", held.source),
        appeal_label=catalogue.label("appeal_type", held.appeal_type),
        category_label=book.label(held.category),
        category_path=book.path(held.category),
        guesses=tuple(Guess.model_validate(one) for one in held.guess.get("categories", ())),
        content=content(actor, reach, held),
        caller=await _caller(actor, held),
        stage_label=STAGES[held.stage],
        unit=_unit({key: getattr(held, key) for key in ("unit_id", "unit_name", "unit_kind")}),
        photos=await _photos(actor, held, held.photos),
        photos_after=await _photos(actor, held, held.photos_after),
        asks=await _asks(held),
        due=due(held.due_kind, held.due_at, held.pause),
        clocks=tuple(_clock(book, held, row) for row in await clocks.of_order(held.id)),
        steps=await _steps(actor, held),
        parts=tuple(_part(row) for row in await joint.of_order(held.id)),
        entries=await _entries(actor, catalogue, held),
        links=await relating.links(reach, held),
        similar=await matching.of_order(held),
        may=stages.allowed(acting.standing(actor, reach, held), actor.may),
        event=event or {},
    )


_ORDER_SAME = (
    "id",
    "no",
    "rev",
    "source",
    "system_no",
    "appeal_type",
    "category",
    "severity",
    "urge",
    "title",
    "reporter",
    "place",
    "house_id",
    "building_id",
    "lng",
    "lat",
    "grid",
    "stage",
    "handler_id",
    "handler",
    "own",
    "received_at",
    "filed_at",
    "dispatched_at",
    "signed_at",
    "contacted_at",
    "finished_at",
    "verified_at",
    "called_at",
    "closed_at",
    "measure",
    "reply",
    "result",
    "handle",
    "verifier",
    "solved",
    "satisfied",
    "returned",
    "redo",
    "reopened",
    "back",
    "extend",
    "pause",
    "appeal",
    "designated",
    "public",
)


def content(actor: Actor, reach: Reach, held: Held) -> str:
    """The whole story for those who have to do with the order, masked for others."""
    text = orders.opened(held, "content") or ""
    involved = _involved(actor, reach, held)
    return seen(actor, held.area, level=3, kind="text", text=text, on_duty=involved).text


def make_sure_involved(actor: Actor, reach: Reach, held: Held) -> None:
    """Only who handles an order, or dispatches it, needs to know who called."""
    if not _involved(actor, reach, held):
        why = stages.GUARDS["unit_or_centre"].why
        raise problems.order_held_up(what="查看联系方式", why=why, guard="involved")


def _involved(actor: Actor, reach: Reach, held: Held) -> bool:
    handles = held.unit_id in reach.mine or not reach.mine.isdisjoint(held.part_units)
    return handles or actor.may("order.dispatch") or actor.may("order.reopen")


async def _caller(actor: Actor, held: Held) -> Caller | None:
    """Masked, always: the number is opened with a reason. Who asked for secrecy has no name."""
    if held.caller_phone is None and held.caller_name is None:
        return None
    name, phone = (orders.opened(held, column) for column in ("caller_name", "caller_phone"))
    return Caller(
        name=None if held.hide_name else _masked(actor, held, "name", name),
        phone=_masked(actor, held, "phone", phone),
        hidden=held.hide_name,
        before=await relating.calls_before(held),
    )


def _masked(actor: Actor, held: Held, kind: str, text: str | None) -> str | None:
    return seen(actor, held.area, level=3, kind=kind, text=text).text if text else None


async def _asks(held: Held) -> tuple[Ask, ...]:
    """What waits for somebody's decision."""
    return tuple(
        Ask.model_validate({"kind": kind, "label": label, **held.asked[kind]})
        for kind, label in ASK_LABELS.items()
        if getattr(held, kind) == ASKED and kind in held.asked
    )


def _clock(book: Handbook, held: Held, row: Record) -> OrderClock:
    limit = clocks.limit_of(row)
    guard = book.guard(held) if row["kind"] == "handle" else None
    before = clocks.running(guard, row["round_clock"]) if guard else None
    return OrderClock(
        kind=row["kind"],
        label=KINDS[row["kind"]],
        limit=str(limit),
        started_at=row["started_at"],
        due_at=row["due_at"],
        met_at=row["met_at"],
        state=clock_state(row),
        share=_share(book, row),
        guard=str(guard) if guard else None,
        guard_at=book.times(row["started_at"], before).due if before else None,
    )


def clock_state(row: Record) -> Any:
    """running, stopped, missed or (without a calendar) unknown while it counts; met or late once
    it was; void without reason."""
    if row["void"]:
        return "void"
    due_at, met_at = row["due_at"], row["met_at"]
    if met_at is not None:
        return "met" if due_at is None or met_at <= due_at else "late"
    if due_at is None:
        return "stopped" if row["pauses"] else "unknown"
    return "missed" if due_at <= clock.now() else "running"


def _share(book: Handbook, row: Record) -> float | None:
    if row["met_at"] is not None or row["void"]:
        return None
    limit = clocks.running(clocks.limit_of(row), row["round_clock"])
    used = book.used(row["started_at"], limit, clock.now(), clocks.pauses_of(row))
    return round(used, 3) if used is not None else None


async def _steps(actor: Actor, held: Held) -> tuple[OrderStep, ...]:
    found = await orders.steps_of(held.id)
    pictures = await _links(actor, held, (photo for row in found for photo in row["photos"]))
    return tuple(
        OrderStep(
            act=row["act"],
            label=stages.LABELS.get(row["act"], row["act"]),
            from_stage=row["from_stage"],
            to_stage=row["to_stage"],
            by=row["by"],
            unit=row["unit"],
            at=row["at"],
            recorded_at=row["recorded_at"],
            note=row["note"],
            words=row["words"],
            photos=tuple(pictures[p] for p in row["photos"] if p in pictures),
            facts=row["facts"],
        )
        for row in found
    )


async def _photos(actor: Actor, held: Held, photos: Sequence[str]) -> tuple[FileLink, ...]:
    return tuple((await _links(actor, held, photos)).values())


async def _links(actor: Actor, held: Held, photos: Iterable[str]) -> dict[str, FileLink]:
    """Addresses by picture, in the order asked."""
    ids = [UUID(photo) for photo in photos]
    found = await materials.links_in(actor, f"order:{held.id}", ids)
    return {str(link.id): link for link in found}


async def _entries(actor: Actor, catalogue: Catalogue, held: Held) -> tuple[OrderEntry, ...]:
    """The ledger entries that the order has written, and those that name it."""
    if not actor.may("ledger.read"):
        return ()
    found = await reading.of_order(scope_of(held.area), f"order:{held.id}", held.no)
    return tuple(OrderEntry(**row, title=catalogue.title(row["ledger"])) for row in found)


def _part(row: Record) -> OrderPart:
    same = {key: row[key] for key in ("place", "task", "state", "opened_at", "done_at", "did")}
    return OrderPart(**same, done_by=row["done_by"], unit=_unit(row))


def _unit(row: Record) -> Any:
    if row["unit_id"] is None or row["unit_name"] is None:
        return None
    return UnitName(id=row["unit_id"], name=row["unit_name"], kind=row["unit_kind"])


def _area(code: str, called: Mapping[str, str]) -> AreaName:
    return AreaName(code=code, name=called.get(code, code))
