"""What the system already knows when a task is opened: every figure with where it comes from.

One pass over the registers and ledgers serves all committees of a street.
"""

from collections.abc import Iterable
from typing import Any

from backend.core.scope import Scope
from backend.engine.clocks.periods import Period
from backend.engine.form.definition import FormDef
from backend.engine.form.measures import Indicator
from backend.engine.indicators.fold import Basis, fold
from backend.engine.indicators.leaves import leaves
from backend.features.areas import store as areas
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers import counting
from backend.features.returns.store import sheets

KnownByArea = dict[str, dict[str, dict[str, Any]]]


async def gather(
    catalogue: Catalogue, scope: Scope, form: FormDef, period: Period, committees: Iterable[str]
) -> KnownByArea:
    """Area code → field → what is known of it, for every committee asked for."""
    wanted = list(committees)
    if not form.indicators:
        return {area: {} for area in wanted}
    counted = await counting.count(catalogue, scope, form, period)
    before = await _before(scope, form, period, wanted)
    known: KnownByArea = {}
    for area in wanted:
        parts, previous = counted.by_area.get(area, counted.nothing), before.get(area, {})
        figures = fold(form, Basis(parts, previous=previous))
        known[area] = {
            one.code: _known(catalogue, one, period, figures[one.code], parts, previous)
            for one in form.indicators
        }
    return known


def _known(
    catalogue: Catalogue,
    one: Indicator,
    period: Period,
    value: Any,
    parts: dict[str, Any],
    previous: dict[str, Any],
) -> dict[str, Any]:
    own = leaves(one)
    sources = list(dict.fromkeys(leaf.of for leaf in own.values()))
    rows = _rows(one, parts)
    return {
        "value": value,
        "source": "+".join(sources) or one.measure.how,
        "source_label": "、".join(catalogue.title(code) for code in sources)
        or _SAID[one.measure.how],
        "as_of": str(period.end),
        "how": f"由 {rows:,} 行计算" if rows is not None else None,
        "rows": rows,
        "drill": rows is not None,
        "formula": one.formula,
        "caliber": one.caliber,
        "previous": previous.get(one.code),
        "parts": {key: parts.get(key) for key in own}
        | {f"{key}#": parts.get(f"{key}#") for key in own},
    }


_SAID = {
    "formula": "由本表其他指标计算",
    "ratio": "由本表其他指标计算",
    "previous": "上期同表",
    "taken": "同期其他报表",
    "asked": "人工填写",
}


def _rows(one: Indicator, parts: dict[str, Any]) -> int | None:
    """How many rows stand behind the figure itself; None where it is pure arithmetic."""
    keys = [key for key in (one.code, f"{one.code}.of", f"{one.code}?") if f"{key}#" in parts]
    return parts[f"{keys[0]}#"] if keys else None


async def _before(
    scope: Scope, form: FormDef, period: Period, committees: list[str]
) -> dict[str, dict[str, Any]]:
    """Last period's figures per committee. A merged committee's are its forebears' together.

    After a split nobody can say which part of the old figures belongs to whom: the new
    committees start without a previous figure.
    """
    told = await sheets.figures_of(scope, form.code, period.previous.key)
    for new, olds in (await _merged(scope, period)).items():
        if new in committees and new not in told and all(old in told for old in olds):
            told[new] = _together(form, [told[old] for old in olds])
    return told


async def _merged(scope: Scope, period: Period) -> dict[str, list[str]]:
    edges = [e for e in await areas.lineage(scope) if period.previous.end < e[2] <= period.end]
    heirs: dict[str, set[str]] = {}
    for old, new, _ in edges:
        heirs.setdefault(old, set()).add(new)
    found: dict[str, list[str]] = {}
    for old, news in heirs.items():
        if len(news) == 1:
            found.setdefault(next(iter(news)), []).append(old)
    return found


def _together(form: FormDef, figures: list[dict[str, Any]]) -> dict[str, Any]:
    added = [one.code for one in form.indicators if one.merge in ("sum", "recompute")]
    return {code: sum(each.get(code) or 0 for each in figures) for code in added}
