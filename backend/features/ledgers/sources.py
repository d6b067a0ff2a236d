"""Where the rows behind a definition lie: registers, written ledgers, and derived ones.

A derived ledger such as L02 has no rows of its own: it is the rows of a register that meet the
conditions of its definition, with the labels that its rules give.
"""

from collections.abc import Mapping

from backend.engine.form.definition import Field, FormDef, Membership
from backend.engine.indicators.sql import Entity, RowSource
from backend.engine.rules.language import Ast, substitute
from backend.engine.rules.sql import Parameters, Sql, SqlType, condition, to_sql
from backend.features.catalogue.catalogue import Catalogue
from backend.features.registers import elements
from backend.features.registers.elements import Register

_TYPES: dict[str, SqlType] = {
    "integer": "number",
    "decimal": "number",
    "money": "number",
    "year": "number",
    "bool": "bool",
    "codes": "list",
    "photos": "list",
    "files": "list",
    "table": "list",
    "refs": "list",
}
_CUT_OFF = Sql(":cut_off::text::date", "date")


def sources(catalogue: Catalogue) -> dict[str, RowSource]:
    """Every register and ledger in force that can be counted."""
    found: dict[str, RowSource] = {}
    for code, register in elements.BY_FORM.items():
        if code in catalogue.forms:
            found[code] = _register(register, catalogue.forms[code])
    for form in catalogue.forms.values():
        if form.entries:
            found[form.code] = _ledger(form, catalogue.paths)
    for form in catalogue.of_kind("ledger"):
        if form.membership is not None:
            found[form.code] = _members(form, form.membership, found[form.membership.of])
    return found


def _register(register: Register, form: FormDef) -> RowSource:
    columns = {
        f.key: _column(f, register.sql(f.key, "r"), typed=f.key in register.columns)
        for f in form.fields
        if not f.sealed
    }
    return RowSource(
        code=form.code,
        origin=f"{register.table} r",
        id="r.id",
        area="r.area",
        columns=columns | {"cut_off": _CUT_OFF},
        entities=_ENTITIES[register.table],
        derived=_derived(form),
    )


_ENTITIES: dict[str, Mapping[Entity, str]] = {
    "person": {"person": "r.id", "household": "r.household_id", "house": "r.house_id"},
    "household": {"household": "r.id", "house": "r.house_id"},
    "house": {"house": "r.id"},
    "building": {},
}


def _ledger(form: FormDef, paths: Mapping[str, str]) -> RowSource:
    """The entries that count. A ledger that is written when something ends (L16, L17) counts what
    still goes on as well: a month's orders are not fewer because some are in hand."""
    columns = {f.key: _column(f, f"(r.data->>'{f.key}')") for f in form.fields if not f.sealed}
    columns |= {"house_ref": Sql("r.house_id::text", "text"), "cut_off": _CUT_OFF}
    rows = _ENTRIES if form.writes else _ENTRIES + _RUNNING
    return RowSource(
        code=form.code,
        origin=f"({rows.format(form.code)}) r",
        id="r.id",
        area="r.area",
        columns=columns,
        at="r.at",
        entities={"person": "r.person_id", "household": "r.household_id", "house": "r.house_id"},
        derived=_derived(form),
        values={} if form.writes else {"paths": dict(paths)},
    )


_ENTRIES = """
select id, area, at, day, person_id, household_id, house_id, data from ledger_entry
where ledger = '{0}' and live"""
_RUNNING = """ union all
select id, area, at, cast(at at time zone 'Asia/Shanghai' as date), null, null, house_id, data ||
  jsonb_build_object('category', coalesce(cast(:paths as jsonb) ->> (data->>'category'), '其他'))
from ledger_running where ledger = '{0}'"""


def _members(form: FormDef, rule: Membership, base: RowSource) -> RowSource:
    """The register's rows that belong, with the household's figures and the derived labels."""
    given = Parameters(prefix=f"{form.code.lower()}_")
    own = {f.key: _column(f, f"(r.data->>'{f.key}')") for f in form.fields if not f.sealed}
    inside = {**own, **base.columns, **{key: Sql(f"h.{key}", "number") for key in _HOUSEHOLD}}
    kinds = _kinds(rule, base, inside, given)
    member = _met(rule.member.ast, base, inside | {rule.sets: Sql("k.kinds", "codes")}, given)
    origin = (
        f"(select r.*, h.hh_living, h.hh_youngest, k.kinds from {base.origin} "
        f"left join ({_household(rule, base, given)}) h on h.household_id = r.household_id "
        f"cross join lateral (select {kinds} as kinds) k where r.area like :scope and {member}) r"
    )
    outside = {key: Sql(f"r.{key}", "number") for key in _HOUSEHOLD}
    labelled = {rule.sets: Sql("r.kinds", "codes")}
    return RowSource(
        code=form.code,
        origin=origin,
        id="r.id",
        area="r.area",
        columns={**own, **base.columns, **outside, **labelled},
        entities=base.entities,
        derived={**base.derived, **_derived(form)},
        values=given.values,
    )


_HOUSEHOLD = ("hh_living", "hh_youngest")


def _household(rule: Membership, base: RowSource, given: Parameters) -> str:
    """How many live in each household, and how old the youngest of them is."""
    age = to_sql(_whole(base.derived["age"], base.derived), base.columns, given).text
    living = _met(rule.living.ast, base, base.columns, given)
    return (
        f"select household_id, count(*)::float8 as hh_living, min({age}) as hh_youngest "
        f"from {base.origin} where r.area like :scope and {living} group by household_id"
    )


def _kinds(rule: Membership, base: RowSource, columns: Mapping[str, Sql], given: Parameters) -> str:
    """The labels given by hand, then those that the rules give."""
    labels = ", ".join(
        f"case when {_met(kind.when.ast, base, columns, given)} then '{kind.code}' end"
        for kind in rule.kinds
    )
    told = ", ".join(f"'{kind.code}'" for kind in rule.kinds)
    by_hand = (
        f"select v from jsonb_array_elements_text(coalesce(r.data->'{rule.sets}', '[]')) v "
        f"where v <> all(array[{told}])"
    )
    return f"array(({by_hand})) || array_remove(array[{labels}], null)"


def _met(ast: Ast, base: RowSource, columns: Mapping[str, Sql], given: Parameters) -> str:
    return condition(_whole(ast, base.derived), columns, given)


def _derived(form: FormDef) -> dict[str, Ast]:
    return {name: rule.ast for name, rule in form.derived.items()}


def _whole(ast: Ast, derived: Mapping[str, Ast]) -> Ast:
    return substitute(substitute(ast, derived), derived)


def _column(field: Field, text: str, *, typed: bool = False) -> Sql:
    """A field as an SQL value: typed columns keep their type, the rest is read out of JSON."""
    kind = _TYPES.get(field.type, "text")
    if typed:
        if field.type == "date":
            return Sql(text, "date")
        return Sql(f"{text}::text" if kind == "text" else text, kind)
    if kind == "number":
        return Sql(f"{text}::float8", "number")
    if kind == "bool":
        return Sql(f"{text}::boolean", "bool")
    if kind == "list":
        return Sql(text.replace("->>", "->"), "list")
    return Sql(text, "text")
