"""No log line ever holds an ID number, a phone, a token or a sealed value, however it got there."""

import io
import json
import logging
import sys
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from backend.core import crypto, logs
from backend.core.audit import REQUEST
from backend.core.logs import HIDDEN, scrubbed
from backend.core.shape import Shape

DIGITS = "0123456789"
births = st.dates().map(lambda day: f"{day:%Y%m%d}").filter(lambda text: text[:2] in ("19", "20"))
id_numbers = st.builds(
    lambda area, birth, order, check: area + birth + order + check,
    st.just("310199"),
    births,
    st.text(DIGITS, min_size=3, max_size=3),
    st.sampled_from(DIGITS + "Xx"),
)
old_ids = st.text(DIGITS, min_size=15, max_size=15)
nine = st.text(DIGITS, min_size=9, max_size=9)
phones = st.builds(lambda second, rest: f"1{second}{rest}", st.sampled_from("3456789"), nine)
landlines = st.builds(lambda rest: f"021-{rest}", st.text("123456789", min_size=8, max_size=8))
sealed = st.text(max_size=40).map(lambda text: crypto.seal("person", "phone", uuid4(), text))
jwts = st.binary(min_size=20, max_size=40).map(
    lambda raw: f"eyJhbGciOiJIUzI1NiJ9.eyJ{raw.hex()}.{raw.hex()}"
)
refresh = (
    st.binary(min_size=32, max_size=32)
    .map(lambda raw: f"r{raw.hex()}Q7")
    .map(lambda text: text.upper()[:20] + text[20:])
)
secrets = st.one_of(id_numbers, old_ids, phones, landlines, sealed, jwts, refresh)

# a secret may be glued to words, but not to further digits or letters that change what it is
words = st.sampled_from(["", "电话", "居民：", "（", "no ", "= ", "值为", "\n", '"', "tel:"])
texts = st.builds(lambda a, s, b: (s, f"{a}{s}{b}"), words, secrets, words)


@dataclass
class Somebody:
    words: str


class Told(Shape):
    words: str


def nested(text):
    """The text at every kind of place."""
    yield text
    yield {"a": [{"b": (text,)}]}
    yield {"a": {text}}
    yield {text: 1}
    yield Somebody(text)
    yield Told(words=text)
    yield {"deep": Somebody({"more": Told(words=text)})}
    yield ValueError(text)


@pytest.fixture(scope="module", autouse=True)
def ring():
    before = list(crypto._ring)
    crypto.use(crypto.Keys.fresh())
    yield
    for keys in before:
        crypto.use(keys)


@settings(max_examples=150)
@given(texts)
def test_the_scrubber_finds_it_everywhere(pair):
    secret, text = pair
    for value in nested(text):
        assert secret not in str(scrubbed(value))


@given(
    st.sampled_from(["id_no", "phone", "mobile_2", "住址", "health_note", "access_token", "tel"])
)
def test_what_stands_under_a_telling_key_is_dropped_whatever_it_is(key):
    assert scrubbed({key: "乙肝"}) == {key: HIDDEN}
    assert "乙肝" not in scrubbed(f"{key}='乙肝' kept") and "kept" in scrubbed(f"{key}='乙肝' kept")
    assert "乙肝" not in scrubbed(repr({key: "乙肝"}))


def test_what_pydantic_and_postgresql_quote():
    class Form(Shape):
        disease: int

    try:
        TypeAdapter(Form).validate_python({"disease": "乙肝，2019 年起"})
    except ValidationError as error:
        assert "乙肝" not in scrubbed(str(error))
    detail = "duplicate key …\nDETAIL:  Key (name, note)=(陆小燕, 乙肝) already exists."
    assert "乙肝" not in scrubbed(detail)
    assert "乙肝" not in scrubbed("DETAIL:  Failing row contains (1, 陆小燕, 乙肝).")


@pytest.mark.parametrize(
    "harmless",
    [
        "310107005001",
        "01a2069e-524c-7a8c-a745-5f77cd6a191a",
        "errcode=40029",
        "2026-10-08T09:00:00+08:00",
        "took 1234567890 ns",
        "曹杨新村街道源园居委会",
        "backend.features.returns.actions.filling",
        "return:0192f3a4-b5c6-7123-8123-1234567890ab",
        "00003:1ab21-d8355-cfa17-f8e61-19483-1e81a-8f22b-ec8c7-28fef-b747e-d035e-b5082-aa2b",
    ],
)
def test_what_is_harmless_stays(harmless):
    assert scrubbed(harmless) == harmless
    assert scrubbed({"errcode": 40029, "n": 17, "ok": True, "none": None, "s": 0.5}) == {
        "errcode": 40029, "n": 17, "ok": True, "none": None, "s": 0.5,
    }  # fmt: skip


@pytest.fixture
def written(monkeypatch):
    """What the whole pipeline writes."""
    stream = io.StringIO()
    before = logging.getLogger().handlers[:], logging.getLogger().level
    monkeypatch.setattr(sys, "stderr", stream)
    logs.start("INFO")
    yield stream
    structlog.reset_defaults()
    logs._requests.clear()
    logging.getLogger().handlers[:], level = before
    logging.getLogger().setLevel(level)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts)
def test_the_pipeline_never_writes_it(written, pair):
    secret, text = pair
    log = structlog.get_logger("t")
    log.info(text, value=text, person=Somebody(text), **{"x": {"y": [text]}})
    logging.getLogger("library").warning("could not %s", text)
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("fault")
        logging.getLogger("library").exception("fault")
    lines = written.getvalue()
    written.truncate(written.seek(0))
    assert secret not in lines and secret not in json.dumps(lines)
    assert all(json.loads(line)["event"] for line in lines.splitlines())


def test_a_line_names_its_request_and_its_level(written):
    token = REQUEST.set("req-1")
    structlog.get_logger("t").info("done", area="310107005001", id=UUID(int=7))
    structlog.get_logger("t").debug("not this")
    logs.request("GET", "/api/areas", 200, 0.0123)
    REQUEST.reset(token)
    done, asked = map(json.loads, written.getvalue().splitlines())
    assert (done["event"], done["level"], done["request"]) == ("done", "info", "req-1")
    assert done["id"] == str(UUID(int=7)) and done["area"] == "310107005001"
    assert asked["route"] == "/api/areas" and asked["ms"] == 12.3 and asked["request"] == "req-1"
    assert asked["event"] == "request" and asked["timestamp"].endswith("+08:00")
