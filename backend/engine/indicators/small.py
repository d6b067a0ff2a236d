"""The small-number rule for what leaves a street: counts of 1 to 4 are hidden, and so much more
that none of them can be computed from the total or narrowed down to one value."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LEAST: Final = 5  # the smallest count that may be told; so may nothing at all (0)


@dataclass(frozen=True, slots=True)
class Veiled:
    """The cells of a column and their total as they may be told; None is hidden."""

    cells: tuple[int | None, ...]
    total: int | None


def veil(cells: Sequence[int], hide: Sequence[bool] = ()) -> Veiled:
    """A column of counts that add up to its total. `hide` names cells hidden for other reasons.

    Whoever knows the rule knows that a hidden cell is either 1 to 4 or at least 5; each small one
    must still have two possible values. The smallest others are hidden first, the total last.
    """
    hidden = [small(cell) for cell in cells]
    total = sum(cells)
    for place, hiding in enumerate(hide):
        hidden[place] = hidden[place] or hiding
    if not any(map(small, cells)):
        only = [place for place, hiding in enumerate(hidden) if hiding]
        told = total if len(only) != 1 else None  # else the one is the difference
        return Veiled(_shown(cells, hidden), told)
    others = sorted(
        (place for place, cell in enumerate(cells) if cell and not hidden[place]),
        key=lambda place: (cells[place], place),
    )
    while not _safe(cells, hidden) and others:
        hidden[others.pop(0)] = True
    told = total if _safe(cells, hidden) and not small(total) else None
    return Veiled(_shown(cells, hidden), told)


def small(count: int) -> bool:
    return 0 < count < LEAST


def _safe(cells: Sequence[int], hidden: Sequence[bool]) -> bool:
    """Whether each small cell has at least two possible values, given the sum of the hidden."""
    behind = [cell for cell, hiding in zip(cells, hidden, strict=True) if hiding]
    few = sum(map(small, behind))
    many = len(behind) - few
    if few == 0:
        return True
    rest = sum(behind)
    least = 1 if many else max(1, rest - (LEAST - 1) * (few - 1))
    most = min(LEAST - 1, rest - (few - 1) - LEAST * many)
    return most > least


def _shown(cells: Sequence[int], hidden: Sequence[bool]) -> tuple[int | None, ...]:
    return tuple(None if hiding else cell for cell, hiding in zip(cells, hidden, strict=True))
