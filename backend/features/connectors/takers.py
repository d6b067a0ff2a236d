"""The port between feeds and what their rows become: registers here, orders and alarms above.

`app.py` says who takes what. A taker writes on the caller's transaction, by set, and may be handed
a row twice: what it has already is the same row, never a second one.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from backend.features.connectors import store
from backend.features.connectors.places import Places
from backend.features.connectors.source import Feed, Stream
from backend.features.registers.elements import BY_FORM, Layout, layout
from backend.features.registers.shapes import Incoming, Taken
from backend.features.registers.store import people, places, take


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a stream that fit; `home` is where those go that name no area we know."""

    feed: Feed
    stream: Stream
    rows: Sequence[Incoming]
    places: Places
    home: str

    def area_of(self, row: Incoming) -> str:
        return self.places.area(row.refs.get("committee"), row.refs.get("street"), self.home)


class Taker(Protocol):
    """What the rows of a kind become."""

    async def known(self, feed: Feed, stream: Stream, ids: Collection[str]) -> Mapping[str, bytes]:
        """The digests under which rows were last taken over, by their numbers."""
        ...

    async def take(self, batch: Batch) -> Taken: ...

    async def weigh(self) -> None:
        """After thousands of rows: let the planner know."""
        ...


class Takers(dict[str, Taker]):
    """Who takes over which kind of rows: R1, R4, R5, order, device, alarm."""


class Registers:
    """Rows that fill a register: buildings, houses, people."""

    async def known(self, feed: Feed, stream: Stream, ids: Collection[str]) -> Mapping[str, bytes]:
        return await take.digests(self._layout(stream), feed.key, ids)

    async def take(self, batch: Batch) -> Taken:
        kept, source = self._layout(batch.stream), batch.feed.key
        if batch.stream.becomes == "R4":
            return await places.take_buildings(source, kept, batch.rows, batch.places.committees)
        if batch.stream.becomes == "R5":
            return await places.take_houses(source, kept, batch.rows)
        houses_of = batch.feed.after or source
        return await people.take_people(source, kept, batch.rows, houses_of=houses_of)

    async def weigh(self) -> None:
        await take.weigh()

    @staticmethod
    def _layout(stream: Stream) -> Layout:
        if stream.form is None:
            raise ValueError(f"{stream.key} fills no register")
        return layout(BY_FORM[stream.becomes], stream.form)


class Remembered:
    """A taker whose own rows keep no digest: which rows came, and as what, is remembered here."""

    def __init__(self, take_rows: Callable[[Batch], Awaitable[Taken]]) -> None:
        self._take_rows = take_rows

    async def known(self, feed: Feed, stream: Stream, ids: Collection[str]) -> Mapping[str, bytes]:
        return await store.remembered(feed.key, stream.key, ids)

    async def take(self, batch: Batch) -> Taken:
        taken = await self._take_rows(batch)
        wrong = {refusal.source_id for refusal in taken.refused}
        sound = {row.source_id: row.digest for row in batch.rows if row.source_id not in wrong}
        await store.remember(batch.feed.key, batch.stream.key, sound)
        return taken

    async def weigh(self) -> None:
        await store.weigh()
