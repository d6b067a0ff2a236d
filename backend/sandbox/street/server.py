"""The platform's HTTP face: a token, paged lists, pushes, and the sandbox's own strings to pull."""

import asyncio
import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterator
from typing import Any

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from backend.core import clock
from backend.sandbox.street import faults, pushing
from backend.sandbox.street.changes import Nonsense
from backend.sandbox.street.page import page
from backend.sandbox.street.shelf import Key, Shelf
from backend.sandbox.street.words import Row

SHELF = web.AppKey("shelf", Shelf)
FAULTS = web.AppKey("faults", faults.Faults)
TOKENS = web.AppKey("tokens", dict[str, float])
CLIENTS = web.AppKey("clients", dict[str, str])
PUSHER = web.AppKey("pusher", pushing.Pusher)
PUSH_TO = web.AppKey("push_to", str)

LIFETIME = 1800
_SKEW = 300
_START: Key = ("", "")


def application(shelf: Shelf, clients: dict[str, str], push_to: str = "") -> web.Application:
    """`clients` maps client ids to secrets; what happens by hand is pushed to `push_to`."""
    app = web.Application(middlewares=[_daily, _known])
    app[SHELF], app[FAULTS], app[TOKENS], app[CLIENTS] = shelf, faults.Faults(), {}, clients
    app[PUSHER], app[PUSH_TO] = pushing.Pusher(*next(iter(clients.items()))), push_to.rstrip("/")
    app.add_routes(
        [
            web.get("/", front),
            web.post("/oauth/token", token),
            web.get("/share/v1/{stream:rk|fw|ld|gd|xc|yj|sb|bj}", listing),
            web.post("/_sandbox/faults", order_fault),
            web.delete("/_sandbox/faults", clear_faults),
            web.post("/_sandbox/changes", change),
            web.post("/_sandbox/pushes", push),
            web.delete("/_sandbox/tokens", forget_tokens),
            web.get("/_sandbox/requests", requests),
        ]
    )
    return app


@web.middleware
async def _daily(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Another day, another district: what happened yesterday is told from today on."""
    shelf = request.app[SHELF]
    if clock.today() > shelf.plan.today:
        await asyncio.to_thread(shelf.build, clock.today())
    shelf.ripen()
    return await handler(request)


@web.middleware
async def _known(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path.startswith("/share/") and (why := _refusal(request)):
        return web.json_response({"code": why[0], "msg": why[1], "data": None}, status=401)
    return await handler(request)


def _refusal(request: web.Request) -> tuple[str, str] | None:
    if "X-App-Id" in request.headers:
        return None if _signed(request) else ("40102", "签名错误")
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    alive = request.app[TOKENS].get(bearer, 0.0) > time.monotonic()
    return None if alive else ("40101", "令牌无效或已过期")


def _signed(request: web.Request) -> bool:
    """HMAC-SHA256 over method, path with query, timestamp and nonce, one per line."""
    given = {key: request.headers.get(key, "") for key in ("X-App-Id", "X-Timestamp", "X-Nonce")}
    secret = request.app[CLIENTS].get(given["X-App-Id"])
    if secret is None or not given["X-Timestamp"].isdigit():
        return False
    if abs(int(given["X-Timestamp"]) - clock.now().timestamp()) > _SKEW:
        return False
    text = f"{request.method}\n{request.raw_path}\n{given['X-Timestamp']}\n{given['X-Nonce']}"
    wanted = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, request.headers.get("X-Signature", ""))


async def front(request: web.Request) -> web.Response:
    text = page(request.app[SHELF], request.app[PUSH_TO])
    return web.Response(text=text, content_type="text/html")


async def token(request: web.Request) -> web.Response:
    """OAuth 2 client credentials, as a form."""
    form = await request.post()
    name, secret = str(form.get("client_id", "")), str(form.get("client_secret", ""))
    if request.app[CLIENTS].get(name) != secret or not secret:
        return web.json_response({"error": "invalid_client"}, status=401)
    made = secrets.token_urlsafe(24)
    request.app[TOKENS][made] = time.monotonic() + LIFETIME
    answer = {"access_token": made, "token_type": "bearer", "expires_in": LIFETIME}
    return web.json_response(answer)


async def listing(request: web.Request) -> web.StreamResponse:
    """One page: `yb` is the cursor, `ts` the number of rows; `zs` counts all."""
    name, ordered = request.match_info["stream"], request.app[FAULTS]
    stream = request.app[SHELF].streams[name]
    try:
        size = min(max(int(request.query.get("ts", "200")), 1), 2000)
        cursor = _cursor(request.query.get("yb", ""))
    except ValueError:
        return web.json_response({"code": "40001", "msg": "参数错误", "data": None}, status=400)
    rows, behind, more = stream.after(cursor, size)
    fault = ordered.due(name)
    ordered.asked.append({"stream": name, "yb": request.query.get("yb", ""), "rows": len(rows)})
    if fault and fault.kind == "repeated":
        behind, more = cursor, True
    if fault:
        rows = faults.spoil(fault, rows)
    data = {"list": rows, "yb": _token(behind), "more": more, "zs": len(stream.order)}
    body = {"code": "0", "msg": "成功", "data": data}
    if fault:
        return await faults.answer(fault, body)
    return web.Response(body=orjson.dumps(body), content_type="application/json")


async def order_fault(request: web.Request) -> web.Response:
    try:
        request.app[FAULTS].order(faults.Fault(**await request.json()))
    except (TypeError, ValueError) as error:
        return web.json_response({"error": str(error)}, status=400)
    return web.Response(status=204)


async def clear_faults(request: web.Request) -> web.Response:
    request.app[FAULTS].clear()
    return web.Response(status=204)


async def forget_tokens(request: web.Request) -> web.Response:
    request.app[TOKENS].clear()
    return web.Response(status=204)


async def change(request: web.Request) -> web.Response:
    """`{"kind": "move" | "call" | "alarm" | …, "person": …, "committee": …, "device": …}`."""
    shelf, to = request.app[SHELF], request.app[PUSH_TO]
    try:
        changed = shelf.change(await request.json())
    except Nonsense as error:
        return web.json_response({"error": str(error)}, status=400)
    told: dict[str, Any] = {"changed": changed}
    if to:
        told["pushed"] = [
            await request.app[PUSHER].push(f"{to}/api/feeds/{feed}/push", rows)
            for feed, rows in _pushable(shelf, changed)
        ]
    return web.json_response(told)


_AT_ONCE = 1000  # rows of a push


def _pushable(shelf: Shelf, changed: list[str]) -> Iterator[tuple[str, list[Row]]]:
    """What of some rows goes to which feed, in pushes that are not too long."""
    for name, feed in pushing.FEEDS.items():
        rows = shelf.streams[name].rows(changed)
        for start in range(0, len(rows), _AT_ONCE):
            yield feed, rows[start : start + _AT_ONCE]


async def push(request: web.Request) -> web.Response:
    """`{"to": URL, "stream": "gd", "rows": [ids], "fault": "forged"}`: what was answered."""
    given = await request.json()
    stream, fault = request.app[SHELF].streams[given["stream"]], given.get("fault", "")
    if fault and fault not in pushing.FAULTS:
        return web.json_response({"error": f"there are {pushing.FAULTS}"}, status=400)
    answer = await request.app[PUSHER].push(given["to"], stream.rows(given["rows"]), fault)
    return web.json_response(answer)


async def requests(request: web.Request) -> web.Response:
    return web.json_response(list(request.app[FAULTS].asked))


def _token(cursor: Key) -> str:
    return base64.urlsafe_b64encode("|".join(cursor).encode()).decode()


def _cursor(text: str) -> Key:
    if not text:
        return _START
    updated, _, name = base64.urlsafe_b64decode(text).decode().partition("|")
    return updated, name


__all__: list[Any] = ["application"]
