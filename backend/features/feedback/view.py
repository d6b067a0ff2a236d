"""Findings as their readers may see them: their sender, and the street."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record
from backend.core.scope import Scope, street_of
from backend.engine.orders.stages import STAGES
from backend.features.accounts.officers import FIELDS
from backend.features.accounts.store import officers
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.catalogue.catalogue import Catalogue
from backend.features.feedback.held import Held
from backend.features.feedback.shapes import (
    FindingEntry,
    FindingLine,
    FindingOrder,
    FindingStep,
    FindingView,
    MyFinding,
    PublicStep,
)
from backend.features.feedback.stages import ACTS, DECISIONS, FROM, STATES
from backend.features.feedback.store import findings, missions
from backend.features.materials import store as materials
from backend.features.materials.shapes import FileLink
from backend.features.orders.store import public as orders

SCENES = "finding_scene"
# how far an order is, in words that mean something to somebody outside
OUTSIDE = {
    "collected": "已受理",
    "filed": "已受理",
    "dispatched": "已交办",
    "handling": "处理中",
    "answered": "核查中",
    "verifying": "核查中",
    "closed": "已办结",
    "refused": "未立案",
    "merged": "并入同类问题办理",
}


def street(held: Held) -> Scope:
    return Scope(street_of(held.area)[:9])


def shown_as(held: Held) -> str:
    """What the covered copies are used by."""
    return f"shown:{held.id}"


async def lines(catalogue: Catalogue, rows: Sequence[Record]) -> tuple[FindingLine, ...]:
    called = await areas.names(row["area"] for row in rows)
    return tuple(FindingLine(**_line(catalogue, row, called)) for row in rows)


async def entries(
    scope: Scope, catalogue: Catalogue, rows: Sequence[Record]
) -> tuple[FindingEntry, ...]:
    """Lines of the street's list."""
    called = await areas.names(row["area"] for row in rows)
    behind = await orders.brief(scope, (row["order_id"] for row in rows if row["order_id"]))
    fields = await officers.fields(row["officer_id"] for row in rows if row["officer_id"])
    return tuple(
        FindingEntry(
            **_line(catalogue, row, called),
            sender=row["sender"],
            public=row["public"],
            field_label=FIELDS.get(fields.get(row["officer_id"], "")),
            order_no=behind[row["order_id"]]["no"] if row["order_id"] in behind else None,
        )
        for row in rows
    )


async def mine(
    actor: Actor, catalogue: Catalogue, held: Held, event: dict[str, Any] | None = None
) -> MyFinding:
    """What somebody has sent, with all that they may know of it."""
    order = await _order(held)
    told = [_public(row) for row in await findings.steps(held.id) if row["act"] in _TOLD]
    return MyFinding(
        **await _common(actor, catalogue, held),
        order_stage=OUTSIDE.get(order["stage"]) if order else None,
        steps=tuple(told),
        may=("judge",) if held.state == "answered" else (),
        event=event or {},
    )


_TOLD = frozenset(ACTS) - {"note", "publish"}


async def full(
    actor: Actor, catalogue: Catalogue, held: Held, event: dict[str, Any] | None = None
) -> FindingView:
    """The whole of it, for the street."""
    order = await _order(held)
    officer = await officers.by_id(held.officer_id) if held.officer_id else None
    same = {key: getattr(held, key) for key in _FULL_SAME}
    return FindingView(
        **await _common(actor, catalogue, held),
        **same,
        officer=held.officer_id,
        field_label=FIELDS[officer.field] if officer else None,
        order_stage=STAGES[order["stage"]] if order else None,
        order=await _behind(actor, order) if order else None,
        steps=tuple(
            FindingStep(**_public(row).model_dump(), by=row["by"], note=row["note"])
            for row in await findings.steps(held.id)
        ),
        may=_may(actor, held),
        event=event or {},
    )


_FULL_SAME = (
    "sender",
    "building_id",
    "summary",
    "public",
    "registered_at",
    "decided_at",
    "judged_at",
    "unsolved",
)


async def _common(actor: Actor, catalogue: Catalogue, held: Held) -> dict[str, Any]:
    called = await areas.names([held.area])
    row = {name: getattr(held, name) for name in Held.__dataclass_fields__}
    mission = await missions.title(held.mission_id) if held.mission_id else None
    return {
        **_line(catalogue, row | {"mission": held.mission_id, "due": held.due}, called),
        **{key: row[key] for key in _SAME},
        "content": findings.opened(held, "content") or "",
        "answers": findings.answers(held),
        "judgement": findings.opened(held, "judgement"),
        "mission_title": mission,
        "photos": await _photos(actor, held.record, held.photos),
        "before": await _photos(actor, shown_as(held), held.shown_before),
        "after": await _photos(actor, shown_as(held), held.shown_after),
    }


_SAME = (
    "lng",
    "lat",
    "handy",
    "useful",
    "liked",
    "reason",
    "reply",
    "answered_at",
    "solved",
    "satisfied",
)


async def _photos(actor: Actor, record: str, ids: Iterable[str]) -> tuple[FileLink, ...]:
    return tuple(await materials.links_in(actor, record, [UUID(one) for one in ids]))


async def _order(held: Held) -> Record | None:
    if held.order_id is None:
        return None
    return (await orders.brief(street(held), [held.order_id])).get(held.order_id)


async def _behind(actor: Actor, order: Record) -> FindingOrder:
    return FindingOrder(
        id=order["id"],
        no=order["no"],
        stage=order["stage"],
        stage_label=STAGES[order["stage"]],
        reply=order["reply"],
        result=order["result"],
        photos_after=await _photos(actor, f"order:{order['id']}", order["photos_after"]),
    )


def _line(catalogue: Catalogue, row: Mapping[str, Any], called: Mapping[str, str]) -> Record:
    due = row["due"]
    return {
        **{key: row[key] for key in _LINE_SAME},
        "scene_label": catalogue.label(SCENES, row["scene"]),
        "area": AreaName(code=row["area"], name=called.get(row["area"], row["area"])),
        "state_label": STATES[row["state"]],
        "decision_label": DECISIONS.get(row["decision"] or ""),
        "due": due,
        "late": due is not None and due <= clock.now(),
    }


_LINE_SAME = (
    "id",
    "no",
    "rev",
    "scene",
    "place",
    "state",
    "decision",
    "mission",
    "sent_at",
)


def _public(row: Record) -> PublicStep:
    return PublicStep(act=row["act"], label=ACTS[row["act"]], at=row["at"], words=row["words"])


def _may(actor: Actor, held: Held) -> tuple[str, ...]:
    """What the asker may do now."""
    return tuple(
        act for act, states in FROM.items() if held.state in states and actor.may(f"finding.{act}")
    )
