"""The street's figures, computed from what its committees have handed up; never typed."""

from typing import Any

from backend.core.db import Record
from backend.core.scope import Scope, scope_of
from backend.engine.clocks.periods import parse_period
from backend.engine.form.definition import FormDef
from backend.engine.indicators.fold import counted_again, merge
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers import counting
from backend.features.returns.standing import basis_of
from backend.features.returns.store import sheets
from backend.features.returns.task_shapes import Merged, MergedField


async def merged(catalogue: Catalogue, scope: Scope, task: Record, total: int) -> Merged:
    """The merged figures of a task. `total` is how many committees were asked."""
    form = catalogue.definition(task["form"], task["version"])
    handed = await sheets.handed_up(scope, task["id"])
    # a reader of the whole district need not have all of it counted
    figures = await _figures(catalogue, scope_of(task["area"]), form, task["period"], handed)
    fields = tuple(
        MergedField(
            key=one.code, label=one.label, unit=one.unit, value=figures.get(one.code), how=one.merge
        )
        for one in form.indicators
    )
    return Merged(of=total, counted=len(handed), fields=fields)


async def _figures(
    catalogue: Catalogue, scope: Scope, form: FormDef, period: str, handed: list[Record]
) -> dict[str, Any]:
    if not handed or not form.indicators:
        return {}
    bases = [basis_of(row["known"], _stood(form, row)) for row in handed]
    total: dict[str, Any] = {}
    if again := counted_again(form):
        areas = [row["area"] for row in handed]
        counted = await counting.count(catalogue, scope, form, parse_period(period), areas, again)
        total = counted.total
    return merge(form, bases, total)


def _stood(form: FormDef, row: Record) -> dict[str, Any]:
    """Figures that were frozen as they stood; ratios and formulas are computed anew."""
    added = {one.code for one in form.indicators if one.merge == "sum"}
    return {code: value for code, value in row["figures"].items() if code in added}
