"""Gathers a ledger for printing: all its rows as far as their reader may see them."""

from backend.core import clock, problems
from backend.core.access import Actor
from backend.core.problems import FieldIssue
from backend.engine.form.definition import FormDef
from backend.engine.pdf.papers import Column, LedgerPaper, Signer
from backend.engine.sheet.papers import SheetColumn, SheetPaper
from backend.engine.text.dates import date_text, span_text
from backend.features.areas import store as areas
from backend.features.catalogue.catalogue import Catalogue
from backend.features.documents.figures import cell
from backend.features.documents.issue import About, Issue, full_name
from backend.features.documents.shapes import Span
from backend.features.documents.wording import Wording
from backend.features.ledgers import actions, recording, view
from backend.features.ledgers.shapes import Filter, LedgerRow

MOST_ROWS = 20_000
_INDEX_MM = 11.0
_PINNED = 1  # the first column of a form names what the row is about


async def gather(
    actor: Actor, catalogue: Catalogue, code: str, span: Span, issue: Issue
) -> tuple[LedgerPaper, About]:
    """The paper and what it is about. Too many rows and unknown ledgers are refused."""
    form = catalogue.form(code)
    if form.kind != "ledger" and not recording.recordable(form):
        raise problems.not_found(kind="台账")
    place = await place_of(actor, span)
    rows = await _rows(actor, catalogue, form, span)
    words = issue.office.words
    shown = days_of(form, span, words)
    columns, cells = _table(form, rows, words)
    paper = LedgerPaper(
        title=form.print.title,
        columns=columns,
        rows=cells,
        orientation=form.print.orientation,
        subtitle=form.print.unit_line.format(committee=place),
        unit_line=shown,
        signature=tuple(map(Signer, form.print.signatures)),
        stamp=place,
        notes=(form.print.note,) if form.print.note else (),
        footer=issue.footer,
        copy=issue.copy,
    )
    facts: dict[str, object] = {"ledger": code, "rows": len(rows), "area": span.area or actor.area}
    facts |= {"from": span.since, "to": span.until}
    return paper, About(f"ledger:{code}", form.title, place, shown, facts)


def sheet_of(paper: LedgerPaper, issue: Issue) -> SheetPaper:
    """The same ledger for a spreadsheet: figures as numbers, everything else as text."""
    columns = [SheetColumn(one.key, one.label, one.kind) for one in paper.columns]
    rows = [
        [cell(column.kind, text) for column, text in zip(paper.columns, row, strict=True)]
        for row in paper.rows
    ]
    return issue.as_sheet(paper, columns, rows)


async def place_of(actor: Actor, span: Span) -> str:
    """The body whose ledger it is: the committee asked for, or the actor's own area."""
    if span.area is not None:
        await areas.one(actor.scope, span.area)
    return await full_name(span.area or actor.area)


def filter_of(span: Span) -> Filter:
    """The filter of a span; days the wrong way round are bad input."""
    if span.since and span.until and span.until < span.since:
        backwards = FieldIssue("to", "span.backwards", "结束日期不能早于开始日期。")
        raise problems.answers_bad(fields=[backwards])
    return Filter.model_validate(
        {"from": span.since, "to": span.until, "area": span.area, "q": span.q}
    )


async def _rows(actor: Actor, catalogue: Catalogue, form: FormDef, span: Span) -> list[LedgerRow]:
    query = filter_of(span)
    # one page for all: who stands in a derived ledger is found anew for every page
    page = await actions.rows(
        actor, catalogue, form.code, query.model_copy(update={"limit": MOST_ROWS})
    )
    if page.total > MOST_ROWS:
        raise problems.document_too_long(rows=page.total, most=MOST_ROWS)
    return list(page.rows)


def _table(
    form: FormDef, rows: list[LedgerRow], words: Wording
) -> tuple[list[Column], list[list[str]]]:
    """Numbered rows; a last column says which entries were corrected, when there are any."""
    columns = [Column("no", words.index, _INDEX_MM, kind="index", pinned=True)]
    for number, (field, width, label) in enumerate(view.columns_of(form)):
        pinned = number < _PINNED
        columns.append(Column(field.key, label, width, kind=field.type, pinned=pinned))
    keys = [column.key for column in columns[1:]]
    cells = [[str(n), *(row.cells.get(key, "") for key in keys)] for n, row in enumerate(rows, 1)]
    if all(row.state == "good" for row in rows):
        return columns, cells
    told = {"good": "", "corrected": words.corrected, "reversal": words.reversal}
    standing = Column("state", words.standing, kind="code")
    return [*columns, standing], [
        [*line, told[row.state]] for line, row in zip(cells, rows, strict=True)
    ]


def days_of(form: FormDef, span: Span, words: Wording) -> str:
    """The days covered, as they stand in the heading; a derived ledger is as of today."""
    today = clock.today()
    if form.membership is not None:
        return words.until.format(last=date_text(today))
    if span.since and span.until:
        return span_text(span.since, span.until)
    if span.since:
        return words.since.format(first=date_text(span.since))
    return words.until.format(last=date_text(min(span.until or today, today)))
