"""Synthetic neighbours for the tests: houses, households and people of one committee."""

from datetime import date
from typing import Any
from uuid import UUID

from backend.core import clock
from backend.core.db import copy_rows
from backend.core.ids import new_id
from backend.features.catalogue.catalogue import Catalogue
from backend.features.registers.elements import PERSON, layout
from backend.features.registers.store.people import index

BLANK = {"source": "test", "grid": "网格一", "data": {}, "secret": {}, "prov": {}, "differs": {}}


def person(name: str, birth: str, **given: Any) -> dict[str, Any]:
    """One member of a household; `given` are further elements (residence_status, move_in, …)."""
    return {"name": name, "birth": date.fromisoformat(birth), "sex": "2"} | given


async def household(
    catalogue: Catalogue, area: str, room: int, *members: dict[str, Any]
) -> list[UUID]:
    """A house with one household; returns the people's ids, the head first."""
    building, house, home = new_id(), new_id(), new_id()
    moment = clock.now()
    place = BLANK | {"area": area, "as_of": moment, "updated_at": moment, "digest": b""}
    number = f"{area}-{room}"
    address = f"上海市普陀区兰溪路3010弄{room}号"
    await _write(
        "building",
        place
        | {
            "id": building,
            "source_id": number,
            "estate": "兰溪小区",
            "road": "兰溪路",
            "lane": "3010",
            "bldg_no": str(room),
            "address": address,
        },
    )
    await _write(
        "house",
        place
        | {
            "id": house,
            "source_id": number,
            "building_id": building,
            "room": "101",
            "std_addr": address + "101室",
            "house_use": "10",
            "occupancy": "1",
        },
    )
    people = [
        _person(catalogue, place, area, home, house, f"{number}-{i}", m)
        for i, m in enumerate(members)
    ]
    await _write(
        "household",
        place
        | {
            "id": home,
            "source_id": number,
            "hh_no": number,
            "hh_kind": "1",
            "house_id": house,
            "head_id": people[0]["id"],
        },
    )
    for row in people:
        await _write("person", row)
    return [row["id"] for row in people]


def _person(
    catalogue: Catalogue,
    place: dict[str, Any],
    area: str,
    home: UUID,
    house: UUID,
    number: str,
    given: dict[str, Any],
) -> dict[str, Any]:
    kept = layout(PERSON, catalogue.form("R1"))
    row = place | dict.fromkeys(PERSON.columns.values()) | place
    row |= {
        "id": new_id(),
        "source_id": number,
        "household_id": home,
        "house_id": house,
        "data": {},
        "secret": {},
    }
    row |= {"id_type": "111", "residence_status": "1", "population_kind": "1", "relation": "02"}
    for element, value in given.items():
        kept.put(
            row,
            element,
            date.fromisoformat(value)
            if element in kept.dates and isinstance(value, str)
            else value,
        )
    index(kept, row)
    return row


async def _write(table: str, row: dict[str, Any]) -> None:
    await copy_rows(table, list(row), [list(row.values())])
