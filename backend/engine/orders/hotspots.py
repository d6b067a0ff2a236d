"""Where orders gather: cells of a fine grid, the densest first, each with its neighbours around.

Discs instead of chains, so that a busy street does not become one long spot.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

CELL_LAT: Final = 0.0005  # some 55 m
CELL_LNG: Final = 0.00058
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """The orders of one category in one cell: now, in the span before, and not ended yet; where
    they lie on average, and the place most of them name."""

    x: int
    y: int
    category: str
    count: int
    before: int
    live: int
    lng: float
    lat: float
    place: str


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A place of some 80 m around a point where orders gather."""

    lng: float
    lat: float
    count: int
    before: int
    live: int
    place: str
    categories: tuple[tuple[str, int], ...]


def hot_spots(cells: Iterable[Cell], least: int) -> list[HotSpot]:
    """Spots of at least `least` orders, the busiest first; no order belongs to two."""
    at: dict[tuple[int, int], list[Cell]] = {}
    for cell in cells:
        at.setdefault((cell.x, cell.y), []).append(cell)
    dense = {key: sum(cell.count for cell in within) for key, within in at.items()}
    spots: list[HotSpot] = []
    for key in sorted(dense, key=lambda key: (-dense[key], key)):
        around = [cell for near in _around(key) for cell in at.get(near, ())]
        if key in at and sum(cell.count for cell in around) >= least:
            spots.append(_spot(around, at[key]))
            for near in _around(key):
                at.pop(near, None)
    return sorted(spots, key=lambda spot: (-spot.count, spot.place))[:MOST]


def _around(key: tuple[int, int]) -> list[tuple[int, int]]:
    return [(key[0] + dx, key[1] + dy) for dx in (0, -1, 1) for dy in (0, -1, 1)]


def _spot(around: Sequence[Cell], middle: Sequence[Cell]) -> HotSpot:
    count = sum(cell.count for cell in around)
    kinds: Mapping[str, int] = _added((cell.category, cell.count) for cell in around)
    places = _added((cell.place, cell.count) for cell in middle)
    return HotSpot(
        lng=sum(cell.lng * cell.count for cell in around) / count,
        lat=sum(cell.lat * cell.count for cell in around) / count,
        count=count,
        before=sum(cell.before for cell in around),
        live=sum(cell.live for cell in around),
        place=max(places, key=lambda place: (places[place], place)),
        categories=tuple(sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))[:3]),
    )


def _added(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    added: Counter[str] = Counter()
    for name, count in pairs:
        added[name] += count
    return added
