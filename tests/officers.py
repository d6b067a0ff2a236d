"""Experience officers at the wire: invited by dora, come in from WeChat or a browser."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import jwt
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

from backend.features.accounts import tokens

DOOR = "/api/sign-in/officer"
TERM = {"term_from": "2026-09-01", "term_until": "2027-08-31"}


class Phone:
    """Somebody's phone: signed in or not, with the tokens it holds."""

    def __init__(self, http: TestClient) -> None:
        self.http, self.tokens = http, {}
        self.key, self.cookies = uuid4().hex, {}

    async def accept(self, invite: str, **given: Any) -> ClientResponse:
        body = {"invite": invite, "key": self.key, "name": "周敏"} | given
        return await self.took(await self.http.post(DOOR, json=body))

    async def took(self, response: ClientResponse) -> ClientResponse:
        """What a sign-in gave. The cookie is this phone's own, not that of all tests."""
        if response.status == 200:
            self.tokens = await response.json()
            self.cookies = {name: held.value for name, held in response.cookies.items()}
            self.http.session.cookie_jar.clear()
        return response

    async def renew(self) -> ClientResponse:
        """New tokens for the cookie, as a browser asks for them."""
        path = "/api/sign-in/refresh"
        return await self.took(await self.http.post(path, json={}, cookies=self.cookies))

    async def get(self, path: str, **query: Any) -> ClientResponse:
        return await self.http.get(path, params=query, headers=self._headers())

    async def post(self, path: str, body: Any = None, key: str | None = None) -> ClientResponse:
        headers = self._headers() | ({"Idempotency-Key": key} if key else {})
        return await self.http.post(path, json=body or {}, headers=headers)

    async def upload(self, path: str, name: str, body: bytes, kind: str) -> ClientResponse:
        from aiohttp import FormData

        form = FormData()
        form.add_field("file", body, filename=name, content_type=kind)
        return await self.http.post(path, data=form, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        """With an access token of this minute: a phone renews its own long before it runs out."""
        if not self.tokens:
            return {}
        said = jwt.decode(self.tokens["access_token"], options={"verify_signature": False})
        token = tokens.access_token(UUID(said["sub"]), UUID(said["sid"]))
        return {"Authorization": f"Bearer {token}"}


async def invited(as_: Any, who: str = "dora", **given: Any) -> dict[str, Any]:
    """An invitation of a street, as its list shows it, with `invite` for the door."""
    body = {"field": "resident", **TERM} | given
    response = await as_(who).post("/api/officers/invitations", body)
    assert response.status == 201, await response.text()
    told = await response.json()
    return told | {"invite": urlsplit(told["url"]).path.removeprefix("/o/")}


async def officer(as_: Any, http: TestClient, who: str = "dora", **given: Any) -> Phone:
    """Somebody who is an officer and signed in, by H5."""
    name = {key: given.pop(key) for key in ("name", "phone", "code") if key in given}
    phone, invitation = Phone(http), await invited(as_, who, **given)
    response = await phone.accept(invitation["invite"], **name)
    assert response.status == 200, await response.text()
    return phone
