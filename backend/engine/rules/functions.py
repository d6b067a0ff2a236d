"""The functions of the rule language in Python; `rules.ts` and `sql.py` hold their twins."""

import datetime as dt
import math
from collections.abc import Callable, Mapping

from backend.engine.rules.values import Value, day, equal, finite, number
from backend.engine.text import id_number

_NUDGE = 1e-9  # 1.005 is stored a hair below; half-up means what a person means by it


def _numbers(arguments: tuple[Value, ...]) -> list[float]:
    items = arguments[0] if len(arguments) == 1 and type(arguments[0]) is list else arguments
    return [x for x in map(number, items) if x is not None]


def _sum(items: Value) -> float | None:
    if type(items) is not list:
        return None
    total = 0.0
    for x in _numbers((items,)):
        total += x
    return finite(total)


def _count(items: Value) -> float | None:
    if type(items) is not list:
        return None
    return float(sum(1 for item in items if item is not None))


def _max(*arguments: Value) -> float | None:
    return max(_numbers(arguments), default=None)


def _min(*arguments: Value) -> float | None:
    return min(_numbers(arguments), default=None)


def _abs(value: Value) -> float | None:
    x = number(value)
    return None if x is None else abs(x)


def _round(value: Value, digits: Value = 0) -> float | None:
    x, places = number(value), number(digits)
    if x is None or places is None or places not in range(10):
        return None
    factor = 10.0 ** int(places)
    scaled = abs(x) * factor + 0.5 + _NUDGE
    if not math.isfinite(scaled):
        return None
    return finite(float(math.floor(scaled)) / factor * (1.0 if x >= 0 else -1.0))


def _len(value: Value) -> float | None:
    return float(len(value)) if type(value) in (str, list) else None


def _coalesce(*arguments: Value) -> Value:
    return next((value for value in arguments if value is not None), None)


def _empty(value: Value) -> bool:
    return value is None or (type(value) in (str, list) and len(value) == 0)


def _starts(text: Value, prefix: Value) -> bool | None:
    return text.startswith(prefix) if type(text) is type(prefix) is str else None


def _contains(whole: Value, part: Value) -> bool | None:
    if type(whole) is list:
        return any(equal(item, part) for item in whole)
    return part in whole if type(whole) is type(part) is str else None


def _day(value: Value) -> str | None:
    date = day(value)
    return None if date is None else date.isoformat()


def _days(start: Value, end: Value) -> float | None:
    a, b = day(start), day(end)
    return None if a is None or b is None else float((b - a).days)


def _add_days(start: Value, count: Value) -> str | None:
    a, n = day(start), number(count)
    if a is None or n is None or not n.is_integer():
        return None
    try:
        return (a + dt.timedelta(days=int(n))).isoformat()
    except OverflowError:
        return None


def _within(value: Value, first: Value, last: Value) -> bool | None:
    x, a, b = day(value), day(first), day(last)
    return None if x is None or a is None or b is None else a <= x <= b


def _age(birth: Value, at: Value) -> float | None:
    b, t = day(birth), day(at)
    if b is None or t is None:
        return None
    return float(t.year - b.year - ((t.month, t.day) < (b.month, b.day)))


def _year(value: Value) -> float | None:
    date = day(value)
    return None if date is None else float(date.year)


def _month(value: Value) -> float | None:
    date = day(value)
    return None if date is None else float(date.month)


def _id_birth(text: Value) -> str | None:
    found = id_number.parse(text) if type(text) is str else None
    return found.birth.isoformat() if isinstance(found, id_number.IdNumber) else None


def _id_sex(text: Value) -> str | None:
    found = id_number.parse(text) if type(text) is str else None
    return found.sex if isinstance(found, id_number.IdNumber) else None


CALLS: Mapping[str, Callable[..., Value]] = {
    "abs": _abs,
    "add_days": _add_days,
    "age": _age,
    "coalesce": _coalesce,
    "contains": _contains,
    "count": _count,
    "day": _day,
    "days": _days,
    "empty": _empty,
    "id_birth": _id_birth,
    "id_sex": _id_sex,
    "len": _len,
    "max": _max,
    "min": _min,
    "month": _month,
    "round": _round,
    "starts": _starts,
    "sum": _sum,
    "within": _within,
    "year": _year,
}
