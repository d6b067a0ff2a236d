"""The frame and the small parts of the sandbox's pages; every value is escaped here."""

import hashlib
from html import escape

from backend.sandbox.wecom import seed
from backend.sandbox.wecom.world import Corp

_NAV = [("/", "首页"), ("/outbox", "消息"), ("/contacts", "通讯录"), ("/pushes", "回调")]


def page(title: str, body: str, *, phone: bool = False, nav: bool = True) -> str:
    """A whole page; `phone` is narrow, as inside the WeCom client."""
    links = "".join(f'<a href="{href}">{text}</a>' for href, text in _NAV)
    width = ' class="phone"' if phone else ""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>"
        '<link rel="stylesheet" href="/sandbox/style.css"></head><body>'
        '<div class="bar"><b>企业微信</b><span class="mark">沙箱 · 仅供演示</span>'
        f"{f'<nav>{links}</nav>' if nav else ''}</div><main{width}>{body}</main></body></html>"
    )


def card(*parts: str) -> str:
    return f'<div class="card">{"".join(parts)}</div>'


def heading(text: str, hint: str = "") -> str:
    below = f'<p class="hint">{escape(hint)}</p>' if hint else ""
    return f"<h1>{escape(text)}</h1>{below}"


def empty(text: str) -> str:
    return f'<p class="empty">{escape(text)}</p>'


def search(query: str, hidden: dict[str, str]) -> str:
    """A search box that keeps the other parameters of the page."""
    kept = "".join(hidden_field(name, value) for name, value in hidden.items())
    look = f'name="find" value="{escape(query)}" placeholder="姓名、职务、部门"'
    box = f'<input type="search" {look}>'
    return f'<form class="find" method="get">{kept}{box}<button>查找</button></form>'


def hidden_field(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def post_button(action: str, text: str, fields: dict[str, str], kind: str = "") -> str:
    """A button that posts a form of its own."""
    kept = "".join(hidden_field(name, value) for name, value in fields.items())
    look = f' class="{kind}"' if kind else ""
    return (
        f'<form method="post" action="{escape(action)}" style="display:inline">{kept}'
        f"<button{look}>{escape(text)}</button></form>"
    )


def place_of(corp: Corp, member: seed.Member) -> str:
    """The department path of a member: 普陀区 / 曹杨新村街道 / 源园居委会."""
    here = corp.departments.get(member.main_department or member.department[0])
    names: list[str] = []
    while here is not None:
        names.append(here.name)
        here = corp.departments.get(here.parentid)
    return " / ".join(reversed(names))


def matching(corp: Corp, members: list[seed.Member], find: str) -> list[seed.Member]:
    """The members in whose name, userid, position or place all the words occur."""
    words = find.lower().split()

    def text(member: seed.Member) -> str:
        parts = (member.name, member.userid, member.position, place_of(corp, member))
        return " ".join(parts).lower()

    return [m for m in members if all(word in text(m) for word in words)]


def person(corp: Corp, member: seed.Member) -> str:
    """Face, name, position and place of a member, the inside of a list row."""
    position = f' <span class="dim">{escape(member.position)}</span>' if member.position else ""
    return (
        f'<span class="face">{escape(member.name[:1])}</span><span class="who">'
        f"<b>{escape(member.name)}</b>{position}<small>{escape(place_of(corp, member))}"
        f" · {escape(member.userid)}</small></span>"
    )


def pattern(text: str, size: int = 25) -> str:
    """A picture that looks like a QR code but holds nothing; made from the text."""
    bits = _bits(text, size * size)
    cells = [
        (x, y)
        for y in range(size)
        for x in range(size)
        if (_finder(x, y, size) if _corner(x, y, size) else bits[y * size + x])
    ]
    path = "".join(f"M{x} {y}h1v1h-1z" for x, y in cells)
    return (
        f'<svg viewBox="0 0 {size} {size}" role="img" aria-label="登录二维码（沙箱示意）">'
        f'<path d="{path}" fill="#1d2129"/></svg>'
    )


def _bits(text: str, count: int) -> list[bool]:
    data = b"".join(hashlib.sha256(f"{text}{n}".encode()).digest() for n in range(count // 256 + 1))
    return [bool(data[n // 8] >> n % 8 & 1) for n in range(count)]


def _corner(x: int, y: int, size: int) -> bool:
    near_x, near_y = x < 8, y < 8
    return (near_y and (near_x or x >= size - 8)) or (near_x and y >= size - 8)


def _finder(x: int, y: int, size: int) -> bool:
    """The three squares in the corners."""
    x, y = min(x, size - 1 - x), min(y, size - 1 - y)
    if max(x, y) > 6:
        return False
    ring = max(abs(x - 3), abs(y - 3))
    return ring != 2
