"""Whether definitions agree with each other: what a rule, measure or column names must exist."""

from collections.abc import Iterator, Mapping

from backend.engine.form import names
from backend.engine.form.definition import FormDef
from backend.engine.form.elements import Expression
from backend.engine.form.measures import (
    Average,
    Distinct,
    Formula,
    Indicator,
    Latest,
    Measure,
    Previous,
    Ratio,
    Read,
    Rows,
    Several,
    Sum,
    Taken,
    Top,
    Worked,
)
from backend.engine.form.read_form import Draft
from backend.engine.form.yaml_nodes import Table
from backend.engine.rules.language import variables
from backend.engine.rules.types import NUMBER, Kind, Shape, examine

REPORT_COLUMNS = ("code", "label", "unit", "value", "previous", "caliber", "formula")


def agree(drafts: Mapping[str, Draft]) -> None:
    """Note on its page everything in a form that refers to what does not exist."""
    forms = {code: draft.form for code, draft in drafts.items()}
    for draft in drafts.values():
        _fields(draft)
        _rules(draft, forms)
        _derived(draft)
        _computed(draft)
        _membership(draft, forms)
        _ties(draft, forms)
        _print(draft)
        for indicator in draft.form.indicators:
            _Measures(draft, indicator, forms).check()


def _examine(
    table: Table,
    where: str,
    rule: Expression | None,
    known: Mapping[str, Shape],
    wanted: Kind | None = "bool",
) -> None:
    if rule is None:
        return
    for doubt in examine(rule.ast, known, wanted):
        table.wrong(where, f"{where}: {doubt.wrong}", doubt.expected)


def _fields(draft: Draft) -> None:
    known = names.answers(draft.form)
    for field in draft.form.fields:
        table = draft.places.get(field.key)
        if table is None or draft.form.indicator(field.key):
            continue
        _examine(table, "visible_when", field.visible_when, known)
        _examine(table, "required_when", field.required_when, known)
        _examine(table, "computed", field.computed, known, None)
        inside = {**known, **{c.key: names.field_shape(c) for c in field.columns or ()}}
        for column, place in zip(field.columns or (), table.tables("columns"), strict=False):
            _examine(place, "visible_when", column.visible_when, inside)
            _examine(place, "required_when", column.required_when, inside)


def _rules(draft: Draft, forms: Mapping[str, FormDef]) -> None:
    known = names.answers(draft.form)
    for table in draft.top.tables("rules"):
        needs = table.texts("needs")
        for report in needs:
            if report in forms:
                table.wrong("needs", f"{report} is in force already", "no `needs`")
        scope, fields = dict(known), set(known)
        each = table.maybe("each")
        if each is not None:
            columns = _columns(draft.form, each)
            if not columns:
                table.wrong("each", f"{each} is no table", "the key of a table")
            scope, fields = scope | columns, set(columns)
        scope |= {report: Shape("map") for report in needs}
        scope |= _other_reports(draft.form, forms)
        _examine(table, "check", table.rule("check"), scope)
        for key in table.texts("fields"):
            if key not in fields:
                table.wrong("fields", f"unknown field {key}", "fields of this form")


def _other_reports(form: FormDef, forms: Mapping[str, FormDef]) -> dict[str, Shape]:
    """The rules of a report may compare with the figures of others: T03.C09."""
    if form.kind != "report":
        return {}
    others = [one for one in forms.values() if one.kind == "report" and one.code != form.code]
    return {
        one.code: Shape("map", members={f.key: names.field_shape(f) for f in one.fields})
        for one in others
    }


def _columns(form: FormDef, key: str) -> dict[str, Shape]:
    field = form.field(key)
    return {column.key: names.field_shape(column) for column in (field and field.columns) or ()}


def _derived(draft: Draft) -> None:
    known = names.rows(draft.form, {})
    table = draft.top.table("derived")
    for name, rule in draft.form.derived.items():
        if table is not None:
            others = {key: shape for key, shape in known.items() if key != name}
            _examine(table, name, rule, others, None)


def _computed(draft: Draft) -> None:
    """Computed fields that need each other would never come to rest."""
    needs = {
        field.key: variables(field.computed.ast) for field in draft.form.fields if field.computed
    }
    for key, direct in needs.items():
        seen: set[str] = set()
        waiting = set(direct) - {key}  # reading itself is how a rule only proposes
        while waiting:
            name = waiting.pop()
            if name in needs and name not in seen:
                seen.add(name)
                waiting |= needs[name]
        if key in seen:
            draft.places[key].wrong("computed", f"{key} depends on itself", "no circle of rules")


def _membership(draft: Draft, forms: Mapping[str, FormDef]) -> None:
    member, top = draft.form.membership, draft.top.table("membership")
    if member is None or top is None:
        return
    if member.of not in forms:
        top.wrong("of", f"unknown register {member.of}", "a register in force")
        return
    field = draft.form.field(member.sets)
    shape = names.field_shape(field) if field else Shape("any")
    if not shape.codes:
        top.wrong("sets", f"{member.sets} is no code field", "a code field of this form")
    people = names.rows(forms[member.of], forms)
    whole = {**people, **names.HOUSEHOLD}
    _examine(top, "living", member.living, people)
    for kind, table in zip(member.kinds, top.tables("kinds"), strict=False):
        _examine(table, "when", kind.when, whole)
        if shape.codes and kind.code not in shape.codes:
            table.wrong("code", f"unknown code {kind.code}", f"a code of {member.sets}")
    _examine(top, "member", member.member, {**whole, member.sets: shape})


def _ties(draft: Draft, forms: Mapping[str, FormDef]) -> None:
    """What other entries tell, and the order an entry becomes, name fields that exist."""
    own = {field.key for field in draft.form.fields if not field.sealed}
    for field in draft.form.fields:
        if field.told is None:
            continue
        place, other = draft.places[field.key], forms.get(field.told.of)
        if other is None or not other.entries:
            place.wrong("told", f"{field.told.of} has no entries", "a ledger that is written")
            continue
        theirs = {one.key for one in other.fields if not one.sealed}
        adds = {key for key in (field.told.plus, field.told.minus) if key}
        for key in (set(field.told.same) - (own & theirs)) | (adds - theirs):
            place.wrong("told", f"told: unknown field {key}", "a field of both, in clear")
    passing, top = draft.form.order, draft.top.table("order")
    if passing is None or top is None:
        return
    known = names.answers(draft.form)
    _examine(top, "when", passing.when, known)
    _examine(top, "offer", passing.offer, known)
    for key in {*passing.title, *passing.content, *passing.place} - known.keys():
        top.wrong("content", f"unknown field {key}", "fields of this form")


def _print(draft: Draft) -> None:
    """A ledger prints its fields side by side; a report prints one line per indicator."""
    report = draft.form.kind == "report"
    known = REPORT_COLUMNS if report else {field.key for field in draft.form.fields}
    table = draft.top.table("print")
    for column in table.tables("columns") if table else ():
        key = column.maybe("field")
        if key and key not in known:
            expected = "one of " + ", ".join(REPORT_COLUMNS) if report else "a field of this form"
            column.wrong("field", f"unknown field {key}", expected)


class _Measures:
    """The measures of one indicator against the registers, ledgers and reports they read."""

    def __init__(self, draft: Draft, indicator: Indicator, forms: Mapping[str, FormDef]) -> None:
        self._indicator, self._forms = indicator, forms
        self._table = draft.places.get(indicator.code, draft.top)
        self._codes = names.answers(draft.form)

    def check(self) -> None:
        self._measure(self._indicator.measure)
        if self._indicator.otherwise is not None:
            self._measure(self._indicator.otherwise)

    def _measure(self, measure: Measure) -> None:
        if isinstance(measure, Rows):
            self._rows(measure)
        if isinstance(measure, Distinct | Sum | Average | Latest | Top | Read):
            self._key(measure, measure.key)
        elif isinstance(measure, Worked):
            self._moments(measure)
        elif isinstance(measure, Previous | Taken):
            self._figure(measure)
        for part in _parts(measure):
            self._measure(part)
        if isinstance(measure, Formula):
            known = {**self._codes, **dict.fromkeys(measure.parts, NUMBER)}
            _examine(self._table, "expr", measure.expr, known, "number")

    def _figure(self, measure: Previous | Taken) -> None:
        if isinstance(measure, Previous):
            if measure.code not in self._codes:
                self._wrong(f"unknown indicator {measure.code}", "an indicator of this report")
            return
        report = self._forms.get(measure.report)
        if report is None or report.indicator(measure.code) is None:
            wrong = f"unknown indicator {measure.report}.{measure.code}"
            self._wrong(wrong, "an indicator of a report in force")

    def _rows(self, rows: Rows) -> None:
        self._where("where", rows.of, rows.where)
        if rows.join is not None:
            self._where("join", rows.join.of, rows.join.where)

    def _where(self, place: str, code: str, rule: Expression | None) -> None:
        form = self._form(code)
        if form is None or rule is None:
            return
        _examine(self._table, place, rule, names.rows(form, self._forms))
        for name in sorted(variables(rule.ast)):
            field = form.field(name)
            if field is not None and field.sealed:
                wrong = f"{place}: {name} is sealed, no condition can read it"
                self._table.wrong(place, wrong, "a field that may be counted")

    def _key(self, measure: Rows | Read, key: str) -> None:
        form = self._form(measure.of)
        shape = None if form is None else names.rows(form, self._forms).get(key)
        field = None if form is None else form.field(key)
        if form is not None and shape is None:
            self._wrong(f"{measure.of} has no field {key}", f"a field of {measure.of}")
        elif field is not None and field.sealed:
            self._wrong(f"{measure.of}.{key} is sealed", "a field that may be counted")
        elif shape and isinstance(measure, Sum | Average) and shape.kind not in ("number", "any"):
            self._wrong(f"{measure.of}.{key} is a {shape.kind}", "a number field")
        elif shape and isinstance(measure, Worked) and shape.kind != "datetime":
            self._wrong(f"{measure.of}.{key} is a {shape.kind}", "a moment")
        elif form and isinstance(measure, Worked | Latest) and not form.entries:
            self._wrong(f"{measure.of} has no entries", "a ledger that is written")

    def _moments(self, measure: Worked) -> None:
        for key in (measure.start, measure.end):
            self._key(measure, key)

    def _form(self, code: str) -> FormDef | None:
        form = self._forms.get(code)
        if form is None or form.kind == "report":
            self._wrong(f"unknown register or ledger {code}", "one that is in force")
            return None
        return form

    def _wrong(self, wrong: str, expected: str) -> None:
        self._table.page.wrong(self._table.line, wrong, expected)


def _parts(measure: Measure) -> Iterator[Measure]:
    if isinstance(measure, Formula):
        yield from measure.parts.values()
    elif isinstance(measure, Several):
        yield from measure.over
    elif isinstance(measure, Ratio):
        yield from (measure.of, measure.per)
