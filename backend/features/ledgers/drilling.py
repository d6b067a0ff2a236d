"""From a figure back to its rows: people or entries, as far as their reader may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from backend.core import problems
from backend.core.access import Actor
from backend.core.scope import Scope
from backend.engine.clocks.periods import Period
from backend.engine.form.definition import Field, FormDef
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers import counting, view
from backend.features.ledgers.shapes import PlainColumn, PlainRow, Rows
from backend.features.ledgers.store import reading
from backend.web.paging import Page, cursor_of, keys_of

_COLUMNS = 6  # as many as fit a phone's card


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a report for a period, counted in some areas of a scope.

    With `only`, the rows of this one area are read; they are counted for all.
    """

    form: FormDef
    code: str
    period: Period
    scope: Scope
    areas: Sequence[str]
    only: str | None = None

    @property
    def name(self) -> str:
        return f"{self.form.code}.{self.code}.{self.period.key}.{self.only or ''}"


@dataclass(frozen=True, slots=True)
class Drilled:
    """A page of rows, and how many there are per area; areas without any are left out."""

    rows: Rows
    counts: Mapping[str, int]


async def rows_behind(actor: Actor, catalogue: Catalogue, figure: Figure, query: Page) -> Drilled:
    """A page of the rows that a figure was counted from, area by area."""
    leaf = counting.leaf_behind(figure.form, figure.code)
    if leaf is None:
        raise problems.not_found(kind="明细")
    behind = counting.behind(catalogue, figure.scope, figure.areas, leaf, figure.period)
    counts = await behind.counts()
    ids = await behind.page(figure.only, _after(query, figure.name), query.limit + 1)
    some = dict(list(ids.items())[: query.limit])
    columns, rows = await _shown(actor, catalogue, figure.scope, catalogue.form(leaf.of), some)
    last = next(reversed(some.items())) if len(ids) > query.limit else None
    page = Rows(
        columns=tuple(PlainColumn(key=f.key, label=f.label) for f in columns),
        rows=tuple(sorted(rows, key=lambda row: row.area)),
        total=counts.get(figure.only, 0) if figure.only else sum(counts.values()),
        next=cursor_of(last[1], last[0], of=figure.name) if last else None,
    )
    return Drilled(page, counts)


def _after(query: Page, of: str) -> tuple[str, UUID] | None:
    if query.cursor is None:
        return None
    area, row = keys_of(query.cursor, 2, of=of)
    return area, UUID(row)


async def _shown(
    actor: Actor, catalogue: Catalogue, scope: Scope, form: FormDef, ids: Mapping[UUID, str]
) -> tuple[list[Field], list[PlainRow]]:
    """The first columns of these rows, masked for their reader."""
    columns = [field for field, _, _ in view.columns_of(form)][:_COLUMNS]
    written = form.kind == "ledger" and form.membership is None
    read = _entries if written else _registered
    found = await read(actor, catalogue, scope, form, list(ids))
    return columns, [
        PlainRow(
            id=str(row),
            area=ids[row],
            link=link,
            cells={field.key: cells[field.key] for field in columns},
        )
        for row, link, cells in found
    ]


Line = tuple[UUID, str | None, dict[str, str]]


async def _entries(
    actor: Actor, catalogue: Catalogue, scope: Scope, form: FormDef, ids: list[UUID]
) -> list[Line]:
    return [
        (
            row["id"],
            f"/ledgers/{form.code}/entries/{row['id']}",
            view.cells(actor, form, row["area"], reading.values(form, row)),
        )
        for row in await reading.by_ids(scope, ids)
    ]


async def _registered(
    actor: Actor, catalogue: Catalogue, scope: Scope, form: FormDef, ids: list[UUID]
) -> list[Line]:
    found = await view.members(actor, catalogue, form, scope, ids)
    return [
        (row.id, f"/people/{row.person}" if row.person else None, dict(row.cells)) for row in found
    ]
