"""Pulling a feed page by page: each page is one transaction with its cursor and its quarantine.

A worker killed at any moment loses at most the page in hand; the next one goes on at the cursor.
No transaction is open while the other system is asked.
"""

import asyncio
from uuid import UUID

import structlog

from backend.clients.http import Trouble
from backend.core.access import Actor
from backend.core.db import transaction
from backend.features.connectors import ending, store
from backend.features.connectors.desk import Desk, Flooded, Sifted
from backend.features.connectors.feeds import Feeds
from backend.features.connectors.pages import Fetched, Pages
from backend.features.connectors.source import Feed, Stream

log = structlog.get_logger(__name__)

_AGAIN = 200
_STUCK = 3
_MANY = 5000
_FIRST = UUID(int=0)


class Pull:
    """One run over all streams of a feed."""

    def __init__(self, feed: Feed, pages: Pages, desk: Desk, run: UUID) -> None:
        self.feed, self.pages, self.desk, self.run = feed, pages, desk, run

    async def all(self) -> None:
        """Every stream from where it stands to its present end."""
        for stream in self.feed.streams:
            await self._again(stream)
            if await self._stream(stream) > _MANY:
                await self.desk.taker(stream).weigh()

    async def _stream(self, stream: Stream) -> int:
        """Page after page; the next one is asked for and mapped while this one is written."""
        cursor, stuck, added = await store.cursor(self.feed.key, stream.key), 0, 0
        ahead = asyncio.create_task(self._ahead(stream, cursor))
        try:
            while True:
                page, sifted = await ahead
                stuck = stuck + 1 if page.more and page.cursor == cursor else 0
                if stuck >= _STUCK:
                    raise Trouble("对方系统一再返回同一页")
                if page.more:
                    ahead = asyncio.create_task(self._ahead(stream, page.cursor))
                added += await self._page(stream, page, sifted, cursor)
                cursor = page.cursor
                if not page.more:
                    return added
        finally:
            ahead.cancel()

    async def _ahead(self, stream: Stream, cursor: str) -> tuple[Fetched, Sifted]:
        page = await self.pages.after(stream, cursor)
        return page, await self.desk.sift(stream, page.rows)

    async def _page(self, stream: Stream, page: Fetched, sifted: Sifted, was: str) -> int:
        async with transaction():
            if page.cursor != was:
                await store.advance(self.feed.key, stream.key, was, page.cursor)
            taken = await self.desk.accept(stream, sifted)
            await store.tally(self.run, len(page.rows), taken)
        return taken.added

    async def _again(self, stream: Stream) -> None:
        """Try what stands in quarantine once more: what was missing may have come since."""
        after = _FIRST
        while found := await store.refused_rows(self.feed.key, stream.key, after, _AGAIN):
            after = found[-1][0]
            sifted = await self.desk.sift(stream, [raw for _, raw in found])
            async with transaction():
                taken = await self.desk.again(stream, sifted)
                await store.tally(self.run, taken.added + taken.changed + taken.same, taken)


async def job(actor: Actor, feeds: Feeds, feed: str) -> None:
    """`connectors.pull`, as the worker runs it."""
    await pull(feeds, feed)


async def often(actor: Actor, feeds: Feeds) -> None:
    """Ask for what comes all day (orders, alarms); what is under way already is enough."""
    for feed in feeds.by_key.values():
        if feed.often and feed.system in feeds.addresses:
            await ending.start(feed.key)


async def tidy(_: Actor) -> None:
    """The bookkeeping that is of use for a while only."""
    await store.tidy()


async def pull(feeds: Feeds, feed: str) -> None:
    """Take over what is new of a feed, from where the last pull stopped."""
    found = feeds.feed(feed)
    try:
        await _whole(feeds, found)
    except store.Overtaken:
        log.info("another worker is pulling", feed=feed)


async def _whole(feeds: Feeds, feed: Feed) -> None:
    run = await store.begin(feed.key)
    try:
        pages = feeds.pages(feed)
        if pages is None:
            raise Trouble(f"没有配置“{feed.system}”的地址（JUCUN_FEEDS_FILE）")
        await Pull(feed, pages, await feeds.desk(feed), run.id).all()
    except (Trouble, Flooded) as trouble:
        log.warning("pull failed", feed=feed.key, problem=str(trouble))
        await ending.fail(feeds, run.id, feed.key, str(trouble))
    else:
        await ending.done(feeds, run.id, feed.key)
