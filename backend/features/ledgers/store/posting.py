"""Writing entries: appended once per event, corrected by a counter-entry, never edited."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from backend.core import clock, crypto, problems
from backend.core.access import Actor
from backend.core.db import Record, select
from backend.core.ids import new_id
from backend.core.scope import Scope
from backend.engine.form.definition import FormDef


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry about to be written: its values by field, in clear, and what it is about.

    `no` is the number that the event bears already (an order's, or that of an entry corrected);
    else the entry's own number goes into the field that the form keeps for it.
    """

    form: FormDef
    area: str
    grid: str | None
    day: date
    at: datetime
    values: dict[str, Any]
    person: UUID | None
    household: UUID | None
    house: UUID | None
    photos: tuple[UUID, ...]
    wrote: str
    key: str
    corrects: UUID | None = None
    reason: str | None = None
    no: str | None = None
    id: UUID = field(default_factory=new_id)

    def correcting(self, entry: UUID, reason: str) -> "Draft":
        return replace(self, corrects=entry, reason=reason, wrote="更正")


async def post(actor: Actor, draft: Draft) -> UUID:
    """Append the entry; an event that was posted before gives the entry it then wrote."""
    if not actor.scope.covers(draft.area):
        raise problems.not_found(kind="区域")
    before = await by_key(actor.scope, draft.form.code, draft.key)
    return before or await _append(actor, draft)


async def by_key(scope: Scope, ledger: str, key: str) -> UUID | None:
    """The entry that an event has written."""
    found = await select(
        scope,
        """select e.id from ledger_entry e
           where e.area like :scope and e.ledger = :ledger and e.key = :key""",
        ledger=ledger,
        key=key,
    )
    return found[0]["id"] if found else None


async def reverse(scope: Scope, entry: UUID) -> None:
    """The entry no longer counts; what it said can still be read."""
    await select(
        scope,
        "update ledger_entry set live = false where area like :scope and id = :id returning id",
        id=entry,
    )


async def _append(actor: Actor, draft: Draft) -> UUID:
    entry, number = draft.id, await _number(actor.scope, draft)
    sealed = {field.key for field in draft.form.fields if field.sealed}
    values = _at_shanghai(draft) | {key: draft.no or number for key in numbered(draft.form)}
    data = {key: value for key, value in values.items() if key not in sealed}
    secret = {
        key: crypto.seal("ledger_entry", key, entry, orjson.dumps(value).decode())
        for key, value in values.items()
        if key in sealed
    }
    content = [draft.form.code, draft.form.version, draft.area, number, data, secret]
    await select(actor.scope, _INSERT, **_row(actor, draft, entry, number, data, secret, content))
    return entry


def numbered(form: FormDef) -> list[str]:
    """The field that a form keeps for the entry's own number (纠纷编号)."""
    texts = [f.key for f in form.fields if f.source == "system" and f.type == "text" and f.required]
    return texts[:1]


def _at_shanghai(draft: Draft) -> dict[str, Any]:
    """The values, every moment as Shanghai time to the second: rules compare moments as text."""
    moments = {f.key for f in draft.form.fields if f.type == "datetime"} & draft.values.keys()
    told = {key: draft.values[key] for key in moments if draft.values[key]}
    return draft.values | {key: _to_the_second(value) for key, value in told.items()}


def _to_the_second(value: datetime | str) -> str:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    moment = moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)
    return moment.astimezone(clock.SHANGHAI).isoformat(timespec="seconds")


def _row(
    actor: Actor,
    draft: Draft,
    entry: UUID,
    number: str,
    data: dict[str, Any],
    secret: dict[str, str],
    content: list[Any],
) -> Record:
    return {
        "id": entry,
        "area": draft.area,
        "ledger": draft.form.code,
        "version": draft.form.version,
        "no": number,
        "day": draft.day,
        "at": draft.at,
        "grid": draft.grid,
        "person": draft.person,
        "household": draft.household,
        "house": draft.house,
        "data": data,
        "secret": secret,
        "photos": [str(photo) for photo in draft.photos],
        "wrote": draft.wrote,
        "key": draft.key,
        "corrects": draft.corrects,
        "reason": draft.reason,
        "by_id": actor.id,
        "by": actor.name,
        "now": clock.now(),
        "digest": crypto.sm3(orjson.dumps(content, option=orjson.OPT_SORT_KEYS, default=str)),
    }


_INSERT = """
insert into ledger_entry (id, area, ledger, version, no, day, at, grid, person_id, household_id,
  house_id, data, secret, photos, wrote, key, corrects, reason, live, by_id, by_name, created_at,
  digest)
select :id, :area::text, :ledger, :version, :no, :day, :at, :grid, :person, :household, :house,
  :data, :secret, :photos, :wrote, :key, :corrects, :reason, true, :by_id, :by, :now, :digest
where :area::text like :scope
returning id"""


async def _number(scope: Scope, draft: Draft) -> str:
    """The next number of a ledger in a committee and year: L15-005001-2026-0007."""
    found = await select(
        scope,
        """insert into ledger_number as n (id, ledger, area, year, last_no)
           select :id, :ledger, :area::text, :year, 1 where :area::text like :scope
           on conflict (ledger, area, year) do update set last_no = n.last_no + 1
           returning last_no""",
        id=new_id(),
        ledger=draft.form.code,
        area=draft.area,
        year=draft.day.year,
    )
    return f"{draft.form.code}-{draft.area[6:]}-{draft.day.year}-{found[0]['last_no']:04d}"
