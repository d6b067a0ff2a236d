"""Behind a street's figure: what each committee contributed, and the rows that were counted."""

from collections.abc import Sequence
from uuid import UUID

from backend.core import problems
from backend.core.access import Actor, look
from backend.core.db import Record
from backend.core.scope import scope_of
from backend.engine.clocks.periods import parse_period
from backend.engine.form.measures import Indicator
from backend.engine.indicators.leaves import behind
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers import drilling
from backend.features.ledgers.drilling import Drilled, Figure
from backend.features.ledgers.shapes import Rows
from backend.features.returns.store import sheets, tasks
from backend.features.returns.task_shapes import BehindMerged, Contribution, Within

_NOTHING = Drilled(Rows(columns=(), rows=(), total=0, next=None), {})


@look("task.read", "查看任务进度")
async def rows_behind(
    actor: Actor, catalogue: Catalogue, task: UUID, field: str, query: Within
) -> BehindMerged:
    """What stands behind a merged figure, committee by committee.

    Only returns that have reached the street count. Rows come for figures that are counted, to
    those who may drill down; with `area`, the rows of this committee only.
    """
    row = await tasks.one(actor.scope, task)
    form = catalogue.definition(row["form"], row["version"])
    one = form.indicator(field)
    if one is None:
        raise problems.not_found(kind="指标")
    handed = await sheets.handed_up(actor.scope, task)
    drilled = _NOTHING
    drill = actor.may("return.drill") and bool(behind(form, field))
    if drill and handed:
        period, committees = parse_period(row["period"]), [r["area"] for r in handed]
        figure = Figure(form, field, period, scope_of(row["area"]), committees, query.area)
        drilled = await drilling.rows_behind(actor, catalogue, figure, query)
    return _behind(one, drilled, drill, await _contributions(field, handed, drilled))


def _behind(
    one: Indicator, drilled: Drilled, drill: bool, committees: Sequence[Contribution]
) -> BehindMerged:
    return BehindMerged(
        **dict(drilled.rows),
        key=one.code,
        label=one.label,
        unit=one.unit,
        how=one.merge,
        caliber=one.caliber,
        formula=one.formula,
        drill=drill,
        committees=tuple(committees),
    )


async def _contributions(
    field: str, handed: Sequence[Record], drilled: Drilled
) -> list[Contribution]:
    called = await areas.names(row["area"] for row in handed)
    return [
        Contribution(
            return_id=row["id"],
            area=AreaName(code=row["area"], name=called.get(row["area"], row["area"])),
            value=row["figures"].get(field),
            rows=drilled.counts.get(row["area"], 0),
        )
        for row in handed
    ]
