"""The ways in. A browser is sent to WeCom and comes back with a code; the mini program brings its
code itself. These doors are public, and the only ones that know cookies."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from aiohttp import web

from backend.clients.wecom import Wecom
from backend.core import problems
from backend.core.problems import FieldIssue, Problem
from backend.features.accounts import tokens
from backend.features.accounts.actions import session
from backend.features.accounts.devices import device_of
from backend.features.accounts.shapes import (
    Back,
    CorpName,
    MiniCode,
    Refresh,
    Start,
    Tokens,
    Way,
)
from backend.features.accounts.store import sessions
from backend.settings import Settings

PATH = "/api/sign-in"
CALLBACK = f"{PATH}/callback"
REFRESH_COOKIE, BROWSER_COOKIE = "jucun_refresh", "jucun_sign_in"


async def corps(wecom: Wecom) -> list[CorpName]:
    """The corps whose people can sign in."""
    return [CorpName(corp_id=corp.corp_id, name=corp.name) for corp in wecom.corps]


async def inside(query: Start, wecom: Wecom, settings: Settings) -> web.Response:
    """An H5 page inside WeCom begins to sign in."""
    return await _leave(query, "h5", wecom, settings)


async def desk(query: Start, wecom: Wecom, settings: Settings) -> web.Response:
    """A desk begins to sign in: WeCom shows a QR code there."""
    return await _leave(query, "desk", wecom, settings)


async def _leave(query: Start, way: Way, wecom: Wecom, settings: Settings) -> web.Response:
    wecom.corp(query.corp_id)
    state, secret = await sessions.begin(query.corp_id, way, _own(query.next))
    url = wecom.authorize_url if way == "h5" else wecom.desk_url
    response = _to(url(query.corp_id, settings.url + CALLBACK, state))
    age = int(sessions.STATE_LASTS.total_seconds())
    _set(response, settings, BROWSER_COOKIE, secret, max_age=age, samesite="Lax")
    return response


async def callback(
    request: web.Request, query: Back, wecom: Wecom, settings: Settings
) -> web.Response:
    """WeCom sent somebody back. Whatever is wrong is told by the page they came from."""
    begun = await sessions.take(query.state)
    cookie = request.cookies.get(BROWSER_COOKIE, "")
    if begun is None or not tokens.is_browser(cookie, begun["browser"]):
        return _to(_with_problem("/", problems.sign_in_expired()))
    try:
        if not query.code:
            raise problems.sign_in_declined()
        visitor = await wecom.who(begun["corp_id"], query.code)
        if visitor.userid is None:
            raise problems.account_outsider()
        person = await session.admitted(visitor.corp_id, visitor.userid)
        _, refresh = await session.begin(person, begun["way"], device(request))
    except Problem as problem:
        return _to(_with_problem(begun["next"], problem))
    response = _to(begun["next"])
    _keep(response, settings, refresh)
    return response


async def mini(request: web.Request, body: MiniCode, wecom: Wecom) -> Tokens:
    """The mini program signs in with the code of wx.qy.login."""
    first = next((corp.corp_id for corp in wecom.corps), "")
    given = await wecom.mini_session(body.corp_id or first, body.code)
    person = await session.admitted(given.corp_id, given.userid)
    opened, refresh = await session.begin(person, "mini", device(request))
    return opened.model_copy(update={"refresh_token": refresh})


async def refresh(request: web.Request, body: Refresh, settings: Settings) -> web.Response:
    """New tokens for the refresh token in the body, or else in the browser's cookie."""
    given = body.refresh_token.get_secret_value() if body.refresh_token else None
    held = given or request.cookies.get(REFRESH_COOKIE, "")
    if not held:
        raise problems.sign_in()
    renewed, token = await session.renew(held, device(request))
    return handed(renewed, token, settings, by_cookie=not given)


def handed(given: Tokens, refresh: str, settings: Settings, *, by_cookie: bool) -> web.Response:
    """The tokens of a session; a browser gets the refresh token where no script can read it."""
    if not by_cookie:
        return _json(given.model_copy(update={"refresh_token": refresh}))
    response = _json(given)
    _keep(response, settings, refresh)
    return response


def forget_cookie(response: web.Response, settings: Settings) -> None:
    """The browser of somebody who signed out loses its refresh token."""
    response.del_cookie(REFRESH_COOKIE, path=PATH, secure=settings.secure, httponly=True)


def _keep(response: web.Response, settings: Settings, token: str) -> None:
    age = int(tokens.ABSOLUTE.total_seconds())
    _set(response, settings, REFRESH_COOKIE, token, max_age=age, samesite="Strict")


def _set(response: web.Response, settings: Settings, name: str, value: str, **how: Any) -> None:
    response.set_cookie(name, value, path=PATH, httponly=True, secure=settings.secure, **how)


def _json(given: Tokens) -> web.Response:
    body = given.model_dump_json().encode()
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=body, content_type="application/json", headers=headers)


def _to(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address, "Cache-Control": "no-store"})


def _own(path: str) -> str:
    """A path of ours; anything that could lead elsewhere is refused."""
    parts = urlsplit(path)
    strange = parts.scheme or parts.netloc or "\\" in path or not path.isprintable()
    if strange or not path.startswith("/") or path.startswith("//"):
        issue = FieldIssue("next", "next.foreign", "登录后只能回到居村通自己的页面。")
        raise problems.bad_input(fields=[issue])
    return path


def _with_problem(path: str, problem: Problem) -> str:
    """The page to come back to, told why nobody is signed in; its own query is kept."""
    parts = urlsplit(path)
    query = "&".join(part for part in (parts.query, f"problem={problem.code}") if part)
    return urlunsplit(("", "", parts.path, query, parts.fragment))


def device(request: web.Request) -> str:
    """What the device in somebody's hand is called."""
    return device_of(request.headers.get("User-Agent", ""))
