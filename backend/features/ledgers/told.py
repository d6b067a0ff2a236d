"""Fields that other entries tell: hazards found at a shop, what is left of the supplies. They are
counted when somebody reads, so that they are right whatever was written or corrected since."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from backend.core.db import select
from backend.core.scope import Scope
from backend.engine.form.definition import FormDef, Told

Values = dict[str, Any]


async def told(scope: Scope, form: FormDef, entries: Sequence[UUID]) -> dict[UUID, Values]:
    """What other entries tell of these, by entry and field."""
    found: dict[UUID, Values] = {entry: {} for entry in entries}
    for field in form.fields:
        if field.told is None or not entries:
            continue
        text = _added(field.told) if field.told.plus or field.told.minus else _counted(field.told)
        rows = await select(scope, text, ids=list(entries), ledger=form.code, of=field.told.of)
        for row in rows:
            found[row["id"]][field.key] = row["told"]
    return found


def _counted(rule: Told) -> str:
    """How many entries of the other ledger say the same; one that says nothing agrees with none."""
    same = " and ".join(f"o.data->>'{key}' = e.data->>'{key}'" for key in rule.same)
    return f"""
select e.id, count(o.id) as told from ledger_entry e
left join ledger_entry o on o.ledger = :of and o.live and o.area = e.area and {same}
where e.area like :scope and e.ledger = :ledger and e.id = any(:ids) group by e.id"""


def _added(rule: Told) -> str:
    """The running total of entries that say the same (nothing being the same as nothing). One
    that corrects another stands where that one stood."""
    parts = [f"coalesce((e.data->>'{rule.plus}')::float8, 0)"] if rule.plus else ["0"]
    parts += [f"coalesce((e.data->>'{rule.minus}')::float8, 0)"] if rule.minus else []
    same = ", ".join(f"e.data->>'{key}'" for key in rule.same)
    return f"""
with recursive first as (
  select e.id, e.id as root from ledger_entry e
  where e.area like :scope and e.ledger = :of and e.corrects is null
  union all
  select e.id, f.root from first f join ledger_entry e on e.corrects = f.id)
select t.id, t.told from (
  select e.id, sum({" - ".join(parts)}) over (partition by e.area, {same} order by e.at, f.root)
    as told
  from ledger_entry e join first f on f.id = e.id
  where e.area like :scope and e.ledger = :of and e.live) t
where t.id = any(:ids) and :ledger = :of"""
