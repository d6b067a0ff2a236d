"""What every call of the imitated API goes through: faults, the token, the frequency limit, and
reading JSON whatever the Content-Type says (wechatpy sends none)."""

import asyncio
import json
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from backend.sandbox.wecom import seed
from backend.sandbox.wecom.refusal import Refusal
from backend.sandbox.wecom.world import Corp, Fault, World

WORLD = web.AppKey("world", World)
CORP = web.RequestKey("corp", Corp)
APP = web.RequestKey("app", seed.App)

# without a corp's token: asking for one, and the ordinary WeChat, which has tokens of its own
OPEN_CALLS = {
    "/cgi-bin/gettoken",
    "/cgi-bin/stable_token",
    "/cgi-bin/message/subscribe/send",
    "/sns/jscode2session",
}
# Since 2022-08-15 a contact-sync secret used from a new address gets ids and nothing else.
RESTRICTED = {
    "/cgi-bin/department/list",
    "/cgi-bin/department/get",
    "/cgi-bin/user/get",
    "/cgi-bin/user/list",
    "/cgi-bin/user/simplelist",
}


@web.middleware
async def imitate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refusals become answers; ordered faults come first, as they would on the real wire."""
    if not request.path.startswith(("/cgi-bin/", "/sns/")):
        return await handler(request)
    world = request.app[WORLD]
    world.calls[request.path] += 1
    try:
        fault = world.ordered_fault(request.path)
        if fault and (broken := await _suffer(fault)):
            return broken
        if request.path not in OPEN_CALLS:
            _identify(request, world)
        return await handler(request)
    except Refusal as refusal:
        return web.json_response(refusal.body(request.remote or "127.0.0.1", world.now()))


async def _suffer(fault: Fault) -> web.Response | None:
    await asyncio.sleep(fault.seconds)
    if fault.errcode is not None:
        raise Refusal(fault.errcode)
    if fault.status is not None:
        page = "<html><head><title>Bad Gateway</title></head><body>nginx</body></html>"
        return web.Response(text=page, status=fault.status, content_type="text/html")
    return None


def _identify(request: web.Request, world: World) -> None:
    token = request.query.get("access_token", "")
    if not token:
        raise Refusal(41001)
    corp, app = world.bearer(token)
    world.count(corp.corp_id, request.path)
    if app.kind == "contact_sync" and app.ids_only and request.path in RESTRICTED:
        raise Refusal(48002)
    request[CORP], request[APP] = corp, app


async def body(request: web.Request) -> dict[str, Any]:
    """The JSON object of a POST."""
    try:
        given = json.loads(await request.text() or "{}")
    except ValueError:
        raise Refusal(40058) from None
    if not isinstance(given, dict):
        raise Refusal(40058)
    return given


def number(text: str | None, refusal: int) -> int:
    """A whole number out of a query string, or the refusal that fits the parameter."""
    try:
        return int(text or "")
    except ValueError:
        raise Refusal(refusal) from None
