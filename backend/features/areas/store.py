"""The only door to the areas: what existed on a day, and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import NAMESPACE_OID, UUID, uuid5

from backend.core import clock, problems
from backend.core.access import Actor
from backend.core.db import Record, copy_rows, place, rows, select, sql
from backend.core.ids import new_id
from backend.core.scope import Scope, street_of
from backend.features.areas.shapes import Area, AreaChange, AreaName, Move, NewAreaChange
from backend.features.areas.tables import AreaChangeRow, AreaRow, Heritage

_SEEN = """
select a.area as code, a.name, a.kind, a.kind_label, a.parent, a.valid_from, a.valid_to,
  coalesce((select array_agg(h.new order by h.new) from area_heritage h
            where h.old = a.area and h.on_day = a.valid_to), '{}') as succeeded_by
from area a
where a.area like :scope
  and (a.valid_from is null or a.valid_from <= :on) and (a.valid_to is null or a.valid_to > :on)
"""


async def on_day(scope: Scope, on: date, kind: str | None = None) -> list[Area]:
    """The areas of a scope that exist on a day, by code."""
    text = _SEEN + ("and a.kind = :kind " if kind else "") + "order by a.area"
    given = {"kind": kind} if kind else {}
    return [Area.model_validate(row) for row in await select(scope, text, on=on, **given)]


async def committees(scope: Scope, on: date) -> list[Area]:
    """The committees (居村委) of a scope that exist on a day."""
    return await on_day(scope, on, "committee")


async def one(scope: Scope, code: str, on: date | None = None) -> Area:
    """One area as it was on a day (or is today); outside the scope it does not exist."""
    text = _SEEN + "and a.area = :code"
    found = await select(scope, text, on=on or clock.today(), code=code)
    if not found:
        raise problems.not_found(kind="区域")
    return Area.model_validate(found[0])


async def latest(code: str) -> Area:
    """An area as it is, or as it last was: a person's place does not vanish with a merger."""
    found = await sql(
        """select area as code, name, kind, kind_label, parent, valid_from, valid_to from area
           where area = :code order by valid_from desc nulls last limit 1""",
        code=code,
    )
    if not found:
        raise problems.not_found(kind="区域")
    return Area.model_validate(found[0])


async def names(codes: Iterable[str], before: date = date.max) -> dict[str, str]:
    """The latest names of some codes, or those they had before a day; ended areas keep theirs."""
    found = await sql(
        """select distinct on (area) area, name from area
           where area = any(:codes) and (valid_from is null or valid_from < :before)
           order by area, valid_from desc nulls last""",
        codes=list(set(codes)),
        before=before,
    )
    return {row["area"]: row["name"] for row in found}


async def path(code: str) -> list[AreaName]:
    """District → street → committee of a code."""
    chain = [c for c in dict.fromkeys((code[:6] + "000000", street_of(code), code))]
    called = await names(chain)
    return [AreaName(code=c, name=called[c]) for c in chain if c in called]


async def lineage(scope: Scope) -> list[tuple[str, str, date]]:
    """(old code, new code, day) of every split, merger and renaming of a scope."""
    found = await select(
        scope, "select old, new, on_day from area_heritage where new like :scope order by on_day"
    )
    return [(row["old"], row["new"], row["on_day"]) for row in found]


async def changes(scope: Scope) -> list[AreaChange]:
    """What was changed here, and what had been published before; latest first."""
    found = await rows(scope, AreaChangeRow).order_by("-on", "-at")
    made = [await _change(row) for row in found]
    known = {(area.code, change.on) for change in made for area in change.gone}
    published = [one for one in await _published(scope) if (one.gone[0].code, one.on) not in known]
    return sorted([*made, *published], key=lambda one: one.on, reverse=True)


async def _published(scope: Scope) -> list[AreaChange]:
    """The splits, mergers and renamings that the first filling brought, from what followed what."""
    edges = await lineage(scope)
    heirs: dict[tuple[date, str], list[str]] = {}
    for old, new, on in edges:
        heirs.setdefault((on, old), []).append(new)
    together: dict[tuple[date, tuple[str, ...]], list[str]] = {}
    for (on, old), made in heirs.items():
        together.setdefault((on, tuple(made)), []).append(old)
    called = await names([code for old, new, _ in edges for code in (old, new)])
    streets = await names(street_of(old) for old, _, _ in edges)
    return [_told(on, gone, made, called, streets) for (on, made), gone in together.items()]


def _told(
    on: date,
    old: Sequence[str],
    new: Sequence[str],
    called: Mapping[str, str],
    streets: Mapping[str, str],
) -> AreaChange:
    street = street_of(old[0])
    kind = "merge" if len(old) > 1 else "split" if len(new) > 1 else "rename"
    return AreaChange(
        id=uuid5(NAMESPACE_OID, f"{on}{old}{new}"),
        kind=kind,
        on=on,
        gone=tuple(AreaName(code=code, name=called.get(code, code)) for code in old),
        made=tuple(AreaName(code=code, name=called.get(code, code)) for code in new),
        moves=(),
        street=AreaName(code=street, name=streets.get(street, street)),
        by=None,
        at=None,
    )


async def change(scope: Scope, change_id: UUID) -> AreaChange:
    row = await rows(scope, AreaChangeRow, id=change_id).first()
    if row is None:
        raise problems.not_found(kind="区划调整")
    return await _change(row)


async def apply(actor: Actor, new: NewAreaChange) -> AreaChange:
    """Write a change that actions.change has found sensible."""
    street = street_of([*new.gone, *(a.code for a in new.made)][0])
    await _end(actor.scope, new)
    for area in new.made:
        await place(
            actor.scope,
            AreaRow,
            area=area.code,
            id=new_id(),
            name=area.name,
            kind="committee",
            kind_label=area.kind_label,
            parent=street,
            valid_from=new.on,
        )
    for old in new.gone:
        for area in new.made:
            await Heritage.create(id=new_id(), old=old, new=area.code, on=new.on)
    row = await place(
        actor.scope,
        AreaChangeRow,
        area=street,
        id=new_id(),
        kind=new.kind,
        on=new.on,
        gone=list(new.gone),
        made=[a.model_dump() for a in new.made],
        moves=[m.model_dump(mode="json") for m in new.moves],
        by=actor.name,
        at=clock.now(),
    )
    return await _change(row)


async def taken(codes: Iterable[str]) -> set[str]:
    """Those of the codes that have ever been used."""
    found = await sql("select area from area where area = any(:codes)", codes=list(codes))
    return {row["area"] for row in found}


async def load(areas: list[Record], heritage: list[tuple[str, str, date]]) -> int:
    """The first filling of an empty table from forms/areas; does nothing when there is one."""
    if await sql("select 1 from area limit 1"):
        return 0
    keys = ["name", "kind", "kind_label", "valid_from", "valid_to"]
    records = [(new_id(), a["code"], _parent(a), *(a[key] for key in keys)) for a in areas]
    await copy_rows("area", ["id", "area", "parent", *keys], records)
    edges = [(new_id(), *edge) for edge in heritage]
    await copy_rows("area_heritage", ["id", "old", "new", "on_day"], edges)
    return len(records)


def _parent(area: Record) -> str | None:
    above = {"committee": street_of(area["code"]), "street": area["code"][:6] + "000000"}
    return above.get(area["kind"])


async def _end(scope: Scope, new: NewAreaChange) -> None:
    await select(
        scope,
        """update area set valid_to = :on
           where area like :scope and area = any(:codes) and valid_to is null""",
        on=new.on,
        codes=list(new.gone),
    )


async def _change(row: AreaChangeRow) -> AreaChange:
    called, before = await names([row.area]), await names(row.gone, before=row.on)
    made = {a["code"]: a["name"] for a in row.made}
    return AreaChange(
        id=row.id,
        kind=row.kind,
        on=row.on,
        gone=tuple(AreaName(code=c, name=before.get(c, c)) for c in row.gone),
        made=tuple(AreaName(code=c, name=n) for c, n in made.items()),
        moves=tuple(Move.model_validate(m) for m in row.moves),
        street=AreaName(code=row.area, name=called.get(row.area, row.area)),
        by=row.by,
        at=row.at,
    )
