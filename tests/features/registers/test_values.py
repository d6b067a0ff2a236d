"""What people at work find out is kept with their name on it, and no feed writes over it."""

import pytest

from backend.core import crypto
from backend.core.db import sql
from backend.features.connectors import store
from tests.features.registers.conftest import someone


async def say(as_, number, values, who="alice", **more):
    return await as_(who).post(f"/api/people/{number}/values", {"values": values, **more})


async def values_of(as_, number):
    body = await (await as_("alice").get(f"/api/people/{number}")).json()
    return {value["key"]: value for value in body["fields"]}


async def row(number):
    return (await sql("select * from person where id = :id::text::uuid", id=number))[0]


async def test_it_works(as_, street):
    theirs, number = await someone(street, phone=bool)
    response = await say(as_, number, {"phone": "13800138000", "edu": "21"}, note="走访得知")
    assert response.status == 200
    shown = {v["key"]: v for v in (await response.json())["fields"]}
    assert shown["phone"]["text"] == "138****8000"
    assert (shown["phone"]["source_label"], shown["phone"]["by"]) == ("自采", "陆小燕")
    assert shown["phone"]["differs"] == f"{theirs.phone[:3]}****{theirs.phone[-4:]}"
    kept = await row(number)
    assert kept["phone_bi"] == crypto.blind("person.phone", "13800138000")
    trace = await sql("select facts from audit where verb = 'person.update'")
    assert set(trace[0]["facts"]["fields"]) <= {"phone", "edu"}
    assert "13800138000" not in str(trace) + str(kept["prov"]) + str(kept["differs"])


async def test_the_history_says_what_it_was(as_, street):
    theirs, number = await someone(street, phone=bool)
    await say(as_, number, {"phone": "13800138000"})
    past = (await sql("select * from value_change where element = 'phone'"))[0]
    subject = past["subject"]
    opened = [crypto.unseal("person", "phone", subject, past[k]) for k in ("before", "after")]
    assert opened == [theirs.phone, "13800138000"]
    assert (past["source"], past["by_name"]) == ("自采", "陆小燕")


async def test_a_feed_does_not_write_over_it(as_, street):
    theirs, number = await someone(street, phone=bool)
    await say(as_, number, {"phone": "13800138000"})
    await street.change("phone", person=theirs.id, phone="13911112222")
    await street.pull()
    shown = (await values_of(as_, number))["phone"]
    assert (shown["text"], shown["differs"]) == ("138****8000", "139****2222")
    assert shown["source_label"] == "自采"


async def test_when_the_feed_agrees_it_is_the_source_again(as_, street):
    theirs, number = await someone(street, phone=bool)
    await say(as_, number, {"phone": "13800138000"})
    await street.change("phone", person=theirs.id, phone="13800138000")
    await street.pull()
    shown = (await values_of(as_, number))["phone"]
    assert (shown["source_label"], shown["differs"]) == ("公安返还", None)
    assert (await row(number))["prov"] == {}


async def test_starting_the_feed_over_keeps_our_word(as_, street):
    _, number = await someone(street, phone=bool)
    await say(as_, number, {"phone": "13800138000"})
    await store.forget("population")
    await street.pull()
    assert (await values_of(as_, number))["phone"]["text"] == "138****8000"


async def test_confirming_a_value_makes_it_ours(as_, street):
    theirs, number = await someone(street, phone=bool)
    await say(as_, number, {"phone": theirs.phone})
    shown = (await values_of(as_, number))["phone"]
    assert (shown["source_label"], shown["differs"]) == ("自采", None)
    assert await sql("select id from value_change") == []


async def test_a_new_number_brings_birth_and_sex(as_, street):
    _, number = await someone(street, id_type=lambda t: t == "111")
    response = await say(as_, number, {"id_no": "31019919500101001X"})
    assert response.status == 200
    kept = await row(number)
    assert (kept["birth"].isoformat(), kept["sex"]) == ("1950-01-01", "1")


async def test_an_optional_value_can_be_taken_away(as_, street):
    _, number = await someone(street, employer=bool)
    assert (await say(as_, number, {"employer": ""})).status == 200
    assert "employer" not in (await row(number))["data"]


BAD = [
    ({"phone": "138O0138000"}, "phone", "phone.letter"),
    ({"id_no": "310199195001010011"}, "id_no", "id_no.check"),
    ({"edu": "99"}, "edu", "code.unknown"),
    ({"move_out": "2026-02-30"}, "move_out", "date.type"),
    ({"age": 30}, "age", "field.source"),
    ({"name": ""}, "name", "required"),
    ({"favourite": "x"}, "favourite", "field.source"),
    ({"employer": "很" * 101}, "employer", "text.long"),
]


@pytest.mark.parametrize(("values", "field", "code"), BAD)
async def test_bad_input_leaves_no_trace(as_, street, values, field, code):
    _, number = await someone(street, id_type=lambda t: t == "111")
    before = await row(number)
    response = await say(as_, number, values | {"note": "同时写的也不留"})
    body = await response.json()
    assert response.status == 422
    issues = {issue["field"]: issue for issue in body["fields"]}
    assert issues[field]["code"] == code and "“" in issues[field]["message"]
    assert await row(number) == before
    assert await sql("select id from audit where verb = 'person.update'") == []


async def test_another_area_wrong_role_anonymous(as_, street):
    _, number = await someone(street)
    for who, status in (("carol", 404), ("dora", 403), (None, 401)):
        assert (await say(as_, number, {"employer": "某公司"}, who)).status == status
