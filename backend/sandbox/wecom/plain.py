"""The ordinary WeChat beside the corps: the mini program of people without a corp account. Codes of
wx.login, tokens, and subscription messages, each of which needs the person's consent beforehand."""

import base64
import re
import secrets
from typing import Any

from aiohttp import web

from backend.sandbox.wecom import seed
from backend.sandbox.wecom.refusal import Refusal, answer
from backend.sandbox.wecom.request import WORLD, body
from backend.sandbox.wecom.world import Pass, Sent, World

AGENT = 0  # mini programs have no agent id
# What a value may be, by the kind in its key's name (subscribeMessage.send)
_LIMITS = {
    "thing": re.compile(r"[^\n]{1,20}"),
    "phrase": re.compile(r"[\u4e00-\u9fff]{1,5}"),
    "name": re.compile(r"[\u4e00-\u9fff]{1,10}|[A-Za-z ]{1,20}"),
    "date": re.compile(r"\d{4}年\d{1,2}月\d{1,2}日( \d{2}:\d{2})?"),
    "time": re.compile(r"(\d{4}年\d{1,2}月\d{1,2}日 )?\d{2}:\d{2}"),
    "character_string": re.compile(r"[\x21-\x7e]{1,32}"),
    "number": re.compile(r"\d{1,32}"),
}


def _program(world: World, appid: str) -> seed.Program:
    found = next((one for one in world.planted.programs if one.appid == appid), None)
    if found is None:
        raise Refusal(40013)
    return found


def _known(request: web.Request, given: Any) -> seed.Program:
    program = _program(request.app[WORLD], str(given.get("appid") or ""))
    if given.get("secret") != program.secret:
        raise Refusal(40125)
    return program


async def jscode2session(request: web.Request) -> web.Response:
    """A good answer has no errcode, as on the real wire."""
    program = _known(request, request.query)
    if request.query.get("grant_type") != "authorization_code":
        raise Refusal(40002)
    if not request.query.get("js_code"):
        raise Refusal(41008)
    code = request.app[WORLD].redeem("wx", request.query["js_code"])
    if code.corp_id != program.appid:
        raise Refusal(40029)
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    return web.json_response({"openid": code.userid, "session_key": key})


async def stable_token(request: web.Request) -> web.Response:
    """The same token as long as it is good."""
    given, world = await body(request), request.app[WORLD]
    program = _known(request, given)
    if given.get("grant_type") != "client_credential":
        raise Refusal(40002)
    held = next(
        (t for t in world.plain.tokens.values() if t.corp_id == program.appid and _good(t, world)),
        None,
    )
    if held is None or given.get("force_refresh"):
        until = world.now() + world.planted.token_ttl
        held = Pass(secrets.token_urlsafe(96), program.appid, AGENT, until)
        world.plain.tokens[held.value] = held
    return web.json_response(
        {"access_token": held.value, "expires_in": int(held.until - world.now())}
    )


def _good(held: Pass, world: World) -> bool:
    return held.killed_as is None and held.until > world.now()


def _bearer(request: web.Request) -> seed.Program:
    world = request.app[WORLD]
    held = world.plain.tokens.get(request.query.get("access_token", ""))
    if held is None:
        raise Refusal(40001)
    if not _good(held, world):
        raise Refusal(held.killed_as or 42001)
    return _program(world, held.corp_id)


async def subscribe_send(request: web.Request) -> web.Response:
    """One message to one person, if they agreed to one; the agreement is used up by it."""
    program, given, world = _bearer(request), await body(request), request.app[WORLD]
    openid = str(given.get("touser") or "")
    if not any(person.openid == openid for person in program.people):
        raise Refusal(40003)
    template = next((t for t in program.templates if t.id == given.get("template_id")), None)
    if template is None:
        raise Refusal(40037)
    _check(given, template)
    agreed = world.plain.consents[openid, template.id]
    if not agreed and not program.always:
        raise Refusal(43101)
    if agreed:
        world.plain.consents[openid, template.id] -= 1
    shown = {"title": template.title, "page": str(given.get("page") or ""), "lines": _lines(given)}
    told = {"msgtype": "subscribe", "subscribe": shown | {"labels": template.keys}}
    sent = Sent(secrets.token_urlsafe(16), program.appid, AGENT, world.now(), [openid], told)
    world.outbox.append(sent)
    return answer(msgid=len(world.outbox))


def _lines(given: dict[str, Any]) -> dict[str, str]:
    data = given.get("data")
    if not isinstance(data, dict):
        raise Refusal(47003)
    return {key: str((held or {}).get("value") or "") for key, held in data.items()}


def _check(given: dict[str, Any], template: seed.Template) -> None:
    """All the template's keys, no others, each of its own kind."""
    lines = _lines(given)
    if lines.keys() != template.keys.keys():
        raise Refusal(47003)
    for key, value in lines.items():
        limit = _LIMITS.get(key.rstrip("0123456789"))
        if limit is None or not limit.fullmatch(value):
            raise Refusal(47003)
    if str(given.get("page") or "").startswith("/"):
        raise Refusal(41030)


async def consent(request: web.Request) -> web.Response:
    """{openid, template, times}: somebody tapped 允许 when the mini program asked."""
    given = await body(request)
    times = int(given.get("times", 1))
    request.app[WORLD].plain.agree(str(given["openid"]), str(given["template"]), times)
    return web.json_response({"agreed": times})


ROUTES = [
    web.get("/sns/jscode2session", jscode2session),
    web.post("/cgi-bin/stable_token", stable_token),
    web.post("/cgi-bin/message/subscribe/send", subscribe_send),
    web.post("/_sandbox/consent", consent),
]
