"""Calling on everybody (全员通知): told at once, confirmed by a button, the rest reminded."""

from datetime import timedelta
from uuid import UUID

from backend.core import clock, jobs, problems
from backend.core.access import Actor, act, look
from backend.core.db import Record, transaction
from backend.core.problems import FieldIssue
from backend.core.scope import Scope
from backend.features.accounts.store import staff
from backend.features.areas import store as areas
from backend.features.duty import summing, view
from backend.features.duty.emergencies import ByPhone, CallPage, Confirm, Confirmed, NewCall
from backend.features.duty.plan import Plan
from backend.features.duty.store import calls, emergencies
from backend.features.notices import cards
from backend.features.notices import store as notices
from backend.features.notices.shapes import Answer

CARD = "call"
_TIMES = 2  # reminded half way, and when the time is over


@act("emergency.call", "全员通知")
async def call(actor: Actor, plan: Plan, emergency: UUID, body: NewCall) -> CallPage:
    """Everybody of the street, or of some committees, is told and asked to confirm."""
    held = await emergencies.locked(actor.scope, emergency)
    if held["until"] is not None:
        raise problems.emergency_over(kind=held["kind"])
    people = await staff.everybody(Scope(held["area"][:9]), body.areas or None)
    if not people:
        issue = FieldIssue("areas", "people.none", "选定的范围里没有在岗人员。")
        raise problems.answers_bad(fields=[issue])
    until = clock.now() + timedelta(minutes=body.minutes)
    made = await calls.make(actor, held, body.words, until)
    row = await calls.one(actor.scope, made)
    await calls.put(row, people)
    await emergencies.step(actor.name, held, "called", f"通知 {len(people)} 人：{body.words}")
    await _tell(plan, held, row, [one["id"] for one in people], 0)
    for number in range(1, _TIMES + 1):
        await jobs.enqueue(
            "duty.remind_call",
            key=f"once:call:{made}:{number}",
            delay=body.minutes * 60 * number / _TIMES,
            call=str(made),
            number=number,
        )
    return await summing.call_page(row, people=len(people))


@look("emergency.read", "查看应急")
async def read(actor: Actor, call: UUID) -> CallPage:
    """A call as it stands: who has confirmed, who is waited for, whom it did not reach."""
    return await summing.call_page(await calls.one(view.street_scope(actor), call))


@look("emergency.confirm", "确认应急通知")
async def mine(actor: Actor) -> list[CallPage]:
    """The calls that wait for one's own confirmation; without the names of others."""
    found = await calls.waiting_for(actor.id) if actor.id else []
    return [(await summing.call_page(row)).model_copy(update={"people": ()}) for row in found]


@act("emergency.confirm", "确认应急通知")
async def confirm(actor: Actor, call: UUID, body: Confirm) -> Confirmed:
    """One's own confirmation, on the phone's page."""
    return await _confirm(actor, call, "页面", asks=body.help)


@act("emergency.call", "全员通知")
async def by_phone(actor: Actor, call: UUID, body: ByPhone) -> CallPage:
    """Somebody was reached by telephone instead."""
    row = await calls.one(actor.scope, call)
    line = await calls.mine(body.person, call)
    if line is None:
        raise problems.not_found(kind="人员")
    await calls.confirm(line["id"], {"how": "电话", "help_at": None})
    return await summing.call_page(row, person=str(body.person), how="电话")


async def press(actor: Actor, about: UUID, key: str) -> Answer:
    """A button of the card: confirmed, or confirmed and in need of help."""
    done = await _pressed(actor, about, asks=key == "help")
    at = done.at.astimezone(clock.SHANGHAI)
    if done.help:
        return Answer(f"{at:%H:%M} 已确认，并请求支援；指挥人员会与您联系。", (), "已请求支援")
    return Answer(f"{at:%H:%M} 已确认。如需支援可再点下面的按钮。", ("help",), "已确认")


@act("emergency.confirm", "确认应急通知")
async def _pressed(actor: Actor, call: UUID, *, asks: bool) -> Confirmed:
    return await _confirm(actor, call, "卡片", asks=asks)


async def _confirm(actor: Actor, call: UUID, how: str, *, asks: bool) -> Confirmed:
    """Confirmed once; asking for help as well tells those who lead."""
    row = await calls.by_id(call)
    line = await calls.mine(actor.id, call) if actor.id else None
    if line is None:
        raise problems.not_found(kind="通知")
    held = await emergencies.by_id(row["emergency_id"])
    if held["until"] is not None:
        raise problems.call_over()
    moment = clock.now()
    await calls.confirm(line["id"], {"how": how, "help_at": moment if asks else None})
    if asks and line["help_at"] is None:
        await _tell_help(actor, held, row)
    return Confirmed(call=call, at=line["confirmed_at"] or moment, help=asks)


async def remind(actor: Actor, plan: Plan, call: str, number: int) -> None:
    """The job: who has not confirmed is told again, as long as the emergency lasts."""
    async with transaction():
        row = await calls.by_id(UUID(call))
        held = await emergencies.by_id(row["emergency_id"])
        if held["until"] is None:
            await _tell(plan, held, row, await calls.reminding(row["id"], number), number)


async def settle(emergency: UUID) -> None:
    """It is over: cards that wait for a confirmation no longer do."""
    for row in await calls.of(emergency):
        await cards.refresh(CARD, row["id"], Answer("应急已结束，不用再确认。", (), "已结束"))


async def _tell(plan: Plan, held: Record, row: Record, people: list[UUID], number: int) -> None:
    drill = "演练 · " if held["drill"] else ""
    again = "请尽快确认 · " if number else ""
    called = await areas.names([held["area"]])
    until = row["until"].astimezone(clock.SHANGHAI)
    facts: dict[str, str | int] = {
        "title": f"{again}{drill}{held['kind']}{plan.label(held['level'])}",
        "street": str(called.get(held["area"], held["area"])),
        "by": row["by"],
        "words": row["words"],
        "until": f"{until:%H:%M}",
        "about": str(row["id"]),
    }
    await notices.tell(people, "call", facts, summing.call_key(row["id"], number))


async def _tell_help(actor: Actor, held: Record, row: Record) -> None:
    called = await areas.names([actor.area])
    facts: dict[str, str | int] = {
        "name": actor.name,
        "area": called.get(actor.area, actor.area),
        "words": row["words"],
    }
    people = await staff.holding("emergency.call", held["area"])
    await notices.tell(people, "call_help", facts, f"call_help:{row['id']}:{actor.id}")
