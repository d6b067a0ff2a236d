"""Tokens and logins: gettoken, who is behind a code, mini-program sessions, JS-SDK tickets."""

import base64
import secrets

from aiohttp import web

from backend.sandbox.wecom.refusal import Refusal, answer
from backend.sandbox.wecom.request import APP, CORP, WORLD, body
from backend.sandbox.wecom.world import Code


async def gettoken(request: web.Request) -> web.Response:
    corp_id, secret = request.query.get("corpid", ""), request.query.get("corpsecret", "")
    if not corp_id:
        raise Refusal(41002)
    if not secret:
        raise Refusal(41004)
    world = request.app[WORLD]
    token = world.token(corp_id, secret)
    return answer(access_token=token.value, expires_in=int(token.until - world.now()))


def _visitor(request: web.Request) -> tuple[Code, str | None]:
    world = request.app[WORLD]
    if not request.query.get("code"):
        raise Refusal(41008)
    code = world.redeem("web", request.query["code"])
    if code.corp_id != request[CORP].corp_id:
        raise Refusal(40029)
    seen = request[CORP].sees(request[APP], code.userid)
    return code, world.user_ticket(code) if code.private and seen else None


async def getuserinfo(request: web.Request) -> web.Response:
    """A member gives a userid, also outside the app's scope; anybody else an openid."""
    code, ticket = _visitor(request)
    member = request[CORP].members.get(code.userid.lower())
    if member is None:
        return answer(openid=f"o{code.userid}")
    return answer(userid=member.userid, **({"user_ticket": ticket} if ticket else {}))


async def old_getuserinfo(request: web.Request) -> web.Response:
    """The name and the capitals that private deployments and wechatpy still use."""
    code, ticket = _visitor(request)
    member = request[CORP].members.get(code.userid.lower())
    if member is None:
        return answer(OpenId=f"o{code.userid}", DeviceId="")
    extra: dict[str, object] = {"user_ticket": ticket, "expires_in": 1800} if ticket else {}
    return answer(**extra | {"UserId": member.userid, "DeviceId": ""})


async def getuserdetail(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    held = world.user_tickets.get(str((await body(request)).get("user_ticket", "")))
    if held is None:
        raise Refusal(84015)
    if held.until <= world.now():
        raise Refusal(84014)
    member = request[CORP].members[held.userid.lower()]
    return answer(
        userid=member.userid,
        gender=member.gender,
        avatar="",
        qr_code="",
        mobile=member.mobile,
        email=member.email,
        biz_mail="",
        address="",
    )


async def jscode2session(request: web.Request) -> web.Response:
    """Only a token of a mini-program app may ask; the answer names the corp the person is in."""
    if request[APP].kind != "miniprogram":
        raise Refusal(40014)
    if not request.query.get("js_code"):
        raise Refusal(41008)
    code = request.app[WORLD].redeem("mini", request.query["js_code"])
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    return answer(corpid=code.corp_id, userid=code.userid, session_key=key)


async def jsapi_ticket(request: web.Request) -> web.Response:
    return _ticket(request, "jsapi")


async def agent_ticket(request: web.Request) -> web.Response:
    if request.query.get("type") != "agent_config":
        raise Refusal(40058)
    return _ticket(request, "agent_config")


def _ticket(request: web.Request, kind: str) -> web.Response:
    world = request.app[WORLD]
    held = world.ticket(request[CORP].corp_id, request[APP].agent_id, kind)
    return answer(ticket=held.value, expires_in=int(held.until - world.now()))


async def callback_addresses(_: web.Request) -> web.Response:
    """The sample of the documentation lacks errcode, so this does too."""
    return web.json_response({"ip_list": ["127.0.0.1"]})


async def api_addresses(_: web.Request) -> web.Response:
    return answer(ip_list=["127.0.0.1"])


async def agent(request: web.Request) -> web.Response:
    """The app's own description, with its visible scope and trusted domain."""
    app = request[APP]
    if request.query.get("agentid") != str(app.agent_id):
        raise Refusal(301002)
    return answer(
        agentid=app.agent_id,
        name=app.name,
        square_logo_url="",
        description="",
        allow_userinfos={"user": [{"userid": user} for user in app.scope.users]},
        allow_partys={"partyid": list(app.scope.parties)},
        allow_tags={"tagid": list(app.scope.tags)},
        close=0,
        redirect_domain=app.trusted_domain,
        report_location_flag=0,
        isreportenter=0,
        home_url=app.home_url,
        customized_publish_status=1,
    )


ROUTES = [
    web.get("/cgi-bin/gettoken", gettoken),
    web.get("/cgi-bin/auth/getuserinfo", getuserinfo),
    web.get("/cgi-bin/user/getuserinfo", old_getuserinfo),
    web.post("/cgi-bin/auth/getuserdetail", getuserdetail),
    web.get("/cgi-bin/miniprogram/jscode2session", jscode2session),
    web.get("/cgi-bin/get_jsapi_ticket", jsapi_ticket),
    web.get("/cgi-bin/ticket/get", agent_ticket),
    web.get("/cgi-bin/getcallbackip", callback_addresses),
    web.get("/cgi-bin/get_api_domain_ip", api_addresses),
    web.get("/cgi-bin/agent/get", agent),
]
