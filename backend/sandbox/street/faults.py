"""Faults on request: broken answers, and rows that are wrong in ways that real ones are."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from backend.sandbox.street.words import Row


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the `page`-th request for a stream from now on, `times` times."""

    kind: str
    stream: str = "rk"
    page: int = 1
    times: int = 1
    rows: int = 1
    seconds: float = 30.0


class Faults:
    """The faults that were ordered, and what has been asked for so far."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []
        self.asked: deque[dict[str, Any]] = deque(maxlen=2000)
        self.counts: dict[str, int] = {}
        self._since: dict[int, int] = {}

    def order(self, fault: Fault) -> None:
        if fault.kind not in BROKEN | ROWS.keys():
            raise ValueError(f"no fault {fault.kind!r}; there are {sorted(BROKEN | ROWS.keys())}")
        self._since[id(fault)] = self.counts.get(fault.stream, 0)
        self.ordered.append(fault)

    def clear(self) -> None:
        self.ordered.clear()

    def due(self, stream: str) -> Fault | None:
        """Count a request; the fault that strikes it, if any."""
        self.counts[stream] = number = self.counts.get(stream, 0) + 1
        for fault in self.ordered:
            first = self._since[id(fault)] + fault.page
            if fault.stream == stream and first <= number < first + fault.times:
                return fault
        return None


BROKEN = {"http_500", "timeout", "html", "truncated", "refused", "repeated", "slow"}


async def answer(fault: Fault, body: dict[str, Any]) -> web.StreamResponse:
    """The page as the fault leaves it; row faults have already been worked into the body."""
    text = orjson.dumps(body).decode()
    if fault.kind == "http_500":
        return web.Response(status=500, text="java.lang.NullPointerException")
    if fault.kind in ("timeout", "slow"):
        await asyncio.sleep(fault.seconds)
    if fault.kind == "html":
        page = "<html><title>系统维护</title><body>系统维护中，请稍后访问</body></html>"
        return web.Response(text=page, content_type="text/html")
    if fault.kind == "truncated":
        return web.Response(text=text[: len(text) * 2 // 3], content_type="application/json")
    if fault.kind == "refused":
        text = '{"code": "50012", "msg": "接口调用频次超限", "data": null}'
    return web.Response(text=text, content_type="application/json")


def spoil(fault: Fault, rows: list[Row]) -> list[Row]:
    """Make the first `fault.rows` rows of a page wrong."""
    wrong = ROWS.get(fault.kind)
    if wrong is None:
        return rows
    return [wrong(dict(row)) if n < fault.rows else row for n, row in enumerate(rows)]


def _check_digit(row: Row) -> Row:
    number = row["zjhm"]
    return row | {"zjhm": number[:-1] + ("1" if number[-1] != "1" else "2")}


def _retyped(row: Row) -> Row:
    return row | {key: {"value": row[key]} for key in ("csrq", "jzmj", "dscs") if key in row}


ROWS: dict[str, Callable[[Row], Row]] = {
    "check_digit": _check_digit,
    "unknown_code": lambda row: row | {"rkzt": "09", "jzzt": "ZZZ"},
    "missing_house": lambda row: row | {"fwbm": "F000000000"},
    "unknown_committee": lambda row: row | {"sqbm": "310107999001"},
    "no_name": lambda row: row | {"xm": "  "},
    "bad_phone": lambda row: row | {"lxdh": "138O013800"},
    "retyped": _retyped,
    "unknown_area": lambda row: row | {"sqbm": "310199999001", "jzbm": "", "dz": "", "zb": ""},
    "no_words": lambda row: row | {"bt": " ", "nr": None},
}
