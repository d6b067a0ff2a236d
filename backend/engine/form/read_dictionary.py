"""Code lists and elements from YAML: the first things read, since every form binds to them."""

import re
from collections.abc import Iterator, Mapping
from typing import cast, get_args

from backend.engine.form.elements import (
    SEALABLE,
    SEALED_FROM_LEVEL,
    Code,
    CodeList,
    Element,
    FieldType,
)
from backend.engine.form.yaml_nodes import Table

TYPES: tuple[str, ...] = get_args(FieldType)
# fmt: off
ELEMENT = (
    "key", "label", "synonyms", "type", "unit", "min", "max", "codes", "standard", "level",
    "sensitivity", "sealed", "owner", "fresh", "ref",
)
# fmt: on
LEVELS = ("1", "2", "3", "4")
_FRESH = re.compile(r"([1-9][0-9]*) (days|months|years)")
_DAYS = {"days": 1.0, "months": 30.4375, "years": 365.25}


def read_code_lists(top: Table) -> Iterator[CodeList]:
    top.allow("lists")
    for table in top.tables("lists", "key", "title", "standard", "status", "codes"):
        yield CodeList(
            key=table.text("key"),
            title=table.text("title"),
            standard=table.text("standard"),
            status=table.choice("status", ("cross-checked", "from-memory", "project")),
            codes=read_codes(table),
        )


def read_codes(table: Table) -> tuple[Code, ...]:
    """The entries under `codes`; the same code or name twice would make reading ambiguous."""
    codes: list[Code] = []
    names: dict[str, str] = {}
    for entry in table.tables("codes", "code", "label", "synonyms"):
        code = Code(
            code=entry.text("code"), label=entry.text("label"), synonyms=entry.texts("synonyms")
        )
        for name in (code.code, code.label, *code.synonyms):
            if names.setdefault(name, code.code) != code.code:
                entry.wrong("code", f"{name} names {names[name]} already", "one code per name")
        if any(other.code == code.code for other in codes):
            entry.wrong("code", f"duplicate code {code.code}", "each code once")
        codes.append(code)
    if not codes:
        table.wrong("codes", "the code list is empty", "`- {code: …, label: …}` lines")
    return tuple(codes)


def read_elements(top: Table, lists: Mapping[str, CodeList]) -> Iterator[tuple[Table, Element]]:
    top.allow("elements")
    for table in top.tables("elements", *ELEMENT):
        yield table, _element(table, lists)


def _element(table: Table, lists: Mapping[str, CodeList]) -> Element:
    kind = cast(FieldType, table.choice("type", TYPES))
    level = int(table.choice("level", LEVELS))
    sealed = table.flag("sealed")
    if sealed != must_be_sealed(kind, level):
        expected = "false" if sealed else "true"
        table.wrong("sealed", f"sealed is {str(sealed).lower()} on level {level} {kind}", expected)
    return Element(
        key=table.text("key"),
        label=table.text("label"),
        synonyms=table.texts("synonyms"),
        type=kind,
        unit=table.maybe("unit"),
        min=table.number("min"),
        max=table.whole("max") if "max" in table else None,
        code_list=known_list(table, lists),
        standard=table.maybe("standard"),
        level=level,
        sensitivity=table.maybe("sensitivity") or "",
        sealed=sealed,
        owner=table.text("owner"),
        fresh_days=_fresh_days(table),
        ref=table.maybe("ref"),
    )


def must_be_sealed(kind: str, level: int) -> bool:
    """Level 3 and above, unless it is a code, a date or a figure that has to be counted."""
    return level >= SEALED_FROM_LEVEL and kind in SEALABLE


def known_list(table: Table, lists: Mapping[str, CodeList]) -> str | None:
    """The code list a table names under `codes`, when it names one."""
    key = None if table.is_list("codes") else table.maybe("codes")
    if key is not None and key not in lists:
        table.wrong("codes", f"unknown code list {key}", "one of " + ", ".join(sorted(lists)))
        return None
    return key


def _fresh_days(table: Table) -> int | None:
    text = table.text("fresh")
    match = _FRESH.fullmatch(text)
    if match:
        return round(int(match[1]) * _DAYS[match[2]])
    if text not in ("", "always"):
        table.wrong("fresh", f"fresh is {text}", "`6 months`, `30 days` or `always`")
    return None
