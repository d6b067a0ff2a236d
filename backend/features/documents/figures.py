"""Figures as they are printed, and back as numbers for a spreadsheet."""

import re
from typing import Any

from backend.engine.sheet.papers import Cell

NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?")
NUMERIC = frozenset({"index", "integer", "decimal", "money"})


def figure_text(value: Any, decimals: int, unknown: str) -> str:
    """12345 → '12,345', 85.7 → '85.7'; text as it is, nothing as the sign for unknown."""
    if value is None or value == "":
        return unknown
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,.{decimals}f}"


def change_text(current: Any, previous: Any, decimals: int) -> str:
    """The difference with its sign, '0' for none; empty when there is nothing to compare."""
    if not all(isinstance(each, int | float) for each in (current, previous)):
        return ""
    text = f"{current - previous:+,.{decimals}f}"
    return text[1:] if not text.strip("+-0.,") else text


def cell(kind: str, text: str) -> Cell:
    """The printed text as a spreadsheet's cell: a number where the column holds numbers."""
    if kind not in NUMERIC or NUMBER.fullmatch(text) is None:
        return text
    plain = text.replace(",", "")
    return float(plain) if "." in plain else int(plain)
