"""From what a person taps on the phone to a whole entry: prefilled, completed, checked.

The client never sends what the registers hold (it only sees it masked); the entry takes a
snapshot of the real values here. A value that differs from the register's is a change request.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor
from backend.core.levels import seen
from backend.core.problems import FieldIssue
from backend.engine.form.answers import Refused, Setting, is_blank, take
from backend.engine.form.cells import text_of
from backend.engine.form.check import check, unanswered
from backend.engine.form.definition import Field, FormDef, to_json
from backend.engine.form.elements import Source
from backend.engine.prefill.resolve import Candidate, Known, resolve
from backend.engine.rules.language import variables
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers.shapes import (
    Blank,
    Held,
    Named,
    NewEntry,
    Place,
    Subjected,
    Subjects,
)
from backend.features.ledgers.store.posting import Draft, numbered
from backend.features.registers.elements import OWN, may_be_typed
from backend.features.registers.store.facts import Subject

PICTURES = ("photos", "files")
COMMITTEE = "committee"


def recordable(form: FormDef) -> bool:
    """Ledgers that a person writes. Orders and the duty write others, the registers the rest."""
    return form.membership is None and form.writes == form.code


def about(form: FormDef) -> Subjected:
    """What is chosen before an entry of a form is begun."""
    if form.subject in ("person", "household", "house"):
        return "home"
    if form.subject == "enterprise":
        return "shop"
    registers = {source.of for field in form.fields for source in field.sources}
    return "perhaps" if registers & {"R1", "R2", "R5"} else "nothing"


def ledger_form(catalogue: Catalogue, code: str) -> FormDef:
    form = catalogue.form(code)
    if not recordable(form):
        raise problems.not_found(kind="可登记的台账")
    return form


def too_few(form: FormDef, key: str, left: float) -> FieldIssue:
    """More went out than there is."""
    rule = next(field.told for field in form.fields if field.key == key)
    field = form.field(rule.minus or key) if rule else None
    named, missing = (field.key, field.label) if field else (key, key)
    return FieldIssue(named, "stock.short", f"“{missing}”比库存多了{-left:g}，请核对。")


def blank(
    actor: Actor,
    catalogue: Catalogue,
    form: FormDef,
    about: Subject,
    place: str,
    colleagues: Sequence[Named],
) -> Blank:
    """The form with what is known of its subject, masked, and what is left to ask. `place` is
    what the committee is called."""
    resolved = resolve(form.fields, _candidates(form, about), clock.today())
    known = {
        key: _held(actor, catalogue, about, form, key, found)
        for key, found in resolved.known.items()
    }
    if form.field(COMMITTEE) is not None:
        known[COMMITTEE] = Held(value=place, source="system", source_label="系统自动")
    # what is held but old is shown with its age, not asked for again: a visit stays short
    asked = tuple(key for key in resolved.asked if key not in known and _can_be_typed(form, key))
    name, address = about.value("name"), about.address
    return Blank(
        definition=to_json(form),
        known=known,
        asked=asked,
        subject=Subjects(
            person=Named(id=about.person, name=name) if about.person else None,
            house=Place(id=about.house, address=address or "") if about.house else None,
            household=about.household,
        ),
        colleagues=tuple(colleagues),
    )


# What these refer to is chosen before (a home) or follows from it; nobody can type a row's id.
_CHOSEN = {"house", "household", "estate", "grid", "order"}


def _can_be_typed(form: FormDef, key: str) -> bool:
    field = form.field(key)
    return field is not None and field.ref not in _CHOSEN


def compose(
    actor: Actor,
    form: FormDef,
    about: Subject,
    body: NewEntry,
    key: str,
    before: Mapping[str, Any] | None = None,
) -> Draft:
    """The whole entry. Raises answers.bad with every field that is wrong or missing.

    `before` are the values of an entry that is being corrected: they stay unless answered anew.
    """
    held = {f.key: about.facts[f.key].value for f in form.fields if _prefills(f, about)}
    system = {f.key: value for f in form.fields if (value := _system(actor, about, f)) is not None}
    given = _given(form, system, body.answers)
    kept = {k: v for k, v in (before or {}).items() if k not in _stamped_anew(form, before, given)}
    values = {**system, **held, **kept, **given}
    taken = {k for k in (*system, *held, *kept) if k not in given}
    checked = check(form, values, context={"today": clock.today().isoformat()}, held=taken)
    if wrong := unanswered(checked.issues, body.reasons):
        raise problems.answers_bad(fields=[FieldIssue(i.field, i.code, i.message) for i in wrong])
    moment = _moment(form, checked.answers)
    pictures = _pictures(form, checked.answers)
    return Draft(
        form=form,
        area=about.area,
        grid=about.grid,
        day=moment.date(),
        at=moment,
        values=checked.answers,
        person=about.person,
        household=about.household,
        house=about.house,
        photos=tuple(dict.fromkeys((*body.photos, *pictures))),
        wrote=form.code,
        key=key,
        no=next((kept[k] for k in numbered(form) if k in kept), None),
    )


def _given(form: FormDef, system: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """What a person has said. An order's number is never theirs to say, and what the system knows
    is not undone by saying nothing."""
    numbers = {field.key for field in form.fields if field.ref == "order"}
    return {
        key: value
        for key, value in answers.items()
        if value is not None and key not in numbers and not (key in system and is_blank(value))
    }


def _stamped_anew(
    form: FormDef, before: Mapping[str, Any] | None, given: Mapping[str, Any]
) -> set[str]:
    """What the system stamps on an answer (复查人, 复查日期) is stamped again when the answer is
    another one than before."""
    if before is None:
        return set()
    moved = {key for key, value in given.items() if value != before.get(key)}
    return {
        field.key
        for field in form.fields
        if field.source == "system" and field.type in ("date", "datetime", "ref", "refs")
        if field.ref in (None, "staff") and field.visible_when is not None
        if variables(field.visible_when.ast) & moved
    }


def _pictures(form: FormDef, answers: Mapping[str, Any]) -> list[UUID]:
    """The pictures that answers name, field by field."""
    found: list[UUID] = []
    for field in form.fields:
        if field.type not in PICTURES:
            continue
        try:
            found += [UUID(name) for name in answers.get(field.key) or ()]
        except ValueError:
            issue = FieldIssue(field.key, f"{field.type}.type", f"“{field.label}”要先上传。")
            raise problems.answers_bad(fields=[issue]) from None
    return found


def changes(
    catalogue: Catalogue, form: FormDef, about: Subject, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Values of the person that the entry says are different now, by element.

    A reported change that cannot be read as a value of its element stays in the entry's words,
    for a person to deal with.
    """
    own = [field for field in catalogue.form("R1").fields if may_be_typed(field)]
    shared = {field.key for field in own} & {f.key for f in form.fields if _prefills(f, about)}
    typed = {
        key: values[key] for key in shared & values.keys() if values[key] != about.facts[key].value
    }
    register = {field.label: field for field in own}
    for row in values.get("info_change") or []:
        field = register.get(row.get("field", ""))
        value = _read(catalogue, field, row.get("new")) if field else None
        if field is not None and value is not None:
            typed[field.key] = value
    return typed


def _read(catalogue: Catalogue, field: Field, text: Any) -> Any:
    """A reported value in stored form, or None when it does not fit its element."""
    if field.code_list and field.code_list in catalogue.lists:
        return catalogue.lists[field.code_list].read(str(text))
    taken = take(field, text, Setting(clock.today()))
    return None if isinstance(taken, Refused) else taken


def _prefills(field: Field, about: Subject) -> bool:
    """Shared elements come from the registers, whatever the form's author thought possible."""
    return field.key in about.facts and field.source in ("prefilled", "computed", "fed")


def _candidates(form: FormDef, about: Subject) -> Iterator[Candidate]:
    for field in form.fields:
        if _prefills(field, about):
            fact = about.facts[field.key]
            source = Source(kind="prefilled", of=fact.register)
            told = fact.as_of.date()
            yield Candidate(field.key, fact.value, source, fact.source, told, by=fact.by)


def _held(
    actor: Actor, catalogue: Catalogue, about: Subject, form: FormDef, key: str, found: Known
) -> Held:
    field, fact = next(f for f in form.fields if f.key == key), about.facts[key]
    text = text_of(field, fact.value)
    shown = seen(actor, about.area, level=field.level, kind=field.type, text=text)
    return Held(
        value=shown.text if shown.masked else _shown(field, fact.value, text),
        source=fact.register,
        source_label=fact.source if fact.source == OWN else catalogue.title(fact.register),
        as_of=found.best.as_of,
        how=fact.by,
        stale=found.stale,
    )


def _shown(field: Field, value: Any, text: str) -> Any:
    """What a screen gets: a reference whose id says nothing brings the name to show."""
    return {"id": value, "label": text} if field.type == "ref" and value != text else value


def _system(actor: Actor, about: Subject, field: Field) -> Any:
    """What the system itself knows: when, who, where."""
    if field.key == COMMITTEE:
        return about.area
    if field.key == "grid":
        return about.grid
    if field.source != "system":
        return None
    me = {"id": str(actor.id) if actor.id else None, "label": actor.name}
    by_type: dict[str, Any] = {
        "datetime": clock.now().isoformat(timespec="seconds"),
        "date": clock.today().isoformat(),
        "ref": me if field.ref == "staff" else None,
        "refs": [me] if field.ref == "staff" else None,
    }
    return by_type.get(field.type)


def _moment(form: FormDef, values: Mapping[str, Any]) -> datetime:
    """When it happened: the form's own moment, which may lie back but not ahead."""
    field = next(
        (f for f in form.fields if f.source == "system" and f.type in ("date", "datetime")), None
    )
    told = values.get(field.key) if field else None
    if not isinstance(told, str):
        return clock.now()
    moment = (
        datetime.fromisoformat(told)
        if len(told) > len("2026-11-23")
        else clock.at(date.fromisoformat(told))
    )
    moment = moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)
    if field is not None and moment > clock.now():
        issue = FieldIssue(field.key, "date.future", f"“{field.label}”不能晚于现在。")
        raise problems.answers_bad(fields=[issue])
    return moment
