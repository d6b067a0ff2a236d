"""The quarter's list on paper and as a spreadsheet: small, calm, public words only."""

from datetime import datetime

from backend.engine.pdf.papers import Column, Copy, LedgerPaper
from backend.engine.sheet.papers import Cell, SheetColumn
from backend.features.documents.wording import Findings
from backend.features.feedback.quarter import ListContent, ListTotals

_WIDTHS = {
    "index": 9.0,
    "scene": 22.0,
    "summary": 62.0,
    "area": 30.0,
    "decision": 18.0,
    "result": 80.0,
    "judged": 20.0,
}
_KINDS = {"index": "index", "decision": "code", "judged": "code"}


def paper(
    words: Findings,
    content: ListContent,
    *,
    street: str,
    period: str,
    intro: str,
    draft: bool,
    footer: str,
    copy: Copy,
) -> LedgerPaper:
    columns = [
        Column(key, getattr(words, key), width, kind=_KINDS.get(key, "text"))
        for key, width in _WIDTHS.items()
    ]
    notes = [words.draft] if draft else []
    notes += [intro] if intro else []
    return LedgerPaper(
        title=words.title,
        columns=columns,
        rows=_rows(content),
        orientation="landscape",
        subtitle=street,
        unit_line=period,
        notes=[*notes, *told(words, content)],
        footer=footer,
        copy=copy,
    )


def sheet(content: ListContent, words: Findings) -> tuple[list[SheetColumn], list[list[Cell]]]:
    """Columns and rows of the same list for a spreadsheet."""
    columns = [SheetColumn(key, getattr(words, key), _KINDS.get(key, "text")) for key in _WIDTHS]
    return columns, [[int(line[0]), *line[1:]] for line in _rows(content)]


def told(words: Findings, content: ListContent) -> list[str]:
    """The figures in sentences; shares that nothing is known of are 无."""
    totals = content.totals
    figures = totals.model_dump() | {
        name: words.nothing if share is None else f"{share}%"
        for name, share in _shares(totals).items()
    }
    said = [words.received, words.decided, words.done]
    if None not in (totals.handy, totals.useful, totals.liked):
        said.append(words.scores)
    return [each.format(**figures, listed=len(content.rows)) for each in said]


def _shares(totals: ListTotals) -> dict[str, int | None]:
    names = ("adopted_share", "done_share", "solved_share", "in_time_share")
    return {name: getattr(totals, name) for name in names}


def _rows(content: ListContent) -> list[list[str]]:
    return [
        [
            str(number),
            row.scene_label,
            row.summary,
            row.area,
            row.decision_label,
            row.result,
            row.judged_label,
        ]
        for number, row in enumerate(content.rows, 1)
    ]


def public_copy(street: str, published_at: datetime) -> Copy:
    """A copy for anybody: nobody's name runs over it."""
    return Copy(author=street, made_at=published_at)
