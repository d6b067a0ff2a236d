"""Counts become lines with rates; what leaves a street is veiled first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.engine.indicators.small import LEAST, small, veil
from backend.engine.orders.rates import PARTS, RateDef, Yardstick
from backend.features.boards.shapes import Count, CountColumn, Line, Rate, RateColumn, Table

FEW, KEPT, NONE = f"<{LEAST}", "*", "—"

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Row:
    """What was counted of one committee, class, week, …; a count that is not known is 0."""

    key: str
    label: str
    counts: Counts


@dataclass(frozen=True)
class _Told:
    """The counts of a row as they may be told, beside what they are."""

    real: Counts
    shown: Mapping[str, int | None]


def table(yardstick: Yardstick, rows: Sequence[Row], *, veiled: bool) -> Table:
    """Lines and their total; totals are sums, never averages of rates."""
    names = [name for name in yardstick.counts if any(name in row.counts for row in rows)]
    names = names or list(yardstick.counts)
    real = [{name: row.counts.get(name, 0) for name in names} for row in rows]
    total = {name: sum(counts[name] for counts in real) for name in names}
    told = [_Told(counts, counts) for counts in real]
    all_told = _Told(total, total)
    if veiled:
        told, all_told = _veiled(names, real, total)
    return Table(
        rows=tuple(
            _line(yardstick, row.key, row.label, each) for row, each in zip(rows, told, strict=True)
        ),
        total=_line(yardstick, "", yardstick.words["total"], all_told),
    )


def columns(yardstick: Yardstick) -> tuple[tuple[CountColumn, ...], tuple[RateColumn, ...]]:
    labels = yardstick.counts
    return (
        tuple(CountColumn(key=key, label=label) for key, label in labels.items()),
        tuple(
            RateColumn(
                key=rate.key,
                label=rate.label,
                unit=rate.unit,
                of=rate.of,
                of_label=labels[rate.of],
                per=rate.per,
                per_label=labels[rate.per],
                caliber=rate.caliber,
            )
            for rate in yardstick.rates
        ),
    )


def _veiled(
    names: Sequence[str], real: Sequence[Counts], total: Counts
) -> tuple[list[_Told], _Told]:
    """Column by column, wholes before their parts: a part is also hidden where what is left of
    its whole is small, or it would tell just that."""
    shown: dict[str, Sequence[int | None]] = {}
    totals: dict[str, int | None] = {}
    for name in sorted(names, key=lambda name: name in PARTS):
        cells = [counts[name] for counts in real]
        whole = PARTS.get(name)
        if whole not in shown:
            column = veil(cells)
            shown[name], totals[name] = column.cells, column.total
            continue
        left = veil([counts[whole] - counts[name] for counts in real])
        column = veil(cells, [rest is None for rest in left.cells])
        shown[name] = column.cells
        totals[name] = column.total if left.total is not None else None
    told = [
        _Told(counts, {name: shown[name][place] for name in names})
        for place, counts in enumerate(real)
    ]
    return told, _Told(total, totals)


def _line(yardstick: Yardstick, key: str, label: str, told: _Told) -> Line:
    return Line(
        key=key,
        label=label,
        counts={name: _count(told, name) for name in told.real},
        rates={
            rate.key: _rate(rate, told)
            for rate in yardstick.rates
            if rate.of in told.real and rate.per in told.real
        },
    )


def _count(told: _Told, name: str) -> Count:
    value = told.shown[name]
    if value is not None:
        return Count(value=value, shown=str(value))
    return Count(value=None, shown=FEW if small(told.real[name]) else KEPT)


def _rate(rate: RateDef, told: _Told) -> Rate:
    """A rate whose numerator is hidden is told by its bounds, when that says no more than that
    the numerator, or what is left, is small."""
    of, per = told.shown[rate.of], told.shown[rate.per]
    if per is None or per == 0:
        return Rate(value=None, shown=NONE if per == 0 else KEPT)
    if of is not None:
        value = round(of / per * rate.times, 1 if rate.times == 100 else 2)
        return Rate(value=value, shown=_written(value, rate))
    few = (LEAST - 1) / per * rate.times
    if rate.within and small(told.real[rate.of]):
        return Rate(value=None, shown="≤" + _written(min(few, rate.times), rate))
    if rate.within and small(told.real[rate.per] - told.real[rate.of]):
        return Rate(value=None, shown="≥" + _written(max(rate.times - few, 0), rate))
    return Rate(value=None, shown=KEPT)


def _written(value: float, rate: RateDef) -> str:
    return f"{value:.1f}%" if rate.times == 100 else f"{value:.2f}{rate.unit}"
