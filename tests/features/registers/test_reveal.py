"""A masked value is opened one by one, with a reason, and leaves a trace without the value."""

from backend.core.db import sql
from tests.features.registers.conftest import someone

WHY = {"field": "id_no", "reason": "核对长护险申请材料"}


async def test_it_works(as_, street):
    theirs, number = await someone(street)
    response = await as_("alice").post(f"/api/people/{number}/reveal", WHY)
    assert response.status == 200
    assert await response.json() == {"field": "id_no", "value": theirs.id_no}
    trace = (await sql("select actor, subject, facts from audit where verb = 'person.reveal'"))[0]
    assert (trace["actor"], trace["subject"]) == ("陆小燕", f"person:{number}")
    assert trace["facts"] == WHY
    assert theirs.id_no not in str(trace)


async def test_without_a_reason(as_, street):
    _, number = await someone(street)
    response = await as_("alice").post(f"/api/people/{number}/reveal", {"field": "id_no"})
    assert response.status == 400
    assert (await response.json())["fields"][0]["field"] == "reason"
    assert await sql("select id from audit where verb = 'person.reveal'") == []


async def test_level_four_needs_the_duty(as_, street):
    _, number = await someone(street)
    values = {"values": {"health": "10"}}
    assert (await as_("alice").post(f"/api/people/{number}/values", values)).status == 200
    asked = {"field": "health", "reason": "走访前了解"}
    assert (await as_("bob").post(f"/api/people/{number}/reveal", asked)).status == 403
    response = await as_("alice").post(f"/api/people/{number}/reveal", asked)
    assert (await response.json())["value"] == "健康或良好"


async def test_nothing_there(as_, street):
    _, number = await someone(street)
    for field in ("photo_person", "no_such_thing"):
        asked = WHY | {"field": field}
        assert (await as_("alice").post(f"/api/people/{number}/reveal", asked)).status == 404


async def test_another_area_wrong_role_anonymous(as_, street):
    _, number = await someone(street)
    for who, status in (("carol", 404), ("frank", 403), (None, 401)):
        assert (await as_(who).post(f"/api/people/{number}/reveal", WHY)).status == status
    assert await sql("select id from audit where verb = 'person.reveal'") == []
