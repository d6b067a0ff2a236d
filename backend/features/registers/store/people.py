"""People coming in from a feed, and the households they form."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from backend.core import crypto
from backend.core.db import Record, copy_rows, select, sql
from backend.core.ids import new_id
from backend.core.scope import EVERYWHERE, street_of
from backend.engine.text import pinyin
from backend.features.registers.elements import Layout
from backend.features.registers.shapes import Incoming, Refusal, Taken
from backend.features.registers.store import places, take

_spelling = lru_cache(maxsize=50_000)(pinyin.spell_name)


async def take_people(
    source: str, layout: Layout, rows: Sequence[Incoming], *, houses_of: str
) -> Taken:
    """People belong to the committee of their house; `houses_of` is the feed that names houses."""
    page = await take.begin(source, layout, rows)
    houses = await places.houses(houses_of, rows)
    homes = await _households(source, rows)

    def settle(made: Record, row: Incoming) -> Refusal | None:
        house = houses.get(row.refs["house"])
        if house is None:
            return Refusal(row.source_id, "house_ref", f"房屋 {row.refs['house']} 不在房屋库中")
        made["house_id"], made["area"], made["grid"] = house["id"], house["area"], house["grid"]
        made["household_id"] = _home(homes, row)
        index(layout, made, row.values)
        return None

    take.sort(page, settle)
    await take.write(page)
    await _keep_house(source, page, homes)
    await _conflicts([made["id"] for made in page.written], page.now)
    return page.taken


def index(layout: Layout, made: Record, known: Mapping[str, Any] | None = None) -> None:
    """Everything that a person is found by: spelling, blind indexes of number and phone.

    `known` are values that have just been put in and need not be opened again.
    """
    spelling = _spelling(made["name"])
    made["name_py"], made["name_pi"] = spelling.full[:160], spelling.initials[:40]
    street = street_of(made["area"])
    number, phone = (_held(layout, made, known or {}, e) for e in ("id_no", "phone"))
    made["id_bi"] = number and crypto.blind("person.id_no", number)
    made["id_tail_bi"] = number and crypto.blind("person.id_tail", number[-4:], street)
    made["phone_bi"] = phone and crypto.blind("person.phone", phone)
    made["phone_tail_bi"] = phone and crypto.blind("person.phone_tail", phone[-4:], street)


def _held(layout: Layout, made: Record, known: Mapping[str, Any], element: str) -> Any:
    ours = element in made["prov"]  # what we have confirmed stands, whatever a feed says
    return known[element] if element in known and not ours else layout.value(made, element)


async def _households(source: str, rows: Sequence[Incoming]) -> dict[str, Record]:
    """The households that the rows name; those we do not have get their id here."""
    found = await select(
        EVERYWHERE,
        f"""select r.id, r.source_id, r.house_id, r.head_id, r.area, true as kept from household r
            where r.source = :source and r.source_id = any(:ids) and {take.ANYWHERE}""",
        source=source,
        ids=list({row.refs["household"] for row in rows if "household" in row.refs}),
    )
    return {row["source_id"]: row for row in found}


def _home(homes: dict[str, Record], row: Incoming) -> UUID | None:
    number = row.refs.get("household")
    if number is None:
        return None
    fresh: Record = {"id": new_id(), "house_id": None, "head_id": None, "kept": False}
    return homes.setdefault(number, fresh)["id"]  # type: ignore[no-any-return]


async def _keep_house(source: str, page: take.Page, homes: Mapping[str, Record]) -> None:
    """A household lives where its head lives, and is new with its first member."""
    by_id = {home["id"]: (number, home) for number, home in homes.items()}
    fresh: dict[UUID, Record] = {}
    moved: dict[UUID, Record] = {}
    rows = {row.source_id: row for row in page.rows}
    for made in page.written:
        number, home = by_id.get(made["household_id"], ("", None))
        if home is None:
            continue
        head = made["relation"] == "02" and not (made["move_out"] or made["death_date"])
        if not home["kept"]:
            record = fresh.setdefault(home["id"], _household(source, number, made, rows, page.now))
            if head:
                record.update(_lives(made))
        elif head and (home["house_id"], home["head_id"]) != (made["house_id"], made["id"]):
            moved[home["id"]] = _lives(made)
    await _write_households(fresh, moved, page.now)


def _lives(made: Record) -> Record:
    return {
        "head_id": made["id"],
        "house_id": made["house_id"],
        "area": made["area"],
        "grid": made["grid"],
    }


def _household(
    source: str, number: str, made: Record, rows: Mapping[str, Incoming], now: datetime
) -> Record:
    row = rows[made["source_id"]]
    return {
        "id": made["household_id"],
        "area": made["area"],
        "grid": made["grid"],
        "source": source,
        "source_id": number,
        "as_of": made["as_of"],
        "data": {},
        "secret": {},
        "prov": {},
        "differs": {},
        "updated_at": now,
        "hh_no": number,
        "hh_kind": row.refs.get("household_kind", "家庭户"),
        "house_id": made["house_id"],
        "head_id": None,
    }


async def _write_households(
    fresh: dict[UUID, Record], moved: dict[UUID, Record], now: datetime
) -> None:
    if fresh:
        records = list(fresh.values())
        columns = list(records[0])
        await copy_rows("household", columns, [[r[c] for c in columns] for r in records])
    if moved:
        await select(
            EVERYWHERE,
            f"""update household r set head_id = i.head, house_id = i.house, area = i.area,
                  grid = i.grid, updated_at = :now
                from unnest(:ids::uuid[], :heads::uuid[], :houses::uuid[], :areas::text[],
                  :grids::text[]) as i(id, head, house, area, grid)
                where r.id = i.id and {take.ANYWHERE}""",
            ids=list(moved),
            heads=[m["head_id"] for m in moved.values()],
            houses=[m["house_id"] for m in moved.values()],
            areas=[m["area"] for m in moved.values()],
            grids=[m["grid"] for m in moved.values()],
            now=now,
        )


async def _conflicts(people: list[UUID], now: datetime) -> None:
    """Two open records with one number go to the queue, unless they are one person in two places:
    registered here (2) and living there (3)."""
    await sql(_CONFLICTS, people=people, now=now)


_CONFLICTS = """
insert into register_conflict (id, area, kind, person_id, other_id, found_at)
select gen_random_uuid(), p.area, 'id_no', least(p.id, o.id), greatest(p.id, o.id), :now
from person p join person o on o.id_bi = p.id_bi and o.id <> p.id
where p.id = any(:people)
  and coalesce(p.move_out, p.death_date, o.move_out, o.death_date) is null
  and p.residence_status || o.residence_status not in ('23', '32')
on conflict (kind, person_id, other_id) do nothing"""

__all__: list[Any] = ["index", "take_people"]
