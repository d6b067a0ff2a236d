"""What an order says in the ledgers: hotline and dispatched orders in L16, what was found by
ourselves, by patrols or by sensors in L17."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record
from backend.core.scope import Scope, street_of
from backend.engine.clocks.limits import Limit
from backend.engine.form.answers import LONGEST
from backend.engine.form.definition import FormDef
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers.store import posting
from backend.features.ledgers.store.posting import Draft
from backend.features.orders.handbook import Handbook
from backend.features.orders.held import Held
from backend.features.orders.store import clocks, orders, relating

HOTLINE, FOUND = "L16", "L17"
_BY_HOTLINE = {"01", "06", "08"}  # 12345, 领导督办, 社区云
_CONTACT = Limit(1, "工作日")


def ledger_of(source: str) -> str:
    """Which ledger an order of this source is an entry of."""
    return HOTLINE if source in _BY_HOTLINE else FOUND


async def post(
    event_by: tuple[UUID | None, str],
    catalogue: Catalogue,
    book: Handbook,
    held: Held,
    n: int,
    closed_at: datetime,
) -> None:
    """The n-th entry of an order that has ended; the one before it no longer counts."""
    form = catalogue.form(ledger_of(held.source))
    scope = Scope(street_of(held.area)[:9])
    values = await _values(book, form, held, closed_at)
    draft = Draft(
        form=form,
        area=held.area,
        grid=held.grid,
        day=closed_at.astimezone(clock.SHANGHAI).date(),
        at=closed_at,
        values=values | {"recorder": _ref(*event_by)},
        person=None,
        household=None,
        house=held.house_id,
        photos=tuple(UUID(photo) for photo in held.photos_after),
        wrote=f"order:{held.id}",
        key=_key(held, n),
        no=held.no,
    )
    writer = Actor(event_by[0], event_by[1], frozenset(), scope, held.area)
    before = await posting.by_key(scope, form.code, _key(held, n - 1)) if n > 1 else None
    if before is not None:
        draft = replace(draft, corrects=before, reason="工单再次办理或回访后更新")
        await posting.reverse(scope, before)
    await posting.post(writer, draft)


async def undo(catalogue: Catalogue, held: Held, n: int) -> None:
    """The order has not ended after all. Its entry may still be on its way: then it is tried
    again, because a lost correction would count an order as done that is not."""
    form, scope = catalogue.form(ledger_of(held.source)), Scope(street_of(held.area)[:9])
    entry = await posting.by_key(scope, form.code, _key(held, n))
    if entry is None:
        raise LookupError(f"{_key(held, n)} is not posted yet")
    await posting.reverse(scope, entry)


def _key(held: Held, n: int) -> str:
    return f"order:{held.id}:{n}"


async def _values(book: Handbook, form: FormDef, held: Held, closed_at: datetime) -> dict[str, Any]:
    running = await clocks.of_order(held.id)
    found = await _both(book, held, running)
    own = await _hotline(book, held, running) if form.code == HOTLINE else _found(held, closed_at)
    fields = {field.key: field for field in form.fields}
    said = {
        key: value[: int(fields[key].max or LONGEST["text"])]
        if fields[key].type == "text"
        else value
        for key, value in (found | own).items()
        if key in fields and value is not None
    }
    return said


async def _both(book: Handbook, held: Held, running: list[Record]) -> dict[str, Any]:
    """What both ledgers ask."""
    path = "/".join(book.path(held.category)) or "其他"
    return {
        "case_no": held.no,
        "case_source": held.source,
        "category": path,
        "title": held.title,
        "content": orders.opened(held, "content"),
        "place": held.place or "未写明",
        "coord": {"lng": held.lng, "lat": held.lat} if held.lat is not None else None,
        "urge": held.urge,
        "deadline": _at(_due(running, ("handle", "rehandle")) or held.finished_at),
        "measure": held.measure,
        "finish_time": _at(held.finished_at),
        "redo_cnt": held.redo,
        "committee": held.area,
        "grid": {"id": held.grid, "label": held.grid} if held.grid else None,
    }


async def _hotline(book: Handbook, held: Held, running: list[Record]) -> dict[str, Any]:
    sent = held.dispatched_at or held.received_at
    first = held.contacted_at if held.contacted_at and held.contacted_at >= sent else None
    first_due = _due(running, ("contact",)) or book.times(sent, _CONTACT).due
    repeated = await relating.repeated(held)
    return {
        "appeal_type": held.appeal_type,
        "name": None if held.hide_name else orders.opened(held, "caller_name"),
        "phone": orders.opened(held, "caller_phone"),
        "hide_name": held.hide_name,
        "house_ref": {"id": str(held.house_id), "label": held.place} if held.house_id else None,
        "receive_time": _at(sent),
        "sign_time": _at(held.signed_at or sent),
        "first_deadline": _at(first_due),
        "first_time": _at(first),
        "extend": held.extend,
        "back": held.back,
        "handler": _ref(held.handler_id, held.handler or held.unit_name or "未写明"),
        "result": held.result,
        "reply": held.reply,
        "photos": held.photos_after or None,
        "visit_ok": held.satisfied,
        "solved": _yes(held.solved) if held.satisfied != "未接通" else None,
        "repeat_of": _ref(repeated["id"], repeated["no"]) if repeated else None,
    }


def _found(held: Held, closed_at: datetime) -> dict[str, Any]:
    handle = _handle(held)
    away = handle != "自行处置"
    return {
        "found_time": _at(held.received_at),
        "finder": _ref(held.reported_by, held.reporter or "系统接入"),
        "photos": held.photos or None,
        "handle": handle,
        "dept": _ref(held.unit_id, held.unit_name or "未写明") if away and held.unit_id else None,
        "send_time": _at(held.dispatched_at) if away else None,
        "photo_after": held.photos_after or None,
        "checker": _ref(None, held.verifier) if held.verifier else None,
        "check_result": "通过",
        "close_time": _at(closed_at),
    }


def _handle(held: Held) -> str:
    if held.unit_kind == "committee":
        return "上报街道" if held.handle == "协调处置" else "自行处置"
    return "派遣物业" if held.unit_kind == "property" else "派遣职能部门"


def _due(running: list[Record], kinds: tuple[str, ...]) -> datetime | None:
    """When the last limit of these kinds ran out or would have."""
    found = [row["due_at"] for row in running if row["kind"] in kinds and not row["void"]]
    return max((at for at in found if at is not None), default=None)


def _at(moment: datetime | None) -> str | None:
    """Shanghai's time to the second, so that two moments compare as they stand."""
    return moment.astimezone(clock.SHANGHAI).isoformat(timespec="seconds") if moment else None


def _ref(one: UUID | None, label: str) -> dict[str, str | None]:
    return {"id": str(one) if one else None, "label": label[:100]}


def _yes(said: bool | None) -> str | None:
    return None if said is None else "是" if said else "否"
