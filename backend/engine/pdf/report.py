"""Prints a report: one row per indicator, only the columns that are filled, narrow and readable."""

from collections.abc import Callable

from backend.engine.pdf.closing import Closing
from backend.engine.pdf.ledger import TablePaper, print_table
from backend.engine.pdf.look import ReportWords
from backend.engine.pdf.papers import Column, Printed, ReportPaper, ReportRow
from backend.engine.pdf.press import Press
from backend.engine.pdf.sheet import Banner

CODE_MM, UNIT_MM, FIGURE_MM = 16.0, 16.0, 17.0
ALWAYS = frozenset({"code", "label", "unit", "current"})

Cell = Callable[[ReportRow], str]


def report_pdf(paper: ReportPaper, press: Press) -> Printed:
    """The report as PDF; 上期, 增减, 口径／说明 and 变化原因 stand there if a row has them."""
    words = press.look.report
    shown = [
        (column, cell)
        for column, cell in _columns(words)
        if column.key in ALWAYS or any(cell(row) for row in paper.rows)
    ]
    rows = [[cell(row) for _, cell in shown] for row in paper.rows]
    banner = Banner(paper.title, paper.subtitle, paper.unit_line, paper.footer)
    closing = Closing(paper.notes, paper.signature, paper.stamp)
    columns = [column for column, _ in shown]
    return print_table(
        TablePaper(columns, rows, banner, closing, paper.copy, press.look.report_rows), press
    )


def _columns(words: ReportWords) -> list[tuple[Column, Cell]]:
    def label(row: ReportRow) -> str:
        return words.below.format(label=row.label) if row.level else row.label

    return [
        (Column("code", words.code, CODE_MM, "center"), lambda row: row.code),
        (Column("label", words.label, pinned=True), label),
        (Column("unit", words.unit, UNIT_MM, "center"), lambda row: row.unit),
        (_figure("current", words.current), lambda row: row.current),
        (_figure("previous", words.previous), lambda row: row.previous),
        (_figure("change", words.change), lambda row: row.change),
        (Column("note", words.note), lambda row: row.note),
        (Column("reason", words.reason), lambda row: row.reason),
    ]


def _figure(key: str, label: str) -> Column:
    return Column(key, label, FIGURE_MM, kind="decimal")
