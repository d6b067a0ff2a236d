"""People and houses as their reader may see them: every value with its source, date and level."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record
from backend.core.levels import Seen, seen
from backend.engine.form.cells import text_of
from backend.engine.form.definition import Field, FormDef
from backend.engine.text.masking import HIDDEN, mask_name
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.catalogue.catalogue import Catalogue
from backend.features.registers.elements import may_be_typed
from backend.features.registers.holding import added, person_form, person_layout
from backend.features.registers.shapes import (
    Change,
    CodeLabel,
    Conflict,
    Household,
    HouseLine,
    HouseName,
    Member,
    PersonLine,
    Somebody,
    Sources,
    Value,
)
from backend.features.registers.store import facts, finding
from backend.features.registers.store.facts import Fact, Subject


def line(actor: Actor, catalogue: Catalogue, row: Record) -> PersonLine:
    """A person in a list."""
    form, kept = catalogue.form("R1"), person_layout(catalogue)

    def shown(key: str, kind: str, level: int, value: Any) -> str:
        return seen(actor, row["area"], level=level, kind=kind, text=str(value or "")).text

    return PersonLine(
        id=row["id"],
        name=row["name"],
        sex_label=_label(form, "sex", row["sex"]),
        age=_age(row["birth"]),
        id_no=shown("id_no", "id_no", 3, kept.value(row, "id_no")),
        phone=shown("phone", "phone", 3, kept.value(row, "phone")),
        address=shown("live_addr", "address", 3, row["std_addr"]),
        tags=tuple(row["tags"]),
        residence_label=_label(form, "residence_status", row["residence_status"]),
    )


def house_line(catalogue: Catalogue, row: Record) -> HouseLine:
    return HouseLine(
        id=row["id"],
        address=row["std_addr"],
        occupancy_label=_label(catalogue.form("R5"), "occupancy", row["occupancy"]),
        people=row["people"],
        households=row["households"],
    )


def concerned(catalogue: Catalogue, about: Subject, tags: Sequence[str]) -> FormDef:
    """The person's form; what only concerns elders is left out where it says nothing."""
    form = person_form(catalogue)
    if "老年" in tags:
        return form
    spared = added(catalogue) - about.facts.keys()
    return form.model_copy(update={"fields": tuple(f for f in form.fields if f.key not in spared)})


# Ids and codes of what the page names beside the fields.
_BESIDE = ("house_ref", "household_ref", "committee")


def values(
    actor: Actor, form: FormDef, area: str, known: Mapping[str, Fact], sources: Sources
) -> Iterator[Value]:
    """The fields of a register's form: what is known, and what is not but may be typed."""
    for field in form.fields:
        if field.key in _BESIDE:
            continue
        fact = known.get(field.key)
        if fact is not None and field.key == "data_src":
            fact = replace(fact, value=sources.get(fact.value, fact.value))
        editable = actor.may("person.update") and form.code == "R1" and may_be_typed(field)
        if fact is None and not editable:
            continue
        yield _value(actor, field, area, fact, sources).model_copy(update={"editable": editable})


def _value(actor: Actor, field: Field, area: str, fact: Fact | None, sources: Sources) -> Value:
    shown = _seen(actor, field, area, fact.value if fact else None)
    other = _seen(actor, field, area, fact.differs if fact else None)
    return Value(
        key=field.key,
        label=field.label,
        value=None if shown.masked or fact is None else fact.value,
        text=shown.text,
        level=field.level,
        masked=shown.masked,
        source_label=sources.get(fact.source, fact.source) if fact else "",
        as_of=fact.as_of.date() if fact else None,
        by=fact.by if fact else None,
        stale=fact is not None and _stale(field, fact),
        type=field.type,
        codes=tuple(CodeLabel(code=c.code, label=c.label) for c in field.codes)
        if field.codes is not None
        else None,
        editable=False,
        differs=other.text or None,
    )


def _seen(actor: Actor, field: Field, area: str, value: Any) -> Seen:
    return seen(actor, area, level=field.level, kind=field.type, text=text_of(field, value))


def _stale(field: Field, fact: Fact) -> bool:
    if field.fresh_days is None:
        return False
    return fact.as_of.date() + timedelta(days=field.fresh_days) < clock.today()


async def household(actor: Actor, catalogue: Catalogue, number: UUID) -> Household | None:
    """A household and who is on the register with it today."""
    members = await finding.household(actor.scope, catalogue, of="household_id", subject=number)
    return next(iter(await _households(actor, catalogue, members, [number])), None)


async def in_house(actor: Actor, catalogue: Catalogue, house: UUID) -> list[Household]:
    """The households of a house with somebody on the register today."""
    members = await finding.household(actor.scope, catalogue, of="house_id", subject=house)
    homes = list(dict.fromkeys(m["household_id"] for m in members if m["household_id"]))
    return await _households(actor, catalogue, members, homes)


async def _households(
    actor: Actor, catalogue: Catalogue, members: Sequence[Record], homes: Sequence[UUID]
) -> list[Household]:
    form = catalogue.form("R1")
    named = await finding.households(actor.scope, homes)
    return [
        Household(
            id=home,
            hh_no=named[home]["hh_no"],
            head=named[home]["head"],
            members=tuple(_member(form, m) for m in members if m["household_id"] == home),
        )
        for home in homes
        if home in named
    ]


def _member(form: FormDef, row: Record) -> Member:
    return Member(
        id=row["id"],
        name=row["name"],
        relation_label=_label(form, "relation", row["relation"]),
        age=_age(row["birth"]),
        tags=tuple(row["tags"]),
    )


async def tags(actor: Actor, catalogue: Catalogue, about: facts.Subject) -> tuple[str, ...]:
    """The tags of a person today; nobody who has gone has any."""
    if about.person is None or about.household is None:
        return ()
    members = await finding.household(
        actor.scope, catalogue, of="household_id", subject=about.household
    )
    return next((tuple(m["tags"]) for m in members if m["id"] == about.person), ())


async def area_name(code: str) -> AreaName:
    return AreaName(code=code, name=(await areas.names([code])).get(code, code))


def change(actor: Actor, form: FormDef, area: str, row: Record, sources: Sources) -> Change:
    """One line of a person's history. What follows from references goes by its own words."""
    field = form.field(row["element"])
    before, after = (
        _seen(actor, field, area, row[side]).text if field else HIDDEN
        for side in ("before", "after")
    )
    return Change(
        id=row["id"],
        field=row["element"],
        label=field.label if field else row["element"],
        before=before,
        after=after,
        source_label=sources.get(row["source"], row["source"]),
        by=row["by"],
        as_of=row["as_of"].date(),
        at=row["at"],
    )


async def conflicts(actor: Actor, found: Sequence[Record]) -> list[Conflict]:
    """Open questions; of a person outside the actor's place only the committee is told."""
    called = await areas.names([row[f"{s}_area"] for row in found for s in ("person", "other")])

    def side(row: Record, which: str) -> Somebody:
        code = row[f"{which}_area"]
        ours = actor.scope.covers(code)
        return Somebody(
            id=row[f"{which}_id"] if ours else None,
            name=row[f"{which}_name"] if ours else mask_name(row[f"{which}_name"]),
            area=AreaName(code=code, name=called.get(code, code)),
        )

    return [
        Conflict(
            id=row["id"],
            kind=row["kind"],
            found_at=row["found_at"],
            people=(side(row, "person"), side(row, "other")),
        )
        for row in found
    ]


def house_name(about: facts.Subject) -> HouseName | None:
    if about.house is None or about.address is None:
        return None
    return HouseName(id=about.house, address=about.address)


def _label(form: FormDef, key: str, value: Any) -> str:
    field = form.field(key)
    return text_of(field, value) if field else str(value or "")


def _age(birth: date | None) -> int | None:
    if birth is None:
        return None
    today = clock.today()
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
