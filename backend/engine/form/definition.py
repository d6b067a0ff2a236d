"""What a form is: fields, rules, notes, indicators, and the JSON that phone and console receive.

A definition is data read from `forms/`; nothing in it knows a database, a screen or a clock.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from backend.engine.form.elements import (
    Code,
    Definition,
    Expression,
    FieldType,
    FormKind,
    Source,
    SourceKind,
)
from backend.engine.form.measures import Indicator
from backend.engine.rules.language import variables


class Told(Definition):
    """A field that other entries tell when it is read: how many entries of `of` say the `same` of
    the same committee, or what `plus` and `minus` of them come to up to this entry."""

    of: str
    same: tuple[str, ...]
    plus: str | None = None
    minus: str | None = None


class Passing(Definition):
    """The order that an entry becomes: at once when `when` holds, by a tap where `offer` does.
    What it says is taken from the entry's fields."""

    when: Expression
    offer: Expression
    title: tuple[str, ...]
    content: tuple[str, ...]
    place: tuple[str, ...]


class Field(Definition):
    """One field of a form, bound to a shared element (`element`) or belonging to the form alone.

    `max` is a length for text, a count for photos and tables, a bound for numbers.
    """

    key: str
    label: str
    type: FieldType
    element: str | None = None
    unit: str | None = None
    min: float | None = None
    max: float | None = None
    code_list: str | None = None
    codes: tuple[Code, ...] | None = None
    standard: str | None = None
    required: bool = False
    level: int = 1
    sensitivity: str = ""
    sealed: bool = False
    sources: tuple[Source, ...]
    source_label: str
    fresh_days: int | None = None
    ref: str | None = None
    hint: str | None = None
    columns: tuple["Field", ...] | None = None
    visible_when: Expression | None = None
    required_when: Expression | None = None
    computed: Expression | None = None
    told: Told | None = None
    formula: str | None = None
    caliber: str | None = None

    @property
    def source(self) -> SourceKind:
        return self.sources[0].kind

    @property
    def suggested(self) -> bool:
        """The rule only proposes (`coalesce(next_visit, …)`): a person's own answer stands."""
        return self.computed is not None and self.key in variables(self.computed.ast)


class Rule(Definition):
    """A condition that must hold; only `false` breaks it, null means that it cannot be told yet.

    Breaking a soft one is a warning that a reason answers. `each` names a table: then the rule is
    about every row of it, and `fields` are columns.
    """

    id: str
    check: Expression
    message: str
    fields: tuple[str, ...]
    soft: bool = False
    each: str | None = None


class Note(Definition):
    """A sentence shown with the form; `needs`: reports not in force that its rule waits for."""

    text: str
    needs: tuple[str, ...] = ()


class Section(Definition):
    title: str
    fields: tuple[str, ...]


class Due(Definition):
    """Day `day` of the month `months_after` the period's last month."""

    day: int
    months_after: int = 1


class Schedule(Definition):
    """How often, up to which moment, and until when: 月报 cut off at the period's end, 次月3日."""

    every: Literal["month", "quarter", "half", "year", "event", "live"]
    cut_off: Literal["period_end", "event"] = "period_end"
    due: Due | None = None


class Step(Definition):
    """One step of the approval path and who takes it, as the form names them (居村负责人)."""

    step: Literal["fill", "check", "review"]
    by: str


class PrintColumn(Definition):
    """A column on paper, width in millimetres: a field of a ledger, or for a report one of code,
    label, unit, value, previous, caliber, formula."""

    field: str
    width: float
    label: str | None = None


class Print(Definition):
    """How the form looks on paper: heading, columns, the signature line of the form."""

    title: str
    orientation: Literal["portrait", "landscape"]
    unit_line: str
    columns: tuple[PrintColumn, ...]
    signatures: tuple[str, ...]
    note: str | None = None


class Kind(Definition):
    """One label of a derived ledger and the condition that gives it."""

    code: str
    when: Expression


class Membership(Definition):
    """Who stands in a ledger without being written there: rows of a register that meet `member`.

    `kinds` fill the field `sets` first; `member` may then read it. For conditions about the whole
    household, `hh_living` counts and `hh_youngest` ages those of its people who meet `living`.
    """

    of: str
    sets: str
    living: Expression
    kinds: tuple[Kind, ...]
    member: Expression


class Swing(Definition):
    """A figure that moved by more than `percent` since last period needs a reason.

    Changes below `least` do not count: two deaths instead of one are no news.
    """

    percent: float
    least: float


class FormDef(Definition):
    """One version of a register, ledger, report or form.

    `derived` are names that rules and measures may use beside the fields, such as `open` and
    `age`, each a rule over the fields and `cut_off`.
    """

    code: str
    title: str
    english: str
    kind: FormKind
    version: int
    in_force_from: dt.date
    subject: str
    asker: str
    freq: str
    minutes: float
    schedule: Schedule
    approval: tuple[Step, ...] = ()
    writes: str | None = None
    sections: tuple[Section, ...] = ()
    fields: tuple[Field, ...]
    indicators: tuple[Indicator, ...] = ()
    derived: Mapping[str, Expression] = {}
    membership: Membership | None = None
    swing: Swing | None = None
    order: Passing | None = None
    rules: tuple[Rule, ...] = ()
    notes: tuple[Note, ...] = ()
    print: Print

    @property
    def entries(self) -> bool:
        """Whether it is written entry by entry; a derived ledger's rows are its register's."""
        return self.membership is None and (self.kind == "ledger" or self.writes == self.code)

    def field(self, key: str) -> Field | None:
        return next((field for field in self.fields if field.key == key), None)

    def indicator(self, code: str) -> Indicator | None:
        return next((one for one in self.indicators if one.code == code), None)


_PLAIN = ("key", "label", "type", "required", "level", "source", "source_label")
_OPTIONAL = ("unit", "min", "max", "ref", "hint", "standard", "formula", "caliber")
_RULES = ("visible_when", "required_when", "computed")


def to_json(form: FormDef) -> dict[str, Any]:
    """The FormDef of the HTTP contract: what screens and the TypeScript engine need, no more."""
    body: dict[str, Any] = {
        name: getattr(form, name)
        for name in ("code", "title", "kind", "version", "subject", "asker", "freq")
    }
    if form.sections:
        body["sections"] = [
            {"title": section.title, "fields": list(section.fields)} for section in form.sections
        ]
    body["fields"] = [field_json(field) for field in form.fields]
    body["rules"] = [_rule_json(rule) for rule in form.rules]
    if form.order is not None:
        body["order"] = {"when": form.order.when.ast, "offer": form.order.offer.ast}
    if form.notes:
        body["notes"] = [{"text": note.text, "needs": list(note.needs)} for note in form.notes]
    return body


def _rule_json(rule: Rule) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": rule.id,
        "check": rule.check.ast,
        "message": rule.message,
        "fields": list(rule.fields),
        "soft": rule.soft,
    }
    return body if rule.each is None else body | {"each": rule.each}


def field_json(field: Field) -> dict[str, Any]:
    """The FieldDef of the HTTP contract."""
    body: dict[str, Any] = {name: getattr(field, name) for name in _PLAIN}
    for name in _OPTIONAL:
        value = getattr(field, name)
        if value is not None:
            body[name] = int(value) if name in ("min", "max") and value == int(value) else value
    if field.codes is not None:
        body["codes"] = [{"code": code.code, "label": code.label} for code in field.codes]
    if field.columns is not None:
        body["columns"] = [field_json(column) for column in field.columns]
    for name in _RULES:
        rule = getattr(field, name)
        if rule is not None:
            body[name] = rule.ast
    if field.suggested:
        body["suggested"] = True
    return body
