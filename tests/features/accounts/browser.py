"""A browser that signs in by WeCom, step by step as a person would, cookies and all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp.test_utils import TestClient
from yarl import URL

from tests.wecom import CORP, Sandbox

H5, DESK = "/api/sign-in/h5", "/api/sign-in/desk"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/7 wxwork/4.1"


class Browser:
    def __init__(self, http: TestClient, corp: Sandbox, session: aiohttp.ClientSession) -> None:
        self.http, self.corp, self.session = http, corp, session
        self.access = ""

    @classmethod
    @asynccontextmanager
    async def at(cls, http: TestClient, corp: Sandbox) -> AsyncIterator["Browser"]:
        jar = aiohttp.CookieJar(unsafe=True)
        agent = {"User-Agent": IPHONE}
        async with aiohttp.ClientSession(cookie_jar=jar, headers=agent) as session:
            yield cls(http, corp, session)

    async def get(self, path: str, **query: Any) -> aiohttp.ClientResponse:
        return await self._ask("GET", path, params=query)

    async def post(self, path: str, body: Any = None) -> aiohttp.ClientResponse:
        return await self._ask("POST", path, json=body or {})

    async def delete(self, path: str) -> aiohttp.ClientResponse:
        return await self._ask("DELETE", path)

    async def begin(self, way: str = H5, **query: str) -> URL:
        """To WeCom's page."""
        response = await self.get(way, **{"corp_id": CORP, "next": "/m/#/pages/due"} | query)
        assert response.status == 302, await response.text()
        return URL(response.headers["Location"])

    async def choose(self, page: URL, userid: str) -> URL:
        """The person picks themself (or, with an empty userid, refuses) and is sent back."""
        query = {**page.query, "userid": userid}
        url = URL(self.corp.base) / "sandbox" / "pick"
        async with self.session.get(url.with_query(query), allow_redirects=False) as response:
            assert response.status == 302, await response.text()
            return URL(response.headers["Location"])

    async def arrive(self, back: URL) -> str:
        """Back at our server; where it leads."""
        async with self.session.get(back, allow_redirects=False) as response:
            assert response.status == 302, await response.text()
            return response.headers["Location"]

    async def sign_in(self, userid: str, way: str = H5, **query: str) -> str:
        """All the way; returns where it leads."""
        return await self.arrive(await self.choose(await self.begin(way, **query), userid))

    async def refresh(self) -> dict[str, Any]:
        """New tokens by the cookie; remembers the access token."""
        response = await self.post("/api/sign-in/refresh")
        assert response.status == 200, await response.text()
        tokens = await response.json()
        self.access = tokens["access_token"]
        return tokens

    async def enter(self, userid: str, way: str = H5) -> dict[str, Any]:
        """Signed in, with an access token at hand."""
        await self.sign_in(userid, way)
        return await self.refresh()

    async def _ask(self, method: str, path: str, **given: Any) -> aiohttp.ClientResponse:
        headers = {"Authorization": f"Bearer {self.access}"} if self.access else {}
        url = self.http.make_url(path)
        response = await self.session.request(
            method, url, headers=headers, allow_redirects=False, **given
        )
        await response.read()
        return response
