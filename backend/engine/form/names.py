"""What the names in the rules of a form are: its fields, and what may be read beside them."""

from collections.abc import Mapping
from types import MappingProxyType

from backend.engine.form.definition import Field, FormDef
from backend.engine.rules.types import ANY, DATE, NUMBER, Kind, Shape, shape_of

_KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "integer": "number",
        "decimal": "number",
        "money": "number",
        "year": "number",
        "date": "date",
        "datetime": "datetime",
        "bool": "bool",
        "codes": "list",
        "photos": "list",
        "files": "list",
        "refs": "list",
        "table": "list",
        "coord": "map",
        "range": "map",
        "ref": "any",
    }
)
AROUND: Mapping[str, Shape] = MappingProxyType({"today": DATE})
PERIOD: Mapping[str, Shape] = MappingProxyType(
    dict.fromkeys(("period_start", "period_end", "cut_off", "year_start"), DATE)
)
HOUSEHOLD: Mapping[str, Shape] = MappingProxyType(
    dict.fromkeys(("hh_living", "hh_youngest"), NUMBER)
)
REFERENCES: Mapping[str, Shape] = MappingProxyType(
    dict.fromkeys(("person", "house", "household"), ANY)
)


def field_shape(field: Field) -> Shape:
    """The kind of a field's answer, the codes it may take, the columns of its table."""
    codes = None if field.codes is None else frozenset(code.code for code in field.codes)
    members = None
    if field.columns is not None:
        members = {column.key: field_shape(column) for column in field.columns}
    return Shape(_KINDS.get(field.type, "text"), codes, members)


def answers(form: FormDef) -> dict[str, Shape]:
    """What a rule about answers may read."""
    found = {field.key: field_shape(field) for field in form.fields}
    if form.kind != "report":
        return {**AROUND, **found}
    previous = Shape("map", members={code: found[code] for code in found})
    return {**AROUND, **PERIOD, "prev": previous, **found}


def rows(form: FormDef, forms: Mapping[str, FormDef]) -> dict[str, Shape]:
    """What a condition over the stored rows of a form may read, its derived names included.

    The rows of a derived ledger are rows of its register, so they have that one's names too.
    """
    found = {**PERIOD, **REFERENCES}
    if form.membership is not None and form.membership.of in forms:
        found |= rows(forms[form.membership.of], forms)
    found |= {field.key: field_shape(field) for field in form.fields}
    known = found | dict.fromkeys(form.derived, ANY)
    return found | {name: shape_of(rule.ast, known) for name, rule in form.derived.items()}
