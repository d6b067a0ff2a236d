"""Alarms and warnings become orders of the pool, through the one way in."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from backend.core.access import SYSTEM
from backend.core.db import Record
from backend.engine.sensors.measures import Measures
from backend.features.orders import intake
from backend.features.orders.bodies import Incoming
from backend.features.orders.handbook import Handbook
from backend.features.sensors.standing import Standing

SENSORS, WARNINGS = "sensors", "warnings"
_SOURCE = "03"  # 智能发现（视频/物联感知）


async def of_alarms(book: Handbook, measures: Measures, alarms: Sequence[Standing]) -> list[UUID]:
    """The orders of alarms, in their order; exactly one for each."""
    return await intake.take(SYSTEM, book, [_order(measures, one) for one in alarms])


async def of_warnings(
    book: Handbook,
    measures: Measures,
    warnings: Sequence[Record],
    buildings: Mapping[UUID, Record],
) -> list[UUID]:
    """The orders of warnings, in their order: for somebody who leads to look into."""
    return await intake.take(
        SYSTEM, book, [_warned(measures, row, buildings[row["building_id"]]) for row in warnings]
    )


def _warned(measures: Measures, row: Record, building: Record) -> Incoming:
    danger = measures.dangers[row["danger"]]
    reasons = "；".join(
        f"{one['at'][5:16].replace('T', ' ')} {one['words']}" for one in row["reasons"]
    )
    return Incoming(
        system=WARNINGS,
        system_no=str(row["id"]),
        source=_SOURCE,
        area=row["area"],
        title=f"【多源预警】{danger.label}：{row['place']}"[:100],
        content=f"{danger.days} 天之内多个来源指向同一楼栋：{reasons}。请负责人牵头核查。"[:2000],
        place=row["place"],
        category=danger.category,
        urge=danger.urge,
        building_id=building["id"],
        lng=building["lng"],
        lat=building["lat"],
        grid=building["grid"],
    )


def _order(measures: Measures, one: Standing) -> Incoming:
    asked, device = one.measure.order, one.device
    if asked is None:
        raise ValueError(f"{one.measure.key} asks for no order")
    words = _words(measures, one)
    return Incoming(
        system=SENSORS,
        system_no=str(one.id),
        source=_SOURCE,
        area=device["area"],
        title=one.measure.title.format_map(words)[:100],
        content=one.measure.content.format_map(words)[:2000],
        place=device["place"],
        category=asked.category,
        urge=asked.urge,
        building_id=device["building_id"],
        lng=device["lng"],
        lat=device["lat"],
        grid=device["grid"],
        received_at=one.alarm.first_at,
    )


def _words(measures: Measures, one: Standing) -> dict[str, str]:
    step = one.measure.step(one.alarm.level)
    value = number(one.alarm.worst)
    return {
        "place": one.device["place"],
        "value": value,
        "hours": value,
        "limit": number(step.limit if step else None),
        "unit": one.measure.unit,
        "count": str(one.alarm.count),
    }


def number(value: float | None) -> str:
    """12 for 12.0, 12.5 for 12.5."""
    return "—" if value is None else f"{value:g}"
