"""Ledgers as people read them: pages of written and derived ledgers, one entry, rows of figures."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record, select
from backend.core.levels import seen
from backend.core.scope import Scope
from backend.engine.form.cells import text_of
from backend.engine.form.definition import Field, FormDef
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers.shapes import (
    Column,
    Entry,
    EntryValue,
    Filter,
    LedgerPage,
    LedgerRow,
    Named,
    Photo,
    Place,
)
from backend.features.ledgers.sources import sources
from backend.features.ledgers.store import reading
from backend.features.ledgers.told import told
from backend.features.materials import store as materials
from backend.features.registers.elements import Layout
from backend.features.registers.holding import person_layout
from backend.web.paging import cursor_of, keys_of


def columns_of(form: FormDef) -> list[tuple[Field, float, str]]:
    """The printed columns of a ledger: field, width in millimetres, heading."""
    found = []
    for column in form.print.columns:
        field = form.field(column.field)
        if field is not None:
            found.append((field, column.width, column.label or field.label))
    return found


async def page(actor: Actor, catalogue: Catalogue, form: FormDef, query: Filter) -> LedgerPage:
    """A page of a ledger, whether it is written or follows from the registers."""
    if form.membership is None:
        rows, total = await _written(actor, catalogue, form, query)
    else:
        rows, total = await _derived(actor, catalogue, form, query)
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    columns = tuple(
        Column(key=field.key, label=label, width=width) for field, width, label in columns_of(form)
    )
    end = cursor_of(*rows[-1][1]) if more else None
    return LedgerPage(columns=columns, rows=tuple(row for row, _ in rows), total=total, next=end)


Keyed = tuple[LedgerRow, tuple[Any, ...]]


async def _written(
    actor: Actor, catalogue: Catalogue, form: FormDef, query: Filter
) -> tuple[list[Keyed], int]:
    found, total = await reading.page(actor.scope, form.code, query)
    more = await told(actor.scope, form, [row["id"] for row in found])
    return [
        (_entry_row(actor, form, row, more[row["id"]]), (row["day"], row["id"])) for row in found
    ], total


def _entry_row(actor: Actor, form: FormDef, row: Record, more: dict[str, Any]) -> LedgerRow:
    values = reading.values(form, row) | more
    return LedgerRow(
        id=row["id"],
        cells=cells(actor, form, row["area"], values),
        at=row["at"],
        by=row["by"],
        state="good" if row["live"] else "corrected",
        person=row["person_id"],
        house=row["house_id"],
    )


def cells(actor: Actor, form: FormDef, area: str, values: dict[str, Any]) -> dict[str, str]:
    """The printed columns of a row, each as far as its reader may see it."""
    return {
        field.key: seen(
            actor,
            area,
            level=field.level,
            kind=field.type,
            text=text_of(field, values.get(field.key)),
        ).text
        for field, _, _ in columns_of(form)
    }


async def _derived(
    actor: Actor, catalogue: Catalogue, form: FormDef, query: Filter
) -> tuple[list[Keyed], int]:
    """The people who belong, by the spelling of their names."""
    source = sources(catalogue)[form.code]
    given: Record = {"cut_off": clock.today().isoformat()}
    match = "and r.area = :place" if query.area else ""
    match += " and r.name like :words" if query.q else ""
    given |= {"place": query.area} if query.area else {}
    given |= {"words": f"%{query.q}%"} if query.q else {}
    given |= dict(source.values)
    total = await select(
        actor.scope,
        f"select count(*) as n from {source.origin} where r.area like :scope {match}",
        **given,
    )
    after = "and (r.name_py, r.id) > (:after_py, :after_id)" if query.cursor else ""
    if query.cursor:
        spelling, person = keys_of(query.cursor, 2)
        given |= {"after_py": spelling, "after_id": UUID(person)}
    found = await select(
        actor.scope,
        f"""select r.* from {source.origin} where r.area like :scope {match} {after}
            order by r.name_py, r.id limit :limit""",
        limit=query.limit + 1,
        **given,
    )
    return await _people(actor, catalogue, form, found), total[0]["n"]


async def gathered(scope: Scope, catalogue: Catalogue, form: FormDef) -> int:
    """How many people stand in a derived ledger now."""
    source = sources(catalogue)[form.code]
    found = await select(
        scope,
        f"select count(*) as n from {source.origin} where r.area like :scope",
        cut_off=clock.today().isoformat(),
        **source.values,
    )
    return int(found[0]["n"])


async def members(
    actor: Actor, catalogue: Catalogue, form: FormDef, scope: Scope, ids: Sequence[UUID]
) -> list[LedgerRow]:
    """Some people as rows of a register or of a derived ledger, by the spelling of their names."""
    source = sources(catalogue)[form.code]
    found = await select(
        scope,
        f"""select r.* from {source.origin} where r.area like :scope and r.id = any(:ids)
            order by r.name_py, r.id""",
        ids=list(ids),
        **({"cut_off": clock.today().isoformat(), **source.values} if source.values else {}),
    )
    return [row for row, _ in await _people(actor, catalogue, form, found)]


async def _people(
    actor: Actor, catalogue: Catalogue, form: FormDef, found: list[Record]
) -> list[Keyed]:
    kept = person_layout(catalogue)
    visits = await reading.last_days(actor.scope, "L01", [row["id"] for row in found])
    homes = await _addresses(actor.scope, [row["house_id"] for row in found])
    rows = []
    for row in found:
        values = _member(kept, form, row, homes) | {"last_visit": _iso(visits.get(row["id"]))}
        line = LedgerRow(
            id=row["id"],
            cells=cells(actor, form, row["area"], values),
            at=row["updated_at"],
            by=None,
            state="good",
            person=row["id"],
            house=row["house_id"],
        )
        rows.append((line, (row["name_py"], row["id"])))
    return rows


def _member(kept: Layout, form: FormDef, row: Record, homes: dict[UUID, str]) -> dict[str, Any]:
    """The values of a derived ledger's row: the person's, and what the ledger's rules add."""
    values = {f.key: _iso(_held(kept, row, f.key)) for f in form.fields}
    values["live_addr"] = homes.get(row["house_id"])
    if form.membership is not None:
        values[form.membership.sets] = row["kinds"]
    if row["birth"] is not None:
        today = clock.today()
        early = (today.month, today.day) < (row["birth"].month, row["birth"].day)
        values["age"] = today.year - row["birth"].year - early
    return values


def _held(kept: Layout, row: Record, key: str) -> Any:
    inside = key in kept.register.columns or key in row["data"] or key in row["secret"]
    return kept.value(row, key) if inside else None


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


async def _addresses(scope: Scope, houses: Sequence[UUID | None]) -> dict[UUID, str]:
    found = await select(
        scope,
        "select h.id, h.std_addr from house h where h.area like :scope and h.id = any(:ids)",
        ids=[house for house in houses if house],
    )
    return {row["id"]: row["std_addr"] for row in found}


async def entry(actor: Actor, catalogue: Catalogue, row: Record) -> Entry:
    """One entry with all its values, photos and what it corrects or was corrected by."""
    form = catalogue.definition(row["ledger"], row["version"])
    called = await areas.names([row["area"]])
    values = reading.values(form, row) | {"committee": called.get(row["area"], row["area"])}
    values |= (await told(actor.scope, form, [row["id"]]))[row["id"]]
    homes = await _addresses(actor.scope, [row["house_id"]])
    return Entry(
        id=row["id"],
        ledger=form.code,
        title=form.title,
        no=row["no"],
        at=row["at"],
        by=row["by"],
        area=AreaName(code=row["area"], name=called.get(row["area"], row["area"])),
        fields=tuple(_values(actor, form, row["area"], values)),
        photos=await _photos(actor, form, row, values),
        person=_named(row, values),
        house=Place(id=row["house_id"], address=homes[row["house_id"]])
        if row["house_id"] in homes
        else None,
        wrote_by=_wrote(catalogue, row),
        order=None,
        corrects=row["corrects"],
        corrected_by=row["corrected_by"],
        reason=row["reason"],
    )


async def _photos(
    actor: Actor, form: FormDef, row: Record, values: dict[str, Any]
) -> tuple[Photo, ...]:
    """The pictures of an entry by the fields they belong to; those of none belong to the first."""
    pictured = [field for field in form.fields if field.type == "photos"]
    labels = {str(one): field.label for field in pictured for one in values.get(field.key) or ()}
    first = pictured[0].label if pictured else ""
    ids = dict.fromkeys((*row["photos"], *labels))
    found = await materials.links(actor, [UUID(one) for one in ids])
    return tuple(
        Photo(id=p.id, url=p.url, thumb_url=p.thumb_url, label=labels.get(str(p.id), first))
        for p in found
    )


def _wrote(catalogue: Catalogue, row: Record) -> str:
    """What wrote an entry, in words: the ledger itself, a return, an order, a correction."""
    kind, _, what = str(row["wrote"]).partition(":")
    if what:
        return _WRITERS.get(kind, kind)
    return "现场记录" if kind == row["ledger"] else catalogue.title(kind)


_WRITERS = {"return": "报表审定", "order": "工单办理", "shift": "值班交接", "loan": "物资出借"}


def _named(row: Record, values: dict[str, Any]) -> Named | None:
    if row["person_id"] is None:
        return None
    return Named(id=row["person_id"], name=str(values.get("name") or ""))


# Ids of rows, which the entry names beside its fields.
_REFERENCES = ("house_ref", "household_ref")


def _values(actor: Actor, form: FormDef, area: str, values: dict[str, Any]) -> list[EntryValue]:
    found = []
    for field in form.fields:
        if field.key in _REFERENCES:
            continue
        text = text_of(field, values.get(field.key))
        if not text:
            continue
        shown = seen(actor, area, level=field.level, kind=field.type, text=text)
        found.append(
            EntryValue(
                key=field.key,
                label=field.label,
                value=None if shown.masked else values[field.key],
                text=shown.text,
                level=field.level,
                masked=shown.masked,
                source_label=field.source_label,
            )
        )
    return found
