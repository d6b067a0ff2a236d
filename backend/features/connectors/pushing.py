"""What a system pushes to us: signed, fresh, once, bounded; then the same way in as a pull.

The signature is HMAC-SHA256 over method, path, moment, nonce and the SHA-256 of the body, a line
each, with the secret of the feeds file. A push is taken over whole, with its nonce, in one
transaction: repeated, it is refused as known; broken off, it has left nothing and may come again.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any

import orjson
import structlog
from aiohttp import web

from backend.core import clock, problems
from backend.features.connectors.desk import Flooded
from backend.features.connectors.feeds import Feeds
from backend.features.connectors.gathering import Gathering
from backend.features.connectors.pages import at
from backend.features.connectors.shapes import Pushed
from backend.features.connectors.source import Address, Push

log = structlog.get_logger(__name__)

MOST_BYTES = 1 << 20
MOST_ROWS = 2000
SKEW = 300  # seconds
_NONCE = re.compile(r"[\w-]{8,64}", re.ASCII)
_STAMP = re.compile(r"\d{10}", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)


async def take(request: web.Request, key: str, feeds: Feeds, gathering: Gathering) -> Pushed:
    """A page that a system hands in. Answered when it is written."""
    feed = feeds.by_key.get(key)
    address = feeds.addresses.get(feed.system) if feed else None
    if feed is None or feed.push is None or address is None:
        raise problems.push_refused()
    nonce = _admitted(request.headers, address)
    body = await _body(request)
    _signed(request, body, address)
    rows = _rows(body, feed.push)
    try:
        return await gathering.hand_in(feeds, feed, nonce, rows)
    except Flooded as flood:
        log.warning("push refused", feed=feed.key, problem=str(flood))
        raise problems.push_unfit(why=str(flood)) from None


def _admitted(headers: Mapping[str, str], address: Address) -> str:
    """The nonce of a push from somebody we know, of now; before its body is read."""
    stamp, nonce = headers.get("X-Timestamp", ""), headers.get("X-Nonce", "")
    known = hmac.compare_digest(headers.get("X-App-Id", "").encode(), address.client.encode())
    whole = _STAMP.fullmatch(stamp) and _NONCE.fullmatch(nonce)
    if not known or not whole or not _HEX.fullmatch(headers.get("X-Signature", "")):
        raise problems.push_refused()
    if abs(int(stamp) - clock.now().timestamp()) > SKEW:
        raise problems.push_stale(minutes=SKEW // 60)
    return nonce


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > MOST_BYTES:
        raise problems.too_large(limit_mb=MOST_BYTES >> 20)
    body = await request.read()
    if len(body) > MOST_BYTES:
        raise problems.too_large(limit_mb=MOST_BYTES >> 20)
    return body


def _signed(request: web.Request, body: bytes, address: Address) -> None:
    wanted = signature(
        address.secret,
        request.raw_path,
        request.headers["X-Timestamp"],
        request.headers["X-Nonce"],
        body,
    )
    if not hmac.compare_digest(wanted, request.headers["X-Signature"]):
        raise problems.push_refused()


def signature(secret: str, path: str, stamp: str, nonce: str, body: bytes) -> str:
    """What a sender puts into X-Signature; `path` as it stands in the request, with its query."""
    text = f"POST\n{path}\n{stamp}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _rows(body: bytes, push: Push) -> list[Any]:
    try:
        rows = at(orjson.loads(body), push.rows)
    except orjson.JSONDecodeError:
        raise problems.bad_json() from None
    if not isinstance(rows, list):
        raise problems.push_unfit(why=f"内容里没有数据列表 {push.rows}")
    if len(rows) > MOST_ROWS:
        raise problems.push_unfit(why=f"一次最多 {MOST_ROWS} 行，这次有 {len(rows)} 行")
    return rows
