"""What may be held of a person: the fields of R1, and those that a derived ledger adds to them.

L02 has no rows of its own, so 自理能力 or 探访频次 of an elder has nowhere else to stand. A field
that another ledger should give may be typed while that ledger is not in force: nobody holds it.
"""

from backend.engine.form.definition import Field, FormDef
from backend.features.catalogue.catalogue import Catalogue
from backend.features.registers.elements import PERSON, Layout, layout, may_be_typed

_FORMS: dict[int, tuple[FormDef, FormDef]] = {}


def person_form(catalogue: Catalogue) -> FormDef:
    """R1 with what is added to it; the added fields stand behind its own."""
    register = catalogue.form(PERSON.form)
    kept = _FORMS.get(id(register))
    if kept is None or kept[0] is not register:
        fields = (*register.fields, *_added(catalogue, register))
        kept = (register, register.model_copy(update={"fields": fields}))
        _FORMS[id(register)] = kept
    return kept[1]


def person_layout(catalogue: Catalogue) -> Layout:
    return layout(PERSON, person_form(catalogue))


def added(catalogue: Catalogue) -> frozenset[str]:
    """The keys of the added fields; they concern elders, not everybody."""
    own = {field.key for field in catalogue.form(PERSON.form).fields}
    return frozenset(field.key for field in person_form(catalogue).fields) - own


def _added(catalogue: Catalogue, register: FormDef) -> list[Field]:
    own = {field.key for field in register.fields}
    found: dict[str, Field] = {}
    for form in catalogue.of_kind("ledger"):
        if form.membership is not None and form.membership.of == register.code:
            for field in form.fields:
                if field.key not in own and (typed := _typed(catalogue, field)) is not None:
                    found[field.key] = typed
    return list(found.values())


def _typed(catalogue: Catalogue, field: Field) -> Field | None:
    """The field as people at work may type it, or None when somebody else holds it."""
    if may_be_typed(field):
        return field
    absent = all(s.kind == "ledger" and s.of not in catalogue.forms for s in field.sources)
    if not absent:
        return None
    by_hand = field.sources[0].model_copy(update={"kind": "typed", "of": ""})
    kind = "text" if field.type == "ref" else field.type
    return field.model_copy(update={"sources": (by_hand,), "type": kind, "visible_when": None})
