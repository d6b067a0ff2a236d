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
)
from backend.engine.indicators.leaves import OTHERWISE
from backend.engine.rules.evaluate import evaluate

Value = float | int | str | None
Figures = dict[str, Value]


@dataclass(frozen=True)
class Basis:
    """What figures are folded from: counted leaves (with what other reports gave, by the key
    where it stands), a person's answers, and last period's figures."""

    leaves: Mapping[str, Value]
    answers: Mapping[str, Any] = field(default_factory=dict)
    previous: Mapping[str, Value] = field(default_factory=dict)


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
    return fold(form, Basis(leaves, answers=summed, previous=_before(bases)))


def _before(bases: Sequence[Basis]) -> Figures:
    """Last period's figures together; one that an area has not told is not known for all."""
    told = [{k: v for k, v in basis.previous.items() if _is_number(v)} for basis in bases]
    everywhere = set.intersection(*map(set, told)) if told else set()
    return {code: _sum([each[code] for each in told]) for code in everywhere}


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
    """The names a formula may use: its own parts, other figures and fields of the report, and
    `prev` for last period's figures."""

    def __init__(self, folding: _Folding, parts: Mapping[str, Value]) -> None:
        self.folding, self.parts = folding, parts

    def __getitem__(self, name: str) -> Any:
        basis = self.folding.basis
        if name in self.parts:
            return self.parts[name]
        if name in self.folding.by_code and name not in self.folding.open:
            return self.folding.figure(name)
        return dict(basis.previous) if name == "prev" else basis.answers[name]

    def __iter__(self) -> Any:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> set[str]:
        return {*self.parts, *self.folding.by_code, *self.folding.basis.answers, "prev"}


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
