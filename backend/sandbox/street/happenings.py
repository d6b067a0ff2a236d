"""Orders and alarms made to happen by hand: a call, a find, an emergency, an alarm, a flood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from backend.sandbox.district.calls import Call, Way, call
from backend.sandbox.district.devices import Device, Signal
from backend.sandbox.street.words import Row, moment_of

if TYPE_CHECKING:
    from backend.sandbox.street.shelf import Shelf, Stream

_FLOOD = 10_000
_ALARMS = {"YG": ("YWBJ", 7.0), "SW": ("SWCX", 40.0), "DT": ("KR", None), "MC": ("KM", None)}
_ALARMS |= {"RQ": ("RQXL", 12.0), "WG": ("WDCX", 70.0)}


def _came(way: Way) -> Callable[[Shelf, Row], list[str]]:
    """An order of this way; `title`, `content`, `place`, `urge` replace what would be said."""

    def run(shelf: Shelf, change: Row) -> list[str]:
        code = str(change.get("committee") or next(iter(shelf.towns)))
        made, at = shelf.town_of(code), moment_of(change["stamp"])
        rng = made.rng("ordered", change["turn"])
        one = call(made, rng, way, at, f"{at:%Y%m%d}", f"H{change['turn']:03d}")
        given: dict[str, Any] = {key: change[key] for key in _SAYABLE if key in change}
        if "urge" in change:
            given["line"] = replace(one.line, urge=str(change["urge"]))
        given["committee"] = "" if change.get("nowhere") else code
        one = replace(one, **given)
        shelf.of(way).put(one.id, change["stamp"], replace(one, updated=change["stamp"]))
        return [one.id]

    return run


_SAYABLE = ("title", "content", "place")


def _order(shelf: Shelf, change: Row) -> tuple[Call, Stream]:
    """The order that is named, or the last one; its name is kept for when this is made again."""
    name = str(change.get("order") or "")
    for stream in (shelf.calls, shelf.events, shelf.finds):
        found: Call | None = stream.latest(name)
        if found is not None:
            change["order"] = found.id
            return found, stream
    raise LookupError(f"no order {name!r}")


def _again(shelf: Shelf, change: Row) -> list[str]:
    """The caller urges: the row comes once more, with a sentence added."""
    one, stream = _order(shelf, change)
    day = moment_of(change["stamp"])
    said = f"{one.content}【催单】{day:%m月%d日}市民来电催促，要求尽快处理。"
    urged = replace(one, urged=one.urged + 1, content=said, updated=change["stamp"])
    stream.put(one.id, change["stamp"], urged)
    return [one.id]


def _rated(shelf: Shelf, change: Row) -> list[str]:
    """The city's call-back: satisfied or not, solved or not."""
    one, stream = _order(shelf, change)
    said: dict[str, Any] = {"satisfied": str(change.get("satisfied", "不满意"))}
    said["solved"] = str(change.get("solved", "否"))
    stream.put(one.id, change["stamp"], replace(one, **said, updated=change["stamp"]))
    return [one.id]


def _device(shelf: Shelf, change: Row) -> Device:
    found: Device | None = shelf.devices.latest(str(change.get("device") or ""))
    if found is None:
        raise LookupError(f"no device {change.get('device')!r}")
    change["device"] = found.id
    return found


def _signals(shelf: Shelf, change: Row, count: int) -> list[str]:
    """The same alarm `count` times within a minute that ends now."""
    device, end = _device(shelf, change), moment_of(change["stamp"])
    code, value = _ALARMS[device.kind]
    code = str(change.get("code", code))
    value = float(change["value"]) if "value" in change else value
    names = []
    for turn in range(count):
        at = end - timedelta(seconds=60 * (count - 1 - turn) / count)
        name = f"{device.id}H{change['turn']:03d}{turn:06d}"
        signal = Signal(name, device, code, value, at, "人工触发")
        shelf.signals.put(name, change["stamp"], signal)
        names.append(name)
    return names


def _alarm(shelf: Shelf, change: Row) -> list[str]:
    return _signals(shelf, change, int(change.get("count", 1)))


def _flood(shelf: Shelf, change: Row) -> list[str]:
    return _signals(shelf, change, int(change.get("count", _FLOOD)))


HAPPENINGS: dict[str, tuple[str, Callable[[Shelf, Row], list[str]]]] = {
    "call": ("来一件热线工单", _came("hotline")),
    "again": ("市民催单", _again),
    "rated": ("市级回访：不满意", _rated),
    "find": ("巡查发现一件", _came("patrol")),
    "emergency": ("来一件应急事件", _came("emergency")),
    "alarm": ("一台设备报警", _alarm),
    "flood": ("一台设备一分钟报警一万次", _flood),
}
