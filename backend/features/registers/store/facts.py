"""Everything the registers hold about a person and their home, opened, for other slices' use.

Ledgers prefill and snapshot from here. Values of level 3–4 are in clear: a caller masks them
before they leave the server.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.db import Record, select
from backend.core.scope import Scope
from backend.features.catalogue.catalogue import Catalogue
from backend.features.registers.elements import HOUSE, HOUSEHOLD, PERSON, Layout, Register, layout
from backend.features.registers.holding import person_form


@dataclass(frozen=True, slots=True)
class Fact:
    """One value with its provenance: which register, whose word, as of when.

    `differs` is what the source of record says where a committee has said otherwise.
    """

    value: Any
    register: str
    source: str
    as_of: datetime
    by: str | None
    differs: Any = None


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what a record is about, and what is known of them by element."""

    area: str
    grid: str | None
    person: UUID | None
    household: UUID | None
    house: UUID | None
    address: str | None
    facts: Mapping[str, Fact]

    def value(self, element: str) -> Any:
        fact = self.facts.get(element)
        return fact.value if fact else None


async def of_person(catalogue: Catalogue, scope: Scope, person: UUID) -> Subject:
    """A person, their household and their house."""
    row = await _row(scope, "person", person, "人员")
    facts = _facts(PERSON, catalogue, row)
    facts |= await _home(catalogue, scope, row["house_id"], row["household_id"])
    if row["birth"] is not None:
        born = facts.get("birth") or next(iter(facts.values()))
        facts["age"] = Fact(_age(row["birth"], clock.today()), "R1", born.source, born.as_of, None)
    address = facts.get("live_addr")
    return Subject(
        area=row["area"],
        grid=row["grid"],
        person=person,
        household=row["household_id"],
        house=row["house_id"],
        address=address.value if address else None,
        facts=facts,
    )


async def of_house(catalogue: Catalogue, scope: Scope, house: UUID) -> Subject:
    """A house and, when only one household lives there, that household."""
    row = await _row(scope, "house", house, "房屋")
    homes = await select(
        scope,
        "select r.id from household r where r.area like :scope and r.house_id = :house limit 2",
        house=house,
    )
    household = homes[0]["id"] if len(homes) == 1 else None
    facts = await _home(catalogue, scope, house, household)
    return Subject(row["area"], row["grid"], None, household, house, row["std_addr"], facts)


async def _home(
    catalogue: Catalogue, scope: Scope, house: UUID | None, household: UUID | None
) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    if household is not None:
        home = await _row(scope, "household", household, "户")
        facts |= _facts(HOUSEHOLD, catalogue, home)
        if home["head_id"] is not None:
            head = await _row(scope, "person", home["head_id"], "户主")
            facts["hh_head"] = _fact(HOUSEHOLD, home, "hh_head", head["name"])
    if house is not None:
        place = await _row(scope, "house", house, "房屋")
        facts |= {k: f for k, f in _facts(HOUSE, catalogue, place).items() if k != "note"}
        facts["live_addr"] = _fact(HOUSE, place, "std_addr", place["std_addr"])
        facts["house_ref"] = _fact(HOUSE, place, "std_addr", str(house))
    if household is not None:
        facts["household_ref"] = _fact(HOUSEHOLD, home, "hh_no", str(household))
    return facts


def _facts(register: Register, catalogue: Catalogue, row: Record) -> dict[str, Fact]:
    form = person_form(catalogue) if register is PERSON else catalogue.form(register.form)
    kept = layout(register, form)
    keys = (field.key for field in form.fields)
    found = {key: _plain(kept, row, key) for key in keys}
    return {
        key: replace(_fact(register, row, key, value), differs=_differs(kept, row, key))
        for key, value in found.items()
        if value is not None
    }


def _differs(kept: Layout, row: Record, key: str) -> Any:
    text = row["differs"].get(key, [None])[0]
    return kept.unseal(row["id"], key, text) if text and key in kept.sealed else text


def _plain(kept: Layout, row: Record, key: str) -> Any:
    if key not in kept.register.columns and key not in row["data"] and key not in row["secret"]:
        return None
    value = kept.value(row, key)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _fact(register: Register, row: Record, key: str, value: Any) -> Fact:
    told = row["prov"].get(key)
    if told is None:
        return Fact(value, register.form, row["source"], row["as_of"], None)
    return Fact(value, register.form, str(told[0]), datetime.fromisoformat(str(told[2])), told[3])


def _age(birth: date, at: date) -> int:
    return at.year - birth.year - ((at.month, at.day) < (birth.month, birth.day))


async def _row(scope: Scope, table: str, row: UUID, kind: str) -> Record:
    found = await select(
        scope, f"select r.* from {table} r where r.area like :scope and r.id = :id", id=row
    )
    if not found:
        raise problems.not_found(kind=kind)
    return found[0]
