"""Leaves → figures: formulas, ratios, carried-over and asked figures of one area, and merging.

Merging recomputes and never averages: ratios add numerators and denominators first, formulas
are evaluated over merged figures, distinct counts come from all rows together.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.engine.form.definition import FormDef
from backend.engine.form.measures import (
    Asked,
    Formula,
    Indicator,
    Measure,
    Previous,
    Ratio,
    Taken,
)
from backend.engine.indicators.leaves import OTHERWISE
from backend.engine.rules.evaluate import evaluate

Value = float | int | str | None
Figures = dict[str, Value]


@dataclass(frozen=True)
class Basis:
    """What figures are folded from: counted leaves, a person's answers, last period, other reports.

    `fixed` are figures that are already known as a whole, such as merged ones.
    """

    leaves: Mapping[str, Value]
    answers: Mapping[str, Any] = field(default_factory=dict)
    previous: Mapping[str, Value] = field(default_factory=dict)
    taken: Mapping[tuple[str, str], Value] = field(default_factory=dict)


def fold(form: FormDef, basis: Basis) -> Figures:
    """Every figure of a report for one area. A figure nobody can tell is None."""
    return _Folding(form, basis).all()


def merge(form: FormDef, bases: Sequence[Basis], total: Mapping[str, Value]) -> Figures:
    """The figures of several areas together.

    `bases` are the areas' own, `total` the leaves counted over all their rows at once (used
    where adding would count something twice, and for lists).
    """
    figures = [fold(form, basis) for basis in bases]
    summed: dict[str, Value] = {}
    for indicator in form.indicators:
        if indicator.merge == "sum":
            summed[indicator.code] = _sum([each[indicator.code] for each in figures])
    keys = {key for basis in bases for key in basis.leaves}
    leaves: dict[str, Value] = {key: _sum([b.leaves.get(key) for b in bases]) for key in keys}
    codes = counted_again(form)
    leaves |= {key: value for key, value in total.items() if _code(key) in codes}
    return fold(form, Basis(leaves, answers=summed))


def counted_again(form: FormDef) -> frozenset[str]:
    """The figures of several areas that no arithmetic over the areas' own can give."""
    return frozenset(i.code for i in form.indicators if i.merge in ("distinct", "text"))


class _Folding:
    """One evaluation; figures may refer to each other in any order."""

    def __init__(self, form: FormDef, basis: Basis) -> None:
        self.basis, self.form = basis, form
        self.by_code = {indicator.code: indicator for indicator in form.indicators}
        self.done: Figures = {}
        self.open: set[str] = set()

    def all(self) -> Figures:
        return {indicator.code: self.figure(indicator.code) for indicator in self.form.indicators}

    def figure(self, code: str) -> Value:
        if code not in self.done:
            self.open.add(code)
            self.done[code] = self._figure(self.by_code[code])
            self.open.discard(code)
        return self.done[code]

    def _figure(self, indicator: Indicator) -> Value:
        code = indicator.code
        if code in self.basis.answers:
            return self.basis.answers[code]  # type: ignore[no-any-return]
        value = self._measure(code, indicator.measure)
        if value is None and indicator.otherwise is not None:
            value = self._measure(code + OTHERWISE, indicator.otherwise)
        return _rounded(value, indicator.decimals)

    def _measure(self, key: str, measure: Measure) -> Value:
        match measure:
            case Asked():
                return None
            case Previous():
                return self.basis.previous.get(measure.code)
            case Taken():
                return self.basis.taken.get((measure.report, measure.code))
            case Ratio():
                return self._ratio(key, measure)
            case Formula():
                return self._formula(key, measure)
            case _:
                return self.basis.leaves.get(key)

    def _ratio(self, key: str, ratio: Ratio) -> Value:
        of, per = (self._measure(f"{key}.{side}", getattr(ratio, side)) for side in ("of", "per"))
        if not _is_number(of) or not _is_number(per) or not per:
            return None
        return ratio.times * of / per  # type: ignore[operator]

    def _formula(self, key: str, formula: Formula) -> Value:
        parts = {name: self._measure(f"{key}.{name}", part) for name, part in formula.parts.items()}
        return evaluate(formula.expr.ast, _Names(self, parts))  # type: ignore[no-any-return]


class _Names(Mapping[str, Any]):
    """The names a formula may use: its own parts, then other figures of the report."""

    def __init__(self, folding: _Folding, parts: Mapping[str, Value]) -> None:
        self.folding, self.parts = folding, parts

    def __getitem__(self, name: str) -> Any:
        if name in self.parts:
            return self.parts[name]
        if name in self.folding.open or name not in self.folding.by_code:
            raise KeyError(name)
        return self.folding.figure(name)

    def __iter__(self) -> Any:
        return iter({**self.parts, **self.folding.by_code})

    def __len__(self) -> int:
        return len(self.parts) + len(self.folding.by_code)


def _rounded(value: Value, decimals: int) -> Value:
    """Half-up, as people and WPS round; whole figures are integers."""
    if not _is_number(value):
        return value
    factor = 10**decimals
    whole = math.floor(abs(value) * factor + 0.5 + 1e-9)  # type: ignore[arg-type]
    signed = math.copysign(whole, value)  # type: ignore[arg-type]
    return int(signed) if decimals == 0 else signed / factor


def _sum(values: Sequence[Value]) -> Value:
    numbers = [value for value in values if _is_number(value)]
    return sum(numbers) if numbers else None  # type: ignore[arg-type]


def _code(key: str) -> str:
    return key.partition(".")[0].removesuffix(OTHERWISE)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
