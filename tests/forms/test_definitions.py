"""The product's own definitions: they load, their examples hold, and they are what the paper is."""

import re
from pathlib import Path

import pytest

from backend.engine.form.definition import to_json
from backend.engine.form.load import load_all
from backend.engine.form.measures import Asked
from backend.engine.form.names import rows
from backend.engine.indicators.leaves import each, leaves
from backend.engine.rules.language import substitute
from backend.engine.rules.sql import Parameters, Sql, to_sql

LOADED = load_all([Path("forms")])
FORMS = list(LOADED.forms.values())
COUNTS = {
    "R1": 44, "R2": 19, "R5": 28, "L01": 27, "L02": 32, "L15": 29, "L16": 34, "L17": 28,
    "L18": 31, "L19": 29, "L20": 18, "L21": 17,
    "T02": 11, "T03": 19, "T06": 16, "T07": 16, "T08": 21, "T09": 13,
}  # fmt: skip
BANNED = ("打卡", "签到", "积分", "排名", "在线时长")


def test_nothing_is_wrong_with_them():
    assert [str(mistake) for mistake in LOADED.mistakes] == []


def test_the_dictionary_holds_all_shared_elements():
    assert len(LOADED.elements) == 80
    assert all(element.synonyms for element in LOADED.elements.values())


@pytest.mark.parametrize("code", COUNTS)
def test_a_form_has_as_many_fields_as_the_paper(code):
    assert len(LOADED.forms[code].fields) == COUNTS[code]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_a_form_has_examples_a_print_and_a_deadline(form):
    assert len(LOADED.examples[form.code]) >= 2
    assert form.minutes > 0
    widths = sum(column.width for column in form.print.columns)
    assert 0 < widths <= (277 if form.print.orientation == "landscape" else 190)
    if form.kind == "report" and form.schedule.every != "event":
        assert form.schedule.due and form.swing and form.approval


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_every_sensitive_text_is_sealed_and_every_figure_countable(form):
    for field in form.fields:
        if field.level >= 3 and field.type in ("text", "phone", "tel", "id_no", "address"):
            assert field.sealed, field.key
        if field.type in ("code", "codes", "integer", "money", "date"):
            assert not field.sealed, field.key


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_no_form_checks_anybody_in_or_demands_a_photo(form):
    for field in form.fields:
        assert not any(word in field.label for word in BANNED)
        assert field.type not in ("photos", "coord") or not field.required


@pytest.mark.parametrize(
    "form", [form for form in FORMS if form.indicators], ids=lambda form: form.code
)
def test_no_total_is_typed(form):
    """Every indicator is counted, derived or carried over; what is asked says why."""
    for indicator in form.indicators:
        if isinstance(indicator.measure, Asked):
            assert "尚未启用" in indicator.measure.why or "只有现场知道" in indicator.measure.why
        elif indicator.measure.how in ("count", "sum", "distinct", "ratio"):
            assert leaves(indicator) or indicator.measure.how == "ratio"


@pytest.mark.parametrize(
    "form", [form for form in FORMS if form.indicators], ids=lambda form: form.code
)
def test_every_condition_can_be_put_to_the_database(form):
    kinds = {"list": "codes", "any": "ref"}
    for indicator in form.indicators:
        for leaf in (one for own in leaves(indicator).values() for one in each(own)):
            for of, where in ((leaf.of, leaf.where), *_joined(leaf)):
                known = rows(LOADED.forms[of], LOADED.forms)
                columns = {
                    name: Sql(name, kinds.get(shape.kind, shape.kind))
                    for name, shape in known.items()
                }
                register = LOADED.forms[of].membership
                derived = LOADED.forms[register.of if register else of].derived
                if where is not None:
                    ast = substitute(where.ast, {key: rule.ast for key, rule in derived.items()})
                    assert to_sql(ast, columns, Parameters()).type == "bool"


def _joined(leaf):
    return [] if leaf.join is None else [(leaf.join.of, leaf.join.where)]


def test_the_definition_that_goes_out_is_plain_json_without_inner_names():
    body = to_json(LOADED.forms["L01"])
    assert set(body) == {
        "code", "title", "kind", "version", "subject", "asker", "freq",
        "sections", "fields", "rules", "order",
    }  # fmt: skip
    kinds = next(field for field in body["fields"] if field["key"] == "visit_kind")
    assert kinds["codes"][1] == {"code": "独居关爱", "label": "独居关爱"}
    assert not any(re.search("sealed|sensitivity|element", str(list(f))) for f in body["fields"])


@pytest.mark.parametrize(
    ("key", "found", "code"),
    [
        ("sex", "男", "1"),
        ("political", "中共预备党员(预备党员)", "02"),
        ("political", "团员", "03"),
        ("education", "文盲", "90"),
        ("education", "大专", "30"),
        ("marital", "离异", "40"),
        ("family_relation", "儿媳", "38"),
        ("family_relation", "长子", "22"),
        ("ethnic", "回", "03"),
        ("ethnic", "崩龙", "46"),
        ("id_type", "身份证", "111"),
        ("sex", "男同志", None),
    ],
)
def test_what_old_tables_write_is_read_as_a_code_or_left_to_a_person(key, found, code):
    assert LOADED.lists[key].read(found) == code
