"""What the system already knows when a task is opened: every figure with where it comes from.

One pass over the registers and ledgers serves all committees of a street.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from backend.core.scope import Scope
from backend.engine.clocks.periods import Period
from backend.engine.form.definition import FormDef
from backend.engine.form.measures import Indicator
from backend.engine.indicators.fold import Basis, fold
from backend.engine.indicators.leaves import behind, borrowed, leaves, tables
from backend.engine.rules.language import variables
from backend.features.areas import store as areas
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers import counting
from backend.features.returns.store import sheets

KnownByArea = dict[str, dict[str, dict[str, Any]]]
KnownFigures = dict[str, dict[str, Any]]


async def gather(
    catalogue: Catalogue, scope: Scope, form: FormDef, period: Period, committees: Iterable[str]
) -> KnownByArea:
    """Area code → field → what is known of it, for every committee asked for."""
    wanted = list(committees)
    if not form.indicators:
        return {area: {} for area in wanted}
    counted = await counting.count(catalogue, scope, form, period)
    before = await _before(scope, form, period, wanted)
    others = await _others(catalogue, scope, form, period, wanted)
    known: KnownByArea = {}
    for area in wanted:
        told = others.get(area, {})
        parts = counted.by_area.get(area, counted.nothing) | _given(form, told)
        previous = before.get(area, {})
        figures = fold(form, Basis(parts, previous=previous))
        known[area] = {
            one.code: _known(catalogue, form, one, period, figures[one.code], parts, previous)
            | {"others": {name: told.get(name) for name in _compared(catalogue, form, one)}}
            for one in form.indicators
        }
    return known


def _given(form: FormDef, told: Mapping[str, Any]) -> dict[str, Any]:
    """What other reports gave, by the key where a measure takes it."""
    taken = [pair for one in form.indicators for pair in borrowed(one).items()]
    return {key: told.get(f"{of.report}.{of.code}") for key, of in taken}


def _compared(catalogue: Catalogue, form: FormDef, one: Indicator) -> list[str]:
    """The figures of other reports that the rules about an indicator compare it with."""
    reports = {other.code for other in catalogue.of_kind("report")}
    read = {
        name
        for rule in form.rules
        if rule.fields[0] == one.code
        for name in variables(rule.check.ast)
    }
    return sorted(name for name in read if name.partition(".")[0] in reports)


async def _others(
    catalogue: Catalogue, scope: Scope, form: FormDef, period: Period, wanted: list[str]
) -> KnownFigures:
    """Figures of other reports (T08.H01) by committee: as handed up for the same period, else as
    they would be counted now."""
    taken = {f"{t.report}.{t.code}" for one in form.indicators for t in borrowed(one).values()}
    taken |= {name for one in form.indicators for name in _compared(catalogue, form, one)}
    found: KnownFigures = {area: {} for area in wanted}
    for report in sorted({name.partition(".")[0] for name in taken}):
        handed = await sheets.figures_of(scope, report, period.key)
        other = catalogue.form(report)
        counted = await counting.count(catalogue, scope, other, period)
        for area in wanted:
            told = handed.get(area)
            if told is None:
                told = fold(other, Basis(counted.by_area.get(area, counted.nothing)))
            found[area] |= {f"{report}.{code}": value for code, value in told.items()}
    return found


def _known(
    catalogue: Catalogue,
    form: FormDef,
    one: Indicator,
    period: Period,
    value: Any,
    parts: dict[str, Any],
    previous: dict[str, Any],
) -> dict[str, Any]:
    own = leaves(one)
    sources = list(dict.fromkeys(of for leaf in own.values() for of in tables(leaf)))
    rows = _rows(form, one, parts)
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
        "parts": {key: parts.get(key) for key in (*own, *borrowed(one))}
        | {f"{key}#": parts.get(f"{key}#") for key in own},
    }


_SAID = {
    "formula": "由本表其他指标计算",
    "ratio": "由本表其他指标计算",
    "previous": "上期同表",
    "taken": "同期其他报表",
    "asked": "人工填写",
}


def _rows(form: FormDef, one: Indicator, parts: dict[str, Any]) -> int | None:
    """How many rows explain the figure; None where it is pure arithmetic."""
    keys = behind(form, one.code)
    return sum(parts[f"{key}#"] for key in keys) if keys else None


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
