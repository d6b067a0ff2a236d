"""The port to the feeds: their definitions, their systems' addresses, and the way out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from backend.clients.http import Outside
from backend.core import problems
from backend.core.access import SYSTEM
from backend.features.catalogue.catalogue import Catalogue
from backend.features.connectors.desk import Desk
from backend.features.connectors.pages import PAUSES, Pages
from backend.features.connectors.places import places
from backend.features.connectors.source import Address, Feed, read_addresses, read_feeds
from backend.features.connectors.takers import Takers


class Feeds:
    """The feeds by key, the ways to their pages, and who takes over what they bring."""

    def __init__(
        self,
        feeds: dict[str, Feed],
        addresses: dict[str, Address],
        takers: Takers,
        outside: Outside,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self.by_key, self.addresses, self.takers = feeds, addresses, takers
        self.outside, self.pauses = outside, pauses

    @classmethod
    def read(
        cls, folders: Sequence[Path], catalogue: Catalogue, addresses: Path | None, takers: Takers
    ) -> Self:
        """From `feeds/` below the form folders and the settings' feeds file."""
        return cls(read_feeds(folders, catalogue), read_addresses(addresses), takers, Outside())

    def feed(self, key: str) -> Feed:
        found = self.by_key.get(key)
        if found is None:
            raise problems.not_found(kind="数据源")
        return found

    def followers(self, key: str) -> list[Feed]:
        """The feeds that wait for this one."""
        return [feed for feed in self.by_key.values() if feed.after == key]

    def pages(self, feed: Feed) -> Pages | None:
        """The way to a feed's pages; None when its system has no address here."""
        address = self.addresses.get(feed.system)
        return Pages(feed, address, self.outside, self.pauses) if address else None

    async def desk(self, feed: Feed) -> Desk:
        """The way in for what a feed brings, with the areas as they are today."""
        address = self.addresses.get(feed.system)
        home = address.area if address else SYSTEM.area
        return Desk(feed, self.takers, await places(), home)
