"""One form from YAML: head, fields, rules, print. What refers to other files is checked later."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast, get_args

from backend.engine.form.definition import (
    Due,
    Field,
    FormDef,
    Kind,
    Membership,
    Note,
    Print,
    PrintColumn,
    Rule,
    Schedule,
    Section,
    Step,
    Swing,
)
from backend.engine.form.elements import (
    Code,
    CodeList,
    Element,
    Expression,
    FieldType,
    FormKind,
    Source,
    SourceKind,
)
from backend.engine.form.measures import Indicator
from backend.engine.form.read_dictionary import TYPES, known_list, must_be_sealed, read_codes
from backend.engine.form.read_report import indicator_fields, read_indicators, swing_rules
from backend.engine.form.read_ties import read_passing, read_told
from backend.engine.form.yaml_nodes import UNREADABLE, Table

# fmt: off
HEAD = (
    "code", "kind", "title", "english", "version", "in_force_from", "subject", "asker", "freq",
    "minutes", "schedule", "approval", "writes", "derived", "membership", "swing", "order",
    "sections", "fields", "indicators", "rules", "notes", "print", "examples",
)
FIELD = (
    "key", "use", "label", "type", "unit", "min", "max", "codes", "standard", "level",
    "sensitivity", "from", "required", "hint", "ref", "columns", "visible_when", "required_when",
    "computed", "told", "formula", "caliber",
)
# fmt: on
REGISTERS: Mapping[str, str] = {
    "R1": "人口库",
    "R2": "户库",
    "R3": "小区库",
    "R4": "楼栋库",
    "R5": "房屋库",
    "R6": "企业库",
    "R7": "网格库",
    "R8": "居村库",
    "R9": "人员库",
}
STREAMS = ("物联", "一口派单", "气象")  # what comes in by itself; a department gives back
SUBJECTS = ("person", "household", "house", "building", "enterprise", "org", "event", "committee")


@dataclass
class Draft:
    """A form as read, with the table it came from, for the checks that need all other forms."""

    form: FormDef
    top: Table
    places: dict[str, Table] = field(default_factory=dict)


@dataclass(frozen=True)
class Dictionary:
    """What forms bind to."""

    elements: Mapping[str, Element]
    lists: Mapping[str, CodeList]


def read_form(top: Table, dictionary: Dictionary) -> Draft:
    top.allow(*HEAD)
    places: dict[str, Table] = {}
    indicators = tuple(read_indicators(top, places))
    fields = tuple(_fields(top, dictionary, places)) + tuple(indicator_fields(indicators))
    if not fields:
        top.wrong("fields", "the form asks nothing", "`fields:` or `indicators:`")
    swing = _swing(top)
    rules, notes = _rules(top, places)
    form = FormDef(
        code=top.text("code"),
        title=top.text("title"),
        english=top.text("english"),
        kind=cast(FormKind, top.choice("kind", get_args(FormKind))),
        version=top.whole("version"),
        in_force_from=_day(top, "in_force_from"),
        subject=top.choice("subject", SUBJECTS),
        asker=top.text("asker"),
        freq=top.text("freq"),
        minutes=top.number("minutes") or 0,
        schedule=_schedule(top),
        approval=_approval(top),
        writes=top.maybe("writes"),
        sections=_sections(top, [one.key for one in fields]),
        fields=fields,
        indicators=indicators,
        derived=_derived(top),
        membership=_membership(top),
        swing=swing,
        order=read_passing(top),
        rules=rules + tuple(swing_rules(indicators, swing)),
        notes=notes,
        print=_print(top, indicators),
    )
    return Draft(form, top, places)


def read_fields(top: Table, dictionary: Dictionary) -> tuple[Field, ...]:
    """Fields under `fields:` of a file that is no form, written as forms write them."""
    return tuple(_fields(top, dictionary, {}))


def _day(table: Table, name: str) -> dt.date:
    text = table.text(name)
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        if text:
            table.wrong(name, f"{name} is {text}", "a date such as 2026-11-01")
        return dt.date.min


def _fields(top: Table, dictionary: Dictionary, places: dict[str, Table]) -> list[Field]:
    fields: list[Field] = []
    for table in top.tables("fields", *FIELD):
        one = _field(table, dictionary)
        if one.key in places:
            table.wrong("use" if "use" in table else "key", f"duplicate key {one.key}", "each once")
            continue
        places[one.key] = table
        fields.append(one)
    return fields


def _field(table: Table, dictionary: Dictionary) -> Field:
    element = _element(table, dictionary.elements)
    kind = cast(FieldType, table.choice("type", TYPES, element.type if element else None))
    level = int(table.choice("level", ("1", "2", "3", "4"), str(element.level) if element else "1"))
    sources = _sources(table)
    listed, codes = _codes(table, kind, element, dictionary.lists)
    maximum = table.number("max")
    return Field(
        key=element.key if element else table.text("key"),
        label=table.maybe("label") or (element.label if element else table.text("label")),
        type=kind,
        element=element.key if element else None,
        unit=table.maybe("unit") or (element.unit if element else None),
        min=table.number("min") if "min" in table else (element.min if element else None),
        max=maximum if maximum is not None else (element.max if element else None),
        code_list=listed,
        codes=codes,
        standard=table.maybe("standard") or (element.standard if element else None),
        required=table.flag("required"),
        level=level,
        sensitivity=table.maybe("sensitivity") or (element.sensitivity if element else ""),
        sealed=must_be_sealed(kind, level),
        sources=sources,
        source_label=" → ".join(map(source_label, sources)),
        fresh_days=element.fresh_days if element else None,
        ref=table.maybe("ref") or (element.ref if element else None),
        hint=table.maybe("hint"),
        columns=_columns(table, kind, dictionary),
        visible_when=table.rule("visible_when"),
        required_when=table.rule("required_when"),
        computed=table.rule("computed"),
        told=read_told(table),
        formula=table.maybe("formula"),
        caliber=table.maybe("caliber"),
    )


def _element(table: Table, elements: Mapping[str, Element]) -> Element | None:
    if "use" not in table:
        return None
    key = table.text("use")
    if key not in elements:
        table.wrong("use", f"unknown element {key}", "an element of forms/elements")
    return elements.get(key)


def _codes(
    table: Table, kind: str, element: Element | None, lists: Mapping[str, CodeList]
) -> tuple[str | None, tuple[Code, ...] | None]:
    if table.is_list("codes"):
        return None, _own_codes(table)
    listed = known_list(table, lists) or (element.code_list if element else None)
    if listed is not None and listed in lists:
        return listed, lists[listed].codes
    if kind in ("code", "codes") and "standard" not in table and not (element and element.standard):
        table.wrong("codes", "a code field has no codes", "`codes: LIST` or `codes: [a, b]`")
    return None, None


def _own_codes(table: Table) -> tuple[Code, ...]:
    """Codes that are their own labels (`[日常, 慰问]`), or written out as in a code list."""
    if any(isinstance(entry, dict) for entry in table.plain("codes")):
        return read_codes(table)
    labels = table.texts("codes")
    if len(set(labels)) != len(labels):
        table.wrong("codes", "the same code stands twice", "each code once")
    return tuple(Code(code=label, label=label) for label in labels)


def _columns(table: Table, kind: str, dictionary: Dictionary) -> tuple[Field, ...] | None:
    if kind == "table" and "columns" not in table:
        table.wrong("columns", "a table has no columns", "`columns:` with fields")
    if "columns" not in table:
        return None
    columns = [_field(column, dictionary) for column in table.tables("columns", *FIELD)]
    return tuple(columns)


def _sources(table: Table) -> tuple[Source, ...]:
    sources = tuple(_source(table, text) for text in table.texts("from"))
    if not sources:
        table.wrong(
            "from", "from is missing", "`from: typed`, `R1`, `fed:公安`, `computed:birth` …"
        )
        return (Source(kind="typed"),)
    return sources


def _source(table: Table, text: str) -> Source:
    kind, _, of = text.partition(":")
    if text in REGISTERS:
        return Source(kind="prefilled", of=text)
    if text[:1] == "L" and text[1:].isdigit():
        return Source(kind="ledger", of=text)
    if (kind in ("computed", "fed") and of) or text in ("typed", "system"):
        return Source(kind=cast(SourceKind, kind), of=of)
    expected = "typed, system, R1, L08, `fed:公安` or `computed:birth`"
    table.wrong("from", f"from is {text}", expected)
    return Source(kind="typed")


def source_label(source: Source) -> str:
    """How a person is told where a value comes from."""
    if source.kind == "prefilled":
        return f"{REGISTERS[source.of]}预填"
    return {
        "typed": "人工填写",
        "system": "系统自动",
        "computed": "系统计算",
        "fed": f"{source.of}{'接入' if source.of in STREAMS else '返还'}",
        "ledger": f"取自{source.of}",
    }[source.kind]


def _rules(top: Table, places: dict[str, Table]) -> tuple[tuple[Rule, ...], tuple[Note, ...]]:
    rules: list[Rule] = []
    notes = [Note(text=text) for text in top.texts("notes")]
    for table in top.tables("rules", "id", "check", "message", "fields", "soft", "each", "needs"):
        rule = Rule(
            id=table.text("id"),
            check=table.rule("check") or _missing(table, "check"),
            message=table.text("message"),
            fields=table.texts("fields"),
            soft=table.flag("soft"),
            each=table.maybe("each"),
        )
        if not rule.fields:
            table.wrong("fields", "a rule names no fields", "`fields: [key]`")
        if f"rule {rule.id}" in places:
            table.wrong("id", f"duplicate rule {rule.id}", "each id once")
        places[f"rule {rule.id}"] = table
        needs = table.texts("needs")
        if needs:
            notes.append(Note(text=rule.message, needs=needs))
        else:
            rules.append(rule)
    return tuple(rules), tuple(notes)


def _missing(table: Table, name: str) -> Expression:
    table.text(name)
    return UNREADABLE


def _derived(top: Table) -> dict[str, Expression]:
    table = top.table("derived")
    return {name: table.rule(name) or UNREADABLE for name in table.names()} if table else {}


def _membership(top: Table) -> Membership | None:
    table = top.table("membership", "of", "sets", "living", "kinds", "member")
    if table is None:
        return None
    return Membership(
        of=table.text("of"),
        sets=table.text("sets"),
        living=table.rule("living") or _missing(table, "living"),
        kinds=tuple(
            Kind(code=kind.text("code"), when=kind.rule("when") or _missing(kind, "when"))
            for kind in table.tables("kinds", "code", "when")
        ),
        member=table.rule("member") or _missing(table, "member"),
    )


def _schedule(top: Table) -> Schedule:
    table = top.table("schedule", "every", "cut_off", "due")
    if table is None:
        top.text("schedule")
        return Schedule(every="event", cut_off="event")
    due = table.table("due", "day", "months_after")
    every = table.choice("every", ("month", "quarter", "half", "year", "event", "live"))
    return Schedule.model_validate(
        {
            "every": every,
            "cut_off": table.choice("cut_off", ("period_end", "event"), "period_end"),
            "due": Due(day=due.whole("day"), months_after=due.whole("months_after", 1))
            if due
            else None,
        }
    )


def _approval(top: Table) -> tuple[Step, ...]:
    steps = []
    for table in top.tables("approval", "fill", "check", "review"):
        steps += [
            Step.model_validate({"step": name, "by": table.text(name)}) for name in table.names()
        ]
    return tuple(steps)


def _swing(top: Table) -> Swing | None:
    table = top.table("swing", "percent", "least")
    if table is None:
        return None
    return Swing(percent=table.number("percent") or 0, least=table.number("least") or 0)


def _sections(top: Table, keys: list[str]) -> tuple[Section, ...]:
    sections: list[Section] = []
    placed: set[str] = set()
    for table in top.tables("sections", "title", "fields"):
        section = Section(title=table.text("title"), fields=table.texts("fields"))
        for key in section.fields:
            if key not in keys or key in placed:
                table.wrong("fields", f"{key} is unknown or stands twice", "fields of this form")
            placed.add(key)
        sections.append(section)
    if sections and placed != set(keys):
        missing = ", ".join(key for key in keys if key not in placed)
        top.wrong("sections", f"no section holds {missing}", "every field in one section")
    return tuple(sections)


def _print(top: Table, indicators: tuple[Indicator, ...]) -> Print:
    allowed = ("title", "orientation", "unit_line", "columns", "signatures", "note")
    table = top.table("print", *allowed)
    if table is None:
        top.text("print")
        return Print(title="", orientation="portrait", unit_line="", columns=(), signatures=())
    columns = tuple(
        PrintColumn(
            field=column.text("field"),
            width=column.number("width") or 0,
            label=column.maybe("label"),
        )
        for column in table.tables("columns", "field", "width", "label")
    )
    return Print.model_validate(
        {
            "title": table.text("title"),
            "orientation": table.choice("orientation", ("portrait", "landscape")),
            "unit_line": table.text("unit_line"),
            "columns": columns,
            "signatures": table.texts("signatures"),
            "note": table.maybe("note"),
        }
    )
