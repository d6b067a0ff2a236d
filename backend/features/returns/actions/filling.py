"""A committee's side of a return: what is due, filling it, handing it up."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor, act, look
from backend.core.db import Record
from backend.core.problems import FieldIssue, Problem
from backend.core.scope import scope_of
from backend.engine.clocks.periods import parse_period
from backend.engine.form.definition import FormDef
from backend.engine.form.diff import compare
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.catalogue.catalogue import Catalogue
from backend.features.returns import knowledge, view
from backend.features.returns.shapes import STATE_LABELS, Draft, Due, Receipt, Return, Saved
from backend.features.returns.sheet import Sheet
from backend.features.returns.standing import standing
from backend.features.returns.store import sheets, tasks

# Which verb makes a state something to do, and what
_TODO = {
    "draft": ("return.submit", "fill"),
    "returned": ("return.submit", "fix"),
    "checking": ("return.check", "check"),
    "submitted": ("return.review", "review"),
}
_KEEP_DONE = timedelta(days=45)


@look("due.read", "查看待办")
async def due(actor: Actor, catalogue: Catalogue) -> list[Due]:
    """The one due list: everything that waits for this person, and what was lately finished."""
    found = await tasks.due(actor.scope, clock.today() - _KEEP_DONE)
    called = await areas.names(row["area"] for row in found)
    return [_due(actor, catalogue, row, called) for row in found]


@look("return.read", "查看填报")
async def read(actor: Actor, catalogue: Catalogue, sheet: UUID) -> Return:
    """One return, with everything that is known, asked, sent back and changed."""
    return await view.shown(actor, catalogue, await sheets.one(actor.scope, sheet))


@act("return.save", "保存草稿")
async def save(actor: Actor, catalogue: Catalogue, sheet: UUID, body: Draft) -> Saved | Problem:
    """Keep a draft. Answers to an older version of the form are kept as a draft of the new one."""
    held = _editable(await sheets.locked(actor.scope, sheet), body)
    form = catalogue.form(held.form)
    if body.form_version != form.version:
        return await _move(catalogue, held, form, body)
    now = standing(form, held.period, held.known, body.answers, body.reasons)
    stored = await sheets.save_draft(held, form.version, body.answers, body.reasons, len(now.left))
    return Saved(
        id=held.id,
        rev=stored.rev,
        saved_at=stored.saved_at,
        asked_left=len(now.left),
        issues=now.issues,
        figures=now.figures,
    )


@act("return.submit", "提交填报", lazily=True)
async def submit(actor: Actor, catalogue: Catalogue, sheet: UUID, body: Draft) -> Receipt | Problem:
    """Freeze a version with its digest; nothing is frozen while anything is wrong or missing.

    A committee lead's own hand-in counts as checked.
    """
    held = _editable(await sheets.glanced(actor.scope, sheet), body)
    form = catalogue.form(held.form)
    if body.form_version != form.version:
        return await _move(catalogue, held, form, body)
    now = standing(form, held.period, held.known, body.answers, body.reasons)
    if now.left:
        wrong = [i for i in now.issues if i.field.split(".")[0] in now.left]
        raise problems.answers_bad(
            fields=[FieldIssue(i.field, i.code, i.message) for i in wrong if _stands(i, body)]
        )
    state = "submitted" if actor.may("return.check") else "checking"
    digest = await sheets.freeze(
        actor,
        held,
        state=state,
        answers=body.answers,
        reasons=body.reasons,
        figures=now.figures,
    )
    return Receipt(
        id=held.id,
        form=held.form,
        period=held.period,
        state=state,
        state_label=STATE_LABELS[state],
        version=held.n + 1,
        rev=held.rev + 1,
        digest=digest,
    )


@act("return.recompute", "重新计算")
async def recompute(actor: Actor, catalogue: Catalogue, sheet: UUID) -> Return:
    """Count again after the rows behind a figure were mended; only what is open changes."""
    held = await sheets.locked(actor.scope, sheet)
    if not held.editable:
        raise _not_now(held, "重新计算")
    form, period = catalogue.form(held.form), parse_period(held.period)
    fresh = await knowledge.gather(catalogue, scope_of(held.area), form, period, [held.area])
    known = {
        key: fact if held.open is None or key in held.open else held.known.get(key, fact)
        for key, fact in fresh[held.area].items()
    }
    now = standing(form, held.period, known, held.answers, held.reasons)
    await sheets.set_known(held, known, len(now.left))
    return await view.shown(actor, catalogue, await sheets.one(actor.scope, sheet))


def _editable(held: Sheet, body: Draft) -> Sheet:
    """The return, if this draft may go on it now."""
    if not held.editable:
        raise _not_now(held, "修改")
    if body.rev != held.rev:
        stored = {"rev": held.rev, "answers": held.answers, "reasons": held.reasons}
        raise problems.draft_conflict(draft=stored)
    _only_open(held, body.answers)
    return held


def _only_open(held: Sheet, answers: dict[str, Any]) -> None:
    """After a send-back nothing but the returned fields may differ from what was sent."""
    if held.open is None:
        return
    keys = answers.keys() | held.answers.keys()
    locked = [k for k in sorted(keys - set(held.open)) if answers.get(k) != held.answers.get(k)]
    if locked:
        issues = [FieldIssue(k, "field.locked", f"“{k}”没有被退回，不能修改。") for k in locked]
        raise problems.field_locked(label=locked[0], fields=issues)


async def _move(catalogue: Catalogue, held: Sheet, form: FormDef, body: Draft) -> Problem:
    """Carry answers over to the newest version of the form and say what is different.

    The problem is returned, not raised: the draft must stay.
    """
    old = catalogue.definition(form.code, body.form_version)
    told = compare(old, form)
    answers = told.carry(body.answers)
    now = standing(form, held.period, held.known, answers, body.reasons)
    stored = await sheets.save_draft(held, form.version, answers, body.reasons, len(now.left))
    return problems.form_changed(
        ref=f"return:{held.id}",
        version=form.version,
        changes=[asdict(change) for change in told.changes],
        draft={"rev": stored.rev, "answers": answers, "reasons": body.reasons},
    )


def _stands(issue: Any, body: Draft) -> bool:
    return issue.kind == "error" or not body.reasons.get(issue.field, "").strip()


def _not_now(held: Sheet, what: str) -> Problem:
    return problems.wrong_state(state=held.state, state_label=STATE_LABELS[held.state], what=what)


def _due(actor: Actor, catalogue: Catalogue, row: Record, called: dict[str, str]) -> Due:
    form = catalogue.definition(row["form"], row["version"])
    verb, todo = _TODO.get(row["state"], ("", "none"))
    return Due(
        return_id=row["id"],
        task_id=row["task_id"],
        form=form.code,
        title=form.title,
        kind=form.kind,
        period=row["period"],
        period_label=parse_period(row["period"]).label,
        due_on=row["due_on"],
        due_at=row["due_at"],
        paused=row["paused"],
        days_left=(row["due_on"] - clock.today()).days,
        overdue=view.overdue(row["state"], late=row["late"]),
        area=AreaName(code=row["area"], name=called.get(row["area"], row["area"])),
        state=row["state"],
        state_label=STATE_LABELS[row["state"]],
        todo=todo if actor.may(verb) else "none",
        asked_left=row["asked_left"],
        fields_total=len(form.fields),
        returned_fields=len(row["open_fields"] or ()),
    )
