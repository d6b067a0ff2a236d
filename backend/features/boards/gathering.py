"""Gathers what a board shows: counts of orders, what was counted at night, and names."""

from collections.abc import Sequence

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record
from backend.core.scope import Scope, street_of
from backend.engine.orders.rates import Yardstick
from backend.features.areas import store as areas
from backend.features.areas.shapes import Area
from backend.features.boards import figures, store
from backend.features.boards.figures import Row
from backend.features.boards.shapes import Board, By, Line, Statistics, Table
from backend.features.boards.spans import Days, labels
from backend.features.catalogue.catalogue import Catalogue
from backend.features.orders.handbook import Handbook
from backend.features.orders.store import counting

TOP = 10
MOST_ROWS = 100
_STREET_DIGITS = 9
_NOW = ("open", "overdue")
_UNCOVERED = {"alone": 0, "visited": 0}


def leaves_street(actor: Actor) -> bool:
    """Whoever sees more than one street sees no small numbers."""
    return len(actor.scope.prefix) < _STREET_DIGITS


class Gathering:
    """One board being put together; `veiled` hides small numbers throughout."""

    def __init__(
        self, scope: Scope, catalogue: Catalogue, book: Handbook, yardstick: Yardstick, veiled: bool
    ) -> None:
        self.scope, self.catalogue, self.book = scope, catalogue, book
        self.yardstick, self.veiled = yardstick, veiled

    async def board(self, area: str, days: Days, by: By) -> Board:
        """A place by its parts: committees of a street, streets of a district."""
        kind = "street" if by == "street" else "committee"
        parts = await areas.on_day(self.scope, clock.today(), kind)
        cover = await store.cover(self.scope)
        counts, rates = figures.columns(self.yardstick)
        called = await areas.names([area])
        topic: By = "class" if self.veiled else "category"
        tallied = await counting.tallies(
            self.scope, days.span, [by, topic] if self.veiled else [by, topic, "place"]
        )
        weeks = await counting.tallies(self.scope, days.weeks, ["week"])
        return Board(
            area={"code": area, "name": called.get(area, area)},
            since=days.since,
            until=days.until,
            as_of=clock.now(),
            covered_on=max((row["as_of"] for row in cover), default=None),
            veiled=self.veiled,
            counts=counts,
            rates=rates,
            table=await self._parts(parts, _covered(cover, by), tallied[by]),
            weeks=await self._table(weeks["week"], "week"),
            classes=await self._top(tallied[topic], topic),
            places=await self._top(tallied.get("place", []), "place"),
        )

    async def statistics(self, days: Days, by: By) -> Statistics:
        counts, rates = figures.columns(self.yardstick)
        table = await self._table((await counting.tallies(self.scope, days.span, [by]))[by], by)
        known = set(table.total.counts)
        return Statistics(
            by=by,
            by_label=self.yardstick.by[by],
            since=days.since,
            until=days.until,
            veiled=self.veiled,
            counts=tuple(column for column in counts if column.key in known),
            rates=tuple(rate for rate in rates if {rate.of, rate.per} <= known),
            table=table,
        )

    async def _parts(
        self, parts: Sequence[Area], covered: dict[str, dict[str, int]], found: Sequence[Record]
    ) -> Table:
        """A line for every part, also where nothing has happened; orders whose committee nobody
        knows yet stand under their street."""
        tallied = {row["key"]: row for row in found}
        names = {part.code: part.name for part in parts}
        rest = [key for key in tallied if key not in names]
        called = await areas.names(rest)
        rows = [
            _row(code, name, tallied.get(code, {}), covered.get(code, _UNCOVERED))
            for code, name in names.items()
        ]
        unknown = self.yardstick.words["unknown"]
        rows += [
            _row(
                key,
                unknown if key == street_of(key) else called.get(key, key),
                tallied[key],
                _UNCOVERED,
            )
            for key in rest
        ]
        return figures.table(self.yardstick, rows, veiled=self.veiled)

    async def _table(self, tallied: list[Record], by: By) -> Table:
        if by == "week":
            tallied = sorted(tallied, key=lambda row: row["key"])
        keys = [row["key"] for row in tallied]
        called = await labels(self.scope, by, keys, self.book, self.catalogue)
        unknown = self.yardstick.words["unknown"]
        rows = [
            _row(
                row["key"],
                called.get(row["key"], row["key"] or unknown),
                row,
                {},
                week=by == "week",
            )
            for row in tallied
        ]
        return figures.table(self.yardstick, _cut(rows, unknown), veiled=self.veiled)

    async def _top(self, tallied: list[Record], by: By) -> tuple[Line, ...]:
        """The ten with most orders in the span, those without a name left out."""
        lines = (await self._table(tallied, by)).rows
        told = [line for line in lines if line.key and line.counts["received"].value]
        return tuple(told[:TOP])


def _covered(cover: Sequence[Record], by: By) -> dict[str, dict[str, int]]:
    """Alone and visited by part; a street's are those of its committees together."""
    added: dict[str, dict[str, int]] = {}
    for row in cover:
        key = street_of(row["area"]) if by == "street" else row["area"]
        counts = added.setdefault(key, dict(_UNCOVERED))
        for name in counts:
            counts[name] += row[name]
    return added


def _row(
    key: str, label: str, tallied: Record, covered: dict[str, int], *, week: bool = False
) -> Row:
    counts = {name: n for name, n in tallied.items() if name != "key"} | covered
    return Row(key, label, {name: n for name, n in counts.items() if not (week and name in _NOW)})


def _cut(rows: list[Row], rest: str) -> list[Row]:
    """No more rows than a person reads; what is left over becomes one, so that totals hold."""
    if len(rows) <= MOST_ROWS:
        return rows
    over = rows[MOST_ROWS:]
    together = {name: sum(row.counts[name] for row in over) for name in over[0].counts}
    return [*rows[:MOST_ROWS], Row("", rest, together)]
