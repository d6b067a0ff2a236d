"""Finds the table in a sheet that people made: title rows above it, signatures below it.

The head row is the one with the most known labels; every label may be written in several ways.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from backend.engine.sheet.read import Grid

HEAD_WITHIN = 30
# What is added to a label without changing what it means: 姓名*, 手机号（必填）, 姓 名.
_ADDED = re.compile(r"[（(\[【].*?[）)\]】]|[*＊:：\s\u3000]")

Labels = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Line:
    """One row below the head: its number in Excel, texts by key, and keys of rounded numbers."""

    number: int
    values: Mapping[str, str]
    rounded: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Headed:
    """A table that was found. `unknown` are head labels that mean nothing to us."""

    head: int
    columns: Mapping[str, int]
    unknown: tuple[str, ...]
    lines: tuple[Line, ...]


def find_table(grids: Sequence[Grid], labels: Labels, required: Sequence[str]) -> Headed | None:
    """The table with the most known labels that has all `required` keys; None when there is none.

    `labels` gives the ways to write each key's label; blanks, * and bracketed notes are ignored.
    """
    meanings = {_plain(name): key for key, names in labels.items() for name in names}
    best: tuple[int, Grid, int, dict[str, int]] | None = None
    for grid in grids:
        for number, row in enumerate(grid.rows[:HEAD_WITHIN]):
            columns = _columns(row, meanings)
            if columns.keys() >= set(required) and (best is None or len(columns) > best[0]):
                best = (len(columns), grid, number, columns)
    if best is None:
        return None
    _, grid, head, columns = best
    known = set(columns.values())
    unknown = [cell for i, cell in enumerate(grid.rows[head]) if cell and i not in known]
    lines = tuple(_lines(grid, head, columns, required))
    return Headed(head + 1, columns, tuple(unknown), lines)


def _columns(row: Sequence[str], meanings: Mapping[str, str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for i, cell in enumerate(row):
        key = meanings.get(_plain(cell))
        if key is not None:
            columns.setdefault(key, i)
    return columns


def _lines(
    grid: Grid, head: int, columns: Mapping[str, int], required: Sequence[str]
) -> Iterator[Line]:
    """Rows that fill at least one required column; blank rows and signatures do not."""
    for number in range(head + 1, len(grid.rows)):
        row = grid.rows[number]
        values = {key: row[i] if i < len(row) else "" for key, i in columns.items()}
        if not any(values[key] for key in required) or _is_signature(row):
            continue
        rounded = frozenset(key for key, i in columns.items() if (number, i) in grid.rounded)
        yield Line(number + 1, values, rounded)


def _is_signature(row: Sequence[str]) -> bool:
    first = next((cell for cell in row if cell), "")
    return bool(
        re.match(r"(填报|填表|制表|审核|负责)人?\s*(（.*?）)?[:：]|注[:：]|说明[:：]", first)
    )


def _plain(label: str) -> str:
    return _ADDED.sub("", label).casefold()
