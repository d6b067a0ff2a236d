"""The sign-on pages: OAuth inside the WeCom client and scanning on the desk. Where the real ones
know who holds the phone, these let one pick a person."""

from html import escape
from urllib.parse import urlsplit

from aiohttp import web
from yarl import URL

from backend.sandbox.wecom import html, seed
from backend.sandbox.wecom.refusal import TEXTS
from backend.sandbox.wecom.request import WORLD
from backend.sandbox.wecom.world import Corp, World

SHOWN = 40
LAST = "sandbox_last"
OUTSIDER = "wx-outsider"


class Misdirected(Exception):
    """The link is wrong: unknown corp or app, or a host that is not trusted."""


def _app(world: World, request: web.Request) -> tuple[Corp, seed.App]:
    """The corp and app a link names, its redirect host checked."""
    query = request.query
    corp = world.corps.get(query.get("appid", ""))
    if corp is None:
        raise Misdirected("appid 参数错误：没有这个企业")
    agent = query.get("agentid", "")
    apps = [app for app in corp.apps.values() if app.kind != "contact_sync"]
    if agent:
        apps = [app for app in apps if str(app.agent_id) == agent]
    host = urlsplit(query.get("redirect_uri", "")).netloc
    if not apps:
        raise Misdirected("agentid 参数错误：企业里没有这个应用")
    trusted = [app for app in apps if host and app.trusted_domain == host]
    if not trusted:
        raise Misdirected(f"redirect_uri 参数错误（50001 {TEXTS[50001]}）：{host or '空'}")
    return corp, trusted[0]


def _wrong(request: web.Request, why: str) -> web.Response:
    body = html.card(html.heading("无法打开页面", why), '<p class="dim">请检查应用的可信域名。</p>')
    return _page(html.page("企业微信", body, phone=True, nav=False), 400)


def _page(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html")


def _chooser(request: web.Request, corp: Corp, app: seed.App) -> str:
    """The people who can see the app, those picked last first."""
    find = request.query.get("find", "")
    active = [member for member in corp.visible(app) if member.status == 1]
    found = html.matching(corp, active, find)
    last = request.cookies.get(LAST, "")
    found.sort(key=lambda member: member.userid != last)
    rows = "".join(f"<li>{_choice(request, corp, member)}</li>" for member in found[:SHOWN])
    rest = len(found) - SHOWN
    more = f'<p class="dim">还有 {rest} 人，请用上面的查找。</p>' if rest > 0 else ""
    kept = {name: value for name, value in request.query.items() if name != "find"}
    people = f'<ul class="people">{rows}</ul>' if rows else html.empty("没有这样的人")
    return html.search(find, kept) + people + more


def _choice(request: web.Request, corp: Corp, member: seed.Member) -> str:
    href = escape(_pick(request, member.userid))
    person = html.person(corp, member)
    return f'<a href="{href}" data-userid="{escape(member.userid)}">{person}</a>'


def _pick(request: web.Request, userid: str) -> str:
    """The link that goes back to the asking site as this person; empty means refused."""
    kept = {k: v for k, v in request.query.items() if k != "find"}
    return str(URL("/sandbox/pick").with_query(kept | {"userid": userid}))


def _otherwise(request: web.Request) -> str:
    refuse, outsider = escape(_pick(request, "")), escape(_pick(request, OUTSIDER))
    return (
        f'<p><a class="button" href="{refuse}" data-refuse>拒绝授权</a> '
        f'<a class="button" href="{outsider}" data-outsider>以企业外的微信用户打开</a></p>'
    )


async def inside(request: web.Request) -> web.Response:
    """/connect/oauth2/authorize: an H5 page opened inside the WeCom client."""
    try:
        corp, app = _app(request.app[WORLD], request)
    except Misdirected as why:
        return _wrong(request, str(why))
    scope = request.query.get("scope")
    if request.query.get("response_type") != "code" or scope not in _SCOPES:
        return _wrong(request, "scope 或 response_type 参数错误")
    if scope == "snsapi_privateinfo" and not request.query.get("agentid"):
        return _wrong(request, "snsapi_privateinfo 必须带 agentid")
    head = html.heading(f"{app.name} 请求登录", f"{corp.name} · 请选择持手机的人")
    body = html.card(head, _chooser(request, corp, app)) + html.card(_otherwise(request))
    return _page(html.page(f"{app.name} 登录", body, phone=True, nav=False))


_SCOPES = {"snsapi_base", "snsapi_privateinfo"}


async def desk(request: web.Request) -> web.Response:
    """/wwlogin/sso/login and its older name: the page with the QR code."""
    if not request.query.get("agentid"):
        return _wrong(request, "agentid 参数错误：缺少")
    try:
        corp, app = _app(request.app[WORLD], request)
    except Misdirected as why:
        return _wrong(request, str(why))
    code = html.pattern(request.query.get("state", ""))
    left = html.card(
        f'<div class="qr">{code}<p><b>{escape(app.name)}</b><br>'
        '<span class="dim">请使用企业微信扫描二维码登录</span></p></div>'
    )
    head = html.heading("选择扫码的人", f"{corp.name} · 真实环境中由持手机者扫码确认")
    right = html.card(head, _chooser(request, corp, app)) + html.card(_otherwise(request))
    body = f'<div class="desk"><div>{left}</div><div>{right}</div></div>'
    return _page(html.page(f"扫码登录 {app.name}", body, nav=False))


async def pick(request: web.Request) -> web.Response:
    """Somebody was picked: back to the asking site with a code, or without when refused."""
    world, userid = request.app[WORLD], request.query.get("userid", "")
    try:
        corp, _ = _app(world, request)
    except Misdirected as why:
        return _wrong(request, str(why))
    back = URL(request.query["redirect_uri"])
    given = {"state": request.query.get("state", "")}
    if userid:
        private = request.query.get("scope") == "snsapi_privateinfo"
        given = {"code": world.issue("web", corp.corp_id, userid, private=private)} | given
    response = web.Response(status=302, headers={"Location": str(back.update_query(given))})
    response.set_cookie(LAST, userid, path="/", httponly=True, samesite="Lax")
    return response


ROUTES = [
    web.get("/connect/oauth2/authorize", inside),
    web.get("/wwlogin/sso/login", desk),
    web.get("/wwopen/sso/qrConnect", desk),
    web.get("/sandbox/pick", pick),
]
