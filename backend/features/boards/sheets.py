"""Boards as spreadsheets: rates stand behind the counts they divide, and are explained below."""

from backend.engine.orders.rates import Yardstick
from backend.engine.pdf.papers import ReportPaper
from backend.engine.sheet.papers import Cell, SheetColumn, SheetPaper
from backend.engine.text.dates import span_text
from backend.features.boards.shapes import Board, Count, Line, Statistics, Table
from backend.features.documents.issue import About, Issue

_WIDTH = 13


def of_board(
    board: Board, yardstick: Yardstick, kind: str, issue: Issue
) -> tuple[SheetPaper, About]:
    title = yardstick.words[kind]
    by = yardstick.by["street" if kind == "district" else "area"]
    span = span_text(board.since, board.until)
    facts: dict[str, object] = {"from": str(board.since), "to": str(board.until)}
    about = About(f"board:{board.area.code}", title, board.area.name, span, facts)
    return _paper(about, by, board.table, yardstick, issue), about


def of_statistics(
    found: Statistics, yardstick: Yardstick, issue: Issue
) -> tuple[SheetPaper, About]:
    title = yardstick.words["statistics"].format(by=found.by_label)
    facts: dict[str, object] = {
        "by": found.by,
        "from": str(found.since),
        "to": str(found.until),
    }
    span = span_text(found.since, found.until)
    about = About(f"statistics:{found.by}", title, issue.place, span, facts)
    return _paper(about, found.by_label, found.table, yardstick, issue), about


def _paper(about: About, by: str, table: Table, yardstick: Yardstick, issue: Issue) -> SheetPaper:
    words = yardstick.words
    rates = [rate for rate in yardstick.rates if rate.key in table.total.rates]
    counts = [name for name in yardstick.counts if name in table.total.counts]
    paper = ReportPaper(
        title=about.title,
        rows=[],
        subtitle=about.place,
        unit_line=about.span,
        notes=[
            words["veiled"],
            *(
                words["rate"].format(
                    label=rate.label,
                    of=yardstick.counts[rate.of],
                    per=yardstick.counts[rate.per],
                    caliber=rate.caliber,
                )
                for rate in rates
            ),
        ],
        footer=issue.footer,
        copy=issue.copy,
    )
    columns = [
        SheetColumn("label", by),
        *(SheetColumn(name, yardstick.counts[name], width=_WIDTH) for name in counts),
        *(SheetColumn(rate.key, rate.label, "code", width=_WIDTH) for rate in rates),
    ]
    rows = [_cells(line, counts, [rate.key for rate in rates]) for line in table.rows]
    rows.append(_cells(table.total, counts, [rate.key for rate in rates]))
    return issue.as_sheet(paper, columns, rows)


def _cells(line: Line, counts: list[str], rates: list[str]) -> list[Cell]:
    return [
        line.label,
        *(_cell(line.counts[name]) for name in counts),
        *(line.rates[key].shown for key in rates),
    ]


def _cell(count: Count) -> Cell:
    return count.shown if count.value is None else count.value
