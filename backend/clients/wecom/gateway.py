"""`Wecom`: the asynchronous door to WeCom for many corps. Every failure leaves as a problem with a
stable code; wechatpy, requests and their exceptions stay behind it."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import redis
from pydantic import SecretStr
from requests import RequestException
from wechatpy.exceptions import WeChatClientException

from backend.clients.wecom import callback, failures
from backend.clients.wecom.corps import App, Corp, read
from backend.clients.wecom.shapes import (
    Department,
    Member,
    Message,
    MiniSession,
    Opened,
    Sent,
    Visitor,
)
from backend.clients.wecom.tokens import Shelf, shared_by
from backend.clients.wecom.wire import Client
from backend.core import problems

R = TypeVar("R")

THREADS = 16
MOST_RECEIVERS = 1000


class Wecom:
    """All corps of this deployment. Made at start-up, closed at the end."""

    def __init__(
        self, corps: Iterable[Corp], shared: "redis.Redis | None" = None, threads: int = THREADS
    ) -> None:
        self._corps = {corp.corp_id: corp for corp in corps}
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="wecom")
        shelf = Shelf(shared)
        self._clients = {
            (corp.corp_id, app.agent_id): Client(corp, app, shelf, threads)
            for corp in self._corps.values()
            for app in corp.apps
        }
        # urllib3 writes whole addresses, which hold secrets, at DEBUG
        logging.getLogger("urllib3").setLevel(logging.WARNING)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    @property
    def corps(self) -> tuple[Corp, ...]:
        return tuple(self._corps.values())

    def corp(self, corp_id: str) -> Corp:
        """A corp by its id. Raises wecom.corp_unknown."""
        if corp_id not in self._corps:
            raise problems.wecom_corp_unknown(corp_id=corp_id)
        return self._corps[corp_id]

    # -- signing in ------------------------------------------------------------------------------

    def authorize_url(self, corp_id: str, redirect: str, state: str) -> str:
        """Where an H5 page inside WeCom goes to learn who holds the phone (document 91022)."""
        corp = self.corp(corp_id)
        query = {
            "appid": corp.corp_id,
            "redirect_uri": redirect,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
            "agentid": corp.app.agent_id,
        }
        return f"{corp.oauth_authorize_url}?{urlencode(query)}#wechat_redirect"

    def desk_url(self, corp_id: str, redirect: str, state: str) -> str:
        """Where a desk shows the QR code to scan (document 98152)."""
        corp = self.corp(corp_id)
        query = {
            "login_type": "CorpApp",
            "appid": corp.corp_id,
            "agentid": corp.app.agent_id,
            "redirect_uri": redirect,
            "state": state,
            "lang": "zh",
        }
        return f"{corp.sso_login_url}?{urlencode(query)}"

    async def who(self, corp_id: str, code: str) -> Visitor:
        """Who is behind a code of the authorize or the QR page. Codes are good once."""
        corp = self.corp(corp_id)
        given = await self._ask(corp, corp.app, lambda c: c.login.visitor(corp.userinfo_path, code))
        userid = given.get("userid") or given.get("UserId") or None
        return Visitor(corp_id, userid, given.get("openid") or given.get("OpenId") or None)

    async def mini_session(self, corp_id: str, code: str) -> MiniSession:
        """Who opened the mini program. Raises wecom.other_corp, with the corp's id, when the
        person is in another corp: that one's secret and a fresh code are needed then."""
        corp = self.corp(corp_id)
        given = await self._ask(corp, corp.mini or corp.app, lambda c: c.login.mini_session(code))
        theirs = str(given.get("corpid") or corp_id)
        if theirs != corp_id:
            raise problems.wecom_other_corp(corp_id=self.corp(theirs).corp_id)
        if not given.get("userid"):
            raise problems.wecom_member_unknown()
        return MiniSession(theirs, str(given["userid"]), str(given.get("session_key") or ""))

    # -- contacts --------------------------------------------------------------------------------

    async def departments(self, corp_id: str) -> tuple[Department, ...]:
        """The departments in the app's scope, with names."""
        corp = self.corp(corp_id)
        listed = await self._ask(corp, corp.app, lambda c: c.department.ids())
        asked = [self._department(corp, int(one["id"])) for one in listed]
        return tuple(await asyncio.gather(*asked))

    async def _department(self, corp: Corp, department: int) -> Department:
        given = await self._ask(corp, corp.app, lambda c: c.department.one(department))
        parent, order = int(given.get("parentid") or 0), int(given.get("order") or 0)
        return Department(int(given["id"]), str(given.get("name") or ""), parent, order)

    async def members(self, corp_id: str, department: int) -> tuple[Member, ...]:
        """The members of one department, not of those below it."""
        corp = self.corp(corp_id)
        listed = await self._ask(corp, corp.app, lambda c: c.user.list(department))
        return tuple(_member(given) for given in listed)

    async def member(self, corp_id: str, userid: str) -> Member:
        """One member, as the app may see it. Raises wecom.member_unknown."""
        corp = self.corp(corp_id)
        return _member(await self._ask(corp, corp.app, lambda c: c.user.get(userid)))

    async def userids(self, corp_id: str) -> dict[str, tuple[int, ...]]:
        """All userids with their departments, by the contact-sync secret: ids and nothing else."""
        corp = self.corp(corp_id)
        if corp.contacts is None:
            raise problems.wecom_misconfigured(errcode=48002)
        rows = await self._ask(corp, corp.contacts, lambda c: list(c.user.ids()))
        found: dict[str, tuple[int, ...]] = {}
        for userid, department in rows:
            found[userid] = (*found.get(userid, ()), int(department))
        return found

    # -- messages --------------------------------------------------------------------------------

    async def send(self, corp_id: str, message: Message) -> Sent:
        """Send an application message to at most 1000 people. Raises wecom.nobody_reached when
        none of them can be reached."""
        if len(message.to) > MOST_RECEIVERS:
            raise ValueError(f"at most {MOST_RECEIVERS} receivers, not {len(message.to)}")
        corp, body = self.corp(corp_id), dict(message.body)
        if message.duplicate_seconds:
            seconds = min(message.duplicate_seconds, 4 * 3600)
            body |= {"enable_duplicate_check": 1, "duplicate_check_interval": seconds}
        agent, to = corp.app.agent_id, list(message.to)
        given = await self._ask(corp, corp.app, lambda c: c.message.send(agent, to, msg=body))
        return Sent(
            msgid=str(given.get("msgid") or ""),
            invalid=_listed(given.get("invaliduser")),
            unlicensed=_listed(given.get("unlicenseduser")),
            response_code=given.get("response_code") or None,
        )

    async def recall(self, corp_id: str, msgid: str, users: Iterable[str]) -> None:
        """Take a message back, within 24 hours."""
        corp, named = self.corp(corp_id), list(users)
        if corp.recall_style == "revoke":
            await self._ask(corp, corp.app, lambda c: c.message.revoke(msgid, named))
        else:
            await self._ask(corp, corp.app, lambda c: c.message.recall(msgid))

    async def update_card(
        self, corp_id: str, response_code: str, users: Iterable[str], card: dict[str, Any]
    ) -> None:
        """Show some people another card instead of an interactive one (document 94888). The code
        comes from sending or from a press and is good once, for 72 hours."""
        corp, named = self.corp(corp_id), list(users)
        agent, code = corp.app.agent_id, response_code
        await self._ask(corp, corp.app, lambda c: c.message.update_card(agent, code, named, card))

    # -- callbacks -------------------------------------------------------------------------------

    def greet(self, corp_id: str, agent_id: int, query: Mapping[str, str]) -> str:
        """The answer to WeCom's check of a callback address. Raises wecom.callback_refused."""
        corp, app = self._called(corp_id, agent_id)
        return callback.echo(corp, app, callback.called(query))

    def open_callback(
        self, corp_id: str, agent_id: int, query: Mapping[str, str], body: bytes
    ) -> Opened:
        """A pushed event, verified and decrypted, within ±5 minutes. The caller remembers its
        `mark` together with what it does about it, so that a replay does nothing."""
        corp, app = self._called(corp_id, agent_id)
        return callback.opened(corp, app, callback.called(query), body)

    def _called(self, corp_id: str, agent_id: int) -> tuple[Corp, App]:
        corp = self._corps.get(corp_id)
        app = next((app for app in corp.apps if app.agent_id == agent_id), None) if corp else None
        if corp is None or app is None:
            raise problems.wecom_callback_refused()
        return corp, app

    async def _ask(self, corp: Corp, app: App, call: Callable[[Client], R]) -> R:
        """Run a call in the pool; what goes wrong becomes a problem."""
        client = self._clients[corp.corp_id, app.agent_id]
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(_guarded, client, call))


def connect(corps_file: Path | None, redis_url: SecretStr | None) -> Wecom:
    """The corps of the settings; without a file there are none, and nobody can sign in."""
    corps = read(corps_file) if corps_file else ()
    return Wecom(corps, shared_by(redis_url.get_secret_value()) if redis_url else None)


def _guarded(client: Client, call: Callable[[Client], R]) -> R:
    """The call, with its exceptions turned into problems here, where their text ends."""
    known: dict[str, Any] = {"corp_id": client.corp_id, "call": f"agent {client.agent_id}"}
    try:
        return call(client)
    except WeChatClientException as refused:
        problem = failures.problem_of(refused, **known)
    except (RequestException, failures.Garbled, KeyError, TypeError, ValueError) as error:
        problem = failures.unreachable(error, **known)
    raise problem


def _listed(text: Any) -> tuple[str, ...]:
    """`a|b` as the API writes lists of invalid receivers, or an array."""
    if isinstance(text, str):
        return tuple(one for one in text.split("|") if one)
    return tuple(str(one) for one in text or ())


def _member(given: Mapping[str, Any]) -> Member:
    departments = tuple(int(one) for one in given.get("department") or ())
    marks = given.get("is_leader_in_dept") or ()
    leads = tuple(d for d, mark in zip(departments, marks, strict=False) if int(mark or 0))
    main = given.get("main_department")
    return Member(
        userid=str(given["userid"]),
        name=str(given.get("name") or ""),
        departments=departments,
        main_department=int(main) if main else None,
        position=str(given.get("position") or ""),
        leads=leads,
        status=int(given.get("status") or 1),
    )
