"""平急转换: away from ordinary times, from level to level, and back."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from backend.core import clock, jobs, problems
from backend.core.access import SYSTEM, Actor, act, look
from backend.core.db import Record
from backend.core.problems import FieldIssue
from backend.core.scope import scope_of, street_of
from backend.engine.clocks.calendar import Calendar
from backend.features.areas import modes
from backend.features.duty import summing, view
from backend.features.duty.actions import reporting
from backend.features.duty.emergencies import (
    Begin,
    Emergency,
    EmergencyLine,
    End,
    LevelEffects,
    Overview,
    Said,
    Turn,
)
from backend.features.duty.plan import Level, Plan
from backend.features.duty.store import emergencies
from backend.features.returns.actions import tasks
from backend.features.returns.store import tasks as asked

_BEFORE = timedelta(hours=2)  # the first report may have been made before the switch


@look("emergency.read", "查看应急")
async def overview(actor: Actor, plan: Plan) -> Overview:
    """What the switch offers, and in plain sentences what each level does here and now."""
    street = street_of(actor.area)
    held = await emergencies.lasting(street)
    routine = await asked.routine(view.street_scope(actor), street)
    return Overview(
        kinds=plan.kinds,
        levels=tuple(_effects(plan, level, routine) for level in plan.levels),
        now=held["id"] if held else None,
    )


@look("emergency.read", "查看应急")
async def listing(actor: Actor, plan: Plan) -> list[EmergencyLine]:
    """The emergencies of one's street, or of all streets below; what lasts comes first."""
    found = await emergencies.listing(view.street_scope(actor))
    return [await summing.line(plan, row) for row in found]


@look("emergency.read", "查看应急")
async def read(actor: Actor, plan: Plan, emergency: UUID) -> Emergency:
    """An emergency, whole."""
    held = await emergencies.one(view.street_scope(actor), emergency)
    return await summing.page(actor, plan, held)


@act("emergency.switch", "平急转换")
async def begin(actor: Actor, plan: Plan, body: Begin) -> Emergency:
    """The street leaves ordinary times."""
    street, level = actor.area, _level(plan, body.level)
    if body.kind not in plan.kinds:
        issue = FieldIssue("kind", "kind.unknown", f"预案里没有“{body.kind}”。")
        raise problems.answers_bad(fields=[issue])
    if street_of(street) != street:
        raise problems.not_found(kind="街镇")
    acute = clock.now() if level.mode == "应急" else None
    given = {"kind": body.kind, "drill": body.drill, "level": level.code, "reason": body.reason}
    made = await emergencies.begin(actor, street, given | {"acute_since": acute})
    if made is None:
        raise await _lasts(plan, street)
    held = await emergencies.one(actor.scope, made)
    drill = "（演练）" if body.drill else ""
    await emergencies.step(
        actor.name, held, "begun", f"启动{body.kind}{level.label}{drill}：{body.reason}"
    )
    return await _switched(actor, plan, held, level, first=True)


@act("emergency.switch", "平急转换")
async def turn(
    actor: Actor, plan: Plan, calendar: Calendar, emergency: UUID, body: Turn
) -> Emergency:
    """To another level, up or down."""
    held, level = await _lasting(actor, emergency, body.rev), _level(plan, body.level)
    if level.code == held["level"]:
        issue = FieldIssue("level", "level.same", f"现在已经是{level.label}。")
        raise problems.answers_bad(fields=[issue])
    acute = held["acute_since"] or (clock.now() if level.mode == "应急" else None)
    values = {"level": level.code, "acute_since": acute, "rev": held["rev"] + 1}
    await emergencies.change(actor.scope, emergency, **values)
    words = f"{plan.label(held['level'])} → {level.label}：{body.reason}"
    await emergencies.step(actor.name, held, "turned", words)
    before = plan.level(held["level"])
    if before and before.pauses and not level.pauses:
        await _go_on(held, calendar)
    held = await emergencies.one(actor.scope, emergency)
    return await _switched(actor, plan, held, level, first=False)


@act("emergency.end", "恢复平时")
async def end(
    actor: Actor, plan: Plan, calendar: Calendar, emergency: UUID, body: End
) -> Emergency:
    """It is over: clocks, quiet hours and routine reports are as before."""
    held = await _lasting(actor, emergency, body.rev)
    await emergencies.step(actor.name, held, "ended", body.summary)
    await modes.change(actor.scope, held["area"], None)
    resumed = await _go_on(held, calendar)
    await tasks.close_flash(_street_itself(held["area"]), plan.flash.form, held["area"])
    await emergencies.change(
        actor.scope,
        emergency,
        until=clock.now(),
        ended_by=actor.name,
        summary=body.summary,
        rev=held["rev"] + 1,
    )
    held = await emergencies.one(actor.scope, emergency)
    return await summing.page(actor, plan, held, resumed=resumed)


@act("emergency.report", "记录首报和要事")
async def report(actor: Actor, plan: Plan, emergency: UUID, body: Said) -> Emergency:
    """A first report to the district was made, oral or written; or something is to be kept."""
    held = await _lasting(actor, emergency, None)
    at = body.at or clock.now()
    _make_sure_when(held, at)
    column = {"oral": "oral_at", "written": "written_at"}.get(body.what)
    if column and held[column] is None:
        await emergencies.change(actor.scope, emergency, **{column: at})
    await emergencies.step(actor.name, held, body.what, body.words, at)
    held = await emergencies.one(actor.scope, emergency)
    return await summing.page(actor, plan, held, what=body.what)


async def _switched(
    actor: Actor, plan: Plan, held: Record, level: Level, *, first: bool
) -> Emergency:
    """What follows at once from a level: the mode, routine reports, the clocks of first reports."""
    street = held["area"]
    mode = level.as_mode(drill=held["drill"])
    await modes.change(actor.scope, street, mode)
    if mode.pauses:
        rested = (await tasks.pause(_street_itself(street), street)).tasks
        if rested:
            words = f"{rested} 项例行报表暂停填报，恢复平时后顺延。"
            await emergencies.step("系统", held, "rested", words)
            await emergencies.change(actor.scope, held["id"], rested=held["rested"] + rested)
    if level.flash:
        await _ask_for_reports(plan, held)
    held = await emergencies.one(actor.scope, held["id"])
    told = {"first": first, "mode": level.mode, "clocks": mode.clocks}
    return await summing.page(actor, plan, held, **told)


async def _ask_for_reports(plan: Plan, held: Record) -> None:
    """Flash reports begin now; whether the first reports were made is looked at in time."""
    emergency = str(held["id"])
    await reporting.ask_first(plan, held)
    for what in ("oral", "written"):
        minutes = plan.flash.oral_minutes if what == "oral" else plan.flash.written_minutes
        since: datetime = held["acute_since"] or clock.now()
        delay = (since + timedelta(minutes=minutes) - clock.now()).total_seconds()
        key = f"once:first:{emergency}:{what}"
        await jobs.enqueue(
            "duty.first_report", key=key, delay=max(0, delay), emergency=emergency, what=what
        )


async def _go_on(held: Record, calendar: Calendar) -> int:
    """Routine reports go on; how many."""
    resumed = (await tasks.resume(_street_itself(held["area"]), calendar, held["area"])).tasks
    if resumed:
        words = f"{resumed} 项例行报表恢复填报，截止日期已顺延。"
        await emergencies.step("系统", held, "rested", words)
    return resumed


def _street_itself(street: str) -> Actor:
    """The system, at work in one street."""
    return replace(SYSTEM, area=street, scope=scope_of(street))


def _level(plan: Plan, code: str) -> Level:
    level = plan.level(code)
    if level is None:
        issue = FieldIssue("level", "level.unknown", f"预案里没有“{code}”这个级别。")
        raise problems.answers_bad(fields=[issue])
    return level


async def _lasting(actor: Actor, emergency: UUID, rev: int | None) -> Record:
    """An emergency that lasts, held; somebody who was faster is told."""
    held = await emergencies.locked(actor.scope, emergency)
    if held["until"] is not None:
        raise problems.emergency_over(kind=held["kind"])
    if rev is not None and rev != held["rev"]:
        raise problems.overtaken()
    return held


async def _lasts(plan: Plan, street: str) -> problems.Problem:
    held = await emergencies.lasting(street)
    if held is None:
        return problems.overtaken()
    at = held["since"].astimezone(clock.SHANGHAI)
    return problems.emergency_lasts(
        by=held["by"], at=f"{at:%m月%d日 %H:%M}", label=plan.label(held["level"])
    )


def _make_sure_when(held: Record, at: datetime) -> None:
    if not held["since"] - _BEFORE <= at <= clock.now():
        issue = FieldIssue("at", "at.range", "时间应在启动前两小时之后、现在之前。")
        raise problems.answers_bad(fields=[issue])


def _effects(plan: Plan, level: Level, routine: int) -> LevelEffects:
    told = ["人员名单（独居、低洼等）按楼栋准备好，可打印大字版"]
    if level.awake:
        told.append("夜间也发送通知")
    if level.clocks:
        told.append("工单时限改为昼夜连续计时")
    if level.pauses:
        told.append(f"{routine} 项未到期的例行报表暂停，恢复平时后顺延")
    if level.flash:
        told.append(
            f"每两小时一次快报；口头首报 {plan.flash.oral_minutes} 分钟内，"
            f"书面首报 {plan.flash.written_minutes} 分钟内"
        )
    return LevelEffects(code=level.code, mode=level.mode, label=level.label, effects=tuple(told))
