"""One answer against one field: brought into its stored form, or refused with a message's code."""

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from backend.engine.form.definition import Field
from backend.engine.text import id_number, phone
from backend.engine.text.normal import tidy_code

Answer: TypeAlias = Any  # JSON: null, bool, number, text, list, object

LONGEST: Mapping[str, int] = {"text": 500, "address": 200, "code": 20, "ref": 100}
MOST: Mapping[str, int] = {"photos": 9, "files": 9, "refs": 20, "table": 100}
YEARS = (1850, 2200)
# Open lists that are too long to ship with a form: the length of their codes.
DIGITS: Mapping[str, int] = {"GB/T 2260": 6, "12位统计用区划代码": 12}
ID_CARD_TYPES = frozenset({"111", "112", "553"})

_BLANKS = " \t\r\n\u00a0\u3000"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_PASSPORT = re.compile(r"[A-Z0-9]{5,20}")
_FOREIGN = re.compile(r"[A-Z][A-Z0-9]{4,16}")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an answer cannot be taken: the code of a message and what its sentence needs."""

    code: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a check may need beside the answer: today, and the kind of identity document."""

    today: dt.date | None = None
    id_type: str | None = None


def is_blank(value: Answer) -> bool:
    """Nothing was answered: null, empty text or an empty list. `false` and 0 are answers."""
    return value is None or (type(value) in (str, list) and len(value) == 0)


def trimmed(value: Answer) -> Answer:
    """Text without the blanks around it (those that `form.ts` knows too)."""
    return value.strip(_BLANKS) if type(value) is str else value


def take(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    """The answer as it is stored, or why it is refused. Tables are checked row by row elsewhere."""
    return _TAKERS[spec.type](spec, value, setting)


def taker(spec: Field) -> Callable[[Answer, Setting], Answer | Refused]:
    """`take` for one field, for a form that is checked often."""
    return partial(_TAKERS[spec.type], spec)


def _is_number(value: Answer) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _text(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    if type(value) is not str:
        return Refused("text.type")
    most = int(spec.max or LONGEST[spec.type])
    if len(value) > most:
        return Refused("text.long", {"max": most, "count": len(value)})
    return value


def _decimal(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    if not _is_number(value):
        return Refused("number.type")
    if spec.min is not None and value < spec.min:
        return Refused("number.min", {"min": plain(spec.min)})
    if spec.max is not None and value > spec.max:
        return Refused("number.max", {"max": plain(spec.max)})
    return value


def _integer(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    if type(value) is float and math.isfinite(value) and not value.is_integer():
        return Refused("number.whole")
    taken = _decimal(spec, value, setting)
    return taken if isinstance(taken, Refused) else int(taken)


def _money(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    if not _is_number(value) or value != math.floor(value):
        return Refused("money.type")
    return _integer(spec, value, setting)


def _year(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    bounds = spec.model_copy(update={"min": YEARS[0], "max": YEARS[1]})
    return _integer(bounds, value, setting)


def plain(number: float) -> str:
    """A bound as a person writes it: 0, not 0.0."""
    return str(int(number)) if number == int(number) else str(number)


def _date(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    if type(value) is str and _DATE.fullmatch(value) and _is_day(value):
        return value
    return Refused("date.type")


def _moment(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    match = _MOMENT.fullmatch(value) if type(value) is str else None
    return value if match and _is_day(match[1]) else Refused("datetime.type")


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _code(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    if type(value) is not str:
        return Refused("code.type")
    if spec.codes is not None:
        known = [code.code for code in spec.codes]
        return value if value in known else Refused("code.unknown", {"value": value[:20]})
    digits = DIGITS.get(spec.standard or "")
    if digits is not None and not re.fullmatch(f"[0-9]{{{digits}}}", value):
        return Refused("code.shape", {"digits": digits})
    return value if digits is not None else _text(spec, value, setting)


def _codes(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    if type(value) is not list:
        return Refused("codes.type")
    seen: list[str] = []
    for one in value:
        taken = _code(spec, one, setting)
        if isinstance(taken, Refused):
            return Refused("codes.type") if taken.code == "code.type" else taken
        if one in seen:
            return Refused("codes.twice", {"value": _label(spec, one)})
        seen.append(one)
    return value


def _label(spec: Field, code: str) -> str:
    return next((entry.label for entry in spec.codes or () if entry.code == code), code)


def _bool(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    return value if type(value) is bool else Refused("bool.type")


def _phone(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    if type(value) is not str:
        return Refused("phone.shape")
    found = phone.parse(value, mobile_only=True)
    if isinstance(found, phone.Phone):
        return found.number
    return Refused(f"phone.{found.reason}", {"count": found.digits})


def _tel(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    if type(value) is not str:
        return Refused("tel.shape")
    found = phone.parse(value)
    if isinstance(found, phone.Phone):
        return found.number
    return Refused("tel.letter" if found.reason == "letter" else "tel.shape")


def _id_no(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    if type(value) is not str:
        return Refused("id_no.characters")
    number = tidy_code(value).upper()
    kind = setting.id_type
    if kind is None and _FOREIGN.fullmatch(number):
        return number
    if kind is not None and kind not in ID_CARD_TYPES:
        return number if _PASSPORT.fullmatch(number) else Refused("id_no.other")
    found = id_number.parse(number, setting.today)
    if isinstance(found, id_number.IdNumber):
        return found.number
    return Refused(f"id_no.{found.reason}", {"count": len(number)})


def _coord(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    return value if type(value) is dict and _is_point(value) else Refused("coord.type")


def _is_point(value: Mapping[str, Answer]) -> bool:
    if set(value) != {"lng", "lat"} or not all(_is_number(part) for part in value.values()):
        return False
    lng, lat = float(value["lng"]), float(value["lat"])
    return abs(lng) <= 180 and abs(lat) <= 90


def _range(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    """A span of days, {from, to}, the last not before the first."""
    if type(value) is not dict or set(value) != {"from", "to"}:
        return Refused("range.type")
    ends = [_date(spec, value[end], setting) for end in ("from", "to")]
    if any(isinstance(end, Refused) for end in ends) or value["from"] > value["to"]:
        return Refused("range.type")
    return value


def _names(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    """Photos and files: ids of what was uploaded."""
    if type(value) is not list or not all(type(one) is str and one for one in value):
        return Refused(f"{spec.type}.type")
    most = int(spec.max or MOST[spec.type])
    return value if len(value) <= most else Refused(f"{spec.type}.many", {"max": most})


def _ref(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    """The id (or, where nobody keeps one, the name) of a row, or {id, label}."""
    if type(value) is dict and set(value) == {"id", "label"}:
        value_id, label = value["id"], value["label"]
        fits = _is_name(label) and (value_id is None or _is_name(value_id))
        return value if fits else Refused("ref.type")
    return value if _is_name(value) else Refused("ref.type")


def _is_name(value: Answer) -> bool:
    return type(value) is str and 0 < len(value) <= LONGEST["ref"]


def _refs(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    if type(value) is not list:
        return Refused("refs.type")
    if any(isinstance(_ref(spec, one, setting), Refused) for one in value):
        return Refused("refs.type")
    most = int(spec.max or MOST["refs"])
    return value if len(value) <= most else Refused("refs.many", {"max": most})


def _table(spec: Field, value: Answer, setting: Setting) -> Answer | Refused:
    if type(value) is not list or not all(type(row) is dict for row in value):
        return Refused("table.type")
    most = int(spec.max or MOST["table"])
    return value if len(value) <= most else Refused("table.many", {"max": most})


_TAKERS: Mapping[str, Callable[[Field, Answer, Setting], Answer | Refused]] = {
    "text": _text,
    "address": _text,
    "integer": _integer,
    "decimal": _decimal,
    "money": _money,
    "year": _year,
    "date": _date,
    "datetime": _moment,
    "code": _code,
    "codes": _codes,
    "bool": _bool,
    "phone": _phone,
    "tel": _tel,
    "id_no": _id_no,
    "coord": _coord,
    "range": _range,
    "photos": _names,
    "files": _names,
    "table": _table,
    "ref": _ref,
    "refs": _refs,
}
