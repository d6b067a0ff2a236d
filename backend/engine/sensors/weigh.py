"""What several sources together say of one building: signs of a danger, weighed by rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from backend.engine.sensors.measures import Danger, Sign, Source

_TIMES = 2  # a sign counts so often at most: ten calls about one thing are not ten things


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened in a building: an alarm, an order, a visit."""

    of: Source
    id: UUID
    building: UUID
    at: datetime
    label: str
    kind: str = ""
    level: int = 0
    category: str = ""
    met: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    of: Source
    id: UUID
    at: datetime
    words: str
    points: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """A danger in a building: what it weighs, and why, the newest reason first."""

    points: int
    reasons: tuple[Reason, ...]


def weigh(danger: Danger, marks: Sequence[Mark], now: datetime) -> Verdict | None:
    """Whether what is known of one building comes to the danger."""
    since, counted = now - timedelta(days=danger.days), dict.fromkeys(danger.signs, 0)
    reasons, points = [], 0
    for mark in sorted(marks, key=lambda mark: (mark.at, str(mark.id)), reverse=True):
        sign = _sign(danger, mark) if mark.at >= since else None
        if sign is None:
            continue
        counted[sign] += 1
        points += sign.points if counted[sign] <= _TIMES else 0
        words = sign.words.format(label=mark.label)
        reasons.append(Reason(mark.of, mark.id, mark.at, words, sign.points))
    enough = len({reason.of for reason in reasons}) >= danger.sources and points >= danger.points
    return Verdict(points, tuple(reasons)) if enough else None


def _sign(danger: Danger, mark: Mark) -> Sign | None:
    """The heaviest sign that a mark is."""
    fit = [sign for sign in danger.signs if sign.of == mark.of and _is(sign, mark)]
    return max(fit, key=lambda sign: sign.points, default=None)


def _is(sign: Sign, mark: Mark) -> bool:
    if sign.of == "alarm":
        return mark.kind in sign.kinds and mark.level >= sign.level
    if sign.of == "order":
        return mark.category in sign.categories
    return mark.met in sign.met or any(word in mark.text for word in sign.said)
