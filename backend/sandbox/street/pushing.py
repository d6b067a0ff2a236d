"""The platform pushes: signed as it must be, or forged, stale, replayed or cut on request."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout

from backend.core import clock
from backend.sandbox.street.words import Row

FEEDS = {"gd": "hotline", "xc": "patrol", "yj": "emergencies", "bj": "alarms"}
FAULTS = ("forged", "stale", "cut", "replay")
_STALE = 600  # seconds

Answer = dict[str, Any]


class Pusher:
    """One who pushes with a client id and a secret, and remembers what was pushed last."""

    def __init__(self, client: str, secret: str) -> None:
        self.client, self.secret = client, secret
        self._last: tuple[str, dict[str, str], bytes] | None = None

    async def push(self, url: str, rows: Sequence[Row], fault: str = "") -> Answer:
        """Hand rows to an address; what was answered. `replay` sends the last push once more."""
        if fault == "replay" and self._last is not None:
            return await _post(*self._last)
        body = orjson.dumps({"code": "0", "msg": "成功", "data": {"list": list(rows)}})
        headers = self.headers(url, body, fault)
        self._last = url, headers, body
        return await _post(url, headers, body[: len(body) // 2] if fault == "cut" else body)

    def headers(self, url: str, body: bytes, fault: str = "") -> dict[str, str]:
        """A cut body is signed as it arrives, so that only its JSON is wrong."""
        sent = body[: len(body) // 2] if fault == "cut" else body
        moment = clock.now().timestamp() - (_STALE if fault == "stale" else 0)
        stamp, nonce, parts = str(int(moment)), secrets.token_hex(12), urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        text = f"POST\n{path}\n{stamp}\n{nonce}\n{hashlib.sha256(sent).hexdigest()}"
        secret = "guessed" if fault == "forged" else self.secret
        signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        named = {"X-App-Id": self.client, "X-Timestamp": stamp, "X-Nonce": nonce}
        return named | {"X-Signature": signature, "Content-Type": "application/json"}


async def _post(url: str, headers: dict[str, str], body: bytes) -> Answer:
    timeout = ClientTimeout(total=60)
    try:
        async with (
            ClientSession(timeout=timeout) as session,
            session.post(url, data=body, headers=headers) as answer,
        ):
            text = await answer.text()
            told = orjson.loads(text) if "json" in answer.content_type else text
            return {"status": answer.status, "body": told}
    except ClientError as error:
        return {"status": 0, "body": {"title": f"推不过去：{type(error).__name__}"}}
