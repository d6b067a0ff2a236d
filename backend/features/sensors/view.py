"""Rows as people see them: labels, states, and what to do with a device that stands out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record
from backend.engine.orders.stages import STAGES
from backend.engine.sensors.measures import Kind, Measure, Measures
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.orders.store import public as orders
from backend.features.sensors.shapes import (
    AlarmLine,
    DeviceKind,
    DeviceLine,
    LevelLine,
    OrderOf,
    SignalKind,
    Usage,
)
from backend.features.sensors.store import devices

STATES = {"open": "待确认", "real": "属实", "false": "误报", "ended": "已了结"}
REPAIR, RAISE = "检修", "调阈值"


async def device_lines(measures: Measures, rows: Sequence[Record]) -> list[DeviceLine]:
    called = await areas.names(row["area"] for row in rows)
    return [_device(measures, row, called) for row in rows]


def _device(measures: Measures, row: Record, called: Mapping[str, str]) -> DeviceLine:
    return DeviceLine(
        id=row["id"],
        rev=row["rev"],
        no=row["source_id"],
        kind=row["kind"],
        kind_label=measures.kind(row["kind"]).label,
        state=row["state"],
        away=is_away(measures, row),
        paused_until=row["paused_until"],
        area=_area(row["area"], called),
        place=row["place"],
        lng=row["lng"],
        lat=row["lat"],
        heard_at=row["heard_at"],
        battery=row["battery"],
        open_alarms=row["open_alarms"],
    )


def is_away(measures: Measures, row: Record) -> bool:
    """Whether a device in use has been silent for longer than its kind may be."""
    last = row["heard_at"] or row["updated_at"]
    most = timedelta(hours=measures.kind(row["kind"]).offline)
    return bool(row["state"] == "在用" and clock.now() - last > most)


async def alarm_lines(actor: Actor, measures: Measures, rows: Sequence[Record]) -> list[AlarmLine]:
    called = await areas.names(row["area"] for row in rows)
    known = await order_names(actor, (row["order_id"] for row in rows))
    return [_alarm(measures, row, called, known) for row in rows]


def _alarm(
    measures: Measures,
    row: Record,
    called: Mapping[str, str],
    known: Mapping[UUID, OrderOf],
) -> AlarmLine:
    measure = measures.measure(row["kind"], row["signal"])
    return AlarmLine(
        **{name: row[name] for name in _SAME},
        device=row["device_id"],
        kind_label=measures.kind(row["kind"]).label,
        signal_label=measure.label,
        level_label=measures.name(row["level"]),
        state_label=STATES[row["state"]],
        area=_area(row["area"], called),
        unit=measure.unit,
        order=known.get(row["order_id"]),
    )


_WHEN = ("first_at", "last_at", "recovered_at")
_SAME = ("id", "rev", "no", "kind", "level", "state", "place", "count", "worst", "bound", *_WHEN)


async def order_names(actor: Actor, ids: Iterable[UUID | None]) -> dict[UUID, OrderOf]:
    """The orders that alarms became, as far as the actor's place reaches."""
    found = await orders.brief(actor.scope, [order for order in ids if order is not None])
    return {
        order: OrderOf(id=order, no=row["no"], stage=STAGES[row["stage"]])
        for order, row in found.items()
    }


def kind_shape(measures: Measures, kind: Kind) -> DeviceKind:
    return DeviceKind(
        key=kind.key,
        label=kind.label,
        offline_hours=kind.offline,
        signals=tuple(signal_shape(measures, one) for one in kind.measures.values() if one.steps),
    )


def signal_shape(measures: Measures, measure: Measure) -> SignalKind:
    return SignalKind(
        key=measure.key,
        label=measure.label,
        unit=measure.unit or ("小时" if measure.silent_of else ""),
        levels=tuple(
            LevelLine(
                level=step.level,
                label=measures.name(step.level),
                at_least=step.at_least,
                at_most=step.at_most,
                minutes=step.minutes,
            )
            for step in measure.steps
        ),
        orders_from=measure.order.level if measure.order else None,
    )


async def usages(actor: Actor, measures: Measures, rows: Sequence[Record]) -> dict[UUID, Usage]:
    """What each of these devices was good for."""
    ids = [row["id"] for row in rows]
    found = await devices.usage(actor.scope, measures.adjust.days, ids)
    by_device = {one["device_id"]: one for one in found}
    return {row["id"]: usage(measures, row, by_device.get(row["id"])) for row in rows}


def usage(measures: Measures, row: Record, counted: Record | None) -> Usage:
    """The figures of a device, and the advice that follows from them."""
    given = counted or {"signals": 0, "alarms": 0, "judged": 0, "false": 0, "reasons": {}}
    judged, false = given["judged"], given["false"]
    advice, words = _advice(measures, row, counted)
    return Usage(
        days=measures.adjust.days,
        signals=given["signals"],
        alarms=given["alarms"],
        judged=judged,
        false=false,
        rate=round(false / judged, 3) if judged else None,
        reasons=given["reasons"],
        advice=advice,
        words=words,
    )


def _advice(
    measures: Measures, row: Record, counted: Record | None
) -> tuple[str | None, str | None]:
    """By the reason that people gave most; a device that does not speak needs a visit first."""
    if is_away(measures, row):
        last = row["heard_at"] or row["updated_at"]
        hours = int((clock.now() - last).total_seconds() // 3600)
        return REPAIR, f"已 {hours} 小时没有信号，请检查电源和网络"
    rule = measures.adjust
    if counted is None or counted["judged"] < rule.judged:
        return None, None
    if counted["false"] / counted["judged"] < rule.rate:
        return None, None
    if counted["reasons"]:
        most = max(sorted(counted["reasons"]), key=lambda reason: counted["reasons"][reason])
        if reason := measures.reasons.get(most):
            return reason.advice, reason.words
    if counted["margin"] is not None and counted["margin"] < rule.margin:
        return RAISE, "误报的读数只比限值高一点点，请调高限值或加长持续时间"
    return REPAIR, "误报多而原因不明，请维保单位检查"


def _area(code: str, called: Mapping[str, str]) -> AreaName:
    return AreaName(code=code, name=called.get(code, code))
