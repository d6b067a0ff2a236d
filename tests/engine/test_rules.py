"""The rule language in Python, by the examples that TypeScript and PostgreSQL run too."""

import json
from pathlib import Path

import pytest

from backend.engine.rules.evaluate import compile_rule, evaluate
from backend.engine.rules.language import RuleError, bind, substitute, variables
from backend.engine.rules.parse import parse
from backend.engine.rules.values import equal

FILE = json.loads(Path(__file__).with_name("rules_examples.json").read_text(encoding="utf-8"))
EXAMPLES = [example for example in FILE["examples"] if "rule" in example]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["rule"])
def test_an_example_holds(example):
    got = evaluate(parse(example["rule"]), FILE["given"] | example.get("with", {}))
    assert equal(got, example["is"]), got


@pytest.mark.parametrize("wrong", FILE["wrong"], ids=lambda wrong: wrong["rule"])
def test_a_wrong_rule_says_where_and_what_was_expected(wrong):
    with pytest.raises(RuleError) as caught:
        parse(wrong["rule"])
    assert (caught.value.column, caught.value.expected) == (wrong["column"], wrong["expected"])


def test_a_rule_is_limited_in_length_and_depth():
    for hostile in ("a" * 3000, "(" * 100 + "1" + ")" * 100, "1" + "+1" * 900, "-" * 500 + "1"):
        with pytest.raises(RuleError):
            parse(hostile)


def test_a_tree_is_plain_json():
    ast = parse("age >= 65 && contains(tags, '低保') ? -1.5 : prev.B09")
    assert json.loads(json.dumps(ast)) == ast


def test_variables_name_members_of_maps():
    assert variables(parse("B01 == prev.B09 + sum(items.q)")) == {"B01", "prev.B09", "items.q"}


def test_derived_names_and_dates_are_put_in_place():
    derived = {"open": parse("move_out == null || move_out > cut_off")}
    rule = bind(substitute(parse("open && age >= 60"), derived), {"cut_off": "2026-11-30"})
    assert variables(rule) == {"move_out", "age"}
    assert evaluate(rule, {"move_out": "2026-12-01", "age": 60}) is True


def test_no_context_makes_a_rule_raise():
    huge = {"n": 10**400, "x": float("inf"), "s": "x", "nan": float("nan")}
    for text in ("n + 1", "n == n", "x * x", "nan < 1", "round(x)", "abs(n)", "n in [1]", "x % 2"):
        assert compile_rule(parse(text))(huge) in (None, True, False)
