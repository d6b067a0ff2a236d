"""The street sandbox for tests: a real HTTP server over two synthetic committees."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from backend.app import FORMS, measures_of, takers_of
from backend.clients.http import Outside
from backend.core import clock
from backend.core.ports import Ports
from backend.engine.clocks.load import load_calendar
from backend.engine.sensors.measures import Measures
from backend.features.catalogue.catalogue import Catalogue
from backend.features.connectors.feeds import Feeds
from backend.features.connectors.source import Address, read_feeds
from backend.features.orders.handbook import Handbook
from backend.sandbox.district.places import Committee
from backend.sandbox.district.world import Plan
from backend.sandbox.street.server import application
from backend.sandbox.street.shelf import Shelf
from tests.cast import HUAXI, YUANYUAN

CLIENT, SECRET = "jucun", "test-secret"
COMMITTEES = (Committee(YUANYUAN, "源园居委会", 0), Committee(HUAXI, "花溪园居委会", 1))


@dataclass
class Street:
    """The running sandbox and the strings to pull."""

    url: str
    shelf: Shelf

    async def change(self, kind: str, **given: Any) -> list[str]:
        """Something happens in the district; the ids of the rows that changed."""
        return (await self.tell(kind, **given))["changed"]

    async def tell(self, kind: str, **given: Any) -> dict[str, Any]:
        """The same, with what was answered where it was pushed."""
        return await self._post("/_sandbox/changes", {"kind": kind, **given})

    async def push(self, to: str, stream: str, rows: Sequence[str], fault: str = "") -> Any:
        """Rows of a stream are pushed; what was answered."""
        body = {"to": to, "stream": stream, "rows": list(rows), "fault": fault}
        return await self._post("/_sandbox/pushes", body)

    async def fault(self, kind: str, **given: Any) -> None:
        await self._post("/_sandbox/faults", {"kind": kind, **given})

    async def mend(self) -> None:
        await self._do("DELETE", "/_sandbox/faults")

    async def forget_tokens(self) -> None:
        await self._do("DELETE", "/_sandbox/tokens")

    async def asked(self) -> list[dict[str, Any]]:
        return await self._do("GET", "/_sandbox/requests")

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        return await self._do("POST", path, json=body)

    async def _do(self, method: str, path: str, **given: Any) -> Any:
        async with (
            ClientSession() as session,
            session.request(method, self.url + path, **given) as r,
        ):
            assert r.status < 300, await r.text()
            return await r.json() if r.content_type == "application/json" else None


@asynccontextmanager
async def street(
    people: int = 60, committees: Sequence[Committee] = COMMITTEES, push_to: str = ""
) -> AsyncIterator[Street]:
    today = clock.today()
    since = (today - timedelta(days=100)).replace(day=1)
    plan = Plan(since, today, people_full=people, people_thin=people)
    shelf = Shelf(plan, committees)
    async with TestServer(application(shelf, {CLIENT: SECRET}, push_to)) as server:
        yield Street(str(server.make_url("")).rstrip("/"), shelf)


def feeds(
    catalogue: Catalogue, url: str, *, size: int = 25, timeout: float = 5, secret: str = SECRET
) -> Feeds:
    """The feeds in force, asked for in small pages and without patience."""
    defined = read_feeds([FORMS], catalogue)
    small = {key: _paged(feed, size) for key, feed in defined.items()}
    addresses = dict.fromkeys(("street", "pool", "iot"), Address(url, CLIENT, secret))
    book = Handbook.read([FORMS], load_calendar(FORMS / "calendar"))
    ports = Ports({Catalogue: catalogue, Handbook: book, Measures: measures_of(book)})
    takers = takers_of(ports)
    return Feeds(small, addresses, takers, Outside(timeout), pauses=(0, 0))


def _paged(feed: Any, size: int) -> Any:
    return replace(feed, answers=replace(feed.answers, size=size))
