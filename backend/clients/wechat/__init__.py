"""Ordinary WeChat (微信): the mini program of people who have no corp account."""

from backend.clients.wechat.gateway import Holder, Wechat
from backend.clients.wechat.program import MiniProgram

__all__ = ["Holder", "MiniProgram", "Wechat"]
