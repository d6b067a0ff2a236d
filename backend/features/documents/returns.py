"""Turns a return into a paper: its figures beside last period's, reasons, and who signed."""

from typing import Any

from backend.core.access import Actor
from backend.core.levels import seen
from backend.engine.form.cells import text_of
from backend.engine.form.definition import Field, FormDef
from backend.engine.form.measures import Indicator
from backend.engine.pdf.papers import ReportPaper, ReportRow, Signer
from backend.engine.sheet.papers import Cell, SheetColumn, SheetPaper
from backend.engine.text.dates import date_text, time_text
from backend.features.documents.figures import cell, change_text, figure_text
from backend.features.documents.issue import About, Issue
from backend.features.documents.wording import Wording
from backend.features.returns.shapes import Return

BELOW = "其中"  # how the paperwork marks a part of the line above
_OPEN = frozenset({"draft", "checking", "returned"})
_HEADS = ("code", "label", "unit", "current", "previous", "change", "note", "reason")
_FIGURES = frozenset({"current", "previous", "change"})


def paper_of(shown: Return, form: FormDef, place: str, issue: Issue) -> ReportPaper:
    """The return as its reader may see it now; `place` is the full name of its committee."""
    words = issue.office.words
    return ReportPaper(
        title=form.print.title,
        rows=_rows(issue.actor, form, shown, words),
        subtitle=form.print.unit_line.format(committee=place),
        unit_line=shown.period_label,
        signature=[Signer(one, _signed(one, shown, words)) for one in form.print.signatures],
        stamp=place,
        notes=_notes(form, shown, issue),
        footer=issue.footer,
        copy=issue.copy,
    )


def about(shown: Return) -> About:
    facts: dict[str, object] = {
        "form": shown.form.code,
        "period": shown.period,
        "version": shown.version,
        "area": shown.area.code,
    }
    title, place = shown.form.title, shown.area.name
    return About(f"return:{shown.id}", title, place, shown.period_label, facts)


def sheet_of(paper: ReportPaper, issue: Issue) -> SheetPaper:
    """The same report for a spreadsheet, its figures as numbers."""
    words = issue.office.press.look.report
    columns = [
        SheetColumn(key, getattr(words, key), "decimal" if key in _FIGURES else "text")
        for key in _HEADS
    ]
    rows: list[list[Cell]] = [
        [cell(column.kind, getattr(row, column.key)) for column in columns] for row in paper.rows
    ]
    return issue.as_sheet(paper, columns, rows)


def figure_row(
    indicator: Indicator, value: Any, previous: Any, words: Wording, **more: str
) -> ReportRow:
    """One line of a report; figures of another period that nobody knows stay empty."""
    places = indicator.decimals
    known = previous is not None
    return ReportRow(
        code=indicator.code,
        label=indicator.label,
        unit=indicator.unit,
        current=figure_text(value, places, words.unknown),
        previous=figure_text(previous, places, words.unknown) if known else "",
        change=change_text(value, previous, places),
        level=int(indicator.label.startswith(BELOW)),
        **more,
    )


def _rows(actor: Actor, form: FormDef, shown: Return, words: Wording) -> list[ReportRow]:
    if not form.indicators:
        numbered = enumerate(form.fields, 1)
        return [_field_row(actor, str(n), field, shown) for n, field in numbered]
    rows = []
    for one in form.indicators:
        held = shown.known.get(one.code)
        row = figure_row(
            one,
            shown.figures.get(one.code),
            held.previous if held else None,
            words,
            note=one.caliber or "",
            reason=shown.reasons.get(one.code, ""),
        )
        rows.append(_marked(row, words) if one.code in _typed_over(shown) else row)
    return rows


def _field_row(actor: Actor, number: str, field: Field, shown: Return) -> ReportRow:
    text = text_of(field, shown.figures.get(field.key))
    visible = seen(actor, shown.area.code, level=field.level, kind=field.type, text=text).text
    reason = shown.reasons.get(field.key, "")
    return ReportRow(number, field.label, field.unit or "", visible, reason=reason)


def _typed_over(shown: Return) -> set[str]:
    """Figures that a person changed although the system had computed them."""
    return {
        key
        for key in shown.answers
        if (held := shown.known.get(key)) is not None and held.value is not None
    }


def _marked(row: ReportRow, words: Wording) -> ReportRow:
    return ReportRow(**(vars(row) | {"label": words.changed.format(label=row.label)}))


def _signed(label: str, shown: Return, words: Wording) -> str:
    """Who took the step that fills this place; empty places are signed by hand."""
    last = {step.what: step for step in shown.steps}
    submitted = last.get("submitted")
    if label in words.signed_on:
        return date_text(submitted.at.date()) if submitted else ""
    step = last.get(words.signed.get(label, ""))
    return step.by if step else ""


def _notes(form: FormDef, shown: Return, issue: Issue) -> list[str]:
    words = issue.office.words
    notes = [form.print.note] if form.print.note else []
    if _typed_over(shown):
        notes.append(words.notes.changed.format(reason=issue.office.press.look.report.reason))
    submitted = [step.at for step in shown.steps if step.what == "submitted"]
    if shown.state in _OPEN or shown.digest is None or not submitted:
        return [*notes, words.notes.draft.format(state=shown.state_label)]
    at = time_text(submitted[-1].astimezone(issue.at.tzinfo))
    sealed = words.notes.sealed.format(
        version=shown.version, at=at, state=shown.state_label, digest=shown.digest
    )
    return [*notes, sealed]
