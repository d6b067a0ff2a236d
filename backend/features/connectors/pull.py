"""Pulling a feed page by page: each page is one transaction with its cursor and its quarantine.

A worker killed at any moment loses at most the page in hand; the next one goes on at the cursor.
No transaction is open while the other system is asked.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from backend.clients.http import Trouble
from backend.core import clock
from backend.core.access import SYSTEM, Actor
from backend.core.db import transaction
from backend.core.scope import EVERYWHERE
from backend.engine.text.masking import mask
from backend.features.areas import store as areas
from backend.features.connectors import ending, mapping, store
from backend.features.connectors.feeds import Feeds
from backend.features.connectors.pages import Fetched, Pages
from backend.features.connectors.source import Feed, Stream
from backend.features.registers.shapes import Incoming, Refusal, Taken
from backend.features.registers.store import people, places, take
from backend.features.registers.store.places import Committees

log = structlog.get_logger(__name__)

_AGAIN = 200
_STUCK = 3
_FLOOD = 20
_MANY = 5000
_FIRST = UUID(int=0)


class Flooded(Exception):
    """So much of a page is wrong that the source itself must have changed."""


@dataclass(frozen=True, slots=True)
class Sifted:
    """A page before it is written: what is new to us, what does not fit, what we have already."""

    raw: dict[str, Any]
    rows: list[Incoming]
    refused: list[Refusal]
    left_out: list[Refusal]
    same: int


class Pull:
    """One run over all streams of a feed."""

    def __init__(self, feeds: Feeds, feed: Feed, pages: Pages, run: UUID) -> None:
        self.feeds, self.feed, self.pages, self.run = feeds, feed, pages, run
        self.committees = Committees(frozenset(), {})
        self.added = 0

    async def all(self) -> None:
        """Every stream from where it stands to its present end."""
        self.committees = await _committees()
        for stream in self.feed.streams:
            await self._again(stream)
            await self._stream(stream)
        if self.added > _MANY:
            await take.weigh()

    async def _stream(self, stream: Stream) -> None:
        """Page after page; the next one is asked for and mapped while this one is written."""
        cursor, stuck = await store.cursor(self.feed.key, stream.key), 0
        ahead = asyncio.create_task(self._ahead(stream, cursor))
        try:
            while True:
                page, sifted = await ahead
                stuck = stuck + 1 if page.more and page.cursor == cursor else 0
                if stuck >= _STUCK:
                    raise Trouble("对方系统一再返回同一页")
                if page.more:
                    ahead = asyncio.create_task(self._ahead(stream, page.cursor))
                await self._page(stream, page, sifted, cursor)
                cursor = page.cursor
                if not page.more:
                    return
        finally:
            ahead.cancel()

    async def _ahead(self, stream: Stream, cursor: str) -> tuple[Fetched, Sifted]:
        page = await self.pages.after(stream, cursor)
        return page, await self._sift(stream, page.rows)

    async def _page(self, stream: Stream, page: Fetched, sifted: Sifted, was: str) -> None:
        async with transaction():
            if page.cursor != was:
                await store.advance(self.feed.key, stream.key, was, page.cursor)
            taken = await self._take(stream, sifted.rows)
            refused = [*sifted.refused, *taken.refused]
            _stop_a_flood(stream, refused, len(sifted.raw))
            await self._quarantine(stream, sifted, refused)
            counts = Taken(taken.added, taken.changed, taken.same + sifted.same, tuple(refused))
            await store.tally(self.run, len(page.rows), counts)
        self.added += taken.added

    async def _again(self, stream: Stream) -> None:
        """Try what stands in quarantine once more: what was missing may have come since."""
        after = _FIRST
        while found := await store.refused_rows(self.feed.key, stream.key, after, _AGAIN):
            after = found[-1][0]
            sifted = await self._sift(stream, [raw for _, raw in found])
            async with transaction():
                taken = await self._take(stream, sifted.rows)
                wrong = {refusal.source_id for refusal in taken.refused}
                sound = [row.source_id for row in sifted.rows if row.source_id not in wrong]
                await store.quarantine(self.feed.key, stream.key, sound, [])
                counts = Taken(taken.added, taken.changed, taken.same)
                await store.tally(self.run, len(sound), counts)

    async def _sift(self, stream: Stream, rows: Sequence[Any]) -> Sifted:
        """Tell what we have already by its digest, map the rest."""
        raw = {mapping.source_id(row, stream): row for row in rows}
        layout = self.feeds.layout(stream.form.code, self.feed)
        known = await take.digests(layout, self.feed.key, raw)
        new = {n: r for n, r in raw.items() if n not in known or not _is(r, stream, known[n])}
        mapped = [mapping.map_row(row, stream) for row in new.values()]
        return Sifted(
            raw,
            rows=[one.row for one in mapped if one.row],
            refused=[one.refusal for one in mapped if one.refusal],
            left_out=[refusal for one in mapped for refusal in one.left_out],
            same=len(rows) - len(new),
        )

    async def _take(self, stream: Stream, rows: list[Incoming]) -> Taken:
        if not rows:
            return Taken()
        form, source = stream.form.code, self.feed.key
        layout = self.feeds.layout(form, self.feed)
        if form == "R4":
            return await places.take_buildings(source, layout, rows, self.committees)
        if form == "R5":
            return await places.take_houses(source, layout, rows)
        houses_of = self.feed.after or source
        return await people.take_people(source, layout, rows, houses_of=houses_of)

    async def _quarantine(self, stream: Stream, sifted: Sifted, refused: Sequence[Refusal]) -> None:
        wrong = {refusal.source_id for refusal in refused}
        sound = [row.source_id for row in sifted.rows if row.source_id not in wrong]
        entries = [self._entry(stream, sifted, refusal, whole=True) for refusal in refused]
        entries += [
            self._entry(stream, sifted, refusal, whole=False)
            for refusal in sifted.left_out
            if refusal.source_id not in wrong
        ]
        if sound or entries:
            await store.quarantine(self.feed.key, stream.key, sound, entries)

    def _entry(
        self, stream: Stream, sifted: Sifted, refusal: Refusal, *, whole: bool
    ) -> store.Refused:
        raw = sifted.raw[refusal.source_id]
        code = raw.get(stream.refs.get("committee", "")) if isinstance(raw, dict) else None
        known = code in self.committees.standing or code in self.committees.ended
        return store.Refused(
            source_id=refusal.source_id,
            field=refusal.field,
            reason=refusal.reason,
            whole=whole,
            area=str(code) if known else SYSTEM.area,
            raw=raw,
            masked=_masked(raw, stream),
        )


def _is(raw: Any, stream: Stream, digest: bytes | None) -> bool:
    return isinstance(raw, dict) and mapping.digest(raw, stream) == digest


def _masked(raw: Any, stream: Stream) -> dict[str, str]:
    """What of a raw row may be shown: levels 3 and 4 masked by their kind."""
    if not isinstance(raw, dict):
        return {}
    shown = {}
    for column in stream.columns.values():
        value, field = raw.get(column.source), column.field
        if isinstance(value, str | int | float) and str(value).strip():
            text = str(value).strip()
            shown[field.label] = mask(field.type, text) if field.level >= 3 else text[:80]
    return shown


def _stop_a_flood(stream: Stream, refused: Sequence[Refusal], seen: int) -> None:
    if len(refused) < _FLOOD or len(refused) * 2 <= seen:
        return
    field, times = Counter(refusal.field for refusal in refused).most_common(1)[0]
    example = next(refusal.reason for refusal in refused if refusal.field == field)
    raise Flooded(
        f"{stream.title}一页 {seen} 行里有 {len(refused)} 行不能接收，"
        f"其中 {times} 行因为“{example}”：来源的格式可能变了，已停在这一页"
    )


async def _committees() -> Committees:
    """The committees in force today, and the codes that have ended with their heirs."""
    standing = await areas.committees(EVERYWHERE, clock.today())
    heirs: dict[str, list[str]] = {}
    for old, new, _ in await areas.lineage(EVERYWHERE):
        heirs.setdefault(old, []).append(new)
    codes = frozenset(area.code for area in standing)
    called = await areas.names([*heirs, *(new for news in heirs.values() for new in news)])
    ended = {}
    for old, news in heirs.items():
        if old not in codes:
            together = "、".join(called.get(code, code) for code in news)
            ended[old] = f"{called.get(old, old)}已撤销（由{together}承接）"
    return Committees(codes, ended)


async def job(actor: Actor, feeds: Feeds, feed: str) -> None:
    """`connectors.pull`, as the worker runs it."""
    await pull(feeds, feed)


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
        await Pull(feeds, feed, pages, run.id).all()
    except (Trouble, Flooded) as trouble:
        log.warning("pull failed", feed=feed.key, problem=str(trouble))
        await ending.fail(feeds, run.id, feed.key, str(trouble))
    else:
        await ending.finish(SYSTEM, feeds, run.id, feed.key)
