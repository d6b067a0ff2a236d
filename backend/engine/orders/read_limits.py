"""Reads the limits of orders; a mistake is told with its line and what was expected, and the
examples in the file are tried."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backend.engine.clocks.limits import Limit
from backend.engine.clocks.read_hours import read_limit
from backend.engine.form.yaml_nodes import Mistake, MistakenFileError, Page, Table
from backend.engine.orders.categories import SEVERITIES, Categories, Severity
from backend.engine.orders.limits import OTHER, STEPS, Limits, Step, StepLimit, Timing

_UNREADABLE = Limit(1, "工作日")  # stands in for what cannot be read, until all mistakes are told
_KEYS = ("steps", "extended", "severities", "sources", "appeals", "categories", "examples")


@dataclass
class _Reading:
    """What has been read so far; a later file replaces entries of an earlier one."""

    categories: Categories
    extended: Limit | None = None
    steps: dict[Step, StepLimit] = field(default_factory=dict)
    rules: dict[tuple[str, Severity | None], Timing] = field(default_factory=dict)
    severities: dict[Severity, Timing] = field(default_factory=dict)
    sources: dict[str, Limit] = field(default_factory=dict)
    appeals: dict[str, Limit] = field(default_factory=dict)


def read_limits(folders: Sequence[Path], categories: Categories) -> Limits:
    """The limits of all folders (`orders/limits.yaml`, where there is one), the last one's words
    first; raises MistakenFileError with every mistake."""
    mistakes: list[Mistake] = []
    reading = _Reading(categories)
    tops: list[Table] = []
    for folder in folders:
        path = folder / "orders" / "limits.yaml"
        if path.exists():
            page = Page(f"{folder.name}/orders/{path.name}", mistakes)
            if (top := page.compose(path.read_text(encoding="utf-8"))) is not None:
                _read(top, reading)
                tops.append(top)
    _complete(reading, mistakes)
    if mistakes:
        raise MistakenFileError(mistakes)
    limits = Limits(
        steps=reading.steps,
        extended=reading.extended or _UNREADABLE,
        rules=reading.rules,
        severities=reading.severities,
        sources=reading.sources,
        appeals=reading.appeals,
        categories=categories,
    )
    for example in tops[-1].tables("examples"):
        _try(example, limits)
    if mistakes:
        raise MistakenFileError(mistakes)
    return limits


def _complete(reading: _Reading, mistakes: list[Mistake]) -> None:
    """Whatever an order runs into must have a limit."""
    missing = [f"steps.{step}" for step in STEPS if step not in reading.steps]
    missing += ["extended"] if reading.extended is None else []
    missing += [f"appeals.{OTHER}"] if OTHER not in reading.appeals else []
    if missing and not mistakes:
        wrong = f"no limit for {', '.join(missing)}"
        mistakes.append(Mistake("orders/limits.yaml", 1, wrong, "one for each"))


def _read(top: Table, reading: _Reading) -> None:
    top.allow(*_KEYS)
    reading.steps |= _steps(top.table("steps", *STEPS))
    if "extended" in top:
        reading.extended = _limit(top, "extended")
    if (severities := top.table("severities", *SEVERITIES)) is not None:
        for severity in SEVERITIES:
            if (table := severities.table(severity, "limit", "guard")) is not None:
                reading.severities[severity] = _timing(table)
    reading.sources |= _coded(top.table("sources"), r"\d\d", "a code of case_source")
    reading.appeals |= _coded(top.table("appeals"), r"\d", "a code of appeal_type")
    seen: set[tuple[str, Severity | None]] = set()
    for table in top.tables("categories", "of", "severity", "limit", "guard"):
        _rule(table, reading, seen)


def _steps(table: Table | None) -> dict[Step, StepLimit]:
    found: dict[Step, StepLimit] = {}
    for step in STEPS:
        both = table.table(step, "limit", "urgent") if table is not None else None
        if both is not None:
            ordinary = _limit(both, "limit")
            urgent = _limit(both, "urgent") if "urgent" in both else ordinary
            found[step] = StepLimit(ordinary, urgent)
    return found


def _rule(table: Table, reading: _Reading, seen: set[tuple[str, Severity | None]]) -> None:
    given = table.choice("severity", SEVERITIES, "C") if "severity" in table else None
    severity = next((known for known in SEVERITIES if known == given), None)
    timing, codes = _timing(table), table.texts("of")
    known = {code for leaf in reading.categories for code in (leaf.code, leaf.group)}
    if not codes:
        table.wrong("of", "no category", "`of: E0102` or `of: [E0102, E04]`")
    for code in codes:
        if code not in known:
            table.wrong("of", f"unknown category {code}", "a code of orders/categories.yaml")
        if (code, severity) in seen:
            table.wrong("of", f"{code} has a limit already", "one for each severity")
        seen.add((code, severity))
        reading.rules[code, severity] = timing


def _coded(table: Table | None, code: str, expected: str) -> dict[str, Limit]:
    found: dict[str, Limit] = {}
    for name in table.names() if table is not None else ():
        assert table is not None
        if not re.fullmatch(code, name):
            table.wrong(name, f"{name} is no code", expected)
        found[name] = _limit(table, name)
    return found


def _timing(table: Table) -> Timing:
    guard = _limit(table, "guard") if "guard" in table else None
    return Timing(_limit(table, "limit"), guard)


def _limit(table: Table, name: str) -> Limit:
    try:
        return read_limit(table.text(name))
    except ValueError:
        table.wrong(name, f"{name} is no limit", "2紧急工作时, 4工作时 or 5工作日")
        return _UNREADABLE


def _try(example: Table, limits: Limits) -> None:
    example.allow("category", "severity", "appeal", "source", "is", "guard")
    given = example.choice("severity", SEVERITIES)
    severity = next(known for known in SEVERITIES if known == given)
    category = example.maybe("category")
    if category is not None and category not in limits.categories.by_code:
        example.wrong("category", f"unknown category {category}", "a code of the tree")
    found = limits.handling(category, severity, example.text("appeal"), example.maybe("source"))
    for name, limit in (("is", found.limit), ("guard", found.guard)):
        expected = example.maybe(name)
        if (str(limit) if limit else None) != expected:
            example.wrong(name, f"it is {limit or 'nothing'}", f"{expected or 'nothing'}")
