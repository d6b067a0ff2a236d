"""Structured logs, one JSON object a line, that never hold a level 3–4 value.

The scrubber looks at every value before the line is written: it drops what stands under telling
keys and masks whatever looks like an ID number, a phone, a token or a sealed value, also inside
tracebacks and the repr of objects. What cannot be told apart from such a value is masked too.
"""

import logging
import re
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

import orjson
import structlog

from backend.core import clock
from backend.core.audit import REQUEST

HIDDEN = "[隐去]"

_TELLING = (
    "id_?no|id_?card|id_?number|phone|mobile|secret|token|passw|authorization|cookie|addr|birth"
    "|health|disease|disab|证件号|身份证|电话|手机|住址|出生"
)
# WeCom's errcode is no secret, a sign-on code is
_KEY = re.compile(rf"{_TELLING}|(?<!err)code$|tel$", re.IGNORECASE)
_PAIR = re.compile(
    rf"""((?:{_TELLING}|(?<!err)code\b|\btel\b)[\w号码]*['"]?\s*[=:：]\s*)"""
    r"""('[^']*'|"[^"]*"|[^\s,，;；&'")}\]]+)""",
    re.IGNORECASE,
)
_TEXT = [
    # pydantic and PostgreSQL quote the value they refuse
    (re.compile(r"input_value=.*?(?=, input_type)", re.DOTALL), f"input_value={HIDDEN}"),
    (re.compile(r"(Key \([^)]*\)=)\(.*?\)(?= |$)"), rf"\1({HIDDEN})"),
    (re.compile(r"(Failing row contains )\(.*\)"), rf"\1({HIDDEN})"),
    (re.compile(r"(?i)(bearer\s+)[^\s'\"]+"), rf"\1{HIDDEN}"),
    (re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*"), "[令牌]"),
    # base64 of 32 bytes and more: sealed values, refresh tokens, keys
    (
        re.compile(
            r"(?<![\w+/-])(?:\w{1,16}\.)?(?=[\w+/-]*[A-Z])(?=[\w+/-]*[a-z])(?=[\w+/-]*\d)"
            r"[\w+/-]{40,}=*"
        ),
        "[密文]",
    ),
    # an ID number, a bank card, or several numbers run together
    (re.compile(r"\d{15,}[XxＸ]?"), "[号码]"),
    (re.compile(r"\d{6}[ -]\d{4}[ -]?\d{4}[ -]?\d{3}[\dXxＸ]"), "[号码]"),
    (re.compile(r"\d{4}(?:[ -]\d{4}){3,}"), "[号码]"),
    (re.compile(r"(?:(?<!\d)|(?<=86))[1１][3-9３-９]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"), "[电话]"),
    (re.compile(r"(?<!\d)[0０]\d{2,3}[ -]\d{7,8}(?!\d)"), "[电话]"),
    (re.compile(r"\d+号(楼?)\d+室"), r"**号\1**室"),
]


def scrubbed(value: Any) -> Any:
    """The same value without what must not be written down; objects become scrubbed text."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str):
        return _scrubbed_text(value)
    if isinstance(value, int):
        text = str(value)
        return value if _scrubbed_text(text) == text else _scrubbed_text(text)
    if isinstance(value, Mapping):
        return {
            _scrubbed_text(str(key)): HIDDEN if _KEY.search(str(key)) else scrubbed(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [scrubbed(item) for item in value]
    return _scrubbed_text(str(value) if isinstance(value, date | Path) else repr(value))


def _scrubbed_text(text: str) -> str:
    text = _PAIR.sub(rf"\1{HIDDEN}", text)
    for pattern, instead in _TEXT:
        text = pattern.sub(instead, text)
    return text


_requests: list[TextIO] = []


def start(level: str = "INFO") -> None:
    """Route structlog and the standard library through one pipeline to standard error."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        _with_request,
    ]
    last: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        lambda _logger, _name, event: scrubbed(event),
        structlog.processors.JSONRenderer(serializer=_line),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        # methods below the level do nothing at all
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last)
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    _requests[:] = [sys.stderr] if level in ("DEBUG", "INFO") else []
    for noisy in ("urllib3", "requests", "aiohttp.access", "asyncio", "tortoise"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def request(method: str, route: str, status: int, seconds: float) -> None:
    """The line of a request, written past the scrubber: a route's own name, and figures only."""
    if _requests:
        line = {
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "request": REQUEST.get(),
            "event": "request",
            "level": "info",
            "timestamp": clock.now(),
        }
        _requests[0].write(_line(line) + "\n")


def _line(event: dict[str, Any], **_: Any) -> str:
    return orjson.dumps(event).decode()


def _with_request(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    if request := REQUEST.get():
        event["request"] = request
    return event
