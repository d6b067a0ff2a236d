"""Orders that reach a committee day by day: hotline calls, patrol finds, emergencies.

Everything of a day is drawn from that day's own generator, so that tomorrow changes nothing of
today. A caller is somebody who lives there; some call twice about one thing, which is what makes
duplicates.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Literal

from backend.core.clock import SHANGHAI
from backend.sandbox.district.families import Person
from backend.sandbox.district.places import Building
from backend.sandbox.district.said import CALLS, EVENTS, FINDS, Line
from backend.sandbox.district.town import Town

Way = Literal["hotline", "patrol", "emergency"]

_SAID: dict[Way, tuple[Line, ...]] = {"hotline": CALLS, "patrol": FINDS, "emergency": EVENTS}
_LETTER: dict[Way, str] = {"hotline": "R", "patrol": "X", "emergency": "Y"}
# a day, for a committee of a thousand people; a thin committee has a tenth
_RATES: dict[Way, float] = {"hotline": 0.30, "patrol": 0.35, "emergency": 0.03}
_TWICE = 0.12


@dataclass(frozen=True, slots=True)
class Call:
    """One order at its source. `committee` is empty where the platform could not tell it."""

    id: str
    way: Way
    at: datetime
    line: Line
    title: str
    content: str
    building: Building
    place: str
    committee: str
    caller: Person | None
    secret: bool
    urged: int = 0
    satisfied: str = ""
    solved: str = ""
    updated: str = ""

    @property
    def point(self) -> tuple[float, float]:
        return self.building.lng, self.building.lat


def day_of_calls(made: Town, day: date, people: int) -> Iterator[Call]:
    """What came in on a day, in no order."""
    for way, rate in _RATES.items():
        rng = made.rng(way, day)
        expected = rate * max(people, 100) / 1000
        for turn in range(int(expected + rng.random())):
            first = call(made, rng, way, _moment(rng, day, way), f"{day:%Y%m%d}", str(turn))
            yield first
            if way == "hotline" and rng.random() < _TWICE:
                yield _once_more(made, rng, first)


def call(made: Town, rng: Random, way: Way, at: datetime, day: str, turn: str) -> Call:
    """One order: what is said, where, and by whom."""
    line = rng.choice(_SAID[way])
    homes = [b for b in made.buildings if b.lane] or made.buildings
    caller = _caller(made, rng, at.date()) if way != "patrol" else None
    building = caller.house.building if caller and rng.random() < 0.8 else rng.choice(homes)
    short = f"{building.road}{building.lane}弄{building.number}号" if building.lane else ""
    short = short or f"{building.road}{building.number}号"
    floor = rng.randrange(1, building.floors + 1)
    gaps = {
        "place": short,
        "estate": building.estate,
        "floor": floor,
        "room": f"{floor}0{rng.randrange(1, building.doors + 1)}",
        "days": rng.randrange(3, 30),
        "hour": rng.choice((6, 7, 10, 11, 12)),
    }
    return Call(
        id=f"{_LETTER[way]}{day}{made.committee.code[6:]}{turn:>02}",
        way=way,
        at=at,
        line=line,
        title=line.title.format_map(gaps),
        content=line.content.format_map(gaps),
        building=building,
        place=_place(rng, building, short),
        committee=made.committee.code if rng.random() < 0.7 else "",
        caller=caller,
        secret="保密" in line.content or rng.random() < 0.05,
        updated=f"{at:%Y%m%d%H%M%S}",
    )


def _once_more(made: Town, rng: Random, first: Call) -> Call:
    """A neighbour calls about the same thing some hours later, in other words."""
    at = first.at + timedelta(hours=rng.uniform(1, 20))
    return replace(
        first,
        id=f"{first.id}B",
        at=at,
        caller=_caller(made, rng, at.date()),
        title=f"再次反映：{first.title}"[:60],
        content=f"楼里邻居也反映：{first.content}希望尽快处理。",
        updated=f"{at:%Y%m%d%H%M%S}",
    )


def _caller(made: Town, rng: Random, day: date) -> Person | None:
    """Somebody grown up who lives there; a few of them call often."""
    living = [p for p in made.living(day) if p.birth.year < day.year - 20]
    if not living:
        return None
    return rng.choice(living[:5] if rng.random() < 0.1 else living)


def _place(rng: Random, building: Building, short: str) -> str:
    chance = rng.random()
    if chance < 0.55:
        return building.address
    if chance < 0.85:
        return f"{short}门口" if rng.random() < 0.4 else short
    if chance < 0.95:
        return f"{building.estate}{building.number}号楼"
    return f"{building.road}靠近{building.estate}大门"


def _moment(rng: Random, day: date, way: Way) -> datetime:
    hour = rng.choices(range(24), _HOURS)[0] if way != "patrol" else rng.randrange(8, 18)
    moment = time(hour, rng.randrange(60), rng.randrange(60))
    return datetime.combine(day, moment, SHANGHAI)


_HOURS = (2, 1, 1, 1, 1, 2, 4, 7, 10, 11, 10, 8, 6, 7, 8, 8, 7, 6, 6, 7, 7, 6, 4, 3)
