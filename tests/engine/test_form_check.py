"""Answers of every kind against a field of every kind, and what rules make of a whole form."""

import pytest

from backend.engine.form.check import Checker, check, unanswered
from backend.engine.form.definition import Field, FormDef, Print, Rule, Schedule
from backend.engine.form.elements import Code, Expression, Source
from backend.engine.rules.parse import parse

TYPED = (Source(kind="typed"),)
SYSTEM = (Source(kind="system"),)
CODES = (Code(code="1", label="甲"), Code(code="2", label="乙"))


def rule(text):
    return Expression(text=text, ast=parse(text))


def field(key="x", kind="text", sources=TYPED, **given):
    for name in ("visible_when", "required_when", "computed"):
        if name in given:
            given[name] = rule(given[name])
    label = given.pop("label", "某项")
    return Field(key=key, label=label, type=kind, sources=sources, source_label="", **given)


def form(*fields, rules=()):
    return FormDef(
        code="X",
        title="试",
        english="trial",
        kind="form",
        version=1,
        in_force_from="2026-01-01",
        subject="person",
        asker="",
        freq="",
        minutes=1,
        schedule=Schedule(every="event", cut_off="event"),
        fields=fields,
        rules=rules,
        print=Print(title="", orientation="portrait", unit_line="", columns=(), signatures=()),
    )


def told(one, value, **context):
    found = check(form(one), {one.key: value}, context={"today": "2026-11-23", **context})
    return [issue.code for issue in found.issues] or found.answers.get(one.key)


@pytest.mark.parametrize(
    ("one", "value", "want"),
    [
        (field(max=3), " 王小明 ", "王小明"),
        (field(max=3), "王小明明", ["text.long"]),
        (field(max=3), "😀😀😀", "😀😀😀"),
        (field(), 3, ["text.type"]),
        (field(kind="integer"), 3.0, 3),
        (field(kind="integer"), 3.5, ["number.whole"]),
        (field(kind="integer"), "3", ["number.type"]),
        (field(kind="integer"), True, ["number.type"]),
        (field(kind="integer", min=0), -1, ["number.min"]),
        (field(kind="integer", max=9), 10, ["number.max"]),
        (field(kind="decimal"), float("nan"), ["number.type"]),
        (field(kind="money"), 1500, 1500),
        (field(kind="money"), 15.5, ["money.type"]),
        (field(kind="year"), 2026, 2026),
        (field(kind="year"), 26, ["number.min"]),
        (field(kind="date"), "2024-02-29", "2024-02-29"),
        (field(kind="date"), "2026-02-29", ["date.type"]),
        (field(kind="date"), "2026-2-9", ["date.type"]),
        (field(kind="datetime"), "2026-11-23T09:30:00+08:00", "2026-11-23T09:30:00+08:00"),
        (field(kind="datetime"), "2026-11-23T25:30", ["datetime.type"]),
        (field(kind="datetime"), "2026-11-31T09:30", ["datetime.type"]),
        (field(kind="code", codes=CODES), "1", "1"),
        (field(kind="code", codes=CODES), "甲", ["code.unknown"]),
        (field(kind="code", codes=CODES), ["1"], ["code.type"]),
        (field(kind="code", standard="12位统计用区划代码"), "310107005001", "310107005001"),
        (field(kind="code", standard="12位统计用区划代码"), "3101070050", ["code.shape"]),
        (field(kind="codes", codes=CODES), ["1", "2"], ["1", "2"]),
        (field(kind="codes", codes=CODES), ["1", "1"], ["codes.twice"]),
        (field(kind="codes", codes=CODES), "1", ["codes.type"]),
        (field(kind="bool"), False, False),
        (field(kind="bool"), 0, ["bool.type"]),
        (field(kind="phone"), "138 0013 8000", "13800138000"),
        (field(kind="phone"), "62345678", ["phone.digits"]),
        (field(kind="tel"), "62345678", "62345678"),
        (field(kind="id_no"), "110105491231002", "11010519491231002X"),
        (field(kind="id_no"), "11010519491231002Y", ["id_no.characters"]),
        (field(kind="id_no"), "e12345678", "E12345678"),
        (field(kind="coord"), {"lng": 121.4, "lat": 31.2}, {"lng": 121.4, "lat": 31.2}),
        (field(kind="coord"), {"lng": 121.4}, ["coord.type"]),
        (field(kind="photos"), ["a"] * 9, ["a"] * 9),
        (field(kind="photos"), ["a"] * 10, ["photos.many"]),
        (field(kind="photos"), [{}], ["photos.type"]),
        (field(kind="ref"), "h-1", "h-1"),
        (field(kind="ref"), {"id": None, "label": "某"}, {"id": None, "label": "某"}),
        (field(kind="ref"), {"id": 3, "label": "某"}, ["ref.type"]),
        (field(kind="refs"), ["a", 3], ["refs.type"]),
        (field(kind="range"), {"from": "2026-01-01", "to": "2026-12-31"},
         {"from": "2026-01-01", "to": "2026-12-31"}),
        (field(kind="range"), {"from": "2026-12-31", "to": "2026-01-01"}, ["range.type"]),
        (field(kind="table", columns=(field("a"),)), [{"a": " 1 "}], [{"a": "1"}]),
        (field(kind="table", columns=(field("a"),)), ["a"], ["table.type"]),
        (field(kind="table", columns=(field("a"),)), [{"b": "1"}], ["unknown"]),
        (field(), "   ", None),
    ],
)  # fmt: skip
def test_an_answer_is_taken_or_refused(one, value, want):
    assert told(one, value) == want


def test_a_message_names_the_field_and_helps():
    one = form(field("phone", "phone", label="联系电话"))
    (issue,) = check(one, {"phone": "1380013800O"}).issues
    assert issue.message == "“联系电话”里有字母，是不是把 0 打成了 O、把 1 打成了 l？"
    (issue,) = check(one, {"phone": "1380013800"}).issues
    assert issue.message == "“联系电话”应为 11 位手机号，现在有 10 位。"


def test_a_passport_passes_only_as_one():
    one = form(
        field("id_type", "code", codes=(Code(code="414", label="护照"),)), field("id_no", "id_no")
    )
    assert check(one, {"id_type": "414", "id_no": "e 1234567"}).answers["id_no"] == "E1234567"
    assert check(one, {"id_type": "414", "id_no": "E1"}).issues[0].code == "id_no.other"


def test_a_birth_after_today_is_refused():
    today = {"today": "1949-12-30"}
    found = check(form(field("id_no", "id_no")), {"id_no": "11010519491231002X"}, context=today)
    assert found.issues[0].code == "id_no.date"


def test_required_counts_what_a_person_must_give():
    one = form(
        field("a", required=True),
        field("b", required=True, sources=SYSTEM),
        field("c", required=True, sources=(Source(kind="computed", of="a"),)),
        field("d", required=True),
    )
    found = check(one, {}, held=["d"])
    assert found.required == {"a", "d"}
    assert [issue.field for issue in found.issues] == ["a"]


def test_what_is_hidden_is_forgotten_and_not_checked():
    one = form(
        field("kind", "code", codes=CODES),
        field("more", visible_when="kind == '1'", required=True, max=2),
        field("even", visible_when="more == 'ab'", required=True),
    )
    found = check(one, {"kind": "2", "more": "much too long", "even": "x"})
    assert (found.visible, found.issues, found.answers) == ({"kind"}, (), {"kind": "2"})
    found = check(one, {"kind": "1", "more": "ab"})
    assert [(issue.field, issue.code) for issue in found.issues] == [("even", "required")]


def test_computed_values_follow_each_other_in_any_order():
    one = form(
        field("c", "integer", computed="b + 1"),
        field("b", "integer", computed="a * 2"),
        field("a", "integer"),
    )
    assert check(one, {"a": 2, "c": 99}).answers == {"c": 5, "b": 4, "a": 2}
    assert check(one, {"c": 99}).answers == {"c": 99}


def test_a_proposal_gives_way_to_an_answer():
    one = form(
        field("day", "date"), field("next", "date", computed="coalesce(next, add_days(day, 7))")
    )
    assert check(one, {"day": "2026-11-23"}).answers["next"] == "2026-11-30"
    assert check(one, {"day": "2026-11-23", "next": "2026-12-24"}).answers["next"] == "2026-12-24"


def limit(**given):
    return Rule(
        id="limit", check=rule("a <= b"), message="甲不应大于乙。", fields=("a", "b"), **given
    )


def test_a_rule_is_broken_only_by_false():
    one = form(field("a", "integer"), field("b", "integer"), rules=(limit(),))
    assert check(one, {"a": 3}).issues == ()
    (issue,) = check(one, {"a": 3, "b": 2}).issues
    assert (issue.field, issue.code, issue.kind) == ("a", "rule.limit", "error")


def test_a_rule_waits_until_its_fields_are_right_and_shown():
    one = form(
        field("a", "integer", visible_when="b != 5"), field("b", "integer", max=9), rules=(limit(),)
    )
    assert [issue.code for issue in check(one, {"a": 30, "b": 20}).issues] == ["number.max"]
    assert check(one, {"a": 30, "b": 5}).issues == ()


def test_a_warning_is_answered_by_a_reason():
    one = form(field("a", "integer"), field("b", "integer"), rules=(limit(soft=True),))
    issues = check(one, {"a": 3, "b": 2}).issues
    assert issues[0].kind == "warning"
    assert unanswered(issues, {}) == list(issues)
    assert unanswered(issues, {"a": "  "}) == list(issues)
    assert unanswered(issues, {"a": "拆分所致"}) == []


def test_a_rule_for_each_row_names_the_row():
    columns = (field("old"), field("new", required=True, label="新值"))
    changed = Rule(id="same", check=rule("old != new"), message="相同。", fields=("new",), each="t")
    one = form(field("t", "table", columns=columns, label="变更"), rules=(changed,))
    rows = [{"old": "a", "new": "b"}, {"old": "a", "new": "a"}, {"old": "c"}]
    found = check(one, {"t": rows})
    assert [(i.field, i.code) for i in found.issues] == [
        ("t.2.new", "required"),
        ("t.1.new", "rule.same"),
    ]
    assert found.issues[0].message == "请填写“变更第3行新值”。"


def test_what_the_system_holds_is_not_checked_again():
    one = form(field("phone", "phone", required=True))
    assert check(one, {"phone": "138****8000"}, held=["phone"]).issues == ()
    assert check(one, {}, held=["phone"]).issues == ()


def test_an_answer_to_no_field_is_refused():
    (issue,) = Checker(form(field())).check({"y": 1}).issues
    assert (issue.field, issue.code) == ("y", "unknown")
