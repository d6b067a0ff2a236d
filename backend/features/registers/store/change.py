"""What people at work have found out about a person: the value, its provenance, its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.db import Record, copy_rows, select
from backend.core.ids import new_id
from backend.core.scope import Scope
from backend.engine.text import id_number
from backend.features.registers.elements import OWN, Layout
from backend.features.registers.store import people, take


@dataclass(frozen=True, slots=True)
class Said:
    """Who says so, and where it is written: `entry:<id>` of a ledger, or nothing."""

    by: str
    record: str | None = None


async def change(
    scope: Scope, layout: Layout, person: UUID, values: Mapping[str, Any], said: Said
) -> list[str]:
    """Write values as our own word; returns the elements that have changed.

    A feed will not overwrite them: it says what it thinks beside them. Confirming a value as it is
    makes it ours too, as of now.
    """
    found = await select(
        scope,
        "select * from person r where r.area like :scope and r.id = :id for update",
        id=person,
    )
    if not found:
        raise problems.not_found(kind="人员")
    row, history = found[0], []
    for element, value in _with_what_follows(layout, values).items():
        before = layout.value(row, element)
        if value != before:
            _differ(layout, row, element, before)
            layout.put(row, element, value)
            history.append((element, before, value))
        row["prov"][element] = [OWN, said.record, clock.now().isoformat(), said.by]
    people.index(layout, row)
    row["updated_at"] = clock.now()
    await take.merge("person", [row])
    await _remember(layout, row, history, said)
    return [element for element, _, _ in history]


def _with_what_follows(layout: Layout, values: Mapping[str, Any]) -> dict[str, Any]:
    """Dates as dates; sex and birth follow from a new identity number."""
    found = {k: _dated(layout, k, v) for k, v in values.items()}
    number = found.get("id_no")
    told = id_number.parse(number) if isinstance(number, str) else None
    if isinstance(told, id_number.IdNumber):
        found |= {"birth": told.birth, "sex": told.sex}
    return found


def _dated(layout: Layout, element: str, value: Any) -> Any:
    dated = element in layout.dates and isinstance(value, str)
    return date.fromisoformat(value[:10]) if dated else value


def _differ(layout: Layout, row: Record, element: str, before: Any) -> None:
    """The first time we say otherwise, what the feed said is kept beside it."""
    if element not in row["prov"] and before is not None:
        text = layout.text(row["id"], element, before)
        row["differs"][element] = [text, row["as_of"].isoformat()]


async def _remember(
    layout: Layout, row: Record, history: list[tuple[str, Any, Any]], said: Said
) -> None:
    columns = ("id", "area", "register", "subject", "element", "before", "after", "source")
    columns_too = ("source_record", "as_of", "by_name", "at")
    now = clock.now()
    records = [
        (
            new_id(),
            row["area"],
            layout.register.table,
            row["id"],
            element,
            layout.text(row["id"], element, before),
            layout.text(row["id"], element, after),
            OWN,
            said.record,
            now,
            said.by,
            now,
        )
        for element, before, after in history
    ]
    if records:
        await copy_rows("value_change", (*columns, *columns_too), records)
