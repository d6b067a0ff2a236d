"""From a figure back to its rows: people or entries, as far as their reader may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from backend.core import problems
from backend.core.access import Actor
from backend.core.scope import Scope
from backend.engine.clocks.periods import Period
from backend.engine.form.definition import FormDef
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers import counting, view
from backend.features.ledgers.shapes import PlainColumn, PlainRow, Rows
from backend.features.ledgers.store import reading
from backend.web.paging import Page, cursor_of, keys_of

_COLUMNS = 6  # as many as fit a phone's card
_LEDGER = PlainColumn(key="ledger", label="台账")


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
    """A page of the rows that a figure was counted from, area by area, ledger by ledger."""
    behind = counting.behind(
        catalogue, figure.scope, figure.areas, figure.form, figure.code, figure.period
    )
    if behind is None:
        raise problems.not_found(kind="明细")
    counts = await behind.counts()
    found = await behind.page(figure.only, _after(query, figure.name), query.limit + 1)
    some = found[: query.limit]
    columns = _columns(catalogue, behind.sources)
    lines: dict[UUID, Line] = {}
    for source in behind.sources:
        ids = [row.id for row in some if row.source == source]
        lines |= await _lines(actor, catalogue, figure.scope, source, ids) if ids else {}
    behind_of = {row.id: row for row in some}
    rows = [_row(behind_of[row], line, columns) for row, line in lines.items()]
    last = some[-1] if len(found) > query.limit else None
    page = Rows(
        columns=tuple(columns),
        rows=tuple(sorted(rows, key=lambda row: row.area)),
        total=counts.get(figure.only, 0) if figure.only else sum(counts.values()),
        next=cursor_of(last.area, last.source, last.id, of=figure.name) if last else None,
    )
    return Drilled(page, counts)


def _after(query: Page, of: str) -> counting.RowBehind | None:
    if query.cursor is None:
        return None
    area, source, row = keys_of(query.cursor, 3, of=of)
    return counting.RowBehind(UUID(row), area, source)


def _columns(catalogue: Catalogue, sources: Sequence[str]) -> list[PlainColumn]:
    """The first columns of each source; what two of them call the same stands once."""
    most = _COLUMNS // len(sources)
    shown = [f for of in sources for f, _, _ in view.columns_of(catalogue.form(of))[:most]]
    named = {field.key: field.label for field in shown}
    first = [_LEDGER] if len(sources) > 1 else []
    return first + [PlainColumn(key=key, label=label) for key, label in named.items()]


@dataclass(frozen=True, slots=True)
class Line:
    """A row as its reader may see it."""

    link: str | None
    cells: Mapping[str, str]


def _row(row: counting.RowBehind, line: Line, columns: Sequence[PlainColumn]) -> PlainRow:
    """Only the columns shown; a row of another ledger does not have them all."""
    cells = {column.key: line.cells[column.key] for column in columns if column.key in line.cells}
    return PlainRow(id=str(row.id), area=row.area, link=line.link, cells=cells)


async def _lines(
    actor: Actor, catalogue: Catalogue, scope: Scope, source: str, ids: list[UUID]
) -> dict[UUID, Line]:
    form = catalogue.form(source)
    name = {_LEDGER.key: form.title}
    if form.entries:
        entries = {
            row["id"]: Line(
                f"/ledgers/{form.code}/entries/{row['id']}",
                name | view.cells(actor, form, row["area"], reading.values(form, row)),
            )
            for row in await reading.by_ids(scope, ids)
        }
        return entries | await _going(actor, catalogue, scope, form, ids)
    return {
        row.id: Line(f"/people/{row.person}" if row.person else None, name | row.cells)
        for row in await view.members(actor, catalogue, form, scope, ids)
    }


async def _going(
    actor: Actor, catalogue: Catalogue, scope: Scope, form: FormDef, ids: list[UUID]
) -> dict[UUID, Line]:
    """What still goes on: it opens where it is dealt with."""
    if form.writes:
        return {}
    return {
        row["id"]: Line(
            f"/orders/{row['id']}",
            {_LEDGER.key: form.title} | view.cells(actor, form, row["area"], row["data"]),
        )
        for row in await reading.running(scope, form.code, ids, catalogue.paths)
    }
