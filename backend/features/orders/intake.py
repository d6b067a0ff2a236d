"""The one way in: whatever comes from a feed, a sensor, an officer or a person of ours becomes an
order here, exactly once, with its class, its place, its clocks and its first step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.core import audit, clock, problems
from backend.core.access import Actor
from backend.core.db import Record
from backend.core.ids import new_id
from backend.core.scope import Scope, scope_of, street_of
from backend.features.areas import modes
from backend.features.materials import store as materials
from backend.features.orders.bodies import Incoming
from backend.features.orders.classes import sure
from backend.features.orders.handbook import Handbook
from backend.features.orders.shapes import Guess
from backend.features.orders.store import clocks, taking, units
from backend.features.orders.store.clocks import Start
from backend.features.registers.store import spotting
from backend.features.registers.store.spotting import Spot, Wanted

TAKEN = "order.take"


@dataclass(frozen=True, slots=True)
class _New:
    """An order about to be written: what came in, and what was made of it."""

    id: UUID
    given: Incoming
    row: Record

    def __getattr__(self, name: str) -> Any:
        return self.row[name]


async def take(actor: Actor, book: Handbook, incoming: Sequence[Incoming]) -> list[UUID]:
    """The orders of what comes in, in its order, on the caller's transaction.

    What came before (by system and number) is the order it then became; the same twice in one go
    is one. The event is `order.take`, with the new ones in its facts.
    """
    fresh = {(one.system, one.system_no): one for one in incoming}
    ids = await taking.known(list(fresh.values()))
    new = [one for key, one in fresh.items() if key not in ids]
    if new:
        made = await _write(actor, book, new)
        ids |= {(one.given.system, one.given.system_no): one.id for one in made}
        if len(made) < len(new):
            ids |= await taking.known(new)  # another hand was quicker with some
    return [ids[one.system, one.system_no] for one in incoming]


async def _write(actor: Actor, book: Handbook, new: Sequence[Incoming]) -> list[_New]:
    rows = await _rows(actor, book, new)
    written = await taking.write(actor.scope, [one.row for one in rows])
    made = [one for one in rows if one.id in written]
    await taking.first_steps(actor, [one.row for one in made])
    await clocks.start(book, await _starts(book, made))
    for one in made:
        await materials.attach(actor.scope, one.given.photos, f"order:{one.id}")
    if made:
        sent = {str(one.id): str(one.unit_id) for one in made if one.unit_id}
        facts = {"orders": [str(one.id) for one in made], "sent": sent}
        await audit.record(actor.who, TAKEN, f"orders:{made[0].id}", facts)
    return made


async def _rows(actor: Actor, book: Handbook, new: Sequence[Incoming]) -> list[_New]:
    places = await _places(new)
    handled = await _units(new)
    guesses = await book.classes.guesses(*(f"{one.title}。{one.content}" for one in new))
    rows = [
        _row(book, one, spot, guessed, handled[one.unit] if one.unit else None)
        for one, spot, guessed in zip(new, places, guesses, strict=True)
    ]
    moment = clock.now()
    numbers = await taking.numbers(actor.scope, [row["area"] for row in rows], moment.date())
    return [
        _New(row["id"], one, row | {"no": no})
        for one, row, no in zip(new, rows, numbers, strict=True)
    ]


async def _places(new: Sequence[Incoming]) -> list[Spot | None]:
    """Where each of them is, asked street by street."""
    found: dict[int, Spot | None] = {}
    streets: dict[str, list[int]] = {}
    for number, one in enumerate(new):
        streets.setdefault(street_of(one.area), []).append(number)
    for street, numbers in streets.items():
        wanted = [
            Wanted(one.place, one.lng, one.lat, one.building_id, one.house_id)
            for one in (new[number] for number in numbers)
        ]
        spots = await spotting.spot(Scope(street[:9]), wanted)
        found |= dict(zip(numbers, spots, strict=True))
    return [found[number] for number in range(len(new))]


async def _units(new: Sequence[Incoming]) -> Mapping[UUID, Record]:
    wanted = {one.unit for one in new if one.unit is not None}
    streets = {street_of(one.area) for one in new if one.unit is not None}
    if len(streets) > 1:
        raise problems.not_found(kind="承办单位")
    return await units.some(Scope(streets.pop()[:9]), wanted) if wanted else {}


def _row(
    book: Handbook,
    one: Incoming,
    spot: Spot | None,
    guessed: tuple[Guess, ...],
    unit: Record | None,
) -> Record:
    order, moment, known = new_id(), clock.now(), scope_of(one.area) == Scope(one.area)
    category = one.category if one.category in book.categories.by_code else sure(guessed)
    area = one.area if known or spot is None else spot.area
    if unit is not None and unit["kind"] == units.COMMITTEE:
        area = unit["area"]
    given = {name: getattr(one, name) for name in _SAME}
    return (
        _BLANK
        | given
        | taking.sealed(order, one)
        | {
            "id": order,
            "area": area,
            "category": category,
            "severity": one.severity or book.severity(category),
            "grid": one.grid or (spot.grid if spot and spot.area == area else None),
            "building_id": one.building_id or (spot.building if spot else None),
            "lng": one.lng if one.lng is not None else spot and spot.lng,
            "lat": one.lat if one.lat is not None else spot and spot.lat,
            "guess": {
                "place": spot.how if spot else None,
                "categories": [guess.model_dump() for guess in guessed],
            },
            "photos": [str(photo) for photo in one.photos],
            "stage": "dispatched" if unit else "collected",
            "unit_id": unit["id"] if unit else None,
            "received_at": one.received_at or moment,
            "filed_at": moment if unit else None,
            "dispatched_at": moment if unit else None,
            "updated_at": moment,
        }
    )


async def _starts(book: Handbook, made: Sequence[_New]) -> list[Start]:
    """Those in the pool wait to be filed; those that have a unit run against its clocks."""
    awake: dict[str, bool] = {}
    for street in {street_of(one.area) for one in made}:
        mode = await modes.now(street)
        awake[street] = bool(mode and mode.clocks)
    return [
        Start(one.id, kind, book.limit(kind, one), one.updated_at, awake[street_of(one.area)])
        for one in made
        for kind in _kinds(one)
    ]


def _kinds(one: _New) -> tuple[str, ...]:
    if one.stage == "collected":
        return ("file",)
    return ("sign", "contact", "handle") if one.caller_phone else ("sign", "handle")


_SAME = (
    "source",
    "system",
    "system_no",
    "appeal_type",
    "urge",
    "title",
    "hide_name",
    "place",
    "house_id",
    "reported_by",
    "reporter",
    "officer_id",
    "public",
)
_BLANK: Record = {
    "photos_after": [],
    "handler_id": None,
    "handler": None,
    "own": False,
    "signed_at": None,
    "returned": 0,
    "redo": 0,
    "reopened": 0,
    "posted": 0,
    "back": "无",
    "extend": "无",
    "pause": "无",
    "appeal": "无",
    "asked": {},
    "designated": False,
    "rev": 0,
    "parent_id": None,
}
