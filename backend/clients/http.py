"""The way out to other systems' HTTP interfaces: one session, clear words for what went wrong."""

from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson
from yarl import URL

MAX_ANSWER = 32 << 20


class Trouble(Exception):
    """A call that brought no answer to use; the text is Chinese, for the person who looks."""


class Unreachable(Trouble):
    """No answer, or one that says to come back later (5xx, 429): worth another try."""


class Nonsense(Trouble):
    """An answer that is not JSON, or not all of it (a proxy's page, a cut line): try again."""


class Denied(Trouble):
    """The other side does not know us (401, 403)."""


class Rejected(Trouble):
    """The other side says that the call itself is wrong (other 4xx): no use in trying again."""


class Outside:
    """One aiohttp session for all feeds; opened by the composition root, closed at the end."""

    def __init__(self, timeout: float = 30) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=min(10, timeout))
        self._session: aiohttp.ClientSession | None = None

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        """The JSON of a GET; `url` with its query, encoded as it is to be signed."""
        return await self._call("GET", url, headers=headers)

    async def post_form(self, url: str, form: Mapping[str, str]) -> Any:
        return await self._call("POST", url, data=form)

    async def post_json(self, url: str, body: Any) -> Any:
        return await self._call("POST", url, json=body)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _call(self, method: str, url: str, **given: Any) -> Any:
        if self._session is None:  # made late: a session belongs to the loop that is running
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        target = URL(url, encoded=True)
        try:
            async with self._session.request(method, target, **given) as answer:
                return await _read(answer)
        except TimeoutError:
            raise Unreachable("对方系统超时没有应答") from None
        except aiohttp.ClientPayloadError:
            raise Nonsense("对方系统的应答中途断开") from None
        except aiohttp.ClientError as error:
            raise Unreachable(f"连接不上对方系统（{type(error).__name__}）") from None


async def _read(answer: aiohttp.ClientResponse) -> Any:
    if answer.status in (401, 403):
        raise Denied(f"对方系统拒绝访问（HTTP {answer.status}）")
    if answer.status == 429 or answer.status >= 500:
        raise Unreachable(f"对方系统出错（HTTP {answer.status}）")
    if answer.status >= 400:
        raise Rejected(f"对方系统不接受这个请求（HTTP {answer.status}）")
    if (answer.content_length or 0) > MAX_ANSWER:
        raise Nonsense("对方系统的应答过大")
    body = await answer.read()
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        kind = "网页" if b"<html" in body[:500].lower() else "不完整的内容"
        raise Nonsense(f"对方系统返回的是{kind}，不是数据") from None
