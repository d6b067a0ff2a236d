"""The switches for testers, under /_sandbox/ and for this machine only: reset, faults, codes,
clock, outbox, and what an administrator of the corp does (members come, go and change)."""

import ipaddress
from dataclasses import asdict
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from backend.sandbox.wecom import changes
from backend.sandbox.wecom.pusher import PUSHER
from backend.sandbox.wecom.refusal import Refusal
from backend.sandbox.wecom.request import WORLD, body
from backend.sandbox.wecom.world import Corp, Fault, Push, World


@web.middleware
async def only_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Switches answer only to this machine, and say what was wrong in plain words."""
    if not request.path.startswith("/_sandbox/"):
        return await handler(request)
    if not ipaddress.ip_address(request.remote or "0.0.0.0").is_loopback:
        raise web.HTTPForbidden(text="沙箱的开关只在本机可用")
    try:
        return await handler(request)
    except Refusal as refusal:
        text = refusal.body(request.remote or "", request.app[WORLD].now())
        return web.json_response(text, status=422)
    except (KeyError, TypeError, ValueError) as error:
        return web.json_response({"problem": f"{type(error).__name__}: {error}"}, status=400)


def _corp(world: World, given: dict[str, Any]) -> Corp:
    """The corp that is meant; the only one when none is named."""
    if "corp_id" in given:
        return world.corp(given["corp_id"])
    (only,) = world.corps.values()
    return only


async def reset(request: web.Request) -> web.Response:
    request.app[WORLD].reset()
    return web.json_response({"reset": True})


async def expire_token(request: web.Request) -> web.Response:
    """Every token dies now; `errcode` 42001 or 40014, as both were seen in the field."""
    errcode = int((await body(request)).get("errcode", 42001))
    if errcode not in (42001, 40014):
        raise ValueError("errcode is 42001 or 40014")
    return web.json_response({"expired": request.app[WORLD].kill_tokens(errcode)})


async def inject_error(request: web.Request) -> web.Response:
    """{path, errcode|status, seconds, times}: what the next calls of a path will suffer."""
    request.app[WORLD].faults.append(Fault(**await body(request)))
    return web.json_response({"waiting": len(request.app[WORLD].faults)})


async def clock(request: web.Request) -> web.Response:
    """Move the sandbox's clock on by {seconds}."""
    world = request.app[WORLD]
    world.lead += float((await body(request))["seconds"])
    return web.json_response({"now": world.now()})


async def issue_code(request: web.Request) -> web.Response:
    """What a phone would get from wx.qy.login (kind mini), the authorize page (kind web), or from
    wx.login of an ordinary mini program (kind wx, with appid and openid)."""
    given, world = await body(request), request.app[WORLD]
    kind = str(given.get("kind", "mini"))
    if kind not in ("mini", "web", "wx"):
        raise ValueError("kind is mini, web or wx")
    if kind == "wx":
        code = world.issue(kind, str(given["appid"]), str(given["openid"]))
        return web.json_response({"code": code})
    private = bool(given.get("private"))
    code = world.issue(kind, _corp(world, given).corp_id, str(given["userid"]), private=private)
    return web.json_response({"code": code})


async def outbox(request: web.Request) -> web.Response:
    """Newest first; `?userid=` for one person's messages."""
    user = request.query.get("userid", "").lower()
    sent = reversed(request.app[WORLD].outbox)
    return web.json_response(
        [asdict(one) for one in sent if not user or user in {to.lower() for to in one.to}]
    )


async def calls(request: web.Request) -> web.Response:
    """How often each path was called since the last reset."""
    return web.json_response(request.app[WORLD].calls)


def _told(pushes: list[Push]) -> web.Response:
    return web.json_response({"pushes": [asdict(push) for push in pushes]})


async def member_join(request: web.Request) -> web.Response:
    given, world = await body(request), request.app[WORLD]
    corp = _corp(world, given)
    member = changes.hire(corp, {k: v for k, v in given.items() if k != "corp_id"})
    event = changes.event("create_user", corp, member, world.now())
    return _told(await request.app[PUSHER].to_contact_listeners(corp, event))


async def member_leave(request: web.Request) -> web.Response:
    given, world = await body(request), request.app[WORLD]
    corp = _corp(world, given)
    member = changes.leave(corp, str(given["userid"]))
    event = changes.event("delete_user", corp, member, world.now())
    return _told(await request.app[PUSHER].to_contact_listeners(corp, event))


async def member_change(request: web.Request) -> web.Response:
    """Another name, department, status, or with `new_userid` another userid."""
    given, world = await body(request), request.app[WORLD]
    corp, userid, fresh = _corp(world, given), str(given["userid"]), given.get("new_userid")
    values = {k: v for k, v in given.items() if k not in ("corp_id", "userid", "new_userid")}
    member = changes.amend(corp, userid, values | ({"userid": fresh} if fresh else {}))
    more = {"NewUserID": str(fresh)} if fresh else {}
    event = changes.event("update_user", corp, member, world.now(), **more) | {"UserID": userid}
    return _told(await request.app[PUSHER].to_contact_listeners(corp, event))


async def push_event(request: web.Request) -> web.Response:
    """{corp_id, agent_id, event}: push any event as it stands."""
    given, world = await body(request), request.app[WORLD]
    corp = _corp(world, given)
    push = await request.app[PUSHER].push(corp, corp.apps[int(given["agent_id"])], given["event"])
    return _told([push])


async def check_callback(request: web.Request) -> web.Response:
    """{corp_id, agent_id}: the check that WeCom makes when the address is saved."""
    given, world = await body(request), request.app[WORLD]
    corp = _corp(world, given)
    good = await request.app[PUSHER].check_url(corp, corp.apps[int(given["agent_id"])])
    return web.json_response({"good": good})


ROUTES = [
    web.post("/_sandbox/reset", reset),
    web.post("/_sandbox/expire-token", expire_token),
    web.post("/_sandbox/inject-error", inject_error),
    web.post("/_sandbox/clock", clock),
    web.post("/_sandbox/issue-code", issue_code),
    web.get("/_sandbox/outbox", outbox),
    web.get("/_sandbox/calls", calls),
    web.post("/_sandbox/member/join", member_join),
    web.post("/_sandbox/member/leave", member_leave),
    web.post("/_sandbox/member/change", member_change),
    web.post("/_sandbox/push-event", push_event),
    web.post("/_sandbox/check-callback", check_callback),
]
