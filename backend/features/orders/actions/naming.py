"""The units that handle orders, as a street names them."""

from collections import Counter
from uuid import UUID

from backend.core import problems
from backend.core.access import Actor, act, look
from backend.core.db import IntegrityError, Record
from backend.core.problems import FieldIssue
from backend.core.scope import Scope, street_of
from backend.features.accounts.store import staff
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.orders.bodies import NewUnit
from backend.features.orders.shapes import Unit
from backend.features.orders.store import units

KIND_LABELS = {
    "committee": "居村委",
    "property": "物业公司",
    "enforcement": "城管中队",
    "station": "职能站所",
    "section": "街镇科室",
    "other": "其他单位",
}


@look("order.read", "查看工单")
async def listing(actor: Actor) -> list[Unit]:
    """The units of my street (of the district, for the district), committees last."""
    return await _shown(await units.listing(Scope(street_of(actor.area)[:9])))


@act("order.units", "管理承办单位")
async def add(actor: Actor, body: NewUnit) -> Unit:
    """A further unit of the street."""
    return await _saved(actor, body, None)


@act("order.units", "管理承办单位")
async def change(actor: Actor, unit: UUID, body: NewUnit) -> Unit:
    """What a unit is called, what it usually gets, whether it takes orders."""
    old = await units.one(actor.scope, unit)
    if old["kind"] == units.COMMITTEE or (old["area"], old["key"]) != (body.area, body.key):
        raise problems.order_refused(why="居村委随区划变化，单位的所属和条线不能修改")
    return await _saved(actor, body, unit)


async def _saved(actor: Actor, body: NewUnit, unit: UUID | None) -> Unit:
    if street_of(body.area) != body.area:
        issue = FieldIssue("area", "area.street", "承办单位应属于街镇，居村委本身就是承办单位。")
        raise problems.answers_bad(fields=[issue])
    try:
        saved = await units.save(actor, body, unit)
    except IntegrityError:
        issue = FieldIssue("key", "unit.key_used", f"条线“{body.key}”已经有一个承办单位。")
        raise problems.answers_bad(fields=[issue]) from None
    return (await _shown([await units.one(actor.scope, saved)]))[0]


async def _shown(found: list[Record]) -> list[Unit]:
    called = await areas.names(row["area"] for row in found)
    working: Counter[tuple[str, str]] = Counter()
    for one in await staff.at_work(row["area"] for row in found):
        working[one["area"], units.COMMITTEE] += 1
        working.update((one["area"], duty) for duty in one["duties"])
    return [
        Unit(
            **row | {"area": AreaName(code=row["area"], name=called.get(row["area"], ""))},
            kind_label=KIND_LABELS[row["kind"]],
            people=working[row["area"], row["key"]],
        )
        for row in found
    ]
