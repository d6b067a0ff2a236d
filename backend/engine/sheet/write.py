"""Writes one table as .xlsx, row by row in constant memory, ready to be printed.

Text stays text: numbers of people are never turned into figures, and nothing that somebody typed
is ever taken for a formula, here or after it has been copied elsewhere.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice
from typing import Any

import xlsxwriter

from backend.engine.sheet.papers import Cell, SheetColumn, SheetPaper

A4, MARGIN, FOOT_MARGIN = 9, 0.5, 0.75
SAMPLE = 200
# In units of Excel: the width of a digit; a Chinese character takes two.
WIDTHS = {"index": 6.0, "id_no": 21.0, "phone": 14.0, "tel": 15.0, "date": 12.0, "datetime": 18.0}
NARROWEST, WIDEST, AIR = 7.0, 44.0, 2.4
PORTRAIT_WIDTH = 95.0
CENTERED = frozenset({"index", "date", "datetime", "year", "bool", "code", "phone", "tel", "id_no"})
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_TEXT = 32767
SHEET_NAME_LENGTH = 31
NOT_IN_SHEET_NAMES = str.maketrans("[]:*?/\\", "［］：＊？／＼")
FONT, HEAD_FONT = "宋体", "黑体"


def sheet_xlsx(paper: SheetPaper) -> bytes:
    """The file. Rows are consumed once; each must have as many cells as there are columns."""
    out = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook: Any = xlsxwriter.Workbook(out, options)
    _describe(workbook, paper)
    name = paper.title.translate(NOT_IN_SHEET_NAMES).strip("'")[:SHEET_NAME_LENGTH]
    sheet: Any = workbook.add_worksheet(name or None)
    rows = iter(paper.rows)
    sample = list(islice(rows, SAMPLE))
    widths = [_width(column, [row[i] for row in sample]) for i, column in enumerate(paper.columns)]
    for i, width in enumerate(widths):
        sheet.set_column(i, i, width)
    writer = _Writer(workbook, sheet, len(paper.columns))
    head = writer.title_rows(paper)
    writer.heads(head, paper.columns)
    last = writer.body(head + 1, paper.columns, chain(sample, rows))
    writer.closing(last + 1, paper)
    _print_setup(sheet, paper, head, sum(widths) > PORTRAIT_WIDTH)
    sheet.freeze_panes(head + 1, 0)
    sheet.autofilter(head, 0, max(last, head), len(paper.columns) - 1)
    workbook.close()
    return out.getvalue()


@dataclass(frozen=True)
class _Styles:
    """The formats of a workbook: text as it stands, text that could be a formula, and figures."""

    text: Any
    guarded: Any
    centered: Any
    integer: Any
    decimal: Any
    date: Any
    time: Any


class _Writer:
    def __init__(self, workbook: Any, sheet: Any, columns: int) -> None:
        self._workbook, self._sheet, self._columns = workbook, sheet, columns
        cell = {"border": 1, "border_color": "#808080", "text_wrap": True}
        self._styles = _Styles(
            text=self._format(**cell, num_format="@"),
            guarded=self._format(**cell, num_format="@", quote_prefix=True),
            centered=self._format(**cell, num_format="@", align="center"),
            integer=self._format(**cell, num_format="#,##0", align="right"),
            decimal=self._format(**cell, num_format="#,##0.00", align="right"),
            date=self._format(**cell, num_format="yyyy-mm-dd", align="center"),
            time=self._format(**cell, num_format="yyyy-mm-dd hh:mm", align="center"),
        )

    def title_rows(self, paper: SheetPaper) -> int:
        """Title, then subtitle and unit in one row; the number of the head row comes back."""
        style = self._format(font_name=HEAD_FONT, font_size=18, bold=True, align="center")
        self._sheet.set_row(0, 34)
        self._across(0, paper.title, style)
        if not (paper.subtitle or paper.unit_line):
            return 1
        # In one cell each: the left text runs over the empty cells beside it.
        self._sheet.write_string(1, 0, paper.subtitle, self._format())
        if paper.unit_line and self._columns > 1:
            right = self._format(align="right")
            self._sheet.write_string(1, self._columns - 1, paper.unit_line, right)
        return 2

    def heads(self, row: int, columns: Sequence[SheetColumn]) -> None:
        style = self._format(
            font_name=HEAD_FONT, bold=True, align="center", border=1, bg_color="#F0F0F0",
            text_wrap=True,
        )  # fmt: skip
        for i, column in enumerate(columns):
            self._sheet.write_string(row, i, column.label, style)

    def body(self, row: int, columns: Sequence[SheetColumn], rows: Iterator[Sequence[Cell]]) -> int:
        """All rows from `row` on; the number of the last one comes back."""
        for cells in rows:
            for i, (column, cell) in enumerate(zip(columns, cells, strict=True)):
                self._cell(row, i, column.kind, cell)
            row += 1
        return row - 1

    def closing(self, row: int, paper: SheetPaper) -> None:
        """Notes, then the signature line spread over the width."""
        small = self._format(font_size=9)
        for number, note in enumerate(paper.notes):
            self._sheet.write_string(row + number, 0, note, small)
        if not paper.signature:
            return
        row += len(paper.notes) + 1
        style = self._format()
        step = max(1, self._columns // len(paper.signature))
        last = self._columns - 1
        for number, text in enumerate(paper.signature):
            if number * step <= last:
                self._sheet.write_string(row, number * step, text, style)

    def _cell(self, row: int, column: int, kind: str, value: Cell) -> None:
        styles = self._styles
        if kind == "year" and value is not None:
            value = str(value)
        if isinstance(value, datetime):
            self._sheet.write_datetime(row, column, value.replace(tzinfo=None), styles.time)
        elif isinstance(value, date):
            self._sheet.write_datetime(row, column, value, styles.date)
        elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            style = styles.integer if value == int(value) and kind != "money" else styles.decimal
            self._sheet.write_number(row, column, value, style)
        else:
            text = "" if value is None else str(value)
            self._sheet.write_string(row, column, text[:LONGEST_TEXT], self._text_style(kind, text))

    def _text_style(self, kind: str, text: str) -> Any:
        if text.startswith(FORMULA_STARTS):
            return self._styles.guarded
        return self._styles.centered if kind in CENTERED else self._styles.text

    def _across(self, row: int, text: str, style: Any) -> None:
        if self._columns > 1:
            self._sheet.merge_range(row, 0, row, self._columns - 1, text, style)
        else:
            self._sheet.write_string(row, 0, text, style)

    def _format(self, **more: object) -> Any:
        plain = {"font_name": FONT, "font_size": 11, "valign": "vcenter"}
        return self._workbook.add_format(plain | more)


def _describe(workbook: Any, paper: SheetPaper) -> None:
    about = {"title": paper.title, "author": paper.author, "company": "", "comments": ""}
    if paper.made_at is not None:
        about["created"] = paper.made_at  # type: ignore[assignment]
    workbook.set_properties(about)
    if paper.trace_id:
        workbook.set_custom_property("TraceId", paper.trace_id, "text")


def _print_setup(sheet: Any, paper: SheetPaper, head: int, wide: bool) -> None:
    sheet.set_paper(A4)
    if wide:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_margins(MARGIN, MARGIN, MARGIN, FOOT_MARGIN)
    sheet.center_horizontally()
    # A literal & is written twice, or Excel takes the next letter for a code.
    sheet.set_footer(f"&L{paper.footer.replace('&', '&&')}&C{paper.page}")


def _width(column: SheetColumn, cells: Sequence[Cell]) -> float:
    if column.width:
        return column.width
    title = _cells_wide(column.label) + AIR
    if column.kind in WIDTHS:
        return max(WIDTHS[column.kind], title)
    widest = max((_cells_wide(str(cell)) for cell in cells if cell is not None), default=0)
    return min(max(NARROWEST, title, widest + AIR), WIDEST)


def _cells_wide(text: str) -> float:
    wide = sum(unicodedata.east_asian_width(char) in "WFA" for char in text)
    return len(text) + wide
