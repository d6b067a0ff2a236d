"""Counting the figures of a report over registers and ledgers, and going back to their rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from backend.core import problems
from backend.core.db import select
from backend.core.scope import Scope, scope_of
from backend.engine.clocks.periods import Period
from backend.engine.form.definition import FormDef
from backend.engine.form.measures import Average, Latest, Read, Top, Worked
from backend.engine.indicators.leaves import Leaf, behind, each, leaves
from backend.engine.indicators.sql import Counting, Dates
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
) -> Counted:
    """Every counted part of a report's indicators, one pass per table and moment."""
    wanted = {key: leaf for one in form.indicators for key, leaf in leaves(one).items()}
    nothing = _nothing(wanted)
    found = Counted({}, dict(nothing), nothing)
    counting = Counting(sources(catalogue), _dates(period), catalogue.hours, areas)
    for statement in counting.statements(wanted):
        for row in await select(scope, statement.text, **statement.values):
            whole = row["area"] is None
            parts = found.total if whole else found.by_area.setdefault(row["area"], dict(nothing))
            parts |= {key: _plain(row[column]) for column, key in statement.keys.items()}
    return found


async def ids_behind(
    catalogue: Catalogue, area: str, form: FormDef, code: str, period: Period
) -> dict[str, list[Any]]:
    """The ids of the rows that explain a figure of an area, by the form whose rows they are."""
    explaining = behind(form, code)
    if not explaining:
        raise problems.not_found(kind="明细")
    counting = Counting(sources(catalogue), _dates(period), catalogue.hours)
    found: dict[str, set[Any]] = {}
    for leaf in (one for counted in explaining.values() for one in each(counted)):
        statement = counting.rows(leaf)
        rows = await select(scope_of(area), statement.text, **statement.values)
        found.setdefault(leaf.of, set()).update(row["id"] for row in rows)
    return {of: sorted(ids) for of, ids in found.items()}


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
