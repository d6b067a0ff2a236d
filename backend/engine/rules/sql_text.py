"""Pieces of SQL with their types, and the parameters that go with them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias

# codes: text[]; list: a jsonb array; ref: an id that is only compared; null: the literal.
SqlType: TypeAlias = Literal[
    "number", "text", "bool", "date", "datetime", "codes", "list", "ref", "null"
]

_DATE_TEXT = "to_char({0}, 'YYYY-MM-DD')"
_MOMENT_TEXT = """to_char({0} at time zone 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"')"""


class NotInSql(ValueError):
    """The rule uses something that a filter over rows cannot tell."""


@dataclass(frozen=True, slots=True)
class Sql:
    """An expression and its type."""

    text: str
    type: SqlType


NULL = Sql("null", "null")
UNKNOWN = Sql("cast(null as boolean)", "bool")


_PARAMETERS = {str: "text", float: "float8", bool: "boolean", date: "date"}


@dataclass
class Parameters:
    """Collects the values of a statement as named parameters (`:p1`), for core/db.py.

    Equal values share one parameter. The prefix keeps several statements' names apart.
    """

    prefix: str = "p"
    values: dict[str, Any] = field(default_factory=dict)
    _count: int = 0

    def place(self, value: str | float | bool | date) -> str:
        """The placeholder of a value, cast so that its type is never guessed."""
        kind = _PARAMETERS[type(value)]
        for name, known in self.values.items():
            if type(known) is type(value) and known == value:
                return f"cast(:{name} as {kind})"
        self._count += 1
        name = f"{self.prefix}{self._count}"
        self.values[name] = value
        return f"cast(:{name} as {kind})"

    def keep_used(self, known: Collection[str], text: str) -> None:
        """Forget the values placed since `known` that a text does not mention after all."""
        for name in self.values.keys() - set(known):
            if f":{name} " not in text:
                del self.values[name]

    def numbered(self, text: str) -> tuple[str, list[Any]]:
        """The same text with `$1`, and the values in that order, for a driver without names."""
        for number, name in enumerate(self.values, 1):
            text = text.replace(f":{name} ", f"${number} ")
        return text, list(self.values.values())


def as_text(value: Sql) -> Sql:
    """Dates as the ISO text that rules compare; ids as text."""
    if value.type == "date":
        return Sql(_DATE_TEXT.format(value.text), "text")
    if value.type == "datetime":
        return Sql(_MOMENT_TEXT.format(value.text), "text")
    if value.type == "ref":
        return Sql(f"cast({value.text} as text)", "text")
    return value
