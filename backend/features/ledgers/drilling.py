"""From a figure back to its rows: people or entries, as far as their reader may see them."""

from uuid import UUID

from backend.core.access import Actor
from backend.core.scope import scope_of
from backend.engine.clocks.periods import Period
from backend.engine.form.definition import FormDef
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers import counting, view
from backend.features.ledgers.shapes import PlainColumn, PlainRow, Rows
from backend.features.ledgers.store import reading
from backend.web.paging import Page, cursor_of, keys_of

_COLUMNS = 6  # as many as fit a phone's card
_LEDGER = PlainColumn(key="ledger", label="台账")


async def rows_behind(
    actor: Actor,
    catalogue: Catalogue,
    area: str,
    form: FormDef,
    code: str,
    period: Period,
    query: Page,
) -> Rows:
    """A page of the rows that a figure of an area was counted from, ledger after ledger."""
    found = await counting.ids_behind(catalogue, area, form, code, period)
    all_ids = [(of, one) for of, ids in found.items() for one in ids]
    start = int(keys_of(query.cursor, 1)[0]) if query.cursor else 0
    end = min(start + query.limit, len(all_ids))
    columns, rows = _columns(catalogue, list(found)), []
    for of in found:
        some = [one for source, one in all_ids[start:end] if source == of]
        rows += await _rows(actor, catalogue, area, catalogue.form(of), some) if some else []
    keys = [column.key for column in columns]
    return Rows(
        columns=tuple(columns),
        rows=tuple(_cut(row, keys) for row in rows),
        total=len(all_ids),
        next=cursor_of(end) if end < len(all_ids) else None,
    )


def _columns(catalogue: Catalogue, sources: list[str]) -> list[PlainColumn]:
    """The first columns of each source; what two of them call the same stands once."""
    most = _COLUMNS // len(sources)
    shown = [f for of in sources for f, _, _ in view.columns_of(catalogue.form(of))[:most]]
    named = {field.key: field.label for field in shown}
    first = [_LEDGER] if len(sources) > 1 else []
    return first + [PlainColumn(key=key, label=label) for key, label in named.items()]


def _cut(row: PlainRow, keys: list[str]) -> PlainRow:
    """Only the columns shown; a row of another ledger does not have them all."""
    kept = {key: row.cells[key] for key in keys if key in row.cells}
    return row.model_copy(update={"cells": kept})


async def _rows(
    actor: Actor, catalogue: Catalogue, area: str, form: FormDef, ids: list[UUID]
) -> list[PlainRow]:
    if form.entries:
        return await _entries(actor, area, form, ids) + await _going(
            actor, catalogue, area, form, ids
        )
    return await _registered(actor, catalogue, area, form, ids)


async def _entries(actor: Actor, area: str, form: FormDef, ids: list[UUID]) -> list[PlainRow]:
    rows = []
    for row in await reading.by_ids(scope_of(area), ids):
        cells = view.cells(actor, form, row["area"], reading.values(form, row))
        link = f"/ledgers/{form.code}/entries/{row['id']}"
        named = {_LEDGER.key: form.title} | cells
        rows.append(PlainRow(id=str(row["id"]), link=link, cells=named))
    return rows


async def _going(
    actor: Actor, catalogue: Catalogue, area: str, form: FormDef, ids: list[UUID]
) -> list[PlainRow]:
    """What still goes on: it opens where it is dealt with."""
    if form.writes:
        return []
    return [
        PlainRow(
            id=str(row["id"]),
            link=f"/orders/{row['id']}",
            cells={_LEDGER.key: form.title} | view.cells(actor, form, row["area"], row["data"]),
        )
        for row in await reading.running(scope_of(area), form.code, ids, catalogue.paths)
    ]


async def _registered(
    actor: Actor, catalogue: Catalogue, area: str, form: FormDef, ids: list[UUID]
) -> list[PlainRow]:
    found = await view.members(actor, catalogue, form, scope_of(area), ids)
    return [
        PlainRow(
            id=str(row.id),
            link=f"/people/{row.person}" if row.person else None,
            cells={_LEDGER.key: form.title} | row.cells,
        )
        for row in found
    ]
