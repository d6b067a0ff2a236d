"""Pushes that come while one is being written wait together and are written together.

A transaction costs the same few statements for one alarm and for two thousand; so the busier a
platform is, the fewer transactions each of its alarms costs. Each push is still all or nothing,
counts once by its number, and is answered when it is written. What waits is held by its sender: a
process that dies has answered nobody, and they come again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.core import problems
from backend.core.access import SYSTEM, Actor, act
from backend.features.connectors import mapping, store
from backend.features.connectors.desk import Sifted
from backend.features.connectors.feeds import Feeds
from backend.features.connectors.shapes import Gathered, Pushed
from backend.features.connectors.source import Feed, Stream
from backend.features.registers.shapes import Taken

TOGETHER = 2000
"""Rows that are written at once; a longer push is written alone."""


@dataclass(eq=False, slots=True)
class Waiting:
    """A push in hand, and whoever waits for its answer."""

    nonce: str
    rows: Sequence[Any]
    answer: asyncio.Future[Pushed] = field(default_factory=asyncio.Future)

    def say(self, answer: Pushed | Exception) -> None:
        if self.answer.done():
            return  # whoever asked has gone
        if isinstance(answer, Exception):
            self.answer.set_exception(answer)
        else:
            self.answer.set_result(answer)


class Gathering:
    """What waits, feed by feed, and the one hand of this process that writes it."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Waiting]] = {}
        self._hands: dict[str, asyncio.Task[None]] = {}

    async def hand_in(self, feeds: Feeds, feed: Feed, nonce: str, rows: Sequence[Any]) -> Pushed:
        """A push; returns when it is written, raises why it is not."""
        mine = Waiting(nonce, rows)
        self._waiting.setdefault(feed.key, []).append(mine)
        if feed.key not in self._hands:
            self._hands[feed.key] = asyncio.create_task(self._write(feeds, feed))
        return await mine.answer

    async def _write(self, feeds: Feeds, feed: Feed) -> None:
        try:
            while together := self._next(feed.key):
                await _settle(feeds, feed, together)
        finally:
            del self._hands[feed.key]

    def _next(self, feed: str) -> list[Waiting]:
        """Those that have waited longest, as many as go together."""
        together: list[Waiting] = []
        waiting, rows = self._waiting[feed], 0
        while waiting and (not together or rows + len(waiting[0].rows) <= TOGETHER):
            rows += len(waiting[0].rows)
            together.append(waiting.pop(0))
        return together


async def _settle(feeds: Feeds, feed: Feed, together: Sequence[Waiting]) -> None:
    """Write them and answer everybody. When something is wrong with one, each is tried alone."""
    try:
        gathered = await _accept(SYSTEM, feeds, feed, together)
    except Exception as error:
        if len(together) == 1:
            together[0].say(error)
            return
        for one in together:
            await _settle(feeds, feed, [one])
        return
    answers: dict[str, Pushed | Exception] = {**gathered.answers}
    for one in together:
        one.say(answers.pop(one.nonce, problems.push_known()))


@act("feed.push", "接收推送")
async def _accept(actor: Actor, feeds: Feeds, feed: Feed, together: Sequence[Waiting]) -> Gathered:
    assert feed.push is not None
    desk, stream = await feeds.desk(feed), feed.stream(feed.push.stream)
    fresh = {one.nonce: one for one in reversed(together)}  # of two with one number, the first
    new = await store.first_times(feed.key, fresh)
    pushes = [fresh[nonce] for nonce in fresh if nonce in new]
    if not pushes:
        raise problems.push_known()
    sifted = await desk.sift(stream, [row for one in pushes for row in one.rows])
    taken = await desk.accept(stream, sifted)
    seen = sum(len(one.rows) for one in pushes)
    run = await store.tally_pushed(feed.key, seen, taken)
    return Gathered(run, seen, taken, _answers(stream, pushes, sifted, taken))


def _answers(
    stream: Stream, pushes: Sequence[Waiting], sifted: Sifted, taken: Taken
) -> dict[str, Pushed]:
    """What became of each push's rows."""
    left = {row.source_id for row in sifted.rows}
    refused = {refusal.source_id for refusal in taken.refused}
    answers = {}
    for one in pushes:
        names = [mapping.source_id(row, stream) for row in one.rows]
        wrong = sum(name in refused for name in names)
        mine = (left & set(names)) - refused
        left -= mine
        counts = {"taken": len(mine), "same": len(names) - len(mine) - wrong}
        answers[one.nonce] = Pushed(seen=len(names), refused=wrong, **counts)
    return answers
