"""What becomes of an order in the demo: step by step through the acts, at the hours at which people
work, as far as the present. Chance decides who sends back, asks for time, or has to do it again."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from backend.clients.files import Files
from backend.core import clock
from backend.core.access import Actor
from backend.core.files import Upload
from backend.core.ports import Ports
from backend.core.problems import Problem
from backend.features.catalogue.catalogue import Catalogue
from backend.features.materials import actions as pictures
from backend.features.orders import bodies
from backend.features.orders.actions import closing, handling, pool, reading
from backend.features.orders.handbook import Handbook
from backend.features.orders.shapes import Order
from backend.sandbox.demo import sketches

_DONE = (
    (
        "现场核实属实，已会同物业当天处理完毕，并张贴提醒。",
        "您反映的问题已处理完毕，感谢您的关心。",
    ),
    (
        "已上门沟通，当事人同意整改，复看已恢复原状。",
        "经上门沟通，当事人已整改到位，我们会继续关注。",
    ),
    ("安排人员更换修复，试用正常。", "已修复，如再出现请随时联系居委会。"),
    ("组织双方协商，达成一致意见并记录在案。", "已组织协商并达成一致，后续按约定执行。"),
)
_NOTES = ("已约当事人明天上午到现场。", "物业已报修，等配件到货。", "现场看过，拍照留存。")
_UNITS = {
    "H01": "物业",
    "H0703": "物业",
    "B01": "市政养护",
    "B02": "市政养护",
    "E0110": "市政养护",
    "E05": "城管",
    "E0101": "城管",
    "H02": "城管",
}


@dataclass(frozen=True)
class Desk:
    """A unit, somebody who works there, and whoever leads it."""

    unit: UUID
    name: str
    worker: Actor
    head: Actor


@dataclass(frozen=True)
class Fate:
    """An order's surroundings: who dispatches, whose place it is, and chance."""

    ports: Ports
    centre: Actor
    lead: Actor
    desk: Desk
    desks: Mapping[str, Desk]
    rng: Random
    at: datetime
    ago: int


class NotYet(Exception):
    """The next step lies in the future."""


async def live(fate: Fate, order: UUID, *, own: bool = False, pictured: bool = False) -> None:
    """As far as today."""
    seen = await reading.one(fate.centre, fate.ports[Catalogue], fate.ports[Handbook], order)
    life = _Life(fate, seen, pictured)
    try:
        await (life.by_oneself() if own else life.whole())
    except NotYet:
        return


class _Life:
    def __init__(self, fate: Fate, seen: Order, pictured: bool) -> None:
        self.fate, self.seen, self.order, self.pictured = fate, seen, seen.id, pictured
        self.at, self.now = fate.at, clock.now()
        self.book: Handbook = fate.ports[Handbook]
        self.parts = (fate.ports[Catalogue], self.book)
        self.desk = fate.desk

    def chance(self, share: float) -> bool:
        return self.fate.rng.random() < share

    async def do(
        self,
        hours: float,
        who: Actor,
        deed: Callable[..., Awaitable[Order]],
        kind: Any,
        **body: Any,
    ) -> Order:
        """An act some hours later, in working hours; NotYet when that is still to come."""
        self._pass(hours)
        with clock.pretend(self.at):
            given = kind.model_validate({"rev": self.seen.rev, **body})
            self.seen = await deed(who, *self.parts, self.order, given)
        return self.seen

    def rest(self, share: float) -> None:
        """Of the last days some have come just so far: every stage has something to show."""
        if self.fate.ago <= 5 and self.chance(share):
            raise NotYet

    async def ask(
        self, hours: float, act: Callable[..., Awaitable[Order]], kind: Any, **body: Any
    ) -> bool:
        """More time or a stop; nobody asks when it is too late or of no use."""
        try:
            await self.do(hours, self.desk.worker, act, kind, **body)
        except Problem:
            return False
        return True

    def _pass(self, hours: float) -> None:
        at = self.at + timedelta(hours=hours, minutes=self.fate.rng.randrange(20))
        while at.hour >= 17 or not self.book.calendar.is_working(at.date()):
            morning = at.date() + timedelta(days=1)
            at = clock.at(morning, 9, self.fate.rng.randrange(10, 59))
        if at > self.now:
            raise NotYet
        self.at = at

    async def by_oneself(self) -> None:
        """Found and dealt with by the committee; its lead checks and closes."""
        head = self.desk.head
        await self._finish(self.fate.rng.choice((1, 2, 5, 20)))
        await self.do(3, head, closing.verify, bodies.Verified, passed=True, note="已复看")
        await self.do(1, head, closing.close, bodies.Noted)

    async def whole(self) -> None:
        fate = self.fate
        if self.chance(0.04):
            reason, words = "不属受理范围，已告知渠道。", "您反映的事项请按告知的渠道办理。"
            await self.do(2, fate.centre, pool.refuse, bodies.Refused, reason=reason, words=words)
            return
        await self._dispatch()
        if await self._waiting():
            return
        await self._in_hand()
        if self.chance(0.05):
            return  # nobody has come round to it
        await self._finish(fate.rng.choice((4, 8, 22, 30)))
        self.rest(0.4)
        await self._checked()
        self.rest(0.4)
        if self.seen.caller is not None and not await self._heard():
            return
        await self.do(2, fate.centre, closing.close, bodies.Noted)

    async def _dispatch(self) -> None:
        if self.chance(0.4):
            await self.do(0.5, self.fate.centre, pool.file, bodies.Filed)
            self.rest(0.3)
        right = self._right()
        first = self.fate.desk if right is not self.fate.desk and self.chance(0.3) else right
        self.desk = first
        unit = str(first.unit)
        await self.do(0.7, self.fate.centre, pool.dispatch, bodies.Dispatched, unit=unit)
        if first is not right:
            why = f"经核实应由{right.name}办理。"
            unit = str(right.unit)
            body = {"reason": why, "unit": unit}
            await self.do(2, first.worker, handling.send_back, bodies.SentBack, **body)
            self.desk = right

    def _right(self) -> Desk:
        """Whoever usually gets such an order, if the street has such a unit."""
        category = self.seen.category or ""
        key = next((unit for code, unit in _UNITS.items() if category.startswith(code)), None)
        street = self.fate.desk.worker.area[:9] + "000"
        return self.fate.desks.get(f"{street}{key}", self.fate.desk)

    async def _waiting(self) -> bool:
        """Of the last days some wait for somebody's decision or help."""
        if not 1 <= self.fate.ago <= 6 or not self.chance(0.45):
            return False
        worker = self.desk.worker
        await self.do(2, worker, handling.sign, bodies.Noted)
        if self.seen.caller is not None:
            await self.do(0.5, worker, handling.contact, bodies.Contacted, note="已电话联系。")
        turn = self.fate.rng.randrange(3)
        if turn == 0:
            body: dict[str, Any] = {"days": 20, "reason": "需要房管、物业、业委会三方会商。"}
            await self.ask(1, handling.extend, bodies.Extended, **body)
        elif turn == 1:
            body = {"reason": "等待当事人", "note": "当事人在外地，下周回来才能进门。"}
            await self.ask(1, handling.pause, bodies.Paused, **body)
        else:
            await self.do(1, worker, handling.help_, bodies.Helped, note="当事人拒绝开门，请支援。")
        return True

    async def _in_hand(self) -> None:
        worker, centre = self.desk.worker, self.fate.centre
        await self.do(2, worker, handling.sign, bodies.Noted)
        if self.seen.caller is not None:
            late = 30 if self.chance(0.08) else 0.5
            await self.do(late, worker, handling.contact, bodies.Contacted, note="已电话联系。")
        if self.chance(0.3):
            note = self.fate.rng.choice(_NOTES)
            await self.do(1, worker, handling.note, bodies.Happened, note=note)
        if self.chance(0.06):
            body: dict[str, Any] = {"days": 20, "reason": "涉及多个部门，需要会商。"}
            if await self.ask(2, handling.extend, bodies.Extended, **body):
                grant = self.chance(0.7)
                await self.do(3, centre, pool.decide_extend, bodies.Decided, grant=grant)
        elif self.chance(0.05):
            body = {"reason": "天气", "note": "连日暴雨，无法高空作业。"}
            if await self.ask(1, handling.pause, bodies.Paused, **body):
                await self.do(1, centre, pool.decide_pause, bodies.Decided, grant=True)
                await self.do(48, worker, handling.resume, bodies.Noted, note="天晴复工")

    async def _finish(self, hours: float) -> None:
        measure, reply = self.fate.rng.choice(_DONE)
        result = self.fate.rng.choices(
            ("已解决", "部分解决", "解释说明", "无法解决"), (14, 2, 3, 1)
        )[0]
        photos = [await self._picture()] if self.pictured else []
        body = {"result": result, "measure": measure, "reply": reply, "photos": photos}
        if self.desk is not self.fate.desk or self.chance(0.25):
            body["handle"] = "协调处置"
        await self.do(hours, self.desk.worker, handling.finish, bodies.Finished, **body)

    async def _picture(self) -> str:
        upload = Upload("处置后.jpg", "image/jpeg", sketches.bins(clean=True, seed=7))
        files = self.fate.ports[Files]
        return str((await pictures.upload(self.desk.worker, upload, files)).id)

    async def _checked(self) -> None:
        centre = self.fate.centre
        if self.chance(0.08):
            body = {"passed": False, "note": "现场仍有残留，请再处理。"}
            await self.do(4, centre, closing.verify, bodies.Verified, **body)
            await self._finish(6)
        await self.do(4, centre, closing.verify, bodies.Verified, passed=True)

    async def _heard(self) -> bool:
        """What the caller says; whether it can be closed."""
        rng, centre = self.fate.rng, self.fate.centre
        for turn in range(2):
            said = rng.choices(("满意", "基本满意", "不满意", "未接通"), (10, 6, 3, 2))[0]
            solved = None if said == "未接通" else said != "不满意" or self.chance(0.3)
            body = {"satisfied": said, "solved": solved}
            await self.do(2, centre, closing.call_back, bodies.CalledBack, **body)
            if solved is not False:
                return True
            if turn == 1:
                again = {"again": False, "reason": "已按程序办理，向诉求人作了解释。"}
                await self.do(20, self.fate.lead, closing.reopen, bodies.Reopened, **again)
                return True
            await self._finish(8)
            await self.do(4, centre, closing.verify, bodies.Verified, passed=True)
        return True
