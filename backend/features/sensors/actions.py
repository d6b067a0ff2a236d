"""What people do with devices and alarms: look, enter, adjust, judge."""

from typing import Any
from uuid import UUID

from backend.core import problems
from backend.core.access import Actor, act, look
from backend.core.db import Record
from backend.core.problems import FieldIssue
from backend.core.scope import street_of
from backend.engine.sensors.measures import Measures
from backend.features.areas import store as areas
from backend.features.sensors import registering, view
from backend.features.sensors.shapes import (
    AdjustLine,
    Alarm,
    AlarmFilter,
    AlarmPage,
    Device,
    DeviceChange,
    DeviceFilter,
    DevicePage,
    FalseReason,
    Judgement,
    NewDevice,
    SensorKinds,
    SignalLine,
    Tuned,
)
from backend.features.sensors.store import alarms, devices
from backend.web.paging import cursor_of

_LAST = 20  # signals and alarms shown with a device or alarm
JUDGE = "alarm.judge"


@look("device.read", "查看物联设备")
async def kinds(actor: Actor, measures: Measures) -> SensorKinds:
    """The measures in force, for filters, tuning and judging."""
    return SensorKinds(
        levels=measures.levels,
        kinds=tuple(view.kind_shape(measures, kind) for kind in measures.kinds.values()),
        reasons=tuple(
            FalseReason(key=one.key, advice=one.advice, words=one.words)
            for one in measures.reasons.values()
        ),
    )


@look("device.read", "查看物联设备")
async def listing(actor: Actor, measures: Measures, query: DeviceFilter) -> DevicePage:
    offline = {kind.key: kind.offline for kind in measures.kinds.values()}
    rows, total = await devices.page(actor.scope, query, offline)
    shown = rows[: query.limit]
    more = cursor_of(*devices.keys(shown[-1]), of="devices") if len(rows) > query.limit else None
    lines = await view.device_lines(measures, shown)
    return DevicePage(rows=tuple(lines), total=total, next=more)


@look("device.read", "查看物联设备")
async def adjust(actor: Actor, measures: Measures) -> list[AdjustLine]:
    """Devices that stand out, the highest share of false alarms first, with what to do."""
    counted = {
        one["device_id"]: one for one in await devices.usage(actor.scope, measures.adjust.days)
    }
    rows = await devices.some(actor.scope, counted)
    found = {key: view.usage(measures, row, counted[key]) for key, row in rows.items()}
    bad = [key for key, usage in found.items() if usage.advice and usage.false]
    bad.sort(key=lambda key: (-(found[key].rate or 0), -found[key].false, str(key)))
    lines = await view.device_lines(measures, [rows[key] for key in bad])
    return [AdjustLine(device=line, usage=found[key]) for key, line in zip(bad, lines, strict=True)]


@look("device.read", "查看物联设备")
async def read(actor: Actor, measures: Measures, device: UUID) -> Device:
    return await _shown(actor, measures, device)


async def _shown(
    actor: Actor, measures: Measures, device: UUID, changed: tuple[str, ...] = ()
) -> Device:
    row = await devices.one(actor.scope, device)
    (line,) = await view.device_lines(measures, [row])
    usage = (await view.usages(actor, measures, [row]))[device]
    last, _ = await alarms.page(actor.scope, AlarmFilter(device=device, limit=_LAST))
    known = measures.kind(row["kind"]).measures.values()
    return Device(
        line=line,
        source=row["source"],
        model=row["model"],
        installed_on=row["installed_on"],
        building=row["building_id"],
        grid=row["grid"],
        note=row["note"],
        tuned=tuple(
            Tuned.model_validate({"signal": signal, "levels": steps})
            for signal, steps in row["tuned"].items()
        ),
        signals=tuple(view.signal_shape(measures, one) for one in known if one.steps),
        usage=usage,
        alarms=tuple(await view.alarm_lines(actor, measures, last[:_LAST])),
        changed=changed,
    )


@act("device.manage", "管理物联设备")
async def enter(actor: Actor, measures: Measures, body: NewDevice) -> Device:
    """A device that no platform tells of."""
    _make_sure(measures, {"kind": body.kind})
    await areas.one(actor.scope, body.area)
    record = body.model_dump(exclude={"no"}) | {"building_id": None, "grid": None}
    (placed,) = await registering.place([record])
    area = placed.pop("area")
    device = await devices.enter(actor.scope, area, source_id=body.no, **placed)
    return await _shown(actor, measures, device, changed=tuple(sorted(body.model_fields_set)))


@act("device.manage", "管理物联设备")
async def change(actor: Actor, measures: Measures, device: UUID, body: DeviceChange) -> Device:
    """What the street knows better; no feed writes over it."""
    row = await devices.locked(actor.scope, device)
    if row["rev"] != body.rev:
        raise problems.overtaken()
    given = body.model_dump(exclude={"rev", "tuned"}, exclude_unset=True)
    given = {name: v for name, v in given.items() if v is not None or name not in _NEVER_NONE}
    _make_sure(measures, given)
    if body.area:
        await areas.one(actor.scope, body.area)
    if given.keys() & {"place", "lng", "lat", "area"}:
        given |= await _moved(row, given)
    if body.tuned is not None:
        given["tuned"] = _tuned(measures, str(given.get("kind", row["kind"])), body.tuned)
    await devices.change(device, given, given.keys())
    return await _shown(actor, measures, device, changed=tuple(sorted(given)))


_NEVER_NONE = ("kind", "state", "area", "place")


async def _moved(row: Record, given: Record) -> Record:
    """Where it hangs now: the committee as told, else as the place tells, else as before."""
    area = given.get("area") or street_of(row["area"])
    point = {"lng": given.get("lng"), "lat": given.get("lat")}
    wanted = row | given | point | {"area": area, "building_id": None, "grid": None}
    (placed,) = await registering.place([wanted])
    if placed["area"] == area == street_of(row["area"]):
        placed["area"] = given.get("area") or row["area"]
    return {name: placed[name] for name in ("area", "building_id", "grid", "lng", "lat")}


def _make_sure(measures: Measures, given: Record) -> None:
    if (kind := given.get("kind")) is not None and kind not in measures.kinds:
        known = "、".join(measures.kinds)
        say = f"“设备类型”没有 {kind}，应为 {known} 之一。"
        raise problems.answers_bad(fields=[FieldIssue("kind", "code.unknown", say)])


def _tuned(measures: Measures, kind: str, tuned: tuple[Tuned, ...]) -> dict[str, Any]:
    """Levels of its own by signal; they must be levels that the signal has."""
    issues, found = [], {}
    for one in tuned:
        measure = measures.kind(kind).measures.get(one.signal)
        known = {step.level for step in measure.steps} if measure else set()
        if wrong := [level.level for level in one.levels if level.level not in known]:
            say = (
                f"“{measure.label if measure else one.signal}”没有第 {wrong[0]} 级，不能单独设置。"
            )
            issues.append(FieldIssue(f"tuned.{one.signal}", "level.unknown", say))
        elif measure is None:
            say = f"这类设备没有“{one.signal}”这个信号。"
            issues.append(FieldIssue(f"tuned.{one.signal}", "signal.unknown", say))
        elif one.levels:
            found[one.signal] = [level.model_dump() for level in one.levels]
    if issues:
        raise problems.answers_bad(fields=issues)
    return found


@look("device.read", "查看物联设备")
async def alarm_list(actor: Actor, measures: Measures, query: AlarmFilter) -> AlarmPage:
    rows, total = await alarms.page(actor.scope, query)
    shown = rows[: query.limit]
    more = cursor_of(*alarms.keys(shown[-1]), of="alarms") if len(rows) > query.limit else None
    lines = await view.alarm_lines(actor, measures, shown)
    return AlarmPage(rows=tuple(lines), total=total, next=more)


@look("device.read", "查看物联设备")
async def alarm(actor: Actor, measures: Measures, alarm: UUID) -> Alarm:
    return await _alarm(actor, measures, alarm)


async def _alarm(
    actor: Actor, measures: Measures, alarm: UUID, event: dict[str, Any] | None = None
) -> Alarm:
    row = await alarms.one(actor.scope, alarm)
    (line,) = await view.alarm_lines(actor, measures, [row])
    same = ("ended_at", "past", "reason", "note", "judge", "judged_at")
    return Alarm(
        line=line,
        **{name: row[name] for name in same},
        may=(JUDGE,) if actor.may(JUDGE) and row["judged_at"] is None else (),
        signals=tuple(
            SignalLine(
                at=one["at"],
                label=measures.measure(row["kind"], one["signal"]).label,
                value=one["value"],
                words=one["words"],
            )
            for one in await alarms.signals(row, _LAST)
        ),
        event=event or {},
    )


@act("alarm.judge", "确认报警")
async def judge(actor: Actor, measures: Measures, alarm: UUID, body: Judgement) -> Alarm:
    """Real or false, by whoever has looked. A false one says why, so that the device is mended."""
    row = await alarms.locked(actor.scope, alarm)
    if row["rev"] != body.rev:
        raise problems.overtaken()
    if row["judged_at"] is not None:
        label = view.STATES[row["state"]]
        raise problems.wrong_state(state=row["state"], state_label=label, what="再次确认")
    if not body.real and body.reason not in measures.reasons:
        raise problems.reason_unknown(reasons="、".join(measures.reasons))
    state, reason = ("real", None) if body.real else ("false", body.reason)
    await alarms.judge(
        alarm, {"state": state, "reason": reason, "note": body.note, "judge": actor.name}
    )
    order = row["order_id"]
    event = {"state": state, "reason": reason, "order": str(order) if order else None}
    return await _alarm(actor, measures, alarm, event)
