"""What WeCom pushes: verified, decrypted and parsed. Whatever is wrong with it, the answer is the
same refusal, because hostile input breaks the library in a dozen ways."""

from collections.abc import Mapping
from typing import Any

import structlog
import xmltodict
from wechatpy.enterprise.crypto import WeChatCrypto

from backend.clients.wecom.corps import App, Corp
from backend.clients.wecom.shapes import Called, Opened
from backend.core import clock, crypto, problems

log = structlog.get_logger(__name__)

WINDOW_SECONDS = 300
MOST_BYTES = 64 << 10


def called(query: Mapping[str, str]) -> Called:
    """The parameters of a callback address; missing ones are empty and fail the signature."""
    given = {name: query.get(name, "") for name in ("msg_signature", "timestamp", "nonce")}
    return Called(**given, echostr=query.get("echostr", ""))


def echo(corp: Corp, app: App, query: Called) -> str:
    """The URL check (文档 90930): the decrypted echo, to be answered as it is."""
    box = _box(corp, app, query)
    try:
        args = (query.msg_signature, query.timestamp, query.nonce, query.echostr)
        return str(box.check_signature(*args))
    except Exception as error:
        raise _refused(corp, app, type(error).__name__) from None


def opened(corp: Corp, app: App, query: Called, body: bytes) -> Opened:
    """A pushed event. Its `mark` tells one delivery from another; replays repeat it."""
    if len(body) > MOST_BYTES:
        raise _refused(corp, app, "too large")
    box = _box(corp, app, query)
    try:
        text = body.decode()
        xml = box.decrypt_message(text, query.msg_signature, query.timestamp, query.nonce)
        event = _event(xml)
    except Exception as error:
        raise _refused(corp, app, type(error).__name__) from None
    parts = (corp.corp_id, str(app.agent_id), query.timestamp, query.nonce, query.msg_signature)
    return Opened(corp.corp_id, app.agent_id, event, crypto.sm3("\n".join(parts).encode()).hex())


def _box(corp: Corp, app: App, query: Called) -> Any:
    """wechatpy's crypto for this address, after the cheap checks."""
    if app.callback is None:
        raise _refused(corp, app, "no callback")
    if not query.timestamp.isdecimal() or len(query.timestamp) > 12:
        raise _refused(corp, app, "timestamp")
    if abs(clock.now().timestamp() - int(query.timestamp)) > WINDOW_SECONDS:
        raise _refused(corp, app, "outside the window")
    token, key = app.callback.token.get_secret_value(), app.callback.aes_key.get_secret_value()
    return WeChatCrypto(token, key, corp.receiveid)


def _event(xml: str) -> dict[str, Any]:
    event = xmltodict.parse(xml)["xml"]
    if not isinstance(event, dict):
        raise TypeError("an event is a list of elements")
    return event


def _refused(corp: Corp, app: App, why: str) -> problems.Problem:
    log.warning("wecom callback refused", corp=corp.corp_id, agent=app.agent_id, why=why)
    return problems.wecom_callback_refused()
