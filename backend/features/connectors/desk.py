"""Where rows come in, pulled or pushed: sifted, taken over, refused with a reason, and counted.

What is already here is told by its digest and costs nothing more; what does not fit goes into
quarantine, sealed; when most of a page does not fit, the source has changed and the page stops.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.engine.text.masking import mask
from backend.features.connectors import mapping, store
from backend.features.connectors.places import Places
from backend.features.connectors.source import Feed, Stream
from backend.features.connectors.takers import Batch, Taker, Takers
from backend.features.registers.shapes import Incoming, Refusal, Taken

_FLOOD = 20


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


class Desk:
    """The way in of one feed; `home` is the area of its system."""

    def __init__(self, feed: Feed, takers: Takers, places: Places, home: str) -> None:
        self.feed, self.takers, self.places, self.home = feed, takers, places, home

    async def sift(self, stream: Stream, rows: Sequence[Any]) -> Sifted:
        """Tell what we have already by its digest, map the rest."""
        raw = {mapping.source_id(row, stream): row for row in rows}
        known = await self.taker(stream).known(self.feed, stream, raw)
        new = {n: r for n, r in raw.items() if n not in known or not _is(r, stream, known[n])}
        mapped = [mapping.map_row(row, stream) for row in new.values()]
        return Sifted(
            raw,
            rows=[one.row for one in mapped if one.row],
            refused=[one.refusal for one in mapped if one.refusal],
            left_out=[refusal for one in mapped for refusal in one.left_out],
            same=len(rows) - len(new),
        )

    async def accept(self, stream: Stream, sifted: Sifted) -> Taken:
        """A sifted page on the caller's transaction: taken over, or kept aside with the reason."""
        taken = await self.take(stream, sifted.rows)
        refused = [*sifted.refused, *taken.refused]
        _stop_a_flood(stream, refused, len(sifted.raw))
        await self._quarantine(stream, sifted, refused)
        return Taken(taken.added, taken.changed, taken.same + sifted.same, tuple(refused))

    async def take(self, stream: Stream, rows: Sequence[Incoming]) -> Taken:
        if not rows:
            return Taken()
        batch = Batch(self.feed, stream, rows, self.places, self.home)
        return await self.taker(stream).take(batch)

    async def again(self, stream: Stream, sifted: Sifted) -> Taken:
        """Rows out of quarantine once more, on the caller's transaction; the sound leave it."""
        taken = await self.take(stream, sifted.rows)
        wrong = {refusal.source_id for refusal in taken.refused}
        sound = [row.source_id for row in sifted.rows if row.source_id not in wrong]
        await store.quarantine(self.feed.key, stream.key, sound, [])
        return Taken(taken.added, taken.changed, taken.same)

    def taker(self, stream: Stream) -> Taker:
        return self.takers[stream.becomes]

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
        return store.Refused(
            source_id=refusal.source_id,
            field=refusal.field,
            reason=refusal.reason,
            whole=whole,
            area=self._area(raw, stream),
            raw=raw,
            masked=_masked(raw, stream),
        )

    def _area(self, raw: Any, stream: Stream) -> str:
        """Whose affair a refused row is: the committee it names, else as far as can be told."""
        if not isinstance(raw, Mapping):
            return self.home
        named = (raw.get(stream.refs.get(ref, "")) for ref in ("committee", "street"))
        committee, street = (code if isinstance(code, str) else None for code in named)
        if committee is not None and self.places.known(committee):
            return committee
        return self.places.area(None, street, self.home)


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
            text = str(value).strip().replace("\0", "")
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
