"""What goes over the wire or between slices: frozen values that refuse what they do not know."""

import re
from datetime import date, datetime
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from backend.core.clock import SHANGHAI

D = TypeVar("D", bound=date)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FIRST, _LAST = 1850, 2200
# nothing to guard within: functions, classes, defaults, notes
_OPAQUE = {"cls", "function", "default", "metadata", "config", "serialization", "expected"}


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        day = date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        raise PydanticCustomError("date_parsing", "日期应写成 2026-01-31")
    return _in_living_memory(day)


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        moment = datetime.fromisoformat(value) if _DAY.match(value) else None
    except ValueError:
        moment = None
    if moment is None:
        raise PydanticCustomError("datetime_parsing", "时间应写成 2026-01-31T08:00:00+08:00")
    return _in_living_memory(moment)


def _in_living_memory(value: D) -> D:
    """Days are counted with, and at the ends of the calendar that overflows."""
    if not _FIRST <= value.year <= _LAST:
        raise PydanticCustomError("year_range", f"年份应在 {_FIRST} 到 {_LAST} 之间")
    return value


def _here(moment: datetime) -> datetime:
    """PostgreSQL answers in UTC; what people read is Shanghai's time."""
    return moment.astimezone(SHANGHAI) if moment.tzinfo else moment


_GUARDS = {"date": _day, "datetime": _moment}
_WRITTEN = core_schema.plain_serializer_function_ser_schema(
    _here, return_schema=core_schema.datetime_schema(), when_used="json"
)


def _iso(schema: Any) -> Any:
    """The schema with a guard in front of every day and moment in it."""
    if isinstance(schema, list):
        return [_iso(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    kind = schema.get("type")
    if isinstance(kind, str) and kind in _GUARDS:
        schema = schema | {"serialization": _WRITTEN} if kind == "datetime" else schema
        return core_schema.no_info_before_validator_function(_GUARDS[kind], cast(Any, schema))
    return {key: inner if key in _OPAQUE else _within(key, inner) for key, inner in schema.items()}


def _within(key: str, inner: Any) -> Any:
    # the names of fields are not words of the schema
    if key == "fields" and isinstance(inner, dict):
        return {name: _iso(field) for name, field in inner.items()}
    return _iso(inner)


class Shape(BaseModel):
    """The base of every shape. Unknown keys are an error, so a typo never passes silently.

    Days and moments are ISO text. pydantic would read "20261008" as seconds since 1970 and
    answer with a day in August of that year; here it is an error. Moments are written with
    Shanghai's offset.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        # what we write is always there, so the front ends need not ask whether it is
        json_schema_serialization_defaults_required=True,
    )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema: CoreSchema = _iso(handler(source))
        return schema
