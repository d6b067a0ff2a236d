"""A shift as it is stood: what was reported, and the hand-over that writes the duty log (L21)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor, act, look
from backend.core.db import Record
from backend.core.problems import FieldIssue
from backend.features.areas import modes
from backend.features.catalogue.catalogue import Catalogue
from backend.features.duty import view
from backend.features.duty.plan import Plan
from backend.features.duty.shapes import (
    STATES,
    LineDone,
    NewLine,
    Offer,
    ShiftPage,
    Take,
)
from backend.features.duty.store import lines, shifts
from backend.features.ledgers import recording
from backend.features.ledgers.shapes import NewEntry
from backend.features.ledgers.store import posting
from backend.features.registers.store.facts import Subject

_BEFORE = timedelta(hours=1)  # what happened just before the shift may stand in its log
MOST_LINES = 100  # the form of the log takes no more


@look("duty.read", "查看值班")
async def read(actor: Actor, shift: UUID) -> ShiftPage:
    """A shift with its log."""
    return await view.page(actor, await shifts.one(view.street_scope(actor), shift))


@act("duty.log", "记值班日志")
async def add(actor: Actor, shift: UUID, body: NewLine) -> ShiftPage:
    """Something was reported, or found."""
    held = await _held(actor, shift, "log", "记值班日志")
    at = body.at or clock.now()
    _make_sure_when(held, at, body.reported_at)
    if held["lines"] >= MOST_LINES:
        issue = FieldIssue("content", "log.full", f"一个班次最多记 {MOST_LINES} 条。")
        raise problems.answers_bad(fields=[issue])
    given = {"at": at, "source": body.source, "content": body.content, "handled": body.handled}
    line = await lines.add(
        actor, held, given | {"reported_at": body.reported_at, "order": body.order}
    )
    return await _again(actor, shift, line=str(line))


@act("duty.follow", "补记处置和上报")
async def follow(actor: Actor, shift: UUID, line: UUID, body: LineDone) -> ShiftPage:
    """What was done about it, and when it went on to the street."""
    held = await _held(actor, shift, "log", "补记处置和上报")
    found = await lines.locked(actor.scope, shift, line)
    _make_sure_when(held, found["at"], body.reported_at)
    await lines.follow(actor.scope, line, body.handled, body.reported_at)
    return await _again(actor, shift, line=str(line))


@act("duty.offer", "交班")
async def offer(actor: Actor, shift: UUID, body: Offer) -> ShiftPage:
    """Who stood the shift says what is to be passed on; to be mended until it is taken."""
    held = await _held(actor, shift, "offer", "交班", body.rev)
    patrol = None if held["shift"] == "日班" else body.patrol
    given = {"handover": body.handover, "patrol": patrol, "weather": body.weather}
    await shifts.offer(actor.scope, shift, given | {"by": _me(actor)})
    return await _again(actor, shift)


@act("duty.take", "接班签字")
async def take(
    actor: Actor, catalogue: Catalogue, plan: Plan, shift: UUID, body: Take
) -> ShiftPage:
    """The taker signs: the shift stands in the duty log, once and for good."""
    held = await _held(actor, shift, "take", "接班签字", body.rev)
    moment, log = clock.now(), await lines.of_shift(actor.scope, shift)
    form = catalogue.form(plan.log)
    values = await _values(actor, held, log)
    about = Subject(held["area"], None, None, None, None, None, {})
    answers = {key: value for key, value in values.items() if value not in (None, [])}
    entry = NewEntry(form_version=form.version, answers=answers)
    draft = recording.compose(actor, form, about, entry, f"shift:{shift}")
    posted = await posting.post(actor, replace(draft, wrote=f"shift:{shift}", day=held["day"]))
    await shifts.sign(actor.scope, shift, _me(actor), moment, posted)
    return await _again(actor, shift, entry=str(posted))


async def _values(actor: Actor, held: Record, log: list[Record]) -> dict[str, Any]:
    """The shift in the words of the form of the log."""
    moment = clock.now()
    told = [row["reported_at"] for row in log if row["reported_at"]]
    mode = await modes.gravest(held["area"], held["starts_at"], min(held["ends_at"], moment))
    return {
        "duty_date": held["day"].isoformat(),
        "shift": held["shift"],
        "leader": held["leader"],
        "on_duty": held["people"],
        "duty_phone": held["phone"],
        "mode": mode,
        "weather": held["weather"],
        "events": [_event(row) for row in log],
        "report_time": _stamp(min(told, default=None)),
        "patrol": held["patrol"],
        "handover": held["handover"],
        "taker": _me(actor),
        "sign_time": _stamp(moment),
        "committee": held["area"],
    }


def _event(row: Record) -> dict[str, Any]:
    found = {
        "time": _stamp(row["at"]),
        "source": row["source"],
        "content": row["content"],
        "handled": row["handled"],
        "reported": _stamp(row["reported_at"]),
    }
    return {key: value for key, value in found.items() if value}


def _stamp(moment: Any) -> str | None:
    return moment.astimezone(clock.SHANGHAI).isoformat(timespec="seconds") if moment else None


def _me(actor: Actor) -> dict[str, Any]:
    return {"id": str(actor.id) if actor.id else None, "label": actor.name}


async def _held(actor: Actor, shift: UUID, act: str, what: str, rev: int | None = None) -> Record:
    """The shift, held for an act that may be done now; the problem says why not."""
    held = await shifts.locked(actor.scope, shift)
    if rev is not None and rev != held["rev"]:
        raise problems.overtaken()
    if act in view.may(actor, held):
        return held
    state = view.state_of(held)
    if act == "take" and state == "offered":
        raise problems.duty_own_hand()
    if act == "offer" and state in view.RUNNING:
        raise problems.duty_not_yours()
    raise problems.wrong_state(state=state, state_label=STATES[state], what=what)


async def _again(actor: Actor, shift: UUID, **did: object) -> ShiftPage:
    return await view.page(actor, await shifts.one(actor.scope, shift), **did)


def _make_sure_when(held: Record, at: Any, reported_at: Any) -> None:
    """Things happen during the shift, up to now, and are reported afterwards."""
    issues = []
    if not held["starts_at"] - _BEFORE <= at <= clock.now():
        issues.append(FieldIssue("at", "at.range", "时间应在本班次开始之后、现在之前。"))
    if reported_at is not None and not at <= reported_at <= clock.now():
        say = "上报时间不能早于接报时间，也不能晚于现在。"
        issues.append(FieldIssue("reported_at", "reported.range", say))
    if issues:
        raise problems.answers_bad(fields=issues)
