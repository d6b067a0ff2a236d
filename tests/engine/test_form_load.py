"""Every mistake in a definition is told with file, line, what is wrong and what was expected."""

import shutil
from pathlib import Path

import pytest

from backend.engine.form.load import load_all

FORM = """\
code: X01
kind: ledger
title: 试用
english: Trial
version: 1
in_force_from: 2026-11-01
subject: person
asker: 自治办
freq: 每次
minutes: 1
schedule: {every: event, cut_off: event}
fields:
  - {use: name, required: true, from: R1}
  - {use: birth, from: R1}
  - key: kind
    label: 类别
    type: code
    codes: [甲, 乙]
    from: typed
  - {key: at, label: 时间, type: datetime, from: system}
  - {key: n, label: 数量, type: integer, from: typed, visible_when: "kind == '甲'"}
rules:
  - {id: n, check: "n > 0", message: 数量应大于零。, fields: [n]}
print:
  title: 试用
  orientation: portrait
  unit_line: 填报单位
  columns:
    - {field: name, width: 20}
examples:
  - name: 甲
    answers: {name: 王, kind: 甲, n: 1}
    expect: {issues: []}
  - name: 乙
    answers: {name: 王, kind: 乙, n: 1}
    expect: {hidden: [n]}
"""


@pytest.fixture
def folder(tmp_path):
    for kind in ("elements", "codes", "registers"):
        shutil.copytree(Path("forms") / kind, tmp_path / "forms" / kind)
    (tmp_path / "forms" / "ledgers").mkdir()
    return tmp_path / "forms"


def told(folder, text):
    (folder / "ledgers" / "X01.yaml").write_text(text, encoding="utf-8")
    return [str(mistake) for mistake in load_all([folder]).mistakes]


def test_a_good_form_has_no_mistakes(folder):
    assert told(folder, FORM) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "wrong", "expected"),
    [
        ("minutes: 1", "minuts: 1", 10, "unknown key minuts", "minutes"),
        ("kind: ledger", "kind: leger", 2, "kind is leger", "one of register, ledger"),
        ("version: 1", "version: one", 5, "version is one", "a number"),
        ("{use: birth", "{use: brith", 14, "unknown element brith", "an element of forms/elements"),
        ("type: code", "type: coed", 17, "type is coed", "one of text, integer"),
        ("codes: [甲, 乙]", "codes: kinds", 18, "unknown code list kinds", "one of appeal_type"),
        ("codes: [甲, 乙]", "codes: [甲, 甲]", 18, "the same code stands twice", "each code once"),
        ("from: system", "from: sistem", 20, "from is sistem", "typed, system, R1"),
        ("key: n,", "key: at,", 21, "duplicate key at", "each once"),
        ("kind == '甲'", "kind = '甲'", 21, "visible_when: unexpected `=` at column 6", "`==`"),
        ("kind == '甲'", "kimd == '甲'", 21, "visible_when: unknown name kimd", "kind"),
        ("kind == '甲'", "kind == '丙'", 21, "visible_when: unknown code '丙'", "one of"),
        ("kind == '甲'", "kind == 1", 21, "`==` compares a text with a number", "two of one kind"),
        ("kind == '甲'", "at > birth", 21, "compares a day with a moment", "`day(…)`"),
        ("kind == '甲'", "at >= '2026-11-01'", 21, "compares a day with a moment", "`day(…)`"),
        ("kind == '甲'", "len(kind)", 21, "the rule gives a number", "a bool"),
        ("kind == '甲'", "kind && true", 21, "`&&` is given a text", "a bool"),
        ("check: \"n > 0\"", "check: \"m > 0\"", 23, "check: unknown name m", "a field"),
        ("fields: [n]", "fields: [m]", 23, "unknown field m", "fields of this form"),
        ("fields: [n]", "fields: [n], needs: [X01]", 23, "X01 is in force already", "no `needs`"),
        ("{field: name,", "{field: nme,", 29, "unknown field nme", "a field of this form"),
        ("hidden: [n]", "hidden: [kind]", 34, "example 乙: hidden is []", "['kind']"),
        ("kind: 甲, n: 1", "kind: 甲, n: 0", 31, "example 甲: issues is ['n rule.n']", "[]"),
        ("  - name: 乙", "  - nam: 乙", 34, "unknown key nam", "name"),
        ("title: 试用\nenglish", "english", 1, "title is missing", "`title: …`"),
        ("minutes: 1", "minutes: 1\nminutes: 2", 11, "duplicate key minutes", "each key once"),
        ("minutes: 1", "minutes: [", 12, "expected ',' or ']'", "valid YAML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told(folder, old, new, line, wrong, expected):
    assert old in FORM
    lines = told(folder, FORM.replace(old, new, 1))
    start = f"forms/ledgers/X01.yaml:{line}: "
    assert any(
        each.startswith(start) and wrong in each and f"; expected {expected}" in each
        for each in lines
    ), lines


def test_all_mistakes_are_told_at_once(folder):
    lines = told(folder, FORM.replace("minutes", "minuts").replace("type: code", "type: coed"))
    assert len(lines) >= 2


def test_circular_rules_are_refused(folder):
    text = FORM.replace(
        "rules:",
        "  - {key: a, label: 甲数, type: integer, from: typed, computed: \"b + 1\"}\n"
        "  - {key: b, label: 乙数, type: integer, from: typed, computed: \"a + 1\"}\nrules:",
    )  # fmt: skip
    assert "forms/ledgers/X01.yaml:22: a depends on itself; expected no circle of rules" in told(
        folder, text
    )


REPORT = """\
code: X02
kind: report
title: 试表
english: Trial report
version: 1
in_force_from: 2026-11-01
subject: committee
asker: 自治办
freq: 月报
minutes: 1
schedule: {every: month, due: {day: 3}}
indicators:
  - {code: A1, label: 人数, unit: 人, formula: f, count: R1, where: "open && age >= 60"}
  - {code: A2, label: 比例, unit: "%", formula: f, ratio: {of: A1, per: {count: R1}}}
print:
  title: 试表
  orientation: portrait
  unit_line: 填报单位
  columns:
    - {field: code, width: 20}
examples:
  - {name: 一, answers: {A1: 1}, expect: {issues: []}}
  - {name: 二, answers: {A1: 2}, expect: {issues: []}}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "wrong"),
    [
        ("count: R1, where", "count: R99, where", 13, "unknown register or ledger R99"),
        ("age >= 60", "agge >= 60", 13, "where: unknown name agge"),
        ("age >= 60", "birth >= 60", 13, "compares a date with a number"),
        ("age >= 60", "sex == '3'", 13, "unknown code '3'"),
        ("age >= 60", "phone == '1'", 13, "phone is sealed"),
        ("of: A1", "of: A9", 14, "expr: unknown name A9"),
        ("count: R1, where", "count: R1, sum: R1.age, where", 13, "count and sum given"),
        ("count: R1, where", "sum: R1.name, where", 13, "R1.name is a text"),
        ("count: R1, where", "distinct: R1.nam, where", 13, "R1 has no field nam"),
        ("count: R1, where", "previous: A7, where", 13, "unknown indicator A7"),
        ("count: R1, where", "taken: T99.A7, where", 13, "unknown indicator T99.A7"),
        ("{field: code", "{field: A1", 20, "unknown field A1"),
    ],
)
def test_a_mistake_in_a_report_is_told(folder, old, new, line, wrong):
    (folder / "reports").mkdir()
    (folder / "reports" / "X02.yaml").write_text(REPORT.replace(old, new, 1), encoding="utf-8")
    lines = [str(mistake) for mistake in load_all([folder]).mistakes]
    start = f"forms/reports/X02.yaml:{line}: "
    assert any(each.startswith(start) and wrong in each for each in lines), lines


def test_a_sensitive_element_must_be_sealed(folder):
    path = folder / "elements" / "person.yaml"
    text = path.read_text(encoding="utf-8")
    line = text[: text.index("key: phone\n")].count("\n") + 7
    path.write_text(text.replace("sealed: true", "sealed: false"), encoding="utf-8")
    lines = [str(mistake) for mistake in load_all([folder]).mistakes]
    wrong = "sealed is false on level 3 phone; expected true"
    assert any(wrong in each and f"person.yaml:{line}" in each for each in lines), (line, lines)


def test_a_later_folder_adds_to_the_product_and_may_not_repeat_it(folder, tmp_path):
    street = tmp_path / "street"
    (street / "requests").mkdir(parents=True)
    (street / "requests" / "X01.yaml").write_text(FORM, encoding="utf-8")
    assert "X01" in load_all([folder, street]).forms
    shutil.copy("forms/registers/R1.yaml", street / "requests")
    assert [str(mistake) for mistake in load_all([folder, street]).mistakes] == [
        "street/requests/R1.yaml:3: duplicate form R1; expected each once"
    ]
