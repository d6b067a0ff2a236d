"""Changes of people, made by hand: somebody arrives, moves, leaves, dies, has a new telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from backend.sandbox.district import numbers, town
from backend.sandbox.district.families import Person
from backend.sandbox.district.places import House
from backend.sandbox.street.words import Row, moment_of

if TYPE_CHECKING:
    from backend.sandbox.street.shelf import Shelf

Move = Callable[["Shelf", Row], list[Person]]


def _made(move: Move) -> Callable[[Shelf, Row], list[str]]:
    """A move whose people and houses are told anew."""

    def run(shelf: Shelf, change: Row) -> list[str]:
        people = move(shelf, change)
        for house in {p.house.id: p.house for p in people}.values():
            house.updated = change["stamp"]
            shelf.houses.put(house.id, house.updated, house)
        for person in people:
            person.updated = change["stamp"]
            shelf.people.put(person.id, person.updated, person)
        return [person.id for person in people]

    return run


def _person(shelf: Shelf, change: Row) -> Person:
    found = shelf.people.things.get(str(change.get("person")))
    if found is None:
        raise LookupError(f"no person {change.get('person')!r}")
    person: Person = found[1]
    return person


def _vacancy(shelf: Shelf, change: Row, code: str) -> House:
    if wanted := change.get("house"):
        found = shelf.houses.things.get(str(wanted))
        if found is None:
            raise LookupError(f"no house {wanted!r}")
        house: House = found[1]
        return house
    empty = [h for h in shelf.town_of(code).houses if h.occupancy == "3"]
    if not empty:
        raise LookupError(f"no empty house in {code}")
    return empty[int(change["turn"]) % len(empty)]


def _day(change: Row) -> date:
    return moment_of(change["stamp"]).date()


def _move(shelf: Shelf, change: Row) -> list[Person]:
    """One person moves house, inside the committee or to another."""
    person = _person(shelf, change)
    code = str(change.get("committee") or person.house.building.committee)
    person.house = _vacancy(shelf, change, code)
    person.house.occupancy = "1"
    person.household, person.relation = f"{person.household}B{change['turn']}", "02"
    person.move_in = _day(change)
    return [person]


def _die(shelf: Shelf, change: Row) -> list[Person]:
    person = _person(shelf, change)
    person.death, person.reason = _day(change), "死亡"
    return [person]


def _leave(shelf: Shelf, change: Row) -> list[Person]:
    person = _person(shelf, change)
    person.move_out, person.reason = _day(change), "搬离"
    return [person]


def _phone(shelf: Shelf, change: Row) -> list[Person]:
    person = _person(shelf, change)
    rng = shelf.town_of(person.house.building.committee).rng("ordered", change["turn"])
    person.phone = str(change.get("phone") or numbers.mobile(rng))
    return [person]


def _arrive(shelf: Shelf, change: Row) -> list[Person]:
    """A new household; `status` is one of 1, 3, 4."""
    code = str(change.get("committee"))
    made = shelf.town_of(code)
    rng, house = made.rng("ordered", change["turn"]), _vacancy(shelf, change, code)
    status = str(change.get("status", "4"))
    people = town.move_in(made, rng, house, _day(change), status)
    made.people += people
    return people


MOVES: dict[str, tuple[str, Callable[[Shelf, Row], list[str]]]] = {
    "arrive": ("搬来一户", _made(_arrive)),
    "move": ("一人搬家", _made(_move)),
    "leave": ("一人搬离", _made(_leave)),
    "phone": ("一人换电话", _made(_phone)),
    "die": ("一人去世", _made(_die)),
}
