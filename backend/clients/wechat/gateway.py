"""`Wechat`: who opened the ordinary mini program, and its subscription messages. Every failure
leaves as a problem with a stable code; neither secret, code nor token gets into its text."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import structlog

from backend.clients.http import Denied, Outside, Rejected, Trouble
from backend.clients.wechat.program import MiniProgram
from backend.core import problems
from backend.core.problems import Problem

log = structlog.get_logger(__name__)

TIMEOUT = 8.0
MARGIN = 300  # seconds before its end at which a token is renewed
PAUSE = 0.3
_BUSY = -1
_DEAD_TOKEN = frozenset({40001, 40014, 42001})
_CODES = {
    **dict.fromkeys((_BUSY, 45009, 45011), problems.wechat_busy),
    **dict.fromkeys((40029, 40163, 40226, 41008), problems.wechat_code_invalid),
    **dict.fromkeys((40003, 43101), problems.wechat_not_subscribed),
}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the phone, as this mini program knows them."""

    appid: str
    openid: str


class Refused(Exception):
    """An answer with an errcode other than 0."""

    def __init__(self, errcode: int) -> None:
        super().__init__(errcode)
        self.errcode = errcode


class Wechat:
    """The mini program of this deployment; without one in the settings nobody comes in by it."""

    def __init__(self, program: MiniProgram | None) -> None:
        self._program = program
        self._outside = Outside(TIMEOUT)
        self._token, self._until = "", 0.0
        self._renewing = asyncio.Lock()

    async def close(self) -> None:
        await self._outside.close()

    @property
    def appid(self) -> str | None:
        return self._program.appid if self._program else None

    @property
    def templates(self) -> Mapping[str, str]:
        """Which messages can be subscribed to, by our name."""
        return self._program.templates if self._program else {}

    async def holder(self, code: str) -> Holder:
        """Who is behind a code of wx.login, which is good once (jscode2session)."""
        program = self._known()
        query = {
            "appid": program.appid,
            "secret": program.secret.get_secret_value(),
            "js_code": code,
            "grant_type": "authorization_code",
        }
        given = await self._asked("jscode2session", f"/sns/jscode2session?{urlencode(query)}")
        if not given.get("openid"):
            raise problems.wechat_unreachable()
        return Holder(program.appid, str(given["openid"]))

    async def tell(self, openid: str, template: str, page: str, data: Mapping[str, str]) -> None:
        """Send a subscription message. Raises wechat.not_subscribed when the person has not agreed
        to (another) one of this template, or nobody could because it was never chosen."""
        program = self._known()
        if template not in program.templates:
            raise problems.wechat_not_subscribed()
        body = {
            "touser": openid,
            "template_id": program.templates[template],
            "page": page,
            "miniprogram_state": program.state,
            "lang": "zh_CN",
            "data": {key: {"value": value} for key, value in data.items()},
        }
        await self._asked("subscribe/send", "/cgi-bin/message/subscribe/send", body, bearer=True)

    def _known(self) -> MiniProgram:
        if self._program is None:
            raise problems.wechat_missing()
        return self._program

    async def _asked(
        self, call: str, path: str, body: Any = None, *, bearer: bool = False
    ) -> dict[str, Any]:
        """One call; once more with a new token when the old one is dead; else a problem."""
        try:
            token = await self._bearer() if bearer else ""
            try:
                return await self._patiently(path, body, token)
            except Refused as refused:
                if not bearer or refused.errcode not in _DEAD_TOKEN:
                    raise
            return await self._patiently(path, body, await self._bearer(stale=token))
        except Refused as refused:
            log.warning("wechat refused", call=call, errcode=refused.errcode)
            raise _problem(refused.errcode) from None
        except Trouble as trouble:
            log.warning("wechat unreachable", call=call, error=type(trouble).__name__)
            lasting = isinstance(trouble, Denied | Rejected)
            raise _problem(None) if not lasting else _problem(40013) from None

    async def _bearer(self, stale: str | None = None) -> str:
        """The token in common, renewed by one asker while the others wait (stable_token)."""
        async with self._renewing:
            if self._token and self._token != stale and time.monotonic() < self._until:
                return self._token
            program = self._known()
            body = {
                "grant_type": "client_credential",
                "appid": program.appid,
                "secret": program.secret.get_secret_value(),
            }
            given = await self._patiently("/cgi-bin/stable_token", body, "")
            self._token = str(given.get("access_token") or "")
            seconds = int(given.get("expires_in") or 0)
            self._until = time.monotonic() + max(0, seconds - MARGIN)
            return self._token

    async def _patiently(self, path: str, body: Any, token: str) -> dict[str, Any]:
        """A busy system is asked again after a moment, once."""
        try:
            return await self._once(path, body, token)
        except Refused as refused:
            if refused.errcode != _BUSY:
                raise
        await asyncio.sleep(PAUSE)
        return await self._once(path, body, token)

    async def _once(self, path: str, body: Any, token: str) -> dict[str, Any]:
        url = self._known().api_base + path + (f"?access_token={token}" if token else "")
        given = await (self._outside.post_json(url, body) if body else self._outside.get(url))
        if not isinstance(given, dict):
            raise Refused(_BUSY)
        # a good answer of jscode2session has no errcode at all
        if errcode := int(given.get("errcode") or 0):
            raise Refused(errcode)
        return given


def _problem(errcode: int | None) -> Problem:
    if errcode is None:
        return problems.wechat_unreachable()
    make = _CODES.get(errcode, problems.wechat_misconfigured)
    return make(errcode=errcode)
