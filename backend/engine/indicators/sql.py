"""Leaves → SQL: one statement per table and moment counts all of a report's leaves at once.

Measured: one pass with `count(*) filter (…)` is ten times faster than a query per indicator.
Each leaf `m` gives two columns: its value and, under `m#`, how many rows stand behind it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from backend.engine.clocks.worked import WorkedHours
from backend.engine.form.measures import (
    Average,
    Count,
    Distinct,
    Join,
    Latest,
    Read,
    Several,
    Sum,
    Worked,
)
from backend.engine.indicators.leaves import Leaf, RowLeaf, each
from backend.engine.rules.language import Ast, bind, substitute
from backend.engine.rules.sql import Columns, Parameters, Sql, condition, to_sql
from backend.engine.rules.sql_text import as_text

Entity = Literal["person", "house", "household"]


@dataclass(frozen=True)
class RowSource:
    """How the rows of a register or ledger are reached in SQL.

    `origin` is what stands behind `from`; it must restrict itself by `:scope` and may use the
    names in `dates` as `:cut_off`. `columns` are the names that conditions may use, `derived`
    further names told by rules over them. `at` is when a row happened, for entries.
    """

    code: str
    origin: str
    id: str
    area: str
    columns: Columns
    at: str | None = None
    entities: Mapping[Entity, str] = field(default_factory=dict)
    derived: Mapping[str, Ast] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)  # parameters inside `origin`


@dataclass(frozen=True)
class Dates:
    """The period, and the day as of which rows are looked at, as ISO texts."""

    period_start: str
    period_end: str
    year_start: str
    cut_off: str

    def names(self) -> dict[str, str]:
        return {
            "period_start": self.period_start,
            "period_end": self.period_end,
            "year_start": self.year_start,
            "cut_off": self.cut_off,
        }


_NAMED = re.compile(r"(?<!:):(\w+)")


@dataclass(frozen=True)
class Statement:
    """Text with `:name` parameters (`scope` is added by the caller), and its columns' leaf keys."""

    text: str
    values: Mapping[str, Any]
    keys: Mapping[str, str]


class Counting:
    """Compiles the leaves of one report over the given sources."""

    def __init__(
        self,
        sources: Mapping[str, RowSource],
        dates: Mapping[str, Dates],
        hours: WorkedHours,
        areas: Sequence[str] | None = None,
    ) -> None:
        """`dates` by moment: closing (the cut-off) and opening (the eve of the period).

        With `areas` only rows of these areas count, also for the total.
        """
        self.sources, self.dates, self.hours, self.areas = sources, dates, hours, areas

    def statements(self, leaves: Mapping[str, Leaf]) -> list[Statement]:
        """One statement per source and moment; each row is an area, the one without the total."""
        groups: dict[tuple[str, str], dict[str, RowLeaf]] = {}
        together = []
        for key, leaf in leaves.items():
            if isinstance(leaf, Several):
                together.append(self._together(key, leaf))
            else:
                groups.setdefault((leaf.of, getattr(leaf, "at", "closing")), {})[key] = leaf
        return [self._statement(of, at, group) for (of, at), group in groups.items()] + together

    def rows(self, leaves: Sequence[RowLeaf]) -> Statement:
        """Id, area and source of the rows behind some leaves, each row once: for drilling down."""
        parameters, selects = Parameters(), []
        values: dict[str, Any] = {}
        for leaf in leaves:
            source, at = self.sources[leaf.of], getattr(leaf, "at", "closing")
            where = self._condition(source, at, leaf, parameters)
            text = (
                f"select {source.id} as id, {source.area} as area, '{source.code}' as source "
                f"from {source.origin} where {source.area} like :scope{self._only(source)} "
                f"and {where}"
            )
            # leaves of different moments stand in one text, each with its own cut-off
            selects.append(text.replace(":cut_off:", f":cut_off_{at}:"))
            values |= {**source.values, f"cut_off_{at}": self.dates[at].cut_off}
        text = " union ".join(selects)
        bound = self._bound(text, "closing", parameters, {}, source)
        given = {**bound.values, **values}
        named = set(_NAMED.findall(text))
        return Statement(text, {k: v for k, v in given.items() if k in named}, {})

    def _together(self, key: str, leaf: Several) -> Statement:
        """The different values of several tables, a value that two of them hold counted once."""
        parameters, selects = Parameters(), []
        values: dict[str, Any] = {}
        for one in each(leaf):
            source, at = self.sources[one.of], getattr(one, "at", "closing")
            where = self._condition(source, at, one, parameters)
            column = self._column(source, at, one.key, parameters)  # type: ignore[union-attr]
            selects.append(
                f"select {source.area} as area, {as_text(column).text} as told "
                f"from {source.origin} where {source.area} like :scope{self._only(source)} "
                f"and {where}"
            )
            values |= source.values
        text = (
            f"select t.area, count(distinct t.told) as m0, count(*) as n0 "
            f"from ({' union all '.join(selects)}) t group by grouping sets ((t.area), ())"
        )
        bound = self._bound(text, "closing", parameters, {"m0": key, "n0": f"{key}#"}, source)
        return Statement(bound.text, {**bound.values, **values}, bound.keys)

    def _statement(self, of: str, at: str, leaves: Mapping[str, RowLeaf]) -> Statement:
        source, parameters = self.sources[of], Parameters()
        parts: list[str] = []
        keys: dict[str, str] = {}
        for number, (key, leaf) in enumerate(leaves.items()):
            where = self._condition(source, at, leaf, parameters)
            parts += [
                f"{self._aggregate(source, at, leaf, where, parameters)} as m{number}",
                f"count(*) filter (where {where}) as n{number}",
            ]
            keys |= {f"m{number}": key, f"n{number}": f"{key}#"}
        text = (
            f"select {source.area} as area, {', '.join(parts)} from {source.origin} "
            f"where {source.area} like :scope{self._only(source)} "
            f"group by grouping sets (({source.area}), ())"
        )
        return self._bound(text, at, parameters, keys, source)

    def _only(self, source: RowSource) -> str:
        return "" if self.areas is None else f" and {source.area} = any(:areas)"

    def _bound(
        self,
        text: str,
        at: str,
        parameters: Parameters,
        keys: Mapping[str, str],
        source: RowSource,
    ) -> Statement:
        values = {**parameters.values, **source.values}
        joined = (other.values for other in self.sources.values())
        values |= {k: v for each in joined for k, v in each.items() if f":{k}" in text}
        if ":cut_off" in text:
            values["cut_off"] = self.dates[at].cut_off
        if ":areas" in text:
            values["areas"] = list(self.areas or ())
        if ":worked_" in text:
            values |= self.hours.parameters()
        return Statement(text, values, keys)

    def _condition(self, source: RowSource, at: str, leaf: RowLeaf, parameters: Parameters) -> str:
        where = getattr(leaf, "where", None)
        tests = [self._rule(source, at, where.ast, parameters)] if where is not None else []
        if join := getattr(leaf, "join", None):
            tests.append(self._joined(source, at, join, parameters))
        return " and ".join(tests) or "true"

    def _joined(self, source: RowSource, at: str, join: Join, parameters: Parameters) -> str:
        """Only rows whose person, house or household also stands in the other table."""
        other = self.sources[join.of]
        tests = [f"{other.area} like :scope"]
        if join.where is not None:
            tests.append(self._rule(other, at, join.where.ast, parameters))
        theirs = f"select {other.entities[join.on]} from {other.origin} where {' and '.join(tests)}"
        return f"{source.entities[join.on]} in ({theirs})"

    def _rule(self, source: RowSource, at: str, ast: Ast, parameters: Parameters) -> str:
        whole = bind(_unfolded(ast, source.derived), self.dates[at].names())
        return f"coalesce({condition(whole, source.columns, parameters)}, false)"

    def _aggregate(
        self, source: RowSource, at: str, leaf: RowLeaf, where: str, parameters: Parameters
    ) -> str:
        if isinstance(leaf, Count):
            return f"count(*) filter (where {where})"
        if isinstance(leaf, Worked):
            return self._worked(source, leaf, where)
        column = self._column(source, at, leaf.key, parameters)
        if isinstance(leaf, Distinct):
            return f"count(distinct {column.text}) filter (where {where})"
        if isinstance(leaf, Sum):
            total = f"coalesce(sum({column.text}) filter (where {where}), 0)"
            return total if leaf.divide_by == 1 else f"({total} / {leaf.divide_by:g}::float8)"
        if isinstance(leaf, Average):
            return f"avg({column.text}) filter (where {where})"
        if isinstance(leaf, Read):
            return f"max({column.text}) filter (where {where})"
        if isinstance(leaf, Latest):
            last = f"order by {source.at} desc, {source.id} desc"
            return f"(array_agg({column.text} {last}) filter (where {where}))[1]"
        return self._commonest(column, where, leaf.n)

    def _commonest(self, column: Sql, where: str, n: int) -> str:
        """A class that is kept as its path through a tree counts by its own name."""
        name = f"regexp_replace({column.text}, '^.*/', '')"
        return f"commonest(array_agg({name} order by {name}) filter (where {where}), {n})"

    def _worked(self, source: RowSource, leaf: Worked, where: str) -> str:
        """Null when no calendar tells about one of the rows: never the average of a part."""
        begun, done = (f"{source.columns[key].text}::timestamptz" for key in (leaf.start, leaf.end))
        known = f"{where} and {begun} is not null and {done} is not null"
        hours = f"({_worked_until(done)} - {_worked_until(begun)})"
        return (
            f"case when count({hours}) filter (where {known}) = count(*) filter (where {known}) "
            f"then avg({hours}) filter (where {known}) end"
        )

    def _column(self, source: RowSource, at: str, key: str, parameters: Parameters) -> Sql:
        if key in ("person", "house", "household"):
            return Sql(source.entities[key], "text")  # type: ignore[index]
        if key in source.derived:
            ast = bind(_unfolded(source.derived[key], source.derived), self.dates[at].names())
            return to_sql(ast, source.columns, parameters)
        return source.columns[key]


def _worked_until(moment: str) -> str:
    names = ("begins", "ends", "before", "first", "last")
    return f"worked({moment}, {', '.join(f':worked_{name}' for name in names)})"


def _unfolded(ast: Ast, derived: Mapping[str, Ast]) -> Ast:
    """Replace derived names by their rules until only columns and dates are left."""
    for _ in range(len(derived) + 1):
        replaced = substitute(ast, derived)
        if replaced == ast:
            return ast
        ast = replaced
    return ast
