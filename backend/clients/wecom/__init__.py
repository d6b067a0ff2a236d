"""WeCom (企业微信 / 政务微信) through wechatpy: who is behind a code, the contacts, messages and
callbacks, for many corps at once. The rest of the product sees `Wecom` and the shapes only."""

from backend.clients.wecom.corps import App, Callback, Corp, mini_program, read
from backend.clients.wecom.gateway import Wecom, connect
from backend.clients.wecom.shapes import (
    Called,
    Department,
    Member,
    Message,
    MiniSession,
    Opened,
    Sent,
    Visitor,
)

__all__ = [
    "App",
    "Callback",
    "Called",
    "Corp",
    "Department",
    "Member",
    "Message",
    "MiniSession",
    "Opened",
    "Sent",
    "Visitor",
    "Wecom",
    "connect",
    "mini_program",
    "read",
]
