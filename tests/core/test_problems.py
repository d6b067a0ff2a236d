"""Every way to say no has a code of its own, a status, and a Chinese sentence."""

import re
from string import Formatter

import pytest

from backend.core import problems
from backend.core.problems import CODES, FieldIssue

# every slice declares its problems in the one table, so importing it is enough


@pytest.mark.parametrize("code", sorted(CODES))
def test_code_status_sentence(code):
    status, sentence = CODES[code]
    assert re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", code)
    assert 400 <= status < 600
    assert re.search(r"[\u4e00-\u9fff]{2}", sentence) and sentence[-1] in "。！？"


def test_a_code_cannot_be_declared_twice():
    with pytest.raises(ValueError, match="twice"):
        problems.problem("thing.missing", 404, "没有。")


def test_what_a_problem_says():
    said = problems.not_found(kind="人员")
    assert said.body() == {
        "type": "/problems/thing.missing",
        "code": "thing.missing",
        "title": "没有找到这个人员，或者它不在您的管辖范围内。",
        "status": 404,
        "kind": "人员",
    }


def test_fields_are_counted_and_listed():
    issues = [FieldIssue("a", "x.y", "甲不对"), FieldIssue("b", "x.z", "乙不对")]
    body = problems.answers_bad(fields=issues).body()
    assert body["title"].startswith("有 2 处需要修改")
    assert body["fields"][1] == {"field": "b", "code": "x.z", "message": "乙不对"}


def test_details_cannot_take_the_place_of_the_code():
    body = problems.not_found(kind="人员", status=200, code="fine", title="ok", type="x").body()
    assert (body["status"], body["code"]) == (404, "thing.missing")


def test_a_sentence_that_lacks_its_word_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        problems.not_found()


def test_every_placeholder_is_a_plain_word():
    for _, sentence in CODES.values():
        for _, name, spec, _ in Formatter().parse(sentence):
            assert name is None or (name.isidentifier() and not spec)
