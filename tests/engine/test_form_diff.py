"""Two versions of a form: what a person who began with the old one is told, and what survives."""

from pathlib import Path

from backend.engine.form.diff import Change, compare
from backend.engine.form.elements import Code
from backend.engine.form.load import load_all

OLD = load_all([Path("forms")]).forms["L15"]


def newer(**changes):
    """L15 with fields replaced; None takes one away."""
    fields = [
        changes.get(field.key, field)
        for field in OLD.fields
        if changes.get(field.key, field) is not None
    ]
    return OLD.model_copy(update={"version": 2, "fields": tuple(fields)})


def test_nothing_changed():
    assert compare(OLD, newer()).changes == ()


def test_added_removed_and_changed_fields_are_named():
    kind = OLD.field("dis_kind")
    more = kind.model_copy(update={"codes": (*kind.codes, Code(code="宠物", label="宠物"))})
    extra = OLD.field("note").model_copy(update={"key": "weather", "label": "天气"})
    new = newer(dis_kind=more, money=None)
    new = new.model_copy(update={"fields": (*new.fields, extra)})
    assert compare(OLD, new).changes == (
        Change("dis_kind", "纠纷类型", "changed"),
        Change("weather", "天气", "added"),
        Change("money", "涉及金额", "removed"),
    )


def test_a_new_hint_or_condition_is_no_other_question():
    place = OLD.field("place").model_copy(update={"hint": "写到室"})
    assert compare(OLD, newer(place=place)).changes == ()


def test_answers_are_carried_over_where_they_still_fit():
    people = OLD.field("people_cnt").model_copy(update={"type": "text"})
    told = compare(OLD, newer(people_cnt=people, money=None))
    answers = {"name": "王", "people_cnt": 3, "money": 100, "dis_kind": "旧类"}
    assert told.carry(answers) == {"name": "王", "dis_kind": "旧类"}
