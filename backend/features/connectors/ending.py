"""How a run ends: with a trace, and with the feeds that waited for it set going."""

from uuid import UUID

from backend.core import jobs
from backend.core.access import SYSTEM, Actor, act
from backend.core.db import transaction
from backend.features.connectors import store
from backend.features.connectors.feeds import Feeds
from backend.features.connectors.shapes import Run

JOB = "connectors.pull"
_PATIENT = 4  # failures that pass unreported: a quarter of an hour


@act("feed.finish", "完成数据接入")
async def finish(actor: Actor, feeds: Feeds, run: UUID, feed: str) -> Run:
    """All pages are taken over; whoever waits for this feed is next."""
    return await _closed(feeds, run, feed, "done")


async def done(feeds: Feeds, run: UUID, feed: str) -> None:
    """A run has come to its end. One of many a day that brought nothing is no event."""
    if not feeds.feed(feed).often or await store.brought(run):
        await finish(SYSTEM, feeds, run, feed)
        return
    async with transaction():
        await store.fold(await _closed(feeds, run, feed, "done"))


@act("feed.fail", "数据接入失败")
async def _report(actor: Actor, feeds: Feeds, run: UUID, feed: str, problem: str) -> Run:
    return await _closed(feeds, run, feed, "failed", problem)


async def fail(feeds: Feeds, run: UUID, feed: str, problem: str) -> None:
    """The source could not be read to its end. Of failures in a row one is reported: the first of
    a night's feed, the fifth of one that is asked every three minutes."""
    if await store.failures(feed) == (_PATIENT if feeds.feed(feed).often else 0):
        await _report(SYSTEM, feeds, run, feed, problem)
        return
    async with transaction():
        await _closed(feeds, run, feed, "failed", problem)


async def start(feed: str) -> None:
    """Ask for a pull; one that is waiting or under way is enough."""
    await jobs.enqueue(JOB, key=feed, feed=feed)


async def _closed(
    feeds: Feeds, run: UUID, feed: str, state: str, problem: str | None = None
) -> Run:
    closed = await store.end(run, state, problem)
    if closed is None:
        raise store.Overtaken(feed)
    for follower in feeds.followers(feed):
        await start(follower.key)
    return closed
