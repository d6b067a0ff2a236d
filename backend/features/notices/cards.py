"""The buttons of cards: what a press does, once, and what the card says afterwards.

The callback remembers the delivery's mark in the transaction of the act itself; a job then changes
the card, for the network is not waited for in a transaction. A card answers for its notice: who
presses what is no longer there does nothing, and is shown again what came of it.
"""

from dataclasses import dataclass
from uuid import UUID

import structlog

from backend.clients.wecom import Opened, Wecom
from backend.core import jobs
from backend.core.access import Actor, act
from backend.core.db import transaction
from backend.core.problems import Problem
from backend.features.accounts.store import contacts, staff
from backend.features.notices import messages, store
from backend.features.notices.actions import COME_BACK
from backend.features.notices.shapes import Answer, CardActs
from backend.features.notices.store import Carded
from backend.settings import Settings

log = structlog.get_logger(__name__)

REFUSED = "没有办成"
GONE = Answer("您的账号已停用，如有疑问请联系街道数据专员。", (), REFUSED)


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a press was, for the trace."""

    ref: str
    facts: dict[str, object]


@act("card.press", "按下卡片按钮")
async def press(actor: Actor, opened: Opened, acts: CardActs) -> Pressed:
    """A button was pressed on somebody's phone: their act, by their own rights, exactly once."""
    key, task = opened.text("EventKey")[:20], opened.text("TaskId")
    if not await contacts.first_time(opened.mark):
        return Pressed("", {"key": key, "what": "repeated"})
    card = await store.carded(opened.corp_id, task)
    if card is None or card.userid.lower() != opened.text("FromUserName").lower():
        log.warning("press on nobody's card", corp=opened.corp_id, task=task[:128])
        return Pressed("", {"key": key, "what": "unknown"})
    live = key in card.left
    answer = await _answer(acts, card, key) if live else _again(card)
    await store.answered(card.id, answer, opened.text("ResponseCode") or None)
    await _change_later(card.card, card.about, opened.mark)
    what = "closed" if not live else "refused" if answer.label == REFUSED else "done"
    return Pressed(f"notice:{card.id}", {"card": card.card, "key": key, "what": what})


async def _answer(acts: CardActs, card: Carded, key: str) -> Answer:
    person = await staff.acting(card.staff_id)
    if person is None:
        return GONE
    try:
        async with transaction():  # what is refused leaves nothing but the press itself
            return await acts[card.card](person, card.about, key)
    except Problem as problem:
        return Answer(f"{REFUSED}：{problem.title}", (), REFUSED)


def _again(card: Carded) -> Answer:
    """A button that was no longer there: the card as it should be seen, and nothing else."""
    return Answer(card.said or "这一步已经办过了。", tuple(card.left), card.label or "已处理")


async def refresh(card: str, about: UUID, answer: Answer) -> None:
    """The matter moved on by another way: cards about it lose the buttons that are not left, and
    those that were not sent yet stay away. On the caller's transaction."""
    if await store.settle(card, about, answer):
        await _change_later(card, about, f"{about}:{','.join(answer.left)}")


async def _change_later(card: str, about: UUID, why: str) -> None:
    await jobs.enqueue("notices.change_cards", key=f"cards:{why}"[:120], card=card, about=about)


async def change(actor: Actor, card: str, about: str, wecom: Wecom, settings: Settings) -> None:
    """The job: every phone that shows an old card of a matter gets the new one."""
    for one in await store.outdated(card, UUID(about)):
        await _change(one, wecom, settings)


async def _change(one: Carded, wecom: Wecom, settings: Settings) -> None:
    said, label = one.said or "", one.label or ""
    body = messages.answered(one.template, one.facts, settings.url, said, label, one.left)
    try:
        await wecom.update_card(one.corp_id, one.code or "", [one.userid], body)
    except Problem as problem:
        if problem.code in COME_BACK:
            raise
        # the code is used up or too old: the next press brings a fresh one, and the truth
        log.warning("card not changed", card=one.card, problem=problem.code)
    await store.changed(one)
