"""Sending: the job that takes messages out of the outbox and hands them to WeCom, or to the mini
program of those who have no corp account."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta

import structlog

from backend.clients.wechat import Wechat
from backend.clients.wecom import Message, Wecom
from backend.core import clock
from backend.core.access import Actor
from backend.core.problems import Problem
from backend.features.accounts.store import officers
from backend.features.notices import messages, store
from backend.features.notices.store import Notice
from backend.settings import Settings

log = structlog.get_logger(__name__)

AT_ONCE = 1000
ABREAST = 8  # cards with buttons go to one person each
TASK_TAKEN = 42014
# WeCom itself suppresses an identical message within this time, should we die between two steps.
DUPLICATE_SECONDS = 1800
PAUSE = timedelta(seconds=60)
COME_BACK = {
    "wecom.unreachable": timedelta(minutes=2),
    "wecom.busy": timedelta(minutes=1),
    "wecom.limited": timedelta(minutes=2),
    "wecom.misconfigured": timedelta(minutes=15),
    "wechat.unreachable": timedelta(minutes=2),
    "wechat.busy": timedelta(minutes=1),
    "wechat.misconfigured": timedelta(minutes=15),
}


async def send(actor: Actor, about: str, wecom: Wecom, wechat: Wechat, settings: Settings) -> None:
    """Send what is due of one key; what cannot go now is tried again later."""
    taken = await store.take(about)
    await _subscribed([one for one in taken if one.corp_id == store.OFFICERS], wechat)
    groups = list(_groups([one for one in taken if one.corp_id != store.OFFICERS]))
    for start in range(0, len(groups), ABREAST):
        abreast = groups[start : start + ABREAST]
        await asyncio.gather(*(_send(group, wecom, settings) for group in abreast))
    due = await store.next_due(about)
    if due is not None:
        await store.send_later(about, max(due, clock.now() + PAUSE))


async def _subscribed(taken: Sequence[Notice], wechat: Wechat) -> None:
    """Subscription messages go one by one, to those whose phone is known."""
    people = {one.staff_id for one in taken}
    phones = await officers.openids(wechat.appid, people) if people and wechat.appid else {}
    for notice in taken:
        if notice.staff_id not in phones:
            await store.failed([notice], "not reachable")
            continue
        page, values = messages.subscription(notice.template, notice.facts)
        try:
            await wechat.tell(phones[notice.staff_id], notice.template, page, values)
        except Problem as problem:
            await _trouble([notice], problem)
        else:
            await store.sent([notice], "")


def _groups(taken: Sequence[Notice]) -> Iterator[list[Notice]]:
    """The same message to many people goes in one call, a thousand at a time."""
    groups: dict[str, list[Notice]] = {}
    for notice in taken:
        # a card with buttons has a task of its own, so that each person's can be told apart
        same = f"{notice.corp_id} {notice.template} {sorted(notice.facts.items())} {notice.task}"
        groups.setdefault(same, []).append(notice)
    for group in groups.values():
        for start in range(0, len(group), AT_ONCE):
            yield group[start : start + AT_ONCE]


async def _send(group: list[Notice], wecom: Wecom, settings: Settings) -> None:
    first, to = group[0], tuple(sorted(notice.userid for notice in group))
    body = messages.body(first.template, first.facts, settings.url, first.task, first.left)
    try:
        outcome = await wecom.send(first.corp_id, Message(to, body, DUPLICATE_SECONDS))
    except Problem as problem:
        await _trouble(group, problem)
        return
    missed = {user.lower() for user in (*outcome.invalid, *outcome.unlicensed)}
    good = [notice for notice in group if notice.userid.lower() not in missed]
    await store.sent(good, outcome.msgid, outcome.response_code)
    await store.failed([notice for notice in group if notice not in good], "not reachable")


async def _trouble(group: list[Notice], problem: Problem) -> None:
    if _went_before(group[0], problem):
        await store.sent(group, "")
        return
    wait = COME_BACK.get(problem.code)
    log.warning("notice not sent", template=group[0].template, problem=problem.code)
    if wait is None:
        await store.failed(group, problem.code)
    else:
        await store.put_back(group, problem.code, wait)


def _went_before(notice: Notice, problem: Problem) -> bool:
    """We died after WeCom had taken the card and before we noted it: its task is known there."""
    told = problem.details.get("errcode")
    return notice.task is not None and notice.tries > 1 and told == TASK_TAKEN
