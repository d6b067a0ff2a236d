"""Whether two orders may be about the same thing (重复件). It is only ever offered: a person
decides, because two heaps of rubbish may lie on one corner."""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from backend.engine.orders.places import plain_place
from backend.engine.text.normal import half_width

NEAR: Final = 50.0  # metres
SOON: Final = timedelta(hours=72)
LIKE: Final = 0.25  # how much of the words must agree when nobody has said what it is about

_EARTH = 6_371_000.0
_PLACE, _TIME, _WORDS = 0.4, 0.2, 0.4  # what each says about two being one
_REST = re.compile(r"[^\u3400-\u9fffa-z]+")


@dataclass(frozen=True, slots=True)
class Sight:
    """What is compared of an order: its point, else its building, else the words of its place."""

    category: str | None
    words: str
    at: datetime
    lng: float | None = None
    lat: float | None = None
    building: str | None = None
    place: str = ""

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude, when both are known."""
        return None if self.lng is None or self.lat is None else (self.lng, self.lat)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely two are one (0 to 1), and why: metres apart where known, hours, share of words."""

    score: float
    metres: float | None
    hours: float
    words: float


def alike(one: Sight, other: Sight) -> Likeness | None:
    """How much two are alike; None when place, time or class tell them apart."""
    apart = abs(one.at - other.at)
    metres, close = _closeness(one, other)
    if apart > SOON or close == 0:
        return None
    words = overlap(one.words, other.words)
    if one.category is None or other.category is None:
        if words < LIKE:
            return None
    elif one.category != other.category:
        return None
    score = _PLACE * close + _TIME * (1 - apart / SOON) + _WORDS * words
    return Likeness(round(score, 3), metres, round(apart / timedelta(hours=1), 1), round(words, 2))


def _closeness(one: Sight, other: Sight) -> tuple[float | None, float]:
    """Metres where both have a point, and 1 (same place) to 0 (elsewhere)."""
    here, there = one.point, other.point
    if here is not None and there is not None:
        metres = distance(here, there)
        return round(metres, 1), 0.0 if metres > NEAR else 1 - metres / (2 * NEAR)
    if one.building is not None and other.building is not None:
        return None, 1.0 if one.building == other.building else 0.0
    place = plain_place(one.place)
    return None, 1.0 if place and place == plain_place(other.place) else 0.0


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points (longitude, latitude in degrees) on a sphere."""
    (lng, lat), (lng2, lat2) = (tuple(map(math.radians, point)) for point in (one, other))
    half = (
        math.sin((lat2 - lat) / 2) ** 2
        + math.cos(lat) * math.cos(lat2) * math.sin((lng2 - lng) / 2) ** 2
    )
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))


def overlap(one: str, other: str) -> float:
    """The share of the shorter text's pairs of characters that the other has too (0 to 1)."""
    pairs, others = _pairs(one), _pairs(other)
    least = min(len(pairs), len(others))
    return len(pairs & others) / least if least else 0.0


def _pairs(text: str) -> set[str]:
    runs = _REST.split(half_width(text).lower())
    return {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
