"""Answers against a form: what is visible, required and computed, and what is wrong with them.

`form.ts` does the same on the phone; the examples of every definition run through both.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from backend.engine.form.answers import Answer, Refused, Setting, is_blank, take, taker, trimmed
from backend.engine.form.definition import Field, FormDef, Rule
from backend.engine.form.messages import MESSAGES
from backend.engine.rules.evaluate import Compiled, compile_rule
from backend.engine.rules.language import variables
from backend.engine.rules.values import day

_WHOLE = frozenset({"integer", "money", "year"})
_SETTLES_WITHIN = 12  # rounds of hiding and computing; the loader refuses circular rules


@dataclass(frozen=True, slots=True)
class Issue:
    """`kind` error: the form cannot be sent; warning: a reason is needed. A row of a table is
    named `table.0.column`."""

    field: str
    code: str
    message: str
    kind: Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Checked:
    """`answers` are in stored form, without hidden fields, with computed values in place."""

    answers: dict[str, Answer]
    visible: frozenset[str]
    required: frozenset[str]
    computed: dict[str, Answer]
    issues: tuple[Issue, ...]


def check(
    form: FormDef,
    answers: Mapping[str, Answer],
    *,
    context: Mapping[str, Any] | None = None,
    held: Collection[str] = (),
) -> Checked:
    """Check once; keep a Checker where the same form is checked often."""
    return Checker(form).check(answers, context=context, held=held)


def unanswered(issues: Sequence[Issue], reasons: Mapping[str, str]) -> list[Issue]:
    """What still stands in the way of sending: errors, and warnings without a reason."""
    return [
        issue
        for issue in issues
        if issue.kind == "error" or not reasons.get(issue.field, "").strip()
    ]


class Checker:
    """A form with its rules compiled."""

    def __init__(self, form: FormDef) -> None:
        self.form = form
        self._fields = {field.key: field for field in form.fields}
        self._takers = {field.key: taker(field) for field in form.fields}
        self._visible = _compiled(form.fields, "visible_when")
        self._required = _compiled(form.fields, "required_when")
        self._computed = _compiled(in_order_of_need(form.fields), "computed")
        self._rules = [(rule, compile_rule(rule.check.ast)) for rule in form.rules]
        self._always = frozenset(self._fields) - self._visible.keys()
        by_hand = frozenset(f.key for f in form.fields if _is_answered_by_hand(f))
        self._demanded = frozenset(f.key for f in form.fields if f.required) & by_hand
        self._perhaps = {key: rule for key, rule in self._required.items() if key in by_hand}
        self._tables = [field for field in form.fields if field.columns is not None]

    def check(
        self,
        answers: Mapping[str, Answer],
        *,
        context: Mapping[str, Any] | None = None,
        held: Collection[str] = (),
    ) -> Checked:
        """`context` gives `today`, period and `prev`; `held` are keys whose value is as the system
        holds it (perhaps only there): they count as answered and are not checked again."""
        around = dict(context or {})
        document = answers.get("id_type")
        setting = Setting(day(around.get("today")), document if type(document) is str else None)
        given, issues = self._take_all(answers, setting, held)
        values, visible, computed = self._settle(given, around)
        scope = around | values
        required = self._required_now(visible, scope)
        issues = [issue for issue in issues if _top(issue.field) in visible]
        issues += self._missing(required.difference(held), values, computed, issues)
        issues += self._table_issues(values, visible, scope, setting, held)
        issues += self._rule_issues(scope, visible, issues)
        issues += [_unknown(key) for key in answers if key not in self._fields]
        kept = {key: values[key] for key in self._fields if key in values and key in visible}
        return Checked(kept, visible, required, computed, tuple(issues))

    def _take_all(
        self, answers: Mapping[str, Answer], setting: Setting, held: Collection[str]
    ) -> tuple[dict[str, Answer], list[Issue]]:
        values: dict[str, Answer] = {}
        issues: list[Issue] = []
        for key, take_one in self._takers.items():
            value = trimmed(answers.get(key))
            if is_blank(value):
                continue
            taken = value if key in held else take_one(value, setting)
            if isinstance(taken, Refused):
                issues.append(_issue(self._fields[key], taken.code, taken.details))
            else:
                values[key] = taken
        for table in self._tables:
            if table.key in values and table.key not in held:
                values[table.key] = _tidy_rows(table, values[table.key], setting)
        return values, issues

    def _settle(
        self, given: Mapping[str, Answer], around: Mapping[str, Any]
    ) -> tuple[dict[str, Answer], frozenset[str], dict[str, Answer]]:
        """Hide, forget what is hidden, compute; until nothing moves any more: what remains, what
        is visible, what was computed."""
        visible: frozenset[str] = frozenset(self._fields)
        for _ in range(_SETTLES_WITHIN):
            kept = {key: value for key, value in given.items() if key in visible}
            scope = {**around, **kept}
            computed = self._compute(visible, scope)
            shown = self._shown(scope)
            if shown == visible:
                break
            visible = shown
        return kept | computed, visible, computed

    def _shown(self, scope: Mapping[str, Any]) -> frozenset[str]:
        shown = (key for key, rule in self._visible.items() if rule(scope) is True)
        return self._always.union(shown)

    def _compute(self, visible: Collection[str], scope: dict[str, Any]) -> dict[str, Answer]:
        """Each rule after those it needs; null leaves the field to be answered by hand. The scope
        learns every value."""
        computed: dict[str, Answer] = {}
        for key, rule in self._computed.items():
            value = rule(scope) if key in visible else None
            if value is None:
                continue
            if self._fields[key].type in _WHOLE and type(value) is float and value.is_integer():
                value = int(value)
            computed[key] = scope[key] = value
        return computed

    def _required_now(self, visible: Collection[str], scope: Mapping[str, Any]) -> frozenset[str]:
        perhaps = {key for key, rule in self._perhaps.items() if rule(scope) is True}
        return (self._demanded | perhaps) & frozenset(visible)

    def _missing(
        self,
        required: frozenset[str],
        values: Mapping[str, Answer],
        computed: Mapping[str, Answer],
        found: Sequence[Issue],
    ) -> list[Issue]:
        """What must be answered and is not, unless it is wrong already."""
        # what is blank was not taken; only a rule can still give something blank
        blank = {key for key, value in computed.items() if is_blank(value)}
        missing = required - (values.keys() - blank) - {issue.field for issue in found}
        return [_issue(self._fields[key], "required") for key in self._fields if key in missing]

    def _table_issues(
        self,
        values: Mapping[str, Answer],
        visible: Collection[str],
        scope: Mapping[str, Any],
        setting: Setting,
        held: Collection[str],
    ) -> list[Issue]:
        issues: list[Issue] = []
        for field in self._tables:
            key = field.key
            if key not in values or key not in visible or key in held:
                continue
            for index, row in enumerate(values[key]):
                issues += _row_issues(field, index, row, scope, setting)
        return issues

    def _rule_issues(
        self,
        scope: Mapping[str, Any],
        visible: Collection[str],
        found: Sequence[Issue],
    ) -> list[Issue]:
        """Rules about fields that are shown and have nothing wrong with them already."""
        wrong = {issue.field for issue in found if issue.code != "required"}
        issues: list[Issue] = []
        for rule, compiled in self._rules:
            if rule.each is not None:
                issues += _broken_rows(rule, compiled, scope, wrong)
                continue
            shown = [key for key in rule.fields if key in visible]
            if shown and not wrong & set(rule.fields) and compiled(scope) is False:
                issues.append(_broken(rule, shown[0]))
        return issues


def in_order_of_need(fields: Sequence[Field]) -> list[Field]:
    """Computed fields, each after those its rule reads; a circle is cut (the loader refuses it)."""
    rules = {field.key: field for field in fields if field.computed}
    ordered: dict[str, Field] = {}

    def place(key: str, above: frozenset[str]) -> None:
        if key not in rules or key in ordered or key in above:
            return
        expression = rules[key].computed
        for name in sorted(variables(expression.ast)) if expression else ():
            place(name.split(".", 1)[0], above | {key})
        ordered[key] = rules[key]

    for key in rules:
        place(key, frozenset())
    return list(ordered.values())


def _compiled(fields: Sequence[Field], name: str) -> dict[str, Compiled]:
    rules = {field.key: getattr(field, name) for field in fields}
    return {key: compile_rule(rule.ast) for key, rule in rules.items() if rule is not None}


def _is_answered_by_hand(field: Field) -> bool:
    """System values and those the server derives are never demanded from a person."""
    return field.source != "system" and (field.source != "computed" or field.computed is not None)


def _tidy_rows(table: Field, rows: list[dict[str, Answer]], setting: Setting) -> Answer:
    """The rows of a table with every good cell in stored form; bad ones stay, to be pointed at."""
    return [
        {key: _tidy_cell(table, key, value, setting) for key, value in row.items()} for row in rows
    ]


def _tidy_cell(table: Field, key: str, value: Answer, setting: Setting) -> Answer:
    column = next((one for one in table.columns or () if one.key == key), None)
    value = trimmed(value)
    taken = None if column is None or is_blank(value) else take(column, value, setting)
    return value if taken is None or isinstance(taken, Refused) else taken


def _top(path: str) -> str:
    return path.split(".", 1)[0]


def _row_issues(
    table: Field, index: int, row: Mapping[str, Answer], scope: Mapping[str, Any], setting: Setting
) -> list[Issue]:
    issues: list[Issue] = []
    inside = {**scope, **row}
    for column in table.columns or ():
        place, label = f"{table.key}.{index}.{column.key}", _row_label(table, index, column)
        if column.visible_when and compile_rule(column.visible_when.ast)(inside) is not True:
            continue
        value = trimmed(row.get(column.key))
        if not is_blank(value):
            taken = take(column, value, setting)
            if isinstance(taken, Refused):
                issues.append(_sentence(place, taken.code, label, taken.details))
        elif column.required or (
            column.required_when and compile_rule(column.required_when.ast)(inside) is True
        ):
            issues.append(_sentence(place, "required", label, {}))
    known = {column.key for column in table.columns or ()}
    issues += [_unknown(f"{table.key}.{index}.{key}") for key in row if key not in known]
    return issues


def _row_label(table: Field, index: int, column: Field) -> str:
    return f"{table.label}第{index + 1}行{column.label}"


def _broken_rows(
    rule: Rule, compiled: Compiled, scope: Mapping[str, Any], wrong: Collection[str]
) -> list[Issue]:
    issues = []
    for index, row in enumerate(_rows(scope.get(rule.each or ""))):
        places = [f"{rule.each}.{index}.{column}" for column in rule.fields]
        if not set(places) & set(wrong) and compiled({**scope, **row}) is False:
            issues.append(_broken(rule, places[0]))
    return issues


def _rows(value: Answer) -> list[dict[str, Answer]]:
    """The rows of a table, even one that was not checked because the system holds it."""
    return [row for row in value if type(row) is dict] if type(value) is list else []


def _broken(rule: Rule, place: str) -> Issue:
    return Issue(place, f"rule.{rule.id}", rule.message, "warning" if rule.soft else "error")


def _issue(field: Field, code: str, details: Mapping[str, object] | None = None) -> Issue:
    return _sentence(field.key, code, field.label, details or {})


def _unknown(key: str) -> Issue:
    return _sentence(key, "unknown", key, {})


def _sentence(place: str, code: str, label: str, details: Mapping[str, object]) -> Issue:
    message = MESSAGES[code].format(label=label, **details)
    return Issue(place, code, message, "error")
