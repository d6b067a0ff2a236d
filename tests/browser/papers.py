"""What stands on a paper or in a workbook, as plain cells, to be held against the screen."""

from pathlib import Path

import pdfplumber
from python_calamine import CalamineWorkbook


def plain(text: object) -> str:
    """A cell without the line breaks and spaces of printing, figures as short as can be."""
    bare = "".join(str("" if text is None else text).split())
    try:
        return f"{float(bare.replace(',', '')):g}"
    except ValueError:
        return bare


def pdf(path: Path) -> tuple[list[list[str]], str]:
    """The rows of all tables of a PDF, and its whole text."""
    rows, words = [], ""
    with pdfplumber.open(path) as paper:
        for page in paper.pages:
            ink = page.filter(lambda thing: thing["object_type"] != "curve")
            rows += [[plain(cell) for cell in row] for row in ink.extract_table() or []]
            words += plain(page.extract_text())
    return rows, words


def workbook(path: Path) -> list[list[str]]:
    """The rows of the first sheet."""
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    return [[plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def lines(rows: list[list[str]], heads: list[str]) -> list[dict[str, str]]:
    """The rows below each head that has these columns; notes at the foot fill other cells."""
    found: list[dict[str, str]] = []
    head: list[str] = []
    for row in rows:
        if set(heads) <= set(row):
            head = row
        elif head and row[head.index(heads[0])]:
            found.append({h: c for h, c in zip(head, row, strict=False) if h in heads})
    return found
