"""Finding people and houses in a place: by name, spelling, number, tail, address or tag."""

import re
from collections.abc import Sequence
from uuid import UUID

from backend.core import clock, crypto
from backend.core.db import Record, select
from backend.core.scope import Scope, street_of
from backend.engine.text.normal import tidy_code, tidy_line
from backend.features.areas import store as areas
from backend.features.catalogue.catalogue import Catalogue
from backend.features.registers.shapes import Find
from backend.features.registers.store.tags import tagging
from backend.web.paging import keys_of

_TERMS = 4


async def people(scope: Scope, catalogue: Catalogue, query: Find) -> tuple[list[Record], int]:
    """People on the register today, by spelling; one more than the limit when there are more."""
    where, given = await _match(scope, query)
    given["today"] = clock.today()
    origin = "from person r left join house h on h.id = r.house_id"
    if query.tag:
        tags = tagging(catalogue)
        origin, where = f"{origin} {tags.joins()}", f"{where} and :tag = any(t.tags)"
        given |= {"tag": query.tag, "cut_off": clock.today().isoformat(), **tags.given}
    after = ""
    if query.cursor:
        given |= dict(zip(("after_py", "after_id"), keys_of(query.cursor, 2), strict=True))
        after = "where (r.name_py, r.id) > (:after_py, :after_id::text::uuid)"
    # found once, then counted and leafed through
    found = await select(
        scope,
        f"""with m as materialized (select r.id {origin} where {where})
            select r.*, h.std_addr, (select count(*) from m) as total
            from m join person r using (id) left join house h on h.id = r.house_id {after}
            order by r.name_py, r.id limit :limit""",
        limit=query.limit + 1,
        **given,
    )
    tagged = await _tags(scope, catalogue, found)
    rows = [row | {"tags": tagged.get(row["id"], [])} for row in found]
    return rows, rows[0]["total"] if rows else 0


async def _tags(
    scope: Scope, catalogue: Catalogue, found: Sequence[Record]
) -> dict[UUID, list[str]]:
    """The tags of some people, looking at their households only."""
    tags = tagging(catalogue)
    rows = await select(
        scope,
        f"""select r.id, t.tags from person r {tags.joins(narrow=True)}
            where r.area like :scope and r.id = any(:ids)""",
        ids=[row["id"] for row in found],
        homes=[row["household_id"] for row in found if row["household_id"]],
        cut_off=clock.today().isoformat(),
        **tags.given,
    )
    return {row["id"]: row["tags"] for row in rows}


OPEN = """coalesce(r.move_in, r.birth, :today) <= :today and coalesce(r.birth, :today) <= :today
  and coalesce(r.move_out, 'infinity') > :today and coalesce(r.death_date, 'infinity') > :today"""
"""Who is on the register on the day `:today`, over `person r`; R1's `open` says the same."""


async def _match(scope: Scope, query: Find) -> tuple[str, Record]:
    tests, given = ["r.area like :scope", OPEN], Record()
    if query.area:
        tests.append("r.area = :place")
        given["place"] = query.area
    if query.q and query.q.strip():
        test, more = await _words(scope, query.q)
        tests.append(test)
        given |= more
    return " and ".join(tests), given


async def _words(scope: Scope, text: str) -> tuple[str, Record]:
    """The one box: a whole number, a tail, a spelling, or words of names and addresses."""
    code = tidy_code(text).upper()
    if re.fullmatch(r"\d{17}[\dX]|[A-Z]\d{7,8}", code):
        return "r.id_bi = :number", {"number": crypto.blind("person.id_no", code)}
    if re.fullmatch(r"1\d{10}", code):
        return "r.phone_bi = :phone", {"phone": crypto.blind("person.phone", code)}
    if re.fullmatch(r"\d{3}[\dX]", code):
        streets = await _streets(scope)
        return (
            "(r.id_tail_bi = any(:ids) or r.phone_tail_bi = any(:phones))",
            {
                "ids": [crypto.blind("person.id_tail", code, street) for street in streets],
                "phones": [crypto.blind("person.phone_tail", code, street) for street in streets],
            },
        )
    if re.fullmatch(r"[A-Z]+", code):
        return "(r.name_pi like :spelt or r.name_py like :spelt)", {"spelt": code.lower() + "%"}
    return _said(tidy_line(text).split()[:_TERMS])


def _said(terms: Sequence[str]) -> tuple[str, Record]:
    given: Record = {f"word{n}": f"%{_plain(term)}%" for n, term in enumerate(terms)}
    tests = [f"(r.name like :{name} or h.std_addr like :{name})" for name in given]
    return " and ".join(tests) or "true", given


def _plain(term: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", term)


async def _streets(scope: Scope) -> list[str]:
    """The streets of a scope: tails are indexed together with them."""
    standing = await areas.committees(scope, clock.today())
    return list({street_of(area.code) for area in standing})


async def houses(scope: Scope, query: Find) -> tuple[list[Record], int]:
    """Houses by address, with how many people and households live there today."""
    tests, given = ["r.area like :scope"], Record()
    if query.area:
        tests.append("r.area = :place")
        given["place"] = query.area
    for n, term in enumerate(tidy_line(query.q or "").split()[:_TERMS]):
        tests.append(f"r.std_addr like :word{n}")
        given[f"word{n}"] = f"%{_plain(term)}%"
    where = " and ".join(tests)
    total = await select(scope, f"select count(*) as n from house r where {where}", **given)
    if query.cursor:
        building, room, house = keys_of(query.cursor, 3)
        given |= {"at_building": building, "at_room": room, "at_house": house}
        where += (
            " and (r.building_id, r.room, r.id)"
            " > (:at_building::text::uuid, :at_room, :at_house::text::uuid)"
        )
    found = await select(
        scope,
        f"""select r.id, r.building_id, r.room, r.std_addr, r.occupancy, r.area,
              l.people, l.households
            from house r cross join lateral (
              select count(*) as people, count(distinct p.household_id) as households
              from person p where p.house_id = r.id and p.area like :scope
                and p.residence_status <> '2' and {OPEN.replace("r.", "p.")}) l
            where {where} order by r.building_id, r.room, r.id limit :limit""",
        limit=query.limit + 1,
        today=clock.today(),
        **given,
    )
    return found, total[0]["n"]


async def household(scope: Scope, catalogue: Catalogue, *, of: str, subject: UUID) -> list[Record]:
    """The people on the register today of a household (`household_id`) or house (`house_id`)."""
    found = await select(
        scope,
        f"""select r.id, r.name, r.sex, r.birth, r.relation, r.household_id from person r
            where r.area like :scope and r.{of} = :subject and {OPEN}
            order by r.relation = '02' desc, r.birth""",
        subject=subject,
        today=clock.today(),
    )
    tagged = await _tags(scope, catalogue, found)
    return [row | {"tags": tagged.get(row["id"], [])} for row in found]


async def households(scope: Scope, ids: Sequence[UUID]) -> dict[UUID, Record]:
    """Number and head's name of households."""
    found = await select(
        scope,
        """select r.id, r.hh_no, p.name as head from household r
           left join person p on p.id = r.head_id
           where r.area like :scope and r.id = any(:ids)""",
        ids=list(ids),
    )
    return {row["id"]: row for row in found}
