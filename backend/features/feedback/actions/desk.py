"""The street's side: registering what came in, deciding on it, answering in public words."""

from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor, act, look
from backend.core.problems import FieldIssue
from backend.engine.orders.stages import STAGES
from backend.features.catalogue.catalogue import Catalogue
from backend.features.feedback import stages, view
from backend.features.feedback.actions.sending import check_scene
from backend.features.feedback.held import Held
from backend.features.feedback.shapes import (
    FindingAnswered,
    FindingDecided,
    FindingFilter,
    FindingNoted,
    FindingPage,
    FindingPublished,
    FindingRegistered,
    FindingReopened,
    FindingView,
)
from backend.features.feedback.store import findings, listing
from backend.features.materials import store as materials
from backend.features.orders import intake
from backend.features.orders.actions import closing
from backend.features.orders.bodies import Incoming
from backend.features.orders.bodies import Reopened as OrderReopened
from backend.features.orders.handbook import Handbook
from backend.features.orders.store import public as orders
from backend.web.paging import cursor_of

SOURCE = "09"  # case_source: 人大政协/治理体验官
SYSTEM_NAME = "feedback"
_FINISHED = ("verifying", "closed", "refused", "merged")


@look("finding.read", "查看体验反馈")
async def page(actor: Actor, catalogue: Catalogue, query: FindingFilter) -> FindingPage:
    """The findings of my street: what waits for us, or all."""
    rows, total = await listing.page(actor.scope, "finding", query)
    shown = rows[: query.limit]
    following = None
    if len(rows) > query.limit:
        following = cursor_of(*listing.keys(shown[-1], query.view), of=query.view)
    return FindingPage(
        rows=await view.entries(actor.scope, catalogue, shown), total=total, next=following
    )


@look("finding.read", "查看体验反馈")
async def one(actor: Actor, catalogue: Catalogue, finding: UUID) -> FindingView:
    """One with its whole story, notes of the house included."""
    return await view.full(actor, catalogue, await findings.one(actor.scope, finding, "finding"))


@act("finding.register", "登记体验反馈")
async def register(
    actor: Actor, catalogue: Catalogue, finding: UUID, body: FindingRegistered
) -> FindingView:
    """Taken note of, within a working day; the officer is told."""
    held = await findings.locked(actor.scope, finding, "finding", body.rev)
    stages.make_sure(held.state, "register", "登记")
    known: dict[str, Any] = {}
    if body.scene is not None:
        check_scene(catalogue, body.scene)
        known["scene"] = body.scene
    if body.area is not None:
        if not actor.scope.covers(body.area):
            raise problems.not_found(kind="区域")
        known["area"] = body.area
    await findings.change(held, state="registered", registered_at=clock.now(), **known)
    await findings.step(held, "register", actor.name, note=body.note)
    return await _after(actor, catalogue, held, "register")


@act("finding.decide", "答复是否采纳")
async def decide(
    actor: Actor, catalogue: Catalogue, book: Handbook, finding: UUID, body: FindingDecided
) -> FindingView:
    """Adopted, partly, or not, within five working days; what is adopted becomes an order."""
    held = await findings.locked(actor.scope, finding, "finding", body.rev)
    stages.make_sure(held.state, "decide", "再次决定")
    if body.decision != "adopted" and body.reason is None:
        issue = FieldIssue("reason", "reason.needed", "没有全部采纳时，请写明理由。")
        raise problems.answers_bad(fields=[issue])
    moment, order = clock.now(), None
    if body.decision != "declined" and body.order:
        order = await _order(actor, catalogue, book, held, body)
    await findings.change(
        held,
        state="declined" if body.decision == "declined" else "working",
        decision=body.decision,
        reason=body.reason,
        order_id=order,
        registered_at=held.registered_at or moment,
        decided_at=moment,
    )
    told = stages.DECISIONS[body.decision] + (f"：{body.reason}" if body.reason else "")
    await findings.step(held, "decide", actor.name, told, body.note)
    return await _after(actor, catalogue, held, "decide", decision=body.decision)


async def _order(
    actor: Actor, catalogue: Catalogue, book: Handbook, held: Held, body: FindingDecided
) -> UUID:
    """The order behind it. Who sent it is not told to those who handle it."""
    photos = tuple(UUID(one) for one in held.photos)
    await materials.loosen(actor.scope, photos, held.record)
    scene = catalogue.label(view.SCENES, held.scene)
    incoming = Incoming(
        system=SYSTEM_NAME,
        system_no=held.no,
        source=SOURCE,
        area=held.area,
        title=body.title or f"体验官反馈：{scene}",
        content=findings.opened(held, "content") or scene,
        place=held.place,
        appeal_type="5",
        category=body.category,
        urge=body.urge,
        building_id=held.building_id,
        lng=held.lng,
        lat=held.lat,
        photos=photos,
        received_at=held.sent_at,
        unit=body.unit,
        reporter="治理体验官",
        officer_id=held.officer_id,
    )
    return (await intake.take(actor, book, [incoming]))[0]


@act("finding.answer", "公开答复体验官")
async def answer(
    actor: Actor, catalogue: Catalogue, finding: UUID, body: FindingAnswered
) -> FindingView:
    """What was done, in public words and with pictures before and after; then the officer judges.

    An order behind it must have been checked first.
    """
    held = await findings.locked(actor.scope, finding, "finding", body.rev)
    stages.make_sure(held.state, "answer", "答复")
    after = await _checked_order(held)
    await _show(actor, held, body.before, [UUID(one) for one in held.photos], "before")
    await _show(actor, held, body.after, after, "after")
    await findings.change(
        held,
        state="answered",
        reply=body.words,
        answered_at=clock.now(),
        shown_before=[str(one) for one in body.before] or held.shown_before,
        shown_after=[str(one) for one in body.after],
    )
    await findings.step(held, "answer", actor.name, body.words, body.note)
    return await _after(actor, catalogue, held, "answer")


async def _checked_order(held: Held) -> list[UUID]:
    """The pictures that the order behind a finding was finished with; a problem before that."""
    if held.order_id is None:
        return []
    order = (await orders.brief(view.street(held), [held.order_id]))[held.order_id]
    if order["stage"] not in _FINISHED:
        label = STAGES[order["stage"]]
        raise problems.finding_order_open(no=order["no"], stage_label=label)
    return [UUID(one) for one in order["photos_after"]]


async def _show(
    actor: Actor, held: Held, copies: tuple[UUID, ...], of: list[UUID], field: str
) -> None:
    """Only covered copies of the right pictures may be shown."""
    if not copies:
        return
    if not await materials.released(actor.scope, copies, of):
        say = "请先在图片上遮挡人脸、车牌等，再公开遮挡后的那一张。"
        raise problems.answers_bad(fields=[FieldIssue(field, "photo.not_released", say)])
    await materials.attach(actor.scope, copies, view.shown_as(held))


@act("finding.publish", "公开摘要")
async def publish(
    actor: Actor, catalogue: Catalogue, finding: UUID, body: FindingPublished
) -> FindingView:
    """A summary in public words: for officers nearby, and for the quarter's list."""
    held = await findings.locked(actor.scope, finding, "finding", body.rev)
    stages.make_sure(held.state, "publish", "公开摘要")
    summary = body.summary or held.summary
    if body.public and summary is None:
        issue = FieldIssue("summary", "summary.needed", "公开前请写一句摘要。")
        raise problems.answers_bad(fields=[issue])
    await _show(actor, held, body.photos, [UUID(one) for one in held.photos], "photos")
    shown = [str(one) for one in body.photos] or held.shown_before
    await findings.change(held, public=body.public, summary=summary, shown_before=shown)
    await findings.step(held, "publish", actor.name, summary if body.public else None)
    return await _after(actor, catalogue, held, "publish")


@act("finding.note", "内部备注")
async def note(
    actor: Actor, catalogue: Catalogue, finding: UUID, body: FindingNoted
) -> FindingView:
    """A word among colleagues; the officer never sees it."""
    held = await findings.locked(actor.scope, finding, "finding", None)
    await findings.step(held, "note", actor.name, note=body.note)
    return await _after(actor, catalogue, held, "note")


@act("finding.reopen", "决定是否重新办理")
async def reopen(
    actor: Actor, catalogue: Catalogue, book: Handbook, finding: UUID, body: FindingReopened
) -> FindingView:
    """The street's lead, when the officer says a second time that it is not solved."""
    held = await findings.locked(actor.scope, finding, "finding", body.rev)
    stages.make_sure(held.state, "reopen", "决定")
    behind = await orders.brief(view.street(held), [held.order_id] if held.order_id else [])
    for order in behind.values():
        decided = OrderReopened(rev=order["rev"], again=body.again, reason=body.words[:500])
        await closing.reopen.within(actor, catalogue, book, order["id"], decided)
    await decided_again(held, actor.name, again=body.again, words=body.words)
    return await _after(actor, catalogue, held, "reopen")


async def decided_again(held: Held, by: str, *, again: bool, words: str | None) -> None:
    """It is taken up once more, or the result stays; what the officer said of it stands."""
    undone: dict[str, Any] = dict.fromkeys(("solved", "satisfied", "judged_at")) if again else {}
    await findings.change(held, state="working" if again else "settled", **undone)
    await findings.step(held, "reopen", by, words)


async def _after(
    actor: Actor, catalogue: Catalogue, held: Held, done: str, **event: Any
) -> FindingView:
    now = await findings.one(actor.scope, held.id, held.kind)
    return await view.full(actor, catalogue, now, {"act": done, **event})
