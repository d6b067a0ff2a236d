"""Their row → our elements. Pure: a raw row in; an incoming row out, or why not.

A required value that is wrong refuses the row; an optional one is left out and noted. Nothing is
silently repaired: what cannot be read goes to a person.
"""

import hashlib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from backend.core import crypto
from backend.core.clock import SHANGHAI
from backend.engine.form.definition import Field
from backend.engine.text import id_number, phone
from backend.engine.text.normal import tidy_code, tidy_line
from backend.features.connectors.source import Column, Stream
from backend.features.registers.shapes import Incoming, Refusal

Raw = Mapping[str, Any]

_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*|0{6})?")
_MOMENT = re.compile(
    r"(\d{4})[-/]?(\d\d)[-/]?(\d\d)[ T]?(\d\d):?(\d\d):?(\d\d)(?:\.\d+)?", re.ASCII
)
_WIDE = re.compile("[\uff01-\uff5e]")
_DOCUMENT = re.compile(r"[A-Z0-9()]{5,20}")
_CITIZEN = ("111", "112", "113")
_YES, _NO = ("1", "是", "有", "Y", "true"), ("0", "否", "无", "N", "false")


class Wrong(ValueError):
    """A value that cannot be read; the text is the Chinese reason, without the field's name."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A row that fits, or the refusal of the whole; `left_out` are optional values that do not."""

    row: Incoming | None
    refusal: Refusal | None
    left_out: tuple[Refusal, ...]


def digest(raw: Raw, stream: Stream) -> bytes:
    """Of the row as it came and of the mapping in force: when both are the same, so is the result.

    Keyed, because a plain hash of a row of few possibilities could be guessed backwards.
    """
    body = orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)
    key = crypto.secret_for("feed.digest")
    return hashlib.blake2b(body, digest_size=16, key=key, salt=stream.version).digest()


def source_id(raw: Any, stream: Stream) -> str:
    """The row's own number; rows without one are told apart by what they hold."""
    number = raw.get(stream.row_id) if isinstance(raw, Mapping) else None
    if isinstance(number, str | int) and str(number).strip() and "\0" not in str(number):
        return str(number).strip()[:64]
    return "?" + hashlib.blake2b(orjson.dumps(raw), digest_size=12).hexdigest()


def map_row(raw: Any, stream: Stream) -> Mapped:
    """A raw row as elements of the stream's register."""
    name = source_id(raw, stream)
    if not isinstance(raw, Mapping) or name.startswith("?"):
        return Mapped(None, Refusal(name, stream.row_id, "这一行没有编号，无法对应"), ())
    values: dict[str, Any] = {}
    left_out: list[Refusal] = []
    for key, column in stream.columns.items():
        try:
            values[key] = _value(raw, column, values)
        except Wrong as wrong:
            refusal = Refusal(name, key, f"{column.field.label}{wrong}")
            if column.required:
                return Mapped(None, refusal, ())
            left_out.append(refusal)
            values[key] = None
    try:
        _agree(values)
        row = Incoming(name, digest(raw, stream), _moment(raw, stream), values, _refs(raw, stream))
    except _Refused as refused:
        return Mapped(None, Refusal(name, refused.field, str(refused)), ())
    return Mapped(row, None, tuple(left_out))


class _Refused(Wrong):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def _value(raw: Raw, column: Column, so_far: Mapping[str, Any]) -> Any:
    text = column.fixed or _text(raw.get(column.source))
    if not text:
        if column.required:
            raise Wrong("为空")
        return None
    if column.codes:
        return _code(text, column.codes)
    if column.field.type == "id_no":
        return _identity(text, so_far.get("id_type", "111"))
    return _READERS[column.field.type](text, column.field)


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Wrong("的类型不对：应为文本")
    text = str(value)
    if "\0" in text:  # PostgreSQL cannot hold it
        raise Wrong("里有不能保存的字符")
    # letters, digits and Han need no tidying, unless typed in full width
    return text if text.isalnum() and not _WIDE.search(text) else tidy_line(text)


def _identity(text: str, kind: str) -> str:
    if kind not in _CITIZEN:
        document = tidy_code(text).upper()
        if not _DOCUMENT.fullmatch(document):
            raise Wrong("不像证件号码")
        return document
    found = id_number.parse(text)
    if isinstance(found, id_number.IdFault):
        raise Wrong(_FAULTS[found.reason])
    return found.number


_FAULTS = {
    "letter": "里有形似数字的字母，请核对",
    "length": "应为 18 位",
    "characters": "含有不该有的字符",
    "date": "里的出生日期不存在",
    "check": "校验位不对",
}


def _agree(values: dict[str, Any]) -> None:
    """Sex and birth follow from the number; a row that says otherwise is wrong somewhere."""
    if values.get("id_no") and values.get("id_type") in _CITIZEN:
        for key, label, true in _told(values["id_no"]):
            if (values.get(key) or true) != true:
                raise _Refused(key, f"{label}与证件号码不一致")
            values[key] = true
    if values.get("birth") and values.get("death_date") and values["death_date"] < values["birth"]:
        raise _Refused("death_date", "死亡日期早于出生日期")


def _told(number: str) -> tuple[tuple[str, str, Any], ...]:
    """What a sound 18-digit number says: key, label, value."""
    birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return ("birth", "出生日期", birth), ("sex", "性别", "1" if int(number[16]) % 2 else "2")


def _moment(raw: Raw, stream: Stream) -> datetime:
    said = raw.get(stream.as_of)
    moment = _read_moment(said) if isinstance(said, str) else None
    if moment is None:
        raise _Refused(stream.as_of, "更新时间读不懂")
    return moment


def _read_moment(text: str) -> datetime | None:
    """`20261008091233` or `2026-10-08 09:12:33`, in Shanghai."""
    match = _MOMENT.fullmatch(text)
    try:
        if match:
            return datetime(*map(int, match.groups()), tzinfo=SHANGHAI)  # type: ignore[misc, arg-type]
    except ValueError:
        pass
    return None


def _refs(raw: Raw, stream: Stream) -> dict[str, str]:
    """The rows that a row names. A register needs them; for orders and devices they are hints."""
    needed = _REF_LABELS if stream.form else _NEEDED
    refs = {}
    for ref, source in stream.refs.items():
        try:
            refs[ref] = _text(raw.get(source))[:64]
        except Wrong as wrong:
            if ref in needed:
                raise _Refused(ref, f"{needed[ref]}{wrong}") from None
    for ref, label in needed.items():
        if refs.get(ref) == "":
            raise _Refused(ref, f"{label}为空")
    return {ref: text for ref, text in refs.items() if text}


_NEEDED = {"device": "设备编号"}
_REF_LABELS = {"committee": "居村", "road": "道路", "building": "楼栋", "house": "房屋"}


def _plain(text: str, field: Field) -> str:
    if field.max is not None and len(text) > field.max:
        raise Wrong(f"超过 {field.max:.0f} 个字")
    return text


def _date(text: str, _: Field) -> date:
    match = _DATE.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else _never(text)
    except ValueError:
        return _never(text)


def _instant(text: str, _: Field) -> datetime:
    moment = _read_moment(text)
    if moment is None:
        raise Wrong(f"不是时间：{text[:20]}")
    return moment


def _never(text: str) -> date:
    raise Wrong(f"不是日期：{text[:20]}")


def _code(text: str, codes: Mapping[str, str]) -> str:
    code = codes.get(text)
    if code is None:
        raise Wrong(f"的代码不认识：{text[:20]}")
    return code


def _foreign_code(text: str, _: Field) -> str:
    """A code of a standard whose list we do not hold, such as GB/T 2260."""
    return tidy_code(text)


def _mobile(text: str, _: Field) -> str:
    return _number_of(phone.parse(text, mobile_only=True))


def _telephone(text: str, _: Field) -> str:
    return _number_of(phone.parse(text))


def _number_of(found: phone.Phone | phone.PhoneFault) -> str:
    if isinstance(found, phone.Phone):
        return found.number
    raise Wrong("里有形似数字的字母，请核对" if found.reason == "letter" else "不是电话号码")


def _whole(text: str, field: Field) -> int:
    number = _decimal(text, field)
    if number != int(number):
        raise Wrong(f"不是整数：{text[:20]}")
    return int(number)


def _decimal(text: str, _: Field) -> float:
    try:
        number = float(Decimal(text.replace(",", "")))
    except InvalidOperation:
        number = math.nan
    if not math.isfinite(number):
        raise Wrong(f"不是数字：{text[:20]}")
    return number


def _point(text: str, _: Field) -> dict[str, float]:
    """`121.4123,31.2401`: longitude and latitude in degrees, as platforms write a point."""
    try:
        lng, lat = map(float, text.split(","))
    except ValueError:
        raise Wrong(f"不是坐标：{text[:30]}") from None
    if not (70 < lng < 140 and 0 < lat < 60):
        raise Wrong(f"不在国内：{text[:30]}")
    return {"lng": lng, "lat": lat}


def _flag(text: str, _: Field) -> bool:
    if text not in _YES + _NO:
        raise Wrong(f"应为“是”或“否”：{text[:20]}")
    return text in _YES


_READERS: dict[str, Callable[[str, Field], Any]] = {
    "text": _plain,
    "address": _plain,
    "ref": _plain,
    "code": _foreign_code,
    "date": _date,
    "datetime": _instant,
    "phone": _mobile,
    "tel": _telephone,
    "integer": _whole,
    "year": _whole,
    "decimal": _decimal,
    "bool": _flag,
    "coord": _point,
}
