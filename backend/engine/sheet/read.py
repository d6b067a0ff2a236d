"""Reads what people send: .xlsx, .xls and .csv (UTF-8 or GB18030), all cells as text."""

import csv
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any, Literal

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_CELLS = 2_000_000
MOST_UNPACKED = 256 * 1024 * 1024
EXACT_FLOAT = 10**15  # beyond it Excel has already rounded the last digits away
ENCODINGS = ("utf-8-sig", "gb18030")

Trouble = Literal["kind", "broken", "large"]


class SheetError(ValueError):
    """The file cannot be read: of another kind, broken (or locked), or too large."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble: Trouble = trouble


@dataclass(frozen=True)
class Grid:
    """One visible sheet. Rows are numbered as in Excel, `rows[0]` being row 1.

    `rounded` are cells whose long number Excel kept as a figure, so that its last digits are
    lost: an ID number there must not be believed.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    rounded: frozenset[tuple[int, int]] = frozenset()


def read_sheets(body: bytes) -> list[Grid]:
    """The visible sheets in order; SheetError says why not. The kind is told by the content."""
    if body.startswith(ZIP):
        _check_unpacked(body)
        return _workbook(body)
    if body.startswith(OLE):
        return _workbook(body)
    return [Grid("", _csv(body))]


def _check_unpacked(body: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            names = archive.namelist()
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as broken:
        raise SheetError("broken") from broken
    if not any(name.startswith("xl/") for name in names):
        raise SheetError("kind")
    if unpacked > MOST_UNPACKED:
        raise SheetError("large")


def _workbook(body: bytes) -> list[Grid]:
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(body))
        visible = [
            number
            for number, sheet in enumerate(workbook.sheets_metadata)
            if sheet.visible == SheetVisibleEnum.Visible
        ]
        return [_grid(workbook.get_sheet_by_index(number)) for number in visible]
    except CalamineError as broken:
        raise SheetError("broken") from broken


def _grid(sheet: Any) -> Grid:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise SheetError("large")
    values = sheet.to_python(skip_empty_area=False)
    rounded = {
        (r, c)
        for r, row in enumerate(values)
        for c, value in enumerate(row)
        if isinstance(value, int | float) and abs(value) >= EXACT_FLOAT
    }
    rows = tuple(tuple(map(_text, row)) for row in values)
    return Grid(sheet.name, rows, frozenset(rounded))


def _text(value: object) -> str:
    """A cell as a person would read it aloud: whole numbers without .0, dates as ISO."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def _csv(body: bytes) -> tuple[tuple[str, ...], ...]:
    text = _decoded(body)
    lines = text.splitlines()[:20]
    delimiter = max(",\t;", key=lambda sign: sum(line.count(sign) for line in lines))
    if not any(delimiter in line for line in lines):
        raise SheetError("kind")
    rows = []
    cells = 0
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True):
            cells += len(row)
            if cells > MOST_CELLS:
                raise SheetError("large")
            rows.append(tuple(cell.strip() for cell in row))
    except csv.Error as broken:
        raise SheetError("broken") from broken
    return tuple(rows)


def _decoded(body: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(ord(char) < 32 and char not in "\t\r\n" for char in text):
            return text
    raise SheetError("kind")
