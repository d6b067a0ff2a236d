"""Counts at night how many old people who live alone were visited, street by street."""

from backend.core import clock
from backend.core.access import Actor, act
from backend.core.scope import scope_of
from backend.engine.clocks.periods import Period, period_of
from backend.engine.form.definition import FormDef
from backend.engine.orders.rates import Yardstick
from backend.features.areas import store as areas
from backend.features.boards import store
from backend.features.boards.shapes import Counted
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers import counting


@act("board.cover", "统计探访覆盖")
async def count_visits(actor: Actor, catalogue: Catalogue, yardstick: Yardstick) -> Counted:
    """As the quarterly report would count it today; nothing while there is no such report."""
    report = catalogue.forms.get(yardstick.visits["report"])
    streets = await areas.on_day(actor.scope, clock.today(), "street") if report else []
    committees = 0
    for street in streets:
        assert report is not None
        committees += await _count(catalogue, report, yardstick, street.code)
    return Counted(committees=committees)


async def _count(catalogue: Catalogue, report: FormDef, yardstick: Yardstick, street: str) -> int:
    visited, alone = yardstick.visits["of"], yardstick.visits["per"]
    wanted = [one for one in report.indicators if one.code in (visited, alone)]
    form = report.model_copy(update={"indicators": tuple(wanted)})
    quarter: Period = period_of("quarter", clock.today())
    counted = await counting.count(catalogue, scope_of(street), form, quarter)
    told = {
        area: (int(parts[alone]), int(parts[f"{visited}.of"]))
        for area, parts in counted.by_area.items()
    }
    await store.keep(quarter.key, clock.today(), told)
    return len(told)
