"""One person: every value with its source and date, as far as the reader may see it."""

from uuid import uuid4

from backend.core.db import sql
from tests.features.registers.conftest import someone


async def page(as_, number, who="alice"):
    response = await as_(who).get(f"/api/people/{number}")
    assert response.status == 200, await response.text()
    body = await response.json()
    return body, {value["key"]: value for value in body["fields"]}


async def test_it_works(as_, street):
    theirs, number = await someone(street, phone=bool, status=lambda s: s == "1")
    body, values = await page(as_, number)
    assert body["name"] == theirs.name and body["house"]["address"] == theirs.house.address
    assert values["birth"]["text"] == theirs.birth.isoformat()
    assert values["id_no"]["masked"] and values["id_no"]["value"] is None
    assert values["name"]["source_label"] == "公安返还"
    assert (
        values["name"]["as_of"]
        == f"{theirs.updated[:4]}-{theirs.updated[4:6]}-{theirs.updated[6:8]}"
    )
    assert values["edu"]["codes"] and values["edu"]["editable"]
    assert not values["age"]["editable"]


async def test_codes_are_shown_by_their_names(as_, street):
    _, number = await someone(street, native=lambda code: code == "310107")
    _, values = await page(as_, number)
    assert values["native_place"]["text"] == "上海市普陀区"
    assert values["grid"]["text"] == "第1网格"
    assert values["data_src"]["text"] == "公安返还"


async def test_the_household_is_there(as_, street):
    theirs, number = await someone(street, status=lambda s: s == "1", relation=lambda r: r == "12")
    body, _ = await page(as_, number)
    members = {m["name"]: m["relation_label"] for m in body["household"]["members"]}
    assert members[theirs.name] == "妻"
    assert body["household"]["members"][0]["relation_label"] == "户主"


async def test_the_street_sees_less_than_the_committee(as_, street):
    _, number = await someone(street, status=lambda s: s == "1")
    _, near = await page(as_, number, "alice")
    _, far = await page(as_, number, "dora")
    assert not near["live_addr"]["masked"] and far["live_addr"]["masked"]
    assert far["birth"]["masked"] and far["birth"]["value"] is None
    assert not far["sex"]["masked"]


async def test_another_area(as_, street):
    _, number = await someone(street)
    for who in ("carol", "erin"):
        assert (await as_(who).get(f"/api/people/{number}")).status == 404


async def test_nobody(as_, street):
    assert (await as_("alice").get(f"/api/people/{uuid4()}")).status == 404
    assert (await as_("alice").get("/api/people/nobody")).status == 404
    assert (await as_(None).get(f"/api/people/{uuid4()}")).status == 401
    assert (await as_("greta").get(f"/api/people/{uuid4()}")).status == 403


async def test_seeing_a_high_field_leaves_a_trace(as_, street):
    _, number = await someone(street)
    values = {"health": "37"}
    assert (
        await as_("alice").post(f"/api/people/{number}/values", {"values": values})
    ).status == 200
    _, seen = await page(as_, number, "alice")  # 老龄 is her duty
    assert seen["health"]["text"] == "糖尿病"
    _, hidden = await page(as_, number, "bob")
    assert hidden["health"]["text"] == "***" and hidden["health"]["value"] is None
    trace = await sql("select actor, facts from audit where verb = 'person.high'")
    assert {row["actor"] for row in trace} == {"陆小燕"}
    assert trace[0]["facts"] == {"fields": ["health"]}
