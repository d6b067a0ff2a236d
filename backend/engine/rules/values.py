"""What values of the rule language are and how two of them compare."""

import datetime as dt
import math
import re
from typing import Any, TypeAlias

Value: TypeAlias = Any  # null, bool, int or float, str, list of values, dict of values

_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].*)?", re.DOTALL)


def number(value: Value) -> float | None:
    """The value as a double, or null when it is no finite number (true is not 1)."""
    if type(value) is float:
        return value if math.isfinite(value) else None
    if type(value) is not int:
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def finite(value: float) -> float | None:
    """Arithmetic never leaves an infinity, a NaN or a minus zero behind."""
    return value + 0.0 if math.isfinite(value) else None


def day(value: Value) -> dt.date | None:
    """The calendar day of an ISO date or date-time; null for anything that is no real day."""
    if type(value) is not str:
        return None
    match = _DAY.fullmatch(value)
    if match is None:
        return None
    try:
        return dt.date.fromisoformat(match[1])
    except ValueError:
        return None


def equal(a: Value, b: Value) -> bool:
    """Null-safe equality that never converts: 1 equals 1.0, but neither '1' nor true."""
    x, y = number(a), number(b)
    if x is not None or y is not None:
        return x == y
    if type(a) is not type(b):
        return False
    if type(a) is list:
        return len(a) == len(b) and all(map(equal, a, b))
    if type(a) is dict:
        return a.keys() == b.keys() and all(equal(value, b[key]) for key, value in a.items())
    return bool(a == b)


def less(a: Value, b: Value) -> bool | None:
    """Order of two numbers, or of two texts by code point; anything else has no order."""
    x, y = number(a), number(b)
    if x is not None and y is not None:
        return x < y
    if type(a) is str and type(b) is str:
        return a < b
    return None
