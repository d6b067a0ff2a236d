"""Asking a system for pages: its token or signature, its envelope, and patience with its moods."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from backend.clients.http import Denied, Nonsense, Outside, Rejected, Trouble, Unreachable
from backend.core import clock
from backend.features.connectors.source import Address, Feed, Stream

PAUSES = (0.5, 3.0, 12.0)
"""Seconds before the second, third and fourth try of a page."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One page; `cursor` stands behind its last row, also when there is no more."""

    rows: Sequence[Any]
    cursor: str
    more: bool


class Pages:
    """The pages of one feed."""

    def __init__(
        self, feed: Feed, address: Address, outside: Outside, pauses: Sequence[float] = PAUSES
    ) -> None:
        self.feed, self.address, self.outside, self.pauses = feed, address, outside, pauses
        self._token = ""

    async def after(self, stream: Stream, cursor: str) -> Fetched:
        """The page behind a cursor (empty: the first). Raises Trouble when patience has ended."""
        for pause in (*self.pauses, None):
            try:
                return await self._ask(stream, cursor)
            except (Unreachable, Nonsense):
                if pause is None:
                    raise
                await asyncio.sleep(pause)
        raise AssertionError("the last try returns or raises")

    async def _ask(self, stream: Stream, cursor: str) -> Fetched:
        shape = self.feed.answers
        query = urlencode({shape.cursor_as: cursor, shape.size_as: shape.size})
        url = f"{self.address.url.rstrip('/')}{stream.path}?{query}"
        try:
            answer = await self.outside.get(url, await self._headers(url))
        except Denied:
            if self.feed.sign != "token":
                raise
            self._token = ""  # it may have run out early: once more with a new one
            answer = await self.outside.get(url, await self._headers(url))
        return self._opened(answer)

    async def _headers(self, url: str) -> dict[str, str]:
        if self.feed.sign == "token":
            return {"Authorization": f"Bearer {await self._bearer()}"}
        parts, stamp, nonce = urlsplit(url), str(int(clock.now().timestamp())), secrets.token_hex(8)
        text = f"GET\n{parts.path}?{parts.query}\n{stamp}\n{nonce}"
        signature = hmac.new(self.address.secret.encode(), text.encode(), hashlib.sha256)
        named = {"X-App-Id": self.address.client, "X-Timestamp": stamp, "X-Nonce": nonce}
        return named | {"X-Signature": signature.hexdigest()}

    async def _bearer(self) -> str:
        if not self._token:
            answer = await self.outside.post_form(
                self.address.url.rstrip("/") + self.address.token_path,
                {
                    "grant_type": "client_credentials",
                    "client_id": self.address.client,
                    "client_secret": self.address.secret,
                },
            )
            self._token = str(at(answer, "access_token") or "")
            if not self._token:
                raise Denied("对方系统没有发给令牌")
        return self._token

    def _opened(self, answer: Any) -> Fetched:
        shape = self.feed.answers
        path, good = shape.ok
        if str(at(answer, path)) != good:
            said = at(answer, shape.message) or "没有说明原因"
            raise Unreachable(f"对方系统回答：{str(said)[:60]}")
        rows, cursor = at(answer, shape.rows), at(answer, shape.cursor)
        if not isinstance(rows, list) or not isinstance(cursor, str):
            raise Rejected("对方系统的应答缺少数据列表或翻页标记，接口可能改了")
        return Fetched(rows, cursor, bool(at(answer, shape.more)))


def at(answer: Any, path: str) -> Any:
    """The value at a dotted path, None when there is none."""
    for name in path.split("."):
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


__all__ = ["Fetched", "Pages", "Trouble"]
