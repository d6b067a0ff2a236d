"""Where the elements of a register lie: in a typed column, in `data`, or sealed in `secret`.

Typed columns are what is searched and counted. For everything else the register's form decides:
a field that it marks as sealed goes to `secret`, any other to `data`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from backend.core import crypto
from backend.core.db import Record
from backend.engine.form.definition import Field, FormDef

Table = Literal["person", "house", "household", "building"]

OWN = "自采"
"""The source of what people at work have written themselves."""


@dataclass(frozen=True, slots=True)
class Register:
    """One register: its form, its table, and which elements have typed columns there."""

    form: str
    table: Table
    columns: Mapping[str, str]

    def sql(self, element: str, alias: str = "r") -> str:
        """The SQL expression of an element that is not sealed; text for those without a column."""
        column = self.columns.get(element)
        return f"{alias}.{column}" if column else f"({alias}.data->>'{element}')"


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


PERSON = Register(
    "R1",
    "person",
    _same(
        "name",
        "sex",
        "birth",
        "death_date",
        "id_type",
        "residence_status",
        "population_kind",
        "relation",
        "move_in",
        "move_out",
        "permit_expiry",
        "grid",
    )
    | {"house_ref": "house_id", "household_ref": "household_id", "committee": "area"}
    | {"data_src": "source"},
)
HOUSEHOLD = Register(
    "R2",
    "household",
    _same("hh_no", "hh_kind", "grid")
    | {"house_ref": "house_id", "hh_head": "head_id", "committee": "area"},
)
BUILDING = Register(
    "R4",
    "building",
    _same("estate", "lane", "bldg_no", "floors_up", "has_lift", "built_year", "grid")
    | {"committee": "area"},
)
HOUSE = Register(
    "R5",
    "house",
    _same("unit", "room", "std_addr", "house_use", "house_prop", "occupancy", "lease_end", "grid")
    | {"committee": "area"},
)
BY_FORM = {each.form: each for each in (PERSON, HOUSEHOLD, BUILDING, HOUSE)}


@dataclass(frozen=True, slots=True)
class Layout:
    """A register together with the fields its form seals and those that are dates."""

    register: Register
    sealed: frozenset[str]
    dates: frozenset[str]

    def seal(self, row: UUID, element: str, text: str) -> str:
        return crypto.seal(self.register.table, element, row, text)

    def unseal(self, row: UUID, element: str, token: str) -> str:
        return crypto.unseal(self.register.table, element, row, token)

    def value(self, row: Record, element: str) -> Any:
        """The value of an element in a row of the table, opened if it was sealed."""
        if column := self.register.columns.get(element):
            return row[column]
        if element in self.sealed:
            token = row["secret"].get(element)
            return token and self.unseal(row["id"], element, token)
        value = row["data"].get(element)
        return date.fromisoformat(value) if value and element in self.dates else value

    def put(self, row: Record, element: str, value: Any) -> None:
        """Write a value where it belongs in a row that is being made; None takes it away."""
        if column := self.register.columns.get(element):
            row[column] = value
            return
        kept, sealed = row["secret" if element in self.sealed else "data"], element in self.sealed
        if value is None:
            kept.pop(element, None)
        elif sealed:
            kept[element] = self.seal(row["id"], element, str(value))
        else:
            kept[element] = value.isoformat() if isinstance(value, date) else value

    def text(self, row: UUID, element: str, value: Any) -> str | None:
        """A value as it may stand in history and beside others: plain, or sealed again."""
        if value is None:
            return None
        plain = value if isinstance(value, str) else str(value)
        return self.seal(row, element, plain) if element in self.sealed else plain


def layout(register: Register, form: FormDef) -> Layout:
    """How the form of a register wants its elements kept."""
    if form.code != register.form:
        raise ValueError(f"{register.table} is kept as {register.form} says, not {form.code}")
    sealed = frozenset(f.key for f in form.fields if f.sealed) - register.columns.keys()
    dates = frozenset(f.key for f in form.fields if f.type in ("date", "datetime"))
    return Layout(register, sealed, dates)


_TYPED = {"text", "integer", "decimal", "date", "year", "code", "codes", "bool", "phone", "tel"}
_TYPED |= {"id_no", "address"}


def may_be_typed(field: Field) -> bool:
    """Whether a register takes the word of people at work for a field."""
    return field.type in _TYPED and any(source.kind == "typed" for source in field.sources)
