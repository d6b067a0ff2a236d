"""The parts of an indicator that are counted over rows; everything else is arithmetic over them.

A leaf's key says where it stands: `C01` is the indicator itself, `C17.of` the numerator of a
ratio, `B08.gone` a named part of a formula, `B01?` what is used when nothing else is known.
"""

from collections.abc import Iterator

from backend.engine.form.measures import (
    Average,
    Count,
    Distinct,
    Formula,
    Indicator,
    Measure,
    Ratio,
    Read,
    Sum,
    Top,
)

Leaf = Count | Distinct | Sum | Average | Top | Read

OTHERWISE = "?"


def leaves(indicator: Indicator) -> dict[str, Leaf]:
    """Every leaf of an indicator by its key."""
    found = dict(_below(indicator.code, indicator.measure))
    if indicator.otherwise is not None:
        found |= dict(_below(indicator.code + OTHERWISE, indicator.otherwise))
    return found


def _below(key: str, measure: Measure) -> Iterator[tuple[str, Leaf]]:
    if isinstance(measure, Ratio):
        yield from _below(key + ".of", measure.of)
        yield from _below(key + ".per", measure.per)
    elif isinstance(measure, Formula):
        for name, part in measure.parts.items():
            yield from _below(f"{key}.{name}", part)
    elif isinstance(measure, Leaf):
        yield key, measure
