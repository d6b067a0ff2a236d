"""What the demo's experience officers found, and what became of it: a finding in every state, a
mission, a published list, complaints. Everything goes through the use cases, on its own day."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from backend.clients.files import Files
from backend.clients.wechat import Holder
from backend.core import clock
from backend.core.access import SYSTEM, Actor
from backend.core.db import Record, select
from backend.core.files import Upload
from backend.core.ports import Ports
from backend.core.scope import scope_of
from backend.engine.clocks.calendar import Calendar
from backend.engine.clocks.periods import last_closed
from backend.features.accounts.actions import officers as inviting
from backend.features.accounts.actions import residents
from backend.features.accounts.officers import Acceptance, NewInvitation
from backend.features.accounts.roles import OFFICER, verbs_of
from backend.features.accounts.store import staff
from backend.features.catalogue.catalogue import Catalogue
from backend.features.feedback.actions import complaining, desk, publishing, sending, touring
from backend.features.feedback.complaints import ComplaintAnswered, NewComplaint
from backend.features.feedback.lists import NewList
from backend.features.feedback.missions import AtRev, NewMission
from backend.features.feedback.shapes import (
    FindingAnswered,
    FindingDecided,
    FindingJudgement,
    FindingPublished,
    FindingRegistered,
    FindingView,
    MyFinding,
    NewFinding,
)
from backend.features.materials import actions as pictures
from backend.features.materials.shapes import Cover
from backend.features.orders.actions import closing, handling, reading
from backend.features.orders.bodies import Finished, Noted, Verified
from backend.features.orders.handbook import Handbook
from backend.features.orders.store import units
from backend.sandbox.demo import past
from backend.sandbox.demo.cast import OFFICERS, Resident
from backend.sandbox.demo.planting import APPID, CORP_ID
from backend.sandbox.demo.stories import STORIES, Story
from backend.settings import Settings

STREET, PLACE = "310107005000", "310107005001"  # 曹杨新村街道, 源园

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Play:
    """The parts, the people and the places of the demo's findings."""

    ports: Ports
    admin: Actor
    lead: Actor
    centre: Actor
    worker: Actor
    officers: tuple[Actor, ...]
    spots: tuple[Record, ...]

    @property
    def catalogue(self) -> Catalogue:
        return self.ports[Catalogue]  # type: ignore[no-any-return]

    @property
    def book(self) -> Handbook:
        return self.ports[Handbook]  # type: ignore[no-any-return]


async def play(ports: Ports, tell: Tell) -> None:
    """Three officers of a street; the last of their findings waits to be registered."""
    tell("experience officers are invited")
    show = await _cast(ports)
    tell("what they found, and what became of it")
    for number, story in enumerate(STORIES):
        if story.end == "sent":
            await _complaints(show)
            await _list(show)
            await past.settled(ports)  # what is yet to come is told today
        await _lived(show, story, show.spots[number % len(show.spots)])
    await _mission(show)
    await _open_letter(show)


async def _cast(ports: Ports) -> Play:
    people = {one.userid: one for one in (await staff.of_corp(CORP_ID)).values()}

    def actor(userid: str) -> Actor:
        one = people[userid]
        verbs = verbs_of(list(one.roles))
        return Actor(one.id, one.name, verbs, scope_of(one.area), one.area, frozenset(one.duties))

    admin = actor("shen.min")
    spots = await select(
        scope_of(PLACE),
        """select lng, lat, address from building
           where area like :scope and lng is not null order by source_id limit 12""",
    )
    with _at(ports, 70, 9):
        invited = [await _invited(ports, admin, one) for one in OFFICERS]
    return Play(
        ports,
        admin,
        actor("kang.wen"),
        actor("he.wei"),
        actor("lu.xiaoyan"),
        tuple(invited),
        tuple(spots),
    )


async def _invited(ports: Ports, admin: Actor, one: Resident) -> Actor:
    """By a letter in their name; they take it in the mini program."""
    today = clock.today()
    letter = NewInvitation.model_validate(
        {
            "name": one.name,
            "field": one.field,
            "term_from": today,
            "term_until": today + timedelta(days=730),
        }
    )
    made = await inviting.invite(admin, letter, ports[Settings])
    body = Acceptance.model_validate(
        {"invite": made.url.rpartition("/")[2], "key": one.openid * 2, "phone": one.phone}
    )
    holder = Holder(APPID, one.openid)
    taken = (await residents.accept_invitation(SYSTEM, body, made.id, holder)).officer
    scope = scope_of(STREET)
    return Actor(taken.id, taken.name, verbs_of(OFFICER), scope, STREET)


async def _lived(show: Play, story: Story, spot: Record) -> None:
    """A finding from its coming to where the story ends."""
    officer, ports = show.officers[story.who], show.ports
    with _at(ports, story.ago, 9, 40 + story.who):
        mine = await _sent(show, officer, story, spot)
    if story.end == "sent":
        return
    with _at(ports, story.ago, 14):
        body = FindingRegistered(rev=mine.rev)
        seen = await desk.register(show.admin, show.catalogue, mine.id, body)
    if story.end == "registered":
        return
    with _at(ports, story.ago - 2, 10):
        seen = await _decided(show, story, seen)
    if story.end not in ("declined", "ordered"):
        await _to_the_end(show, story, seen)


async def _sent(show: Play, officer: Actor, story: Story, spot: Record) -> MyFinding:
    photos = (await _picture(show, officer, story.sketch(clean=False)),) if story.sketch else ()
    handy, useful, liked = story.scores or (None, None, None)
    body = NewFinding(
        scene=story.scene,
        content=story.content,
        place=spot["address"],
        lng=spot["lng"],
        lat=spot["lat"],
        photos=photos,
        handy=handy,
        useful=useful,
        liked=liked,
    )
    return await sending.send(officer, show.catalogue, show.book, body)


async def _picture(show: Play, who: Actor, body: bytes) -> UUID:
    upload = Upload("现场.jpg", "image/jpeg", body)
    return (await pictures.upload(who, upload, show.ports[Files])).id


async def _decided(show: Play, story: Story, seen: FindingView) -> FindingView:
    with_order = story.order and story.decision != "declined"
    body = FindingDecided.model_validate(
        {
            "rev": seen.rev,
            "decision": story.decision,
            "reason": story.reason,
            "order": with_order,
            "title": story.summary.rstrip("。")[:40] or None,
            "unit": await units.of_committee(PLACE) if with_order else None,
        }
    )
    decided = await desk.decide(show.admin, show.catalogue, show.book, seen.id, body)
    told = FindingPublished(rev=decided.rev, public=True, summary=story.summary)
    return await desk.publish(show.admin, show.catalogue, seen.id, told)


async def _to_the_end(show: Play, story: Story, seen: FindingView) -> None:
    """Handled, answered, judged: once, or (appealed) until the street's lead is asked."""
    rounds = 2 if story.end == "appealed" else 1
    for turn in range(rounds):
        day = max(0, story.ago - 4 - 3 * turn)
        after: tuple[UUID, ...] = ()
        if seen.order is not None:
            after = await _handled(show, story, seen.order.id, day, first=turn == 0)
        with _at(show.ports, day, 16):
            seen = await _answered(show, story, seen.id, after)
        if story.end == "answered":
            return
        with _at(show.ports, max(0, day - 1), 8, 30):
            seen = await _judged(show, story, seen)


async def _handled(
    show: Play, story: Story, order: UUID, day: int, *, first: bool
) -> tuple[UUID, ...]:
    """The order behind it goes its way; the pictures it was finished with."""
    photos: tuple[UUID, ...] = ()
    with _at(show.ports, day, 13):
        rev = (await _order(show, order)).rev
        if first:
            rev = (await handling.sign(show.worker, *_parts(show), order, Noted(rev=rev))).rev
        if story.sketch:
            photos = (await _picture(show, show.worker, story.sketch(clean=True)),)
        done = Finished(
            rev=rev,
            result="已解决",
            measure="现场处理完毕，已与物业、清运单位约定后续巡查。",
            reply=story.reply,
            photos=photos,
        )
        rev = (await handling.finish(show.worker, *_parts(show), order, done)).rev
    with _at(show.ports, day, 15):
        await closing.verify(show.centre, *_parts(show), order, Verified(rev=rev, passed=True))
    return photos


def _parts(show: Play) -> tuple[Catalogue, Handbook]:
    return show.catalogue, show.book


async def _order(show: Play, order: UUID) -> Any:
    return await reading.one(show.centre, *_parts(show), order)


async def _answered(
    show: Play, story: Story, finding: UUID, after: tuple[UUID, ...]
) -> FindingView:
    """In public words, with covered pictures before and after."""
    seen = await desk.one(show.admin, show.catalogue, finding)
    before = tuple([await _covered(show, photo.id) for photo in seen.photos])
    shown = tuple([await _covered(show, photo) for photo in after])
    body = FindingAnswered(rev=seen.rev, words=story.reply, before=before, after=shown)
    return await desk.answer(show.admin, show.catalogue, finding, body)


async def _covered(show: Play, picture: UUID) -> UUID:
    return (await pictures.cover(show.admin, picture, Cover(boxes=()), show.ports[Files])).id


async def _judged(show: Play, story: Story, seen: FindingView) -> FindingView:
    solved = story.judged is None
    body = FindingJudgement(
        rev=seen.rev,
        solved=solved,
        satisfied="满意" if solved else "不满意",
        reason=story.judged,
    )
    officer = show.officers[story.who]
    await sending.judge(officer, *_parts(show), seen.id, body)
    return await desk.one(show.admin, show.catalogue, seen.id)


async def _mission(show: Play) -> None:
    """One that runs and was taken, one that is still being written."""
    today = clock.today()
    for title, words, open_now in (
        (
            "请走一遍助餐点到家的路",
            "从社区食堂走到您住的小区，看看路缘、坡道、座椅和过街时间，老人走得顺不顺。",
            True,
        ),
        ("请看一看晚间的楼道", "晚上七点以后走一走楼道和车棚，看看照明和堆物。", False),
    ):
        new = NewMission.model_validate(
            {
                "title": title,
                "words": words,
                "starts_on": today - timedelta(days=3),
                "ends_on": today + timedelta(days=25),
                "places": [
                    {"name": "曹杨社区食堂", "lng": spot["lng"], "lat": spot["lat"]}
                    for spot in show.spots[:1]
                ],
                "questions": [
                    {"key": "walk", "label": "走得顺不顺", "kind": "score"},
                    {"key": "seat", "label": "沿途有没有坐的地方", "kind": "choice",
                     "options": ["有", "没有"]},
                    {"key": "more", "label": "还看到什么"},
                ],
            }
        )  # fmt: skip
        mission = await touring.add(show.admin, new)
        if open_now:
            await touring.publish(show.admin, mission.id, AtRev(rev=mission.rev))
            await touring.take(show.officers[0], mission.id)


async def _open_letter(show: Play) -> None:
    """An invitation for whoever tries the demo; `./jucun demo` shows where it leads."""
    today, settings = clock.today(), show.ports[Settings]
    letter = NewInvitation(
        field="resident", term_from=today, term_until=today + timedelta(days=730), uses=200, days=60
    )
    made = await inviting.invite(show.admin, letter, settings)
    folder = settings.var / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "invitation").write_text(made.url.removeprefix(settings.url), encoding="utf-8")


async def _complaints(show: Play) -> None:
    """One of a social worker, which was answered, and one of an officer, which waits."""
    with _at(show.ports, 6, 11):
        body = NewComplaint(
            content="填报页面上下滑动时，保存按钮会挡住最后一题。", screen="/pages/return/index"
        )
        told = await complaining.send(show.worker, show.book, body)
    with _at(show.ports, 5, 10):
        words = "已修好：按钮移到题目下方。谢谢您的提醒。"
        answer = ComplaintAnswered(rev=told.rev, words=words)
        await complaining.answer(show.admin, told.id, answer)
    with _at(show.ports, 1, 19):
        body = NewComplaint(content="看图片时不能放大，细节看不清。")
        await complaining.send(show.officers[0], show.book, body)


async def _list(show: Play) -> None:
    """The last quarter's, open to everybody, if anything came in then."""
    period = last_closed("quarter", clock.today())
    settings = show.ports[Settings]
    draft = await publishing.one(show.admin, show.catalogue, settings, period.key)
    if not draft.rows:
        return
    words = NewList(
        words="感谢各位体验官一个季度以来的奔走和直言。未评价的反馈请在小程序里看看结果。"
    )
    with clock.pretend(clock.at(period.next.start, 10)):
        await publishing.publish(show.admin, show.catalogue, settings, period.key, words)


@contextmanager
def _at(ports: Ports, ago: int, hour: int, minute: int = 0) -> Iterator[None]:
    """So many working days ago at an hour, but never later than now."""
    day = _working_day(ports[Calendar], ago)
    moment = clock.at(day, hour, minute)
    with clock.pretend(min(moment, clock.now())):
        yield


def _working_day(calendar: Calendar, ago: int) -> date:
    day = calendar.on_or_before(clock.today())
    for _ in range(ago):
        day = calendar.on_or_before(day - timedelta(days=1))
    return day
