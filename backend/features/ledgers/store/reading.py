"""Reading entries back: one, a page of a ledger, or those about a person or house."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from backend.core import crypto, problems
from backend.core.db import Record, select
from backend.core.scope import Scope
from backend.engine.form.definition import FormDef
from backend.features.ledgers.shapes import Filter
from backend.web.paging import keys_of

_ENTRY = """
select e.id, e.area, e.ledger, e.version, e.no, e.day, e.at, e.grid, e.person_id, e.household_id,
  e.house_id, e.data, e.secret, e.photos, e.wrote, e.corrects, e.reason, e.live, e.by_name as by,
  (select c.id from ledger_entry c where c.corrects = e.id limit 1) as corrected_by
from ledger_entry e where e.area like :scope"""


async def one(scope: Scope, ledger: str, entry: UUID) -> Record:
    found = await select(
        scope, f"{_ENTRY} and e.ledger = :ledger and e.id = :id", ledger=ledger, id=entry
    )
    if not found:
        raise problems.not_found(kind="台账记录")
    return found[0]


async def by_ids(scope: Scope, entries: Sequence[UUID]) -> list[Record]:
    """These entries, latest first."""
    return await select(
        scope, f"{_ENTRY} and e.id = any(:ids) order by e.day desc, e.id desc", ids=list(entries)
    )


async def running(
    scope: Scope, ledger: str, ids: Sequence[UUID], paths: Mapping[str, str]
) -> list[Record]:
    """Those of these that have no entry yet, because what they are about still goes on: the
    values they would have, latest first."""
    found = await select(
        scope,
        """select r.id, r.area, r.data from ledger_running r
           where r.area like :scope and r.ledger = :ledger and r.id = any(:ids)
           order by r.at desc, r.id desc""",
        ledger=ledger,
        ids=list(ids),
    )
    for row in found:
        row["data"]["category"] = paths.get(row["data"].get("category"), "其他")
    return found


async def page(scope: Scope, ledger: str, query: Filter) -> tuple[list[Record], int]:
    """A page of a ledger, latest first, and how many rows match in all."""
    match, given = _match(ledger, query)
    total = await select(
        scope, f"select count(*) as n from ledger_entry e where e.area like :scope {match}", **given
    )
    after, more = _after(query)
    found = await select(
        scope,
        f"{_ENTRY} {match} {after} order by e.day desc, e.id desc limit :limit",
        limit=query.limit + 1,
        **given,
        **more,
    )
    return found, total[0]["n"]


async def illustrated(scope: Scope, ledger: str, query: Filter, most: int) -> list[Record]:
    """Entries with pictures, the first ones first; those that were corrected are left out."""
    match, given = _match(ledger, query)
    return await select(
        scope,
        f"""{_ENTRY} {match} and e.live and e.photos <> '[]'
            order by e.day, e.id limit :most""",
        most=most,
        **given,
    )


async def latest(scope: Scope) -> dict[str, Record]:
    """Per ledger: how many entries count, and when the last was written."""
    found = await select(
        scope,
        """select e.ledger, count(*) as entries, max(e.created_at) as last_at
           from ledger_entry e where e.area like :scope and e.live group by e.ledger""",
    )
    return {row["ledger"]: row for row in found}


async def about(scope: Scope, column: str, subject: UUID) -> list[Record]:
    """How often each ledger speaks of a person (person_id) or a house (house_id)."""
    return await select(
        scope,
        f"""select e.ledger, count(*) as count, max(e.day) as last_at from ledger_entry e
            where e.area like :scope and e.{column} = :subject and e.live
            group by e.ledger order by e.ledger""",
        subject=subject,
    )


async def of_order(scope: Scope, wrote: str, case_no: str) -> list[Record]:
    """The entries that an order has written (`order:<id>`), and those that name its number."""
    return await select(
        scope,
        """select e.id, e.ledger, e.no, e.at, e.live from ledger_entry e
           where e.area like :scope and (e.wrote like 'order:%' and e.wrote = :wrote
             or e.data ? 'case_no' and e.data->>'case_no' = :case_no)
           order by e.created_at, e.id""",
        wrote=wrote,
        case_no=case_no,
    )


async def last_days(scope: Scope, ledger: str, people: Sequence[UUID]) -> dict[UUID, date]:
    """The last day on which a ledger speaks of each person."""
    found = await select(
        scope,
        """select e.person_id, max(e.day) as day from ledger_entry e
           where e.area like :scope and e.ledger = :ledger and e.live
             and e.person_id = any(:people) group by e.person_id""",
        ledger=ledger,
        people=list(people),
    )
    return {row["person_id"]: row["day"] for row in found}


def values(form: FormDef, row: Record) -> dict[str, Any]:
    """All values of an entry in clear; sealed ones are opened."""
    opened = {
        key: orjson.loads(crypto.unseal("ledger_entry", key, row["id"], token))
        for key, token in row["secret"].items()
    }
    return {**row["data"], **opened}


def _match(ledger: str, query: Filter) -> tuple[str, Record]:
    text, given = "and e.ledger = :ledger", {"ledger": ledger}
    tests: list[tuple[str, str, Any]] = [
        ("since", "and e.day >= :since", query.since),
        ("until", "and e.day <= :until", query.until),
        ("place", "and e.area = :place", query.area),
        ("words", "and e.data::text ilike :words", f"%{query.q}%" if query.q else None),
    ]
    for name, test, value in tests:
        if value is not None:
            text, given = f"{text} {test}", given | {name: value}
    return text, given


def _after(query: Filter) -> tuple[str, Record]:
    if query.cursor is None:
        return "", {}
    day, entry = keys_of(query.cursor, 2)
    given = {"after_day": date.fromisoformat(day), "after_id": UUID(entry)}
    return "and (e.day, e.id) < (:after_day, :after_id)", given
