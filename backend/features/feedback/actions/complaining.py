"""The complaint button (投诉建议): everybody may, and everybody gets an answer."""

from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor, act, look
from backend.core.problems import FieldIssue
from backend.core.scope import Scope
from backend.features.feedback import stages
from backend.features.feedback.complaints import (
    Complaint,
    ComplaintAnswered,
    ComplaintFilter,
    ComplaintJudged,
    ComplaintPage,
    ComplaintRegistered,
    MyComplaint,
    NewComplaint,
)
from backend.features.feedback.deadlines import DECIDE, REGISTER, by
from backend.features.feedback.held import Held
from backend.features.feedback.shapes import FindingFilter
from backend.features.feedback.store import findings, listing
from backend.features.materials import store as materials
from backend.features.orders.handbook import Handbook
from backend.web.paging import cursor_of

KIND = "complaint"


@act("complaint.send", "提出投诉建议")
async def send(actor: Actor, book: Handbook, body: NewComplaint) -> MyComplaint:
    """Something about Jucun is wrong, or could be better."""
    if body.photos and not await materials.sent_by(actor, body.photos):
        raise problems.not_found(kind="图片")
    # an officer is whoever may send findings; all others are staff
    officer = actor.may("finding.send")
    moment = clock.now()
    held = await findings.write(
        actor,
        KIND,
        body.content,
        (),
        area=actor.area,
        officer_id=actor.id if officer else None,
        staff_id=None if officer else actor.id,
        scene="digital",
        screen=body.where,
        place="",
        photos=[str(photo) for photo in body.photos],
        register_due=by(book, moment, REGISTER),
        decide_due=by(book, moment, DECIDE),
    )
    await materials.attach(actor.scope, body.photos, held.record)
    await findings.step(held, "send", actor.name)
    return await _mine(actor, held)


@look("complaint.send", "提出投诉建议")
async def mine(actor: Actor) -> list[MyComplaint]:
    """What I have complained about, and what was answered."""
    return [await _mine(actor, held) for held in await findings.all_own(actor, KIND)]


@act("complaint.judge", "评价投诉答复")
async def judge(actor: Actor, complaint: UUID, body: ComplaintJudged) -> MyComplaint:
    """Whether the answer helped; if not, it is taken up again."""
    held = await findings.own(actor, complaint, KIND, body.rev)
    stages.make_sure(held.state, "judge", "评价")
    if not body.solved and body.reason is None:
        issue = FieldIssue("reason", "reason.needed", "请写明哪里还没有解决。")
        raise problems.answers_bad(fields=[issue])
    known: dict[str, Any] = {"state": "working", "unsolved": held.unsolved + 1}
    if body.solved:
        known = {"state": "settled", "solved": True, "satisfied": body.satisfied}
        known["judged_at"] = clock.now()
    sealed = findings.sealed_judgement(held.id, body.reason)
    await findings.change(held, judgement=sealed, **known)
    told = f"{'已解决' if body.solved else '未解决'}，{body.satisfied}"
    await findings.step(held, "judge", held.sender, told)
    event = {"act": "judge", "solved": body.solved}
    return await _mine(actor, await findings.own(actor, complaint, KIND), event)


@look("complaint.answer", "答复投诉建议")
async def page(actor: Actor, query: ComplaintFilter) -> ComplaintPage:
    """What people of my street (or, for the district, of the district's own offices) say."""
    asked = FindingFilter(view="all", state=query.state, cursor=query.cursor, limit=query.limit)
    rows, total = await listing.page(_desk(actor), KIND, asked)
    shown = rows[: query.limit]
    following = (
        cursor_of(*listing.keys(shown[-1], "all"), of="all") if len(rows) > len(shown) else None
    )
    held = {one.id: one for one in await findings.some(_desk(actor), [row["id"] for row in shown])}
    told = [await _theirs(actor, held[row["id"]]) for row in shown]
    return ComplaintPage(rows=tuple(told), total=total, next=following)


@act("complaint.register", "登记投诉建议")
async def register(actor: Actor, complaint: UUID, body: ComplaintRegistered) -> Complaint:
    held = await findings.locked(_desk(actor), complaint, KIND, body.rev)
    stages.make_sure(held.state, "register", "登记")
    await findings.change(held, state="registered", registered_at=clock.now())
    await findings.step(held, "register", actor.name)
    return await _after(actor, held, "register")


@act("complaint.answer", "答复投诉建议")
async def answer(actor: Actor, complaint: UUID, body: ComplaintAnswered) -> Complaint:
    """The answer; the sender says whether it helped."""
    held = await findings.locked(_desk(actor), complaint, KIND, body.rev)
    stages.make_sure(held.state, "answer_complaint", "答复")
    moment = clock.now()
    await findings.change(
        held,
        state="answered",
        reply=body.words,
        registered_at=held.registered_at or moment,
        answered_at=moment,
    )
    await findings.step(held, "answer", actor.name, body.words)
    return await _after(actor, held, "answer")


def _desk(actor: Actor) -> Scope:
    """Whose complaints somebody answers: those of a street with its committees; the district those
    of its own people only, for each street looks after its own."""
    return Scope(actor.area[:9])


async def _after(actor: Actor, held: Held, done: str) -> Complaint:
    now = await findings.one(_desk(actor), held.id, KIND)
    return await _theirs(actor, now, {"act": done})


async def _mine(actor: Actor, held: Held, event: dict[str, Any] | None = None) -> MyComplaint:
    may = ("judge",) if held.state == "answered" else ()
    return MyComplaint(**await _told(actor, held), may=may, event=event or {})


async def _theirs(actor: Actor, held: Held, event: dict[str, Any] | None = None) -> Complaint:
    may = tuple(
        name
        for name, act_name in (("register", "register"), ("answer", "answer_complaint"))
        if held.state in stages.FROM[act_name]
    )
    due = held.due if held.state == "sent" else held.decide_due
    waits = held.state in ("sent", "registered")
    return Complaint(
        **await _told(actor, held),
        sender=held.sender,
        due=due if waits else None,
        late=bool(waits and due and due <= clock.now()),
        may=may,
        event=event or {},
    )


async def _told(actor: Actor, held: Held) -> dict[str, Any]:
    photos = [UUID(one) for one in held.photos]
    return {
        **{key: getattr(held, key) for key in _SAME},
        "content": findings.opened(held, "content") or "",
        "state_label": stages.STATES[held.state],
        "photos": tuple(await materials.links_in(actor, held.record, photos)),
    }


_SAME = (
    "id",
    "no",
    "rev",
    "screen",
    "state",
    "sent_at",
    "answered_at",
    "reply",
    "solved",
    "satisfied",
)
