"""From a figure back to its rows: people or entries, as far as their reader may see them."""

from uuid import UUID

from backend.core.access import Actor
from backend.core.scope import scope_of
from backend.engine.clocks.periods import Period
from backend.engine.form.definition import Field, FormDef
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers import counting, view
from backend.features.ledgers.shapes import PlainColumn, PlainRow, Rows
from backend.features.ledgers.store import reading
from backend.web.paging import Page, cursor_of, keys_of

_COLUMNS = 6  # as many as fit a phone's card


async def rows_behind(
    actor: Actor,
    catalogue: Catalogue,
    area: str,
    form: FormDef,
    code: str,
    period: Period,
    query: Page,
) -> Rows:
    """A page of the rows that a figure of an area was counted from."""
    leaf, ids = await counting.ids_behind(catalogue, area, form, code, period)
    ids = sorted(ids)
    start = int(keys_of(query.cursor, 1)[0]) if query.cursor else 0
    some = ids[start : start + query.limit]
    end = start + len(some)
    source = catalogue.form(leaf.of)
    if source.kind == "ledger" and source.membership is None:
        columns, rows = await _entries(actor, area, source, some)
    else:
        columns, rows = await _registered(actor, catalogue, area, leaf.of, some)
    return Rows(
        columns=tuple(columns),
        rows=tuple(rows),
        total=len(ids),
        next=cursor_of(end) if end < len(ids) else None,
    )


async def _entries(
    actor: Actor, area: str, form: FormDef, ids: list[UUID]
) -> tuple[list[PlainColumn], list[PlainRow]]:
    shown: list[Field] = [field for field, _, _ in view.columns_of(form)][:_COLUMNS]
    rows = []
    for row in await reading.by_ids(scope_of(area), ids):
        values = reading.values(form, row)
        cells = view.cells(actor, form, row["area"], values)
        link = f"/ledgers/{form.code}/entries/{row['id']}"
        cells = {field.key: cells[field.key] for field in shown}
        rows.append(PlainRow(id=str(row["id"]), link=link, cells=cells))
    return [PlainColumn(key=f.key, label=f.label) for f in shown], rows


async def _registered(
    actor: Actor, catalogue: Catalogue, area: str, code: str, ids: list[UUID]
) -> tuple[list[PlainColumn], list[PlainRow]]:
    form = catalogue.form(code)
    found = await view.members(actor, catalogue, form, scope_of(area), ids)
    shown = [field for field, _, _ in view.columns_of(form)][:_COLUMNS]
    rows = [
        PlainRow(
            id=str(row.id),
            link=f"/people/{row.person}" if row.person else None,
            cells={field.key: row.cells[field.key] for field in shown},
        )
        for row in found
    ]
    return [PlainColumn(key=f.key, label=f.label) for f in shown], rows
