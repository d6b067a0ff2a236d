"""Missions (体验任务): the street drafts, publishes and ends them; officers take them."""

from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor, act, look
from backend.core.db import Record
from backend.core.problems import FieldIssue
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.feedback.missions import (
    MISSION_STATES,
    AtRev,
    ChangedMission,
    Mission,
    NewMission,
    OpenMission,
)
from backend.features.feedback.store import missions


@look("mission.manage", "管理体验任务")
async def listing(actor: Actor) -> list[Mission]:
    """The missions of my street."""
    return await _missions(await missions.listing(actor.scope))


@act("mission.save", "起草体验任务")
async def add(actor: Actor, body: NewMission) -> Mission:
    """A draft, which no officer sees yet."""
    return await _one(actor, await missions.add(actor, body))


@act("mission.save", "起草体验任务")
async def change(actor: Actor, mission: UUID, body: ChangedMission) -> Mission:
    """Another wording; what was published stays as officers have read it."""
    held = await missions.locked(actor.scope, mission, body.rev)
    _make_sure(held, "draft", "修改")
    await missions.change(mission, body)
    return await _one(actor, mission)


@act("mission.publish", "发布体验任务")
async def publish(actor: Actor, mission: UUID, body: AtRev) -> Mission:
    """Officers of the street see it from now on."""
    held = await missions.locked(actor.scope, mission, body.rev)
    _make_sure(held, "draft", "发布")
    if held["ends_on"] < clock.today():
        issue = FieldIssue("ends_on", "mission.past", "结束日期已过，请先修改再发布。")
        raise problems.answers_bad(fields=[issue])
    await missions.move(mission, "open")
    return await _one(actor, mission)


@act("mission.end", "结束体验任务")
async def end(actor: Actor, mission: UUID, body: AtRev) -> Mission:
    """Nobody takes it any more, and no finding joins it."""
    held = await missions.locked(actor.scope, mission, body.rev)
    _make_sure(held, "open", "结束")
    await missions.move(mission, "ended")
    return await _one(actor, mission)


@look("mission.read", "查看体验任务")
async def offered(actor: Actor) -> list[OpenMission]:
    """What my street asks its officers to look at, and what I have taken."""
    return [_open(row) for row in await missions.open_to(actor)]


@act("mission.take", "领取体验任务")
async def take(actor: Actor, mission: UUID) -> OpenMission:
    """I will go and look."""
    found = await missions.open_to(actor, mission)
    if not found:
        raise problems.not_found(kind="任务")
    if not found[0]["running"]:
        label = "未开始" if found[0]["starts_on"] > clock.today() else "已结束"
        raise problems.wrong_state(state_label=label, what="领取")
    if actor.id is not None:
        await missions.take(mission, actor.id)
    return _open((await missions.open_to(actor, mission))[0])


def _make_sure(held: Record, state: str, what: str) -> None:
    if held["state"] != state:
        raise problems.wrong_state(state_label=MISSION_STATES[held["state"]], what=what)


async def _one(actor: Actor, mission: UUID) -> Mission:
    return (await _missions(await missions.listing(actor.scope, mission)))[0]


async def _missions(rows: list[Record]) -> list[Mission]:
    called = await areas.names(row["area"] for row in rows)
    return [
        Mission.model_validate(
            row
            | {
                "area": AreaName(code=row["area"], name=called.get(row["area"], row["area"])),
                "state_label": MISSION_STATES[row["state"]],
            }
        )
        for row in rows
    ]


def _open(row: Record) -> OpenMission:
    kept = {key: row[key] for key in OpenMission.model_fields.keys() & row.keys()}
    return OpenMission.model_validate(kept | {"taken": row["mine"], "open": row["running"]})
