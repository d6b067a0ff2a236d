"""How a message looks on a phone: text, markdown, text cards and template cards."""

import re
from collections.abc import Callable
from html import escape
from typing import Any

from backend.sandbox.wecom import presses
from backend.sandbox.wecom.html import post_button
from backend.sandbox.wecom.world import Sent

_LINK = re.compile(r"&lt;a href=&quot;(https?://[^&]*(?:&amp;[^&]*)*?)&quot;&gt;(.*?)&lt;/a&gt;")
_DIV = re.compile(r'<div class="(gray|normal|highlight)">(.*?)</div>', re.S)


def bubble(sent: Sent, user: str, back: str) -> str:
    """The message inside its frame, as somebody sees it; `back` is where its buttons lead to."""
    kind = str(sent.body.get("msgtype"))
    part = sent.body.get(kind) or {}
    if kind == "template_card":
        part = presses.shown(sent, user)
    draw = _KINDS.get(kind)
    inside = draw(part) if draw else f"<p>[{escape(kind)}] {escape(str(part))}</p>"
    if kind == "template_card":
        inside += _buttons(sent, part, {"userid": user, "back": back})
    return f'<div class="bubble" data-msgid="{escape(sent.msgid)}">{inside}</div>'


def _text(part: dict[str, Any]) -> str:
    text = escape(str(part.get("content", "")))
    linked = _LINK.sub(lambda m: f'<a href="{m[1]}">{m[2]}</a>', text)
    return f"<div>{linked.replace(chr(10), '<br>')}</div>"


def _markdown(part: dict[str, Any]) -> str:
    return f"<pre>{escape(str(part.get('content', '')))}</pre>"


def _textcard(part: dict[str, Any]) -> str:
    said = str(part.get("description", ""))
    plain = _DIV.sub(lambda m: m[2] + "\n", said).replace("<br>", "\n").strip()
    text = escape(plain).replace("\n", "<br>")
    url, more = escape(str(part.get("url", ""))), escape(str(part.get("btntxt") or "详情"))
    title = escape(str(part.get("title", "")))
    return f'<h3>{title}</h3><div>{text}</div><div class="jump"><a href="{url}">{more}</a></div>'


def _subscribe(part: dict[str, Any]) -> str:
    """A subscription message of a mini program: its template's title, and a line per key."""
    labels = part.get("labels") or {}
    rows = "".join(
        f"<dt>{escape(str(labels.get(key, key)))}</dt><dd>{escape(str(value))}</dd>"
        for key, value in (part.get("lines") or {}).items()
    )
    page = escape(str(part.get("page") or ""))
    below = f'<p class="dim">点按打开小程序 {page}</p>' if page else ""
    return f"<h3>{escape(str(part.get('title', '')))}</h3><dl>{rows}</dl>{below}"


def _titles(part: dict[str, Any] | None, tag: str = "h3") -> str:
    if not part:
        return ""
    title, desc = escape(str(part.get("title") or "")), escape(str(part.get("desc") or ""))
    return f"<{tag}>{title}</{tag}>" + (f'<div class="dim">{desc}</div>' if desc else "")


def _card(card: dict[str, Any]) -> str:
    source = escape(str((card.get("source") or {}).get("desc") or ""))
    parts = [f'<div class="source">{source}</div>' if source else ""]
    parts.append(_titles(card.get("main_title")))
    if big := card.get("emphasis_content"):
        number, what = escape(str(big.get("title") or "")), escape(str(big.get("desc") or ""))
        parts.append(f'<div class="big">{number}</div><div class="dim">{what}</div>')
    if quote := card.get("quote_area"):
        text = escape(str(quote.get("quote_text") or "")).replace("\n", "<br>")
        parts.append(f'<div class="quote">{text}</div>')
    if below := card.get("sub_title_text"):
        parts.append(f"<p>{escape(str(below))}</p>")
    parts.append(_lines(card.get("horizontal_content_list") or []))
    parts += [_jump(one.get("url"), one.get("title")) for one in card.get("jump_list") or []]
    if (card.get("card_action") or {}).get("url"):
        parts.append(_jump(card["card_action"]["url"], "打开"))
    return "".join(parts)


def _lines(lines: list[dict[str, Any]]) -> str:
    rows = "".join(
        f"<dt>{escape(str(line.get('keyname', '')))}</dt>"
        f"<dd>{escape(str(line.get('value') or line.get('userid') or ''))}</dd>"
        for line in lines
    )
    return f"<dl>{rows}</dl>" if rows else ""


def _jump(url: Any, text: Any) -> str:
    return f'<div class="jump"><a href="{escape(str(url or ""))}">{escape(str(text))}</a></div>'


def _buttons(sent: Sent, card: dict[str, Any], given: dict[str, str]) -> str:
    """Buttons that push a template_card_event, or the grey one that took their place."""
    if text := card.get("replace_text"):
        grey = f"<button disabled>{escape(str(text))}</button>"
        return f'<div class="buttons">{grey}</div>'
    drawn = [
        post_button(
            "/outbox/click",
            str(one["text"]),
            given | {"msgid": sent.msgid, "key": one["key"]},
            "main" if one.get("style", 1) == 1 else "",
        )
        for one in presses.buttons(card)
    ]
    return f'<div class="buttons">{"".join(drawn)}</div>' if drawn else ""


_KINDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "text": _text,
    "markdown": _markdown,
    "textcard": _textcard,
    "template_card": _card,
    "subscribe": _subscribe,
}
