"""What is asked and what is shown, by examples."""

from datetime import date

from backend.engine.form.definition import Field
from backend.engine.form.elements import Source
from backend.engine.prefill.resolve import Candidate, resolve

TODAY = date(2026, 11, 23)
REGISTER = Source(kind="prefilled", of="R1")
POLICE = Source(kind="fed", of="公安")
BY_HAND = Source(kind="typed")


def field(key, *sources, fresh=None):
    return Field(
        key=key,
        label=key,
        type="text",
        sources=sources or (BY_HAND,),
        source_label="",
        fresh_days=fresh,
    )


def held(key, value, source, day, confirmed=None):
    as_of = None if day is None else date.fromisoformat(day)
    told = None if confirmed is None else date.fromisoformat(confirmed)
    return Candidate(key, value, source, source.kind, as_of, "周敏", told)


def test_what_nobody_holds_is_asked():
    found = resolve([field("phone"), field("note")], [], TODAY)
    assert (found.known, found.asked) == ({}, ("phone", "note"))


def test_a_fresh_value_is_shown_and_not_asked():
    found = resolve(
        [field("phone", REGISTER, fresh=365)],
        [held("phone", "13800138000", REGISTER, "2026-03-01")],
        TODAY,
    )
    assert found.asked == ()
    assert found.known["phone"].best.value == "13800138000"


def test_a_stale_value_is_shown_and_asked_to_confirm():
    value = held("phone", "13800138000", REGISTER, "2024-03-01")
    found = resolve([field("phone", REGISTER, fresh=365)], [value], TODAY)
    assert found.asked == ("phone",)
    assert found.known["phone"].stale


def test_a_confirmation_makes_an_old_value_fresh_again():
    value = held("phone", "13800138000", REGISTER, "2020-03-01", confirmed="2026-10-01")
    assert resolve([field("phone", REGISTER, fresh=365)], [value], TODAY).asked == ()


def test_a_value_of_unknown_age_is_stale_where_age_matters():
    value = held("phone", "13800138000", REGISTER, None)
    assert resolve([field("phone", REGISTER, fresh=365)], [value], TODAY).asked == ("phone",)
    assert (
        resolve([field("name", REGISTER)], [held("name", "王", REGISTER, None)], TODAY).asked == ()
    )


def test_the_field_says_whom_to_believe_and_the_other_is_kept():
    candidates = [
        held("huji_addr", "梅川路", BY_HAND, "2026-11-01"),
        held("huji_addr", "真光路", POLICE, "2026-05-01"),
        held("huji_addr", "真光路", REGISTER, "2026-06-01"),
    ]
    found = resolve([field("huji_addr", POLICE, BY_HAND, fresh=730)], candidates, TODAY)
    known = found.known["huji_addr"]
    assert known.best.source == POLICE
    assert [other.value for other in known.against] == ["梅川路"]
    assert found.conflicts == ("huji_addr",)


def test_a_fresh_value_of_a_lesser_source_beats_a_stale_one():
    candidates = [
        held("phone", "13800138000", POLICE, "2021-01-01"),
        held("phone", "13900139000", BY_HAND, "2026-11-01"),
    ]
    found = resolve([field("phone", POLICE, BY_HAND, fresh=365)], candidates, TODAY)
    assert found.known["phone"].best.value == "13900139000"
    assert found.asked == ()


def test_of_one_source_the_newest_is_shown():
    candidates = [
        held("edu", "20", BY_HAND, "2026-01-01"),
        held("edu", "30", BY_HAND, "2026-09-01"),
    ]
    assert resolve([field("edu", BY_HAND)], candidates, TODAY).known["edu"].best.value == "30"


def test_system_and_computed_fields_are_never_asked():
    fields = [field("at", Source(kind="system")), field("age", Source(kind="computed", of="birth"))]
    assert resolve(fields, [], TODAY).asked == ()


def test_false_and_zero_are_values_and_null_is_none():
    candidates = [
        held("a", False, BY_HAND, None),
        held("b", 0, BY_HAND, None),
        held("c", None, BY_HAND, None),
    ]
    found = resolve([field("a"), field("b"), field("c")], candidates, TODAY)
    assert found.asked == ("c",)
