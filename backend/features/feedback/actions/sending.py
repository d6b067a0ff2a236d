"""The officer's side: looking what is known nearby, sending a finding, following one, judging."""

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from backend.clients.wechat import Wechat
from backend.core import clock, problems
from backend.core.access import SYSTEM, Actor, act, look
from backend.core.db import Record
from backend.core.problems import FieldIssue
from backend.core.scope import Scope, street_of
from backend.engine.orders.stages import ASKED
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.catalogue.catalogue import Catalogue
from backend.features.feedback import stages, view
from backend.features.feedback.deadlines import DECIDE, REGISTER, by
from backend.features.feedback.held import Held
from backend.features.feedback.missions import MissionQuestion
from backend.features.feedback.shapes import (
    CaseFollowed,
    FindingJudgement,
    FindingLine,
    Kind,
    KnownCase,
    MyFinding,
    NearbyQuery,
    NewFinding,
    SceneName,
    Subscription,
)
from backend.features.feedback.store import findings, listing, missions
from backend.features.materials import store as materials
from backend.features.orders.actions import closing
from backend.features.orders.bodies import CalledBack
from backend.features.orders.handbook import Handbook
from backend.features.orders.store import public as orders
from backend.features.registers.store import spotting
from backend.features.registers.store.spotting import Spot, Wanted

METRES = 300
LATELY = timedelta(days=180)
MOST_NEAR = 10
_HEARD = ("verifying", "closed")  # the stages in which an order takes somebody's word


@look("finding.send", "提交体验反馈")
async def scenes(actor: Actor, catalogue: Catalogue) -> list[SceneName]:
    """What a finding can be about."""
    codes = catalogue.lists[view.SCENES].codes
    return [SceneName(key=code.code, label=code.label) for code in codes]


@look("finding.read_own", "查看本人的反馈")
async def subscriptions(actor: Actor, wechat: Wechat) -> list[Subscription]:
    """What the mini program may ask to be allowed to send (wx.requestSubscribeMessage)."""
    templates = wechat.templates.items()
    return [Subscription(name=name, template_id=template) for name, template in templates]


@look("finding.read_own", "查看本人的反馈")
async def mine(actor: Actor, catalogue: Catalogue) -> list[FindingLine]:
    """What I have sent, the latest first."""
    return list(await view.lines(catalogue, await listing.own(actor, "finding")))


@look("finding.read_own", "查看本人的反馈")
async def one(actor: Actor, catalogue: Catalogue, finding: UUID) -> MyFinding:
    """One of mine, with what became of it."""
    return await view.mine(actor, catalogue, await findings.own(actor, finding, "finding"))


@look("finding.nearby", "查看附近的公开问题")
async def nearby(
    actor: Actor, catalogue: Catalogue, book: Handbook, query: NearbyQuery
) -> list[KnownCase]:
    """What is known around a place already, in public words, the nearest first."""
    point = await _point(actor, query)
    if point is None:
        return []
    since, street = clock.now() - LATELY, Scope(street_of(actor.area)[:9])
    told = [(row, "finding") for row in await listing.near(street, *point, since)]
    told += [(row, "order") for row in await orders.near(street, *point, since)]
    far = [(_metres(row, *point), row, kind) for row, kind in told]
    near = sorted((one for one in far if one[0] <= METRES), key=lambda one: one[0])[:MOST_NEAR]
    called = await areas.names(row["area"] for _, row, _ in near)
    followed = await listing.followed(actor.id) if actor.id else set()
    return [
        await _case(actor, book, row, kind, metres, called, followed) for metres, row, kind in near
    ]


@act("finding.follow", "关注附近的问题")
async def follow(actor: Actor, case: UUID) -> CaseFollowed:
    """I have seen the same: tell me what comes of it, instead of reporting it again."""
    street = Scope(street_of(actor.area)[:9])
    kind: Kind = "finding"
    if not await listing.is_public(street, case):
        kind = "order"
        if not await orders.is_public(street, case):
            raise problems.not_found(kind="问题")
    if actor.id is not None:
        await listing.follow(actor.id, case, kind)
    return CaseFollowed(id=case, kind=kind, following=True)


@act("finding.send", "提交体验反馈")
async def send(actor: Actor, catalogue: Catalogue, book: Handbook, body: NewFinding) -> MyFinding:
    """Report something: it is registered within a working day, and decided on within five."""
    check_scene(catalogue, body.scene)
    await _check_mission(actor, body)
    if body.photos and not await materials.sent_by(actor, body.photos):
        raise problems.not_found(kind="图片")
    spot, moment = await _spot(actor, body), clock.now()
    held = await findings.write(
        actor,
        "finding",
        body.content,
        body.answers,
        area=spot.area if spot else actor.area,
        officer_id=actor.id,
        scene=body.scene,
        place=body.place.strip(),
        building_id=spot.building if spot else None,
        lng=body.lng if body.lng is not None else spot and spot.lng,
        lat=body.lat if body.lat is not None else spot and spot.lat,
        handy=body.handy,
        useful=body.useful,
        liked=body.liked,
        mission_id=body.mission,
        photos=[str(photo) for photo in body.photos],
        register_due=by(book, moment, REGISTER),
        decide_due=by(book, moment, DECIDE),
    )
    await materials.attach(actor.scope, body.photos, held.record)
    if body.mission and actor.id:
        await missions.take(body.mission, actor.id)
    await findings.step(held, "send", actor.name)
    return await view.mine(actor, catalogue, held)


@act("finding.judge", "评价处理结果")
async def judge(
    actor: Actor, catalogue: Catalogue, book: Handbook, finding: UUID, body: FindingJudgement
) -> MyFinding:
    """Solved or not is the officer's word. Not solved: it is taken up again, the second time by
    the street's lead. Nobody's silence counts as satisfied."""
    held = await findings.own(actor, finding, "finding", body.rev)
    return await judged(actor, catalogue, book, held, body)


async def judged(
    actor: Actor, catalogue: Catalogue, book: Handbook, held: Held, body: FindingJudgement
) -> MyFinding:
    """The sender's word on a finding or a complaint of theirs, which is held."""
    stages.make_sure(held.state, "judge", "评价")
    if not body.solved and body.reason is None:
        issue = FieldIssue("reason", "reason.needed", "请写明哪里还没有解决。")
        raise problems.answers_bad(fields=[issue])
    state = "settled"
    appealed = await _heard(catalogue, book, held, body)
    if not body.solved:
        state = "appealed" if appealed else "working"
    # what is taken up again has not been judged: only the steps remember
    known: dict[str, Any] = dict.fromkeys(("solved", "satisfied", "judged_at"))
    if state != "working":
        known = {"solved": body.solved, "satisfied": body.satisfied, "judged_at": clock.now()}
    await findings.change(
        held,
        state=state,
        unsolved=held.unsolved + (not body.solved),
        judgement=findings.sealed_judgement(held.id, body.reason),
        **known,
    )
    told = f"{'已解决' if body.solved else '未解决'}，{body.satisfied}"
    await findings.step(held, "judge", held.sender, told)
    after = await findings.own(actor, held.id, held.kind)
    return await view.mine(actor, catalogue, after, {"solved": body.solved, "kind": held.kind})


async def _heard(catalogue: Catalogue, book: Handbook, held: Held, body: FindingJudgement) -> bool:
    """Tell the order behind it, where there is one; whether the street's lead must decide now."""
    street, behind = view.street(held), [held.order_id] if held.order_id else []
    order = next(iter((await orders.brief(street, behind)).values()), None)
    if order is None or order["stage"] not in _HEARD:
        return held.unsolved > 0
    # somebody outside has no business among orders: the system passes on what they said
    herald = replace(SYSTEM, name="治理体验官", area=street_of(held.area), scope=street)
    said = CalledBack(
        rev=order["rev"], satisfied=body.satisfied, solved=body.solved, note=body.reason
    )
    shown = await closing.call_back.within(herald, catalogue, book, order["id"], said)
    return shown.appeal == ASKED


def check_scene(catalogue: Catalogue, scene: str) -> None:
    """A problem unless the scene is one of the list."""
    if all(code.code != scene for code in catalogue.lists[view.SCENES].codes):
        issue = FieldIssue("scene", "scene.unknown", "请从列表里选择体验场景。")
        raise problems.answers_bad(fields=[issue])


async def _check_mission(actor: Actor, body: NewFinding) -> None:
    """The mission is open to them, and what they answer was asked."""
    asked: dict[str, MissionQuestion] = {}
    if body.mission is not None:
        found = await missions.open_to(actor, body.mission)
        if not found:
            raise problems.not_found(kind="任务")
        if not found[0]["running"]:
            raise problems.wrong_state(state_label="已结束", what="再提交反馈")
        questions = [MissionQuestion.model_validate(one) for one in found[0]["questions"]]
        asked = {question.key: question for question in questions}
    wrong = [
        FieldIssue(f"answers.{n}", "answer.unfit", "这一题的回答不在可选的范围内。")
        for n, one in enumerate(body.answers)
        if one.key not in asked or not _fits(asked[one.key], one.value)
    ]
    if wrong:
        raise problems.answers_bad(fields=wrong)


def _fits(question: MissionQuestion, value: str) -> bool:
    if question.kind == "score":
        return value in ("1", "2", "3", "4", "5")
    return question.kind == "text" or value in question.options


async def _spot(actor: Actor, body: NewFinding | NearbyQuery) -> Spot | None:
    """Which building and committee a place belongs to, within the officer's own street."""
    wanted = Wanted(body.place.strip(), body.lng, body.lat)
    return (await spotting.spot(Scope(street_of(actor.area)[:9]), [wanted]))[0]


async def _point(actor: Actor, query: NearbyQuery) -> tuple[float, float] | None:
    if query.lng is not None and query.lat is not None:
        return query.lng, query.lat
    spot = await _spot(actor, query) if query.place.strip() else None
    if spot is None or spot.lng is None or spot.lat is None:
        return None
    return spot.lng, spot.lat


def _metres(row: Record, lng: float, lat: float) -> int:
    """Within a few hundred metres the earth is flat."""
    north = (row["lat"] - lat) * 111_320
    east = (row["lng"] - lng) * 111_320 * math.cos(math.radians(lat))
    return round(math.hypot(north, east))


async def _case(
    actor: Actor,
    book: Handbook,
    row: Record,
    kind: Any,
    metres: int,
    called: dict[str, str],
    followed: set[UUID],
) -> KnownCase:
    own = kind == "finding"
    photos = await materials.links_in(
        actor, f"shown:{row['id']}", [UUID(one) for one in row["shown_before"]] if own else []
    )
    return KnownCase(
        id=row["id"],
        kind=kind,
        title=row["summary"] if own else book.label(row["category"]) or "待分类的问题",
        area=AreaName(code=row["area"], name=called.get(row["area"], row["area"])),
        state_label=stages.STATES[row["state"]] if own else view.OUTSIDE[row["stage"]],
        metres=metres,
        since=row["since"].astimezone(clock.SHANGHAI).date(),
        reply=row["reply"] if own else None,
        photos=tuple(photos),
        following=row["id"] in followed,
    )
