"""Pushing events to the callback address of an app: signed, encrypted, tried four times for five
seconds each."""

import asyncio
import secrets
from typing import Any
from xml.sax.saxutils import escape

import aiohttp
from aiohttp import web
from yarl import URL

from backend.sandbox.wecom import seed
from backend.sandbox.wecom.crypto import Envelope
from backend.sandbox.wecom.world import Corp, Push, World

SECONDS = 5.0
TRIES = 4
# What a callback address set up since 2022-08-15 is still told about a member or a department.
MEMBER_IDS = {"UserID", "NewUserID", "Department"}
PARTY_IDS = {"Id", "ParentId"}
HEAD = {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "ChangeType"}


def xml(event: dict[str, Any]) -> str:
    """An event as WeCom writes it: numbers bare, text in CDATA, lists as repeated elements."""
    return f"<xml>{_children(event)}</xml>"


def _children(values: dict[str, Any]) -> str:
    return "".join(_element(name, value) for name, value in values.items())


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, dict):
        return f"<{name}>{_children(value)}</{name}>"
    if str(value).isdigit():
        return f"<{name}>{value}</{name}>"
    text = str(value).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{text}]]></{name}>"


def cut_down(event: dict[str, Any]) -> dict[str, Any]:
    """Only the ids of a contact event."""
    if event.get("Event") != "change_contact":
        return event
    return {key: value for key, value in event.items() if key in HEAD | MEMBER_IDS | PARTY_IDS}


class Pusher:
    """Delivers events one after the other, as the real pusher keeps their order per address."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._lock = asyncio.Lock()

    async def push(self, corp: Corp, app: seed.App, event: dict[str, Any]) -> Push:
        """Push one event; what came of it is kept for the overview page."""
        record = Push(corp.corp_id, app.agent_id, event)
        self.world.pushes.appendleft(record)
        if app.callback is None:
            record.problem = "应用没有回调地址"
            return record
        text = xml(cut_down(event) if app.callback.ids_only else event)
        async with self._lock:
            while record.tries < TRIES and record.status != web.HTTPOk.status_code:
                record.tries += 1
                await self._try(record, corp, app.callback, app, text)
        return record

    async def check_url(self, corp: Corp, app: seed.App) -> bool:
        """The check made when an address is saved: the decrypted echo within a second."""
        if app.callback is None:
            return False
        envelope = Envelope(app.callback.token, app.callback.aes_key, corp.corp_id)
        echo = str(secrets.randbelow(10**19))
        query = self._signed(envelope, sealed := envelope.seal(echo)) | {"echostr": sealed}
        try:
            url = URL(app.callback.url).update_query(query)
            async with self._session(1.0) as session, session.get(url) as response:
                return response.status == 200 and await response.text() == echo
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def to_contact_listeners(self, corp: Corp, event: dict[str, Any]) -> list[Push]:
        """A change of contacts made in the admin console is told to the contact-sync address."""
        apps = [app for app in corp.apps.values() if app.kind == "contact_sync" and app.callback]
        return [await self.push(corp, app, event) for app in apps]

    async def _try(
        self, record: Push, corp: Corp, callback: seed.Callback, app: seed.App, text: str
    ) -> None:
        envelope = Envelope(callback.token, callback.aes_key, corp.corp_id)
        sealed = envelope.seal(text)
        agent = "" if app.kind == "contact_sync" else str(app.agent_id)
        body = (
            f"<xml><ToUserName><![CDATA[{escape(corp.corp_id)}]]></ToUserName>"
            f"<AgentID><![CDATA[{agent}]]></AgentID>"
            f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        )
        url = URL(callback.url).update_query(self._signed(envelope, sealed))
        try:
            async with (
                self._session(SECONDS) as session,
                session.post(url, data=body.encode()) as response,
            ):
                record.status, record.problem = response.status, None
        except (aiohttp.ClientError, TimeoutError) as error:
            record.status, record.problem = None, type(error).__name__

    def _signed(self, envelope: Envelope, sealed: str) -> dict[str, str]:
        timestamp, nonce = str(int(self.world.now())), str(secrets.randbelow(10**10))
        signature = envelope.sign(timestamp, nonce, sealed)
        return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}

    def _session(self, seconds: float) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds))


PUSHER = web.AppKey("pusher", Pusher)
