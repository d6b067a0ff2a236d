"""What the platform holds, sorted by time of change, and what is done to it while it runs."""

import json
from bisect import bisect_right, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from backend.core import clock
from backend.sandbox.district import numbers, town
from backend.sandbox.district.families import Person
from backend.sandbox.district.places import Building, Committee, House
from backend.sandbox.district.town import Town
from backend.sandbox.district.world import Plan, towns
from backend.sandbox.street.words import Row, building_row, house_row, person_row

Key = tuple[str, str]  # (time of change, id)
_STAMP = "%Y%m%d%H%M%S"


class Nonsense(ValueError):
    """A change that the shelf cannot make, with the reason."""


@dataclass
class Stream:
    """One kind of row: how to write it, and where each stands in the order of change."""

    write: Callable[[Any], Row]
    order: list[Key] = field(default_factory=list)
    things: dict[str, Any] = field(default_factory=dict)

    def fill(self, things: Sequence[tuple[str, str, Any]]) -> None:
        self.order = sorted((updated, name) for name, updated, _ in things)
        self.things = {name: (updated, thing) for name, updated, thing in things}

    def put(self, name: str, updated: str, thing: Any) -> None:
        """A row that has changed, or is new."""
        if name in self.things:
            self.order.remove((self.things[name][0], name))
        self.things[name] = (updated, thing)
        insort(self.order, (updated, name))

    def after(self, cursor: Key, size: int) -> tuple[list[Row], Key, bool]:
        """The rows behind a cursor: (rows, next cursor, whether there is more)."""
        start = bisect_right(self.order, cursor)
        keys = self.order[start : start + size]
        rows = [self.write(self.things[name][1]) for _, name in keys]
        return rows, keys[-1] if keys else cursor, start + size < len(self.order)


class Shelf:
    """The district up to yesterday (platforms lag a day), plus what was ordered by hand."""

    def __init__(self, plan: Plan, among: Sequence[Committee], state: Path | None = None) -> None:
        self.plan, self.among, self.state = plan, among, state
        self.people, self.houses = Stream(person_row), Stream(house_row)
        self.buildings = Stream(lambda pair: building_row(*pair))
        self.changes: list[Row] = []
        self.towns: dict[str, Town] = {}
        self.build(plan.today)
        if state and state.exists():
            for line in state.read_text(encoding="utf-8").splitlines()[1:]:
                self._make(json.loads(line))

    @property
    def streams(self) -> dict[str, Stream]:
        return {"rk": self.people, "fw": self.houses, "ld": self.buildings}

    def build(self, today: date) -> None:
        """Everything as of the end of the day before `today`."""
        self.plan = replace(self.plan, today=today)
        made = towns(replace(self.plan, today=today - timedelta(days=1)), self.among)
        self.towns = {town.committee.code: town for town in made}
        everywhere = self.towns.values()
        self.people.fill([(p.id, p.updated, p) for t in everywhere for p in t.people])
        self.houses.fill([(h.id, h.updated, h) for t in everywhere for h in t.houses])
        self.buildings.fill(
            [(b.id, _founded(b), (b, _founded(b))) for t in everywhere for b in t.buildings]
        )
        ordered, self.changes = self.changes, []
        for change in ordered:
            self._make(change)

    def change(self, order: Row) -> list[str]:
        """Make something happen today; returns the ids of the rows that changed."""
        change = {**order, "stamp": self._moment(), "turn": len(self.changes)}
        changed = self._make(change)
        if self.state:
            with self.state.open("a", encoding="utf-8") as file:
                file.write(json.dumps(change, ensure_ascii=False) + "\n")
        return changed

    def _moment(self) -> str:
        """Now, but never the same second twice: nobody could tell what came after a cursor."""
        now = clock.now()
        if self.changes:
            now = max(now, _read(self.changes[-1]["stamp"]) + timedelta(seconds=1))
        return now.strftime(_STAMP)

    def _make(self, change: Row) -> list[str]:
        kind = change.get("kind")
        if kind not in CHANGES:
            raise Nonsense(f"no change of kind {kind!r}; there are {sorted(CHANGES)}")
        people = CHANGES[kind][1](self, change)
        self.changes.append(change)
        houses = {p.house.id: p.house for p in people}
        for person in people:
            person.updated = change["stamp"]
            self.people.put(person.id, person.updated, person)
        for house in houses.values():
            house.updated = change["stamp"]
            self.houses.put(house.id, house.updated, house)
        return [p.id for p in people]

    def person(self, change: Row) -> Person:
        found = self.people.things.get(str(change.get("person")))
        if found is None:
            raise Nonsense(f"no person {change.get('person')!r}")
        person: Person = found[1]
        return person

    def town_of(self, code: str) -> Town:
        if code not in self.towns:
            raise Nonsense(f"no committee {code!r}")
        return self.towns[code]

    def vacancy(self, change: Row, code: str) -> House:
        if wanted := change.get("house"):
            found = self.houses.things.get(str(wanted))
            if found is None:
                raise Nonsense(f"no house {wanted!r}")
            house: House = found[1]
            return house
        empty = [h for h in self.town_of(code).houses if h.occupancy == "3"]
        if not empty:
            raise Nonsense(f"no empty house in {code}")
        vacant: House = empty[int(change["turn"]) % len(empty)]
        return vacant


def _read(stamp: str) -> datetime:
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=clock.SHANGHAI)


def _day(change: Row) -> date:
    return _read(change["stamp"]).date()


def _move(shelf: Shelf, change: Row) -> list[Person]:
    """One person moves house, inside the committee or to another."""
    person = shelf.person(change)
    code = str(change.get("committee") or person.house.building.committee)
    person.house = shelf.vacancy(change, code)
    person.house.occupancy = "1"
    person.household, person.relation = f"{person.household}B{change['turn']}", "02"
    person.move_in = _day(change)
    return [person]


def _die(shelf: Shelf, change: Row) -> list[Person]:
    person = shelf.person(change)
    person.death, person.reason = _day(change), "死亡"
    return [person]


def _leave(shelf: Shelf, change: Row) -> list[Person]:
    person = shelf.person(change)
    person.move_out, person.reason = _day(change), "搬离"
    return [person]


def _phone(shelf: Shelf, change: Row) -> list[Person]:
    person = shelf.person(change)
    rng = shelf.town_of(person.house.building.committee).rng("ordered", change["turn"])
    person.phone = str(change.get("phone") or numbers.mobile(rng))
    return [person]


def _arrive(shelf: Shelf, change: Row) -> list[Person]:
    """A new household; `status` is one of 1, 3, 4."""
    code = str(change.get("committee"))
    made = shelf.town_of(code)
    rng, house = made.rng("ordered", change["turn"]), shelf.vacancy(change, code)
    status = str(change.get("status", "4"))
    people = town.move_in(made, rng, house, _day(change), status)
    made.people += people
    return people


CHANGES: dict[str, tuple[str, Callable[[Shelf, Row], list[Person]]]] = {
    "arrive": ("搬来一户", _arrive),
    "move": ("一人搬家", _move),
    "leave": ("一人搬离", _leave),
    "phone": ("一人换电话", _phone),
    "die": ("一人去世", _die),
}


def _founded(building: Building) -> str:
    return f"20200101{building.built % 24:02d}0000"
