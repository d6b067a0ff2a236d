"""Every way pydantic can say no has a Chinese sentence; none ends in an English one or a 500."""

import re

import pytest
from pydantic_core import PydanticCustomError, PydanticKnownError
from pydantic_core._pydantic_core import list_all_errors

from backend.web.sentences import SENTENCES, sentence

ALL = {error["type"]: error for error in list_all_errors()}


@pytest.mark.parametrize("kind", sorted(ALL))
def test_every_error_type(kind):
    error = ALL[kind]
    context = error.get("example_context") or {}
    known = PydanticKnownError(kind, context or None)
    said = sentence({"type": kind, "msg": known.message(), "ctx": context, "loc": (), "input": 0})
    assert re.search(r"[\u4e00-\u9fff]", said) and not re.search(r"[{}]|Input|should", said)


def test_no_sentence_is_for_nothing():
    assert SENTENCES.keys() <= ALL.keys()


def test_our_own_words_are_kept():
    custom = PydanticCustomError("id_no.checksum", "身份证号最后一位不对")
    detail = {"type": "id_no.checksum", "msg": custom.message(), "loc": (), "input": 0}
    assert sentence(detail) == "身份证号最后一位不对"
    raised = {"type": "value_error", "ctx": {"error": ValueError("结束不能早于开始")}, "loc": ()}
    assert (
        sentence(raised | {"msg": "Value error, 结束不能早于开始", "input": 0})
        == "结束不能早于开始"
    )


def test_what_nobody_foresaw():
    detail = {"type": "made.up", "msg": "Something in English", "loc": (), "input": 0}
    assert sentence(detail) == "格式不对"


def test_english_words_of_a_validator_never_leave():
    detail = {"type": "value_error", "ctx": {"error": ValueError("bad")}, "loc": (), "input": 0}
    assert sentence(detail | {"msg": "Value error, bad"}) == "不符合要求"
