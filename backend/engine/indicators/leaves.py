"""The parts of an indicator that are counted over rows; everything else is arithmetic over them.

A leaf's key says where it stands: `C01` is the indicator itself, `C17.of` the numerator of a
ratio, `B08.gone` a named part of a formula, `B01?` what is used when nothing else is known.
"""

from collections.abc import Iterator

from backend.engine.form.definition import FormDef
from backend.engine.form.measures import (
    Average,
    Count,
    Distinct,
    Formula,
    Indicator,
    Latest,
    Measure,
    Ratio,
    Read,
    Several,
    Sum,
    Taken,
    Top,
    Worked,
)

RowLeaf = Count | Distinct | Sum | Average | Worked | Latest | Top | Read
Leaf = RowLeaf | Several

OTHERWISE = "?"


def leaves(indicator: Indicator) -> dict[str, Leaf]:
    """Every leaf of an indicator by its key."""
    return {key: one for key, one in _ends(indicator) if isinstance(one, Leaf)}


def borrowed(indicator: Indicator) -> dict[str, Taken]:
    """What an indicator takes from other reports, by the key where it stands."""
    return {key: one for key, one in _ends(indicator) if isinstance(one, Taken)}


def tables(leaf: Leaf) -> tuple[str, ...]:
    """The registers and ledgers whose rows a leaf counts."""
    return tuple(one.of for one in each(leaf))


def each(leaf: Leaf) -> tuple[RowLeaf, ...]:
    """The leaf, or those that are counted together, one per table."""
    return leaf.over if isinstance(leaf, Several) else (leaf,)


def behind(form: FormDef, code: str) -> dict[str, Leaf]:
    """The leaves whose rows explain a figure: its own parts, the numerator of a ratio, or those
    of the one figure it repeats. Empty where it is pure arithmetic."""
    return _behind(form, code, frozenset())


def _behind(form: FormDef, code: str, above: frozenset[str]) -> dict[str, Leaf]:
    indicator = form.indicator(code)
    if indicator is None or code in above:
        return {}
    above |= {code}
    found = _explained(form, code, indicator.measure, above)
    if not found and indicator.otherwise is not None:
        found = _explained(form, code + OTHERWISE, indicator.otherwise, above)
    return found


def _explained(form: FormDef, key: str, measure: Measure, above: frozenset[str]) -> dict[str, Leaf]:
    if isinstance(measure, Ratio):
        return _explained(form, f"{key}.of", measure.of, above)
    if isinstance(measure, Formula) and measure.expr.ast[0] == "var" and not measure.parts:
        return _behind(form, measure.expr.ast[1], above)
    return {at: one for at, one in _below(key, measure) if isinstance(one, Leaf)}


def _ends(indicator: Indicator) -> Iterator[tuple[str, Measure]]:
    yield from _below(indicator.code, indicator.measure)
    if indicator.otherwise is not None:
        yield from _below(indicator.code + OTHERWISE, indicator.otherwise)


def _below(key: str, measure: Measure) -> Iterator[tuple[str, Measure]]:
    """Everything that is no arithmetic, by its key."""
    if isinstance(measure, Ratio):
        yield from _below(key + ".of", measure.of)
        yield from _below(key + ".per", measure.per)
    elif isinstance(measure, Formula):
        for name, part in measure.parts.items():
            yield from _below(f"{key}.{name}", part)
    else:
        yield key, measure
