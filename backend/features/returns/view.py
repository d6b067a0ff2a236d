"""A return as its reader may see it now: what they may do, what was sent back, what has changed."""

from typing import Any

from backend.core.access import Actor
from backend.engine.clocks.periods import parse_period
from backend.engine.form.definition import FormDef, to_json
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.catalogue.catalogue import Catalogue
from backend.features.returns.shapes import (
    STATE_LABELS,
    Change,
    FormName,
    Known,
    Remark,
    Return,
    Step,
    Version,
)
from backend.features.returns.sheet import Sheet
from backend.features.returns.standing import Standing, standing
from backend.features.returns.store import sheets

STEP_LABELS = {
    "opened": "生成任务",
    "submitted": "提交",
    "checked": "复核上报",
    "sent_back": "退回",
    "approved": "审定",
}


def form_of(catalogue: Catalogue, sheet: Sheet) -> FormDef:
    """The definition a return is worked with: the newest while it is open, its own afterwards."""
    if sheet.editable:
        return catalogue.form(sheet.form)
    return catalogue.definition(sheet.form, sheet.version)


def stands(catalogue: Catalogue, sheet: Sheet) -> Standing:
    form = form_of(catalogue, sheet)
    return standing(form, sheet.period, sheet.known, sheet.answers, sheet.reasons)


def open_fields(form: FormDef, sheet: Sheet, actor: Actor) -> tuple[str, ...]:
    """What may be edited now: nothing, everything, or what was sent back."""
    if not (sheet.editable and actor.may("return.save")):
        return ()
    return tuple(sheet.open if sheet.open is not None else (f.key for f in form.fields))


async def shown(actor: Actor, catalogue: Catalogue, sheet: Sheet) -> Return:
    """The whole view."""
    form, now = form_of(catalogue, sheet), stands(catalogue, sheet)
    called, period = await areas.names([sheet.area]), parse_period(sheet.period)
    return Return(
        id=sheet.id,
        task_id=sheet.task_id,
        form=FormName(code=form.code, title=form.title, version=form.version, kind=form.kind),
        definition=to_json(form),
        period=sheet.period,
        period_label=period.label,
        period_start=period.start,
        period_end=period.end,
        cut_off=sheet.cut_off,
        due_on=sheet.due_on,
        due_at=sheet.due_at,
        paused=sheet.paused,
        overdue=overdue(sheet.state, late=sheet.late),
        area=AreaName(code=sheet.area, name=called.get(sheet.area, sheet.area)),
        state=sheet.state,
        state_label=STATE_LABELS[sheet.state],
        version=sheet.n,
        rev=sheet.rev,
        answers=sheet.answers,
        reasons=sheet.reasons,
        known={key: _known(actor, held) for key, held in sheet.known.items()},
        figures=now.figures,
        asked=now.asked,
        open=open_fields(form, sheet, actor),
        remarks=await _remarks(form, sheet),
        issues=now.issues,
        changes=await _changes(actor, form, sheet, now),
        steps=await _steps(sheet),
        can=may_do(actor, sheet),
        digest=sheet.digest,
    )


def overdue(state: str, *, late: bool) -> bool:
    """Whether it should be with the street by now and is not."""
    return late and state in ("draft", "checking", "returned")


def _known(actor: Actor, held: dict[str, Any]) -> Known:
    """What is held of a field; who may see totals only is offered no rows."""
    drill = bool(held.get("drill")) and actor.may("return.drill")
    return Known.model_validate(held | {"drill": drill})


def may_do(actor: Actor, sheet: Sheet) -> tuple[str, ...]:
    """The buttons this reader gets, by state and verb."""
    by_state = {
        "draft": (
            ("save", "return.save"),
            ("submit", "return.submit"),
            ("recompute", "return.recompute"),
        ),
        "checking": (("check", "return.check"), ("send_back", "return.check")),
        "submitted": (("approve", "return.review"), ("send_back", "return.review")),
        "approved": (),
    }
    by_state["returned"] = by_state["draft"]
    return tuple(what for what, verb in by_state[sheet.state] if actor.may(verb))


async def _remarks(form: FormDef, sheet: Sheet) -> tuple[Remark, ...]:
    return tuple(
        Remark(**row, label=_label(form, row["field"])) for row in await sheets.remarks_of(sheet)
    )


async def _steps(sheet: Sheet) -> tuple[Step, ...]:
    return tuple(
        Step(
            what=row["what"],
            label=STEP_LABELS[row["what"]],
            by=row["by"],
            at=row["at"],
            note=row["note"],
        )
        for row in await sheets.steps_of(sheet)
    )


async def _changes(actor: Actor, form: FormDef, sheet: Sheet, now: Standing) -> tuple[Change, ...]:
    """What differs from what this reader last saw; for those who fill it, from what they sent."""
    if sheet.n == 0 or actor.id is None:
        return ()
    versions = {row["n"]: row["figures"] for row in await sheets.versions_of(sheet)}
    last = sheet.n if sheet.editable else await sheets.looked(sheet, actor.id)
    if not sheet.editable and last in (0, sheet.n):
        last = sheet.n - 1
    before = versions.get(last)
    return tuple(differences(form, before, now.figures)) if before is not None else ()


def differences(form: FormDef, before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Fields whose value is not what it was, in the order of the form."""
    return [
        Change(field=f.key, label=f.label, before=before.get(f.key), after=after.get(f.key))
        for f in form.fields
        if before.get(f.key) != after.get(f.key)
    ]


async def history(sheet: Sheet) -> list[Version]:
    """Every version handed in, newest first; older ones were sent back."""
    found = await sheets.versions_of(sheet)
    return [
        Version(
            n=row["n"],
            answers=row["answers"],
            figures=row["figures"],
            submitted_by=row["by"],
            submitted_at=row["at"],
            digest=row["digest"],
            state=(state := sheet.state if row["n"] == sheet.n else "returned"),
            state_label=STATE_LABELS[state],
        )
        for row in found
    ]


def _label(form: FormDef, key: str) -> str:
    field = form.field(key)
    return field.label if field else key
