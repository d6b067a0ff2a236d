"""Counting the figures of a report over registers and ledgers, and going back to their rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from backend.core.db import select
from backend.core.scope import Scope
from backend.engine.clocks.periods import Period
from backend.engine.form.definition import FormDef
from backend.engine.form.measures import Average, Latest, Read, Top, Worked
from backend.engine.indicators.leaves import Leaf, each, leaves
from backend.engine.indicators.leaves import behind as explaining
from backend.engine.indicators.sql import Counting, Dates, Statement
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers.sources import sources

Parts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """Counted parts per area and over all rows together; `nothing` is an area without rows."""

    by_area: dict[str, Parts]
    total: Parts
    nothing: Parts


async def count(
    catalogue: Catalogue,
    scope: Scope,
    form: FormDef,
    period: Period,
    areas: Sequence[str] | None = None,
    codes: Collection[str] | None = None,
) -> Counted:
    """Every counted part of a report's indicators, or of some, one pass per table and moment."""
    asked = [one for one in form.indicators if codes is None or one.code in codes]
    wanted = {key: leaf for one in asked for key, leaf in leaves(one).items()}
    nothing = _nothing(wanted)
    found = Counted({}, dict(nothing), nothing)
    counting = Counting(sources(catalogue), _dates(period), catalogue.hours, areas)
    for statement in counting.statements(wanted):
        for row in await select(scope, statement.text, **statement.values):
            whole = row["area"] is None
            parts = found.total if whole else found.by_area.setdefault(row["area"], dict(nothing))
            parts |= {key: _plain(row[column]) for column, key in statement.keys.items()}
    return found


@dataclass(frozen=True, slots=True)
class RowBehind:
    """A row that a figure was counted from: of which register or ledger, and where it stands."""

    id: UUID
    area: str
    source: str


@dataclass(frozen=True, slots=True)
class Behind:
    """The rows behind a figure in some areas, to be counted and read page by page."""

    scope: Scope
    sources: tuple[str, ...]
    statement: Statement

    async def counts(self) -> dict[str, int]:
        """How many rows per area; areas without any are left out."""
        found = await select(
            self.scope,
            f"select q.area, count(*) as n from ({self.statement.text}) q group by q.area",
            **self.statement.values,
        )
        return {row["area"]: row["n"] for row in found}

    async def page(self, only: str | None, after: RowBehind | None, limit: int) -> list[RowBehind]:
        """The next rows of all areas or one, area by area, ledger by ledger."""
        tests, given = ["true"], dict(self.statement.values)
        if only is not None:
            tests, given = [*tests, "q.area = :only"], given | {"only": only}
        if after is not None:
            tests.append("(q.area, q.source, q.id) > (:after_area, :after_source, :after_id)")
            given |= {"after_area": after.area, "after_source": after.source}
            given |= {"after_id": after.id}
        found = await select(
            self.scope,
            f"""select q.id, q.area, q.source from ({self.statement.text}) q
                where {" and ".join(tests)} order by q.area, q.source, q.id limit :limit""",
            limit=limit,
            **given,
        )
        return [RowBehind(**row) for row in found]


def behind(
    catalogue: Catalogue,
    scope: Scope,
    areas: Sequence[str],
    form: FormDef,
    code: str,
    period: Period,
) -> Behind | None:
    """The rows that explain a figure in some areas of a scope; None for pure arithmetic."""
    wanted = [one for leaf in explaining(form, code).values() for one in each(leaf)]
    if not wanted:
        return None
    counting = Counting(sources(catalogue), _dates(period), catalogue.hours, areas)
    named = tuple(dict.fromkeys(leaf.of for leaf in wanted))
    return Behind(scope, named, counting.rows(wanted))


def _nothing(wanted: dict[str, Leaf]) -> Parts:
    empty: Parts = {}
    for key, leaf in wanted.items():
        empty[key] = None if isinstance(leaf, Average | Latest | Read | Top | Worked) else 0
        empty[f"{key}#"] = 0
    return empty


def _dates(period: Period) -> dict[str, Dates]:
    eve = period.start - timedelta(days=1)
    start, end = period.start.isoformat(), period.end.isoformat()
    year = period.start.replace(month=1, day=1).isoformat()
    return {
        "closing": Dates(start, end, year, cut_off=end),
        "opening": Dates(start, end, year, cut_off=eve.isoformat()),
    }


def _plain(value: Any) -> Any:
    return float(value) if type(value).__name__ == "Decimal" else value
