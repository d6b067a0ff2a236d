"""How wide each column becomes: measured on the first rows, so that figures are never cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from backend.engine.pdf.glyphs.typeface import Typeface
from backend.engine.pdf.papers import SOLID, Column

SAMPLE = 500
USUAL = 0.95  # of the cells of a column fit its natural width without a break
HEAD_LINES = 3
LEAST_EMS, EASY_EMS, WIDEST_EMS = 3.2, 11.0, 48.0
SOLID_MOST = 14.0  # a figure wider than this is no figure, and may be cut
INDEX_ROOM = "00000"


@dataclass(frozen=True)
class Demand:
    """What a column asks for, in em of the body size without padding."""

    least: float
    easy: float
    natural: float


def demand(
    column: Column, wish: float, cells: Sequence[str], body: Typeface, head: Typeface
) -> Demand:
    """The demand of one column that the form wishes `wish` em wide (0: no wish).

    Only solid columns insist on their widest cell; a column takes no more than its cells need
    while others need more.
    """
    title = head.measure(column.label, 1)
    title_least = max(title / HEAD_LINES, min(title, 2.0)) + 0.1
    widths = sorted(_widest_line(cell, body) for cell in cells) or [0.0]
    usual = widths[min(len(widths) - 1, ceil(len(widths) * USUAL) - 1)]
    if column.kind in SOLID:
        sample = [*widths, body.measure(INDEX_ROOM, 1)] if column.kind == "index" else widths
        least = max(title_least, min(max(sample), SOLID_MOST) + 0.05)
        return Demand(least, least, max(least, title, wish))
    natural = min(max(usual, title), WIDEST_EMS) + 0.05
    least = max(title_least, min(natural, LEAST_EMS, max(widths)))
    return Demand(least, max(least, min(natural, wish or EASY_EMS)), natural)


def share(demands: Sequence[Demand], available: float) -> list[float]:
    """Widths that add up to `available`: first the least, then the easy, then by need.

    When even the least does not fit, all columns shrink alike.
    """
    for lower, upper in (("least", "easy"), ("easy", "natural")):
        low = [getattr(each, lower) for each in demands]
        high = [getattr(each, upper) for each in demands]
        if sum(low) >= available:
            return [width * available / sum(low) for width in low]
        if sum(high) >= available:
            return _between(low, high, available)
    return _spread(demands, available)


def _between(low: list[float], high: list[float], available: float) -> list[float]:
    """Share what is left above `low` by the square root of the need, none above `high`."""
    widths = list(low)
    while (rest := available - sum(widths)) > 0.01:
        needs = [sqrt(max(0.0, top - width)) for top, width in zip(high, widths, strict=True)]
        total = sum(needs)
        if total < 0.01:
            break
        widths = [
            min(top, width + rest * need / total)
            for top, width, need in zip(high, widths, needs, strict=True)
        ]
    rest = (available - sum(widths)) / len(widths)
    return [width + rest for width in widths]


def _spread(demands: Sequence[Demand], available: float) -> list[float]:
    """More room than anybody needs: everyone gets air, wide text columns the most."""
    natural = [each.natural for each in demands]
    rest = available - sum(natural)
    weights = [sqrt(each.natural) * (2 if each.natural > each.least else 1) for each in demands]
    total = sum(weights)
    return [width + rest * weight / total for width, weight in zip(natural, weights, strict=True)]


def bands(demands: Sequence[Demand], pinned: Sequence[int], available: float) -> list[list[int]]:
    """Column numbers per part of a table too wide for a sheet; pinned ones stand on each part."""
    fixed = sum(demands[i].easy for i in pinned)
    loose = [i for i in range(len(demands)) if i not in pinned]
    room = max(available - fixed, available * 0.4)
    total = sum(demands[i].easy for i in loose)
    target = total / max(1, ceil(total / room))
    parts: list[list[int]] = [[]]
    filled = 0.0
    for i in loose:
        wanted = demands[i].easy
        if parts[-1] and (filled + wanted > room or filled + wanted / 2 > target):
            parts.append([])
            filled = 0.0
        parts[-1].append(i)
        filled += wanted
    return [sorted([*pinned, *part]) for part in parts]


def _widest_line(cell: str, typeface: Typeface) -> float:
    return max(typeface.measure(line, 1) for line in cell.split("\n"))
