"""What goes over the wire or between slices: frozen values that refuse what they do not know."""

import re
from datetime import date, datetime
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from backend.core.clock import SHANGHAI

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# nothing to guard within: functions, classes, defaults, notes
_OPAQUE = {"cls", "function", "default", "metadata", "config", "serialization", "expected"}


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("date_parsing", "日期应写成 2026-01-31")


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        if _DAY.match(value):
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("datetime_parsing", "时间应写成 2026-01-31T08:00:00+08:00")


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
