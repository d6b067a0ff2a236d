"""What a person's values were before, and two people with one number."""

from backend.core.db import sql
from tests.cast import HUAXI, YUANYUAN
from tests.features.registers.conftest import someone


async def test_it_works(as_, street):
    theirs, number = await someone(street, phone=bool)
    old = theirs.phone
    await as_("alice").post(f"/api/people/{number}/values", {"values": {"edu": "11"}})
    await street.change("phone", person=theirs.id, phone="13911112222")
    await street.pull()
    lines = await (await as_("alice").get(f"/api/people/{number}/history")).json()
    assert [(line["field"], line["source_label"], line["by"]) for line in lines] == [
        ("phone", "公安返还", None),
        ("edu", "自采", "陆小燕"),
    ]
    assert (lines[0]["before"], lines[0]["after"]) == (f"{old[:3]}****{old[-4:]}", "139****2222")
    assert lines[1]["after"] == "博士研究生毕业"


async def test_a_move_is_told_without_inner_numbers(as_, street):
    theirs, number = await someone(street, status=lambda s: s == "1")
    await street.change("move", person=theirs.id, committee=YUANYUAN)
    await street.pull()
    lines = await (await as_("alice").get(f"/api/people/{number}/history")).json()
    assert {"house_ref", "move_in"} <= {line["field"] for line in lines}


async def test_another_area_wrong_role_anonymous(as_, street):
    _, number = await someone(street)
    for who, status in (("carol", 404), ("frank", 403), (None, 401)):
        assert (await as_(who).get(f"/api/people/{number}/history")).status == status


async def twins(street, theirs):
    """Somebody in 花溪园 appears under the number of somebody in 源园."""
    other = next(
        p
        for _, p in street.shelf.people.things.values()
        if p.house.building.committee == HUAXI and p.status == "1" and p.open_on(p.move_in)
        and p.move_out is None and p.death is None
    )  # fmt: skip
    other.id_no, other.birth, other.sex = theirs.id_no, theirs.birth, theirs.sex
    await street.change("phone", person=other.id)
    await street.pull()
    return other


async def test_two_people_with_one_number(as_, street):
    theirs, number = await someone(street, status=lambda s: s == "1", id_type=lambda t: t == "111")
    other = await twins(street, theirs)
    seen = await (await as_("dora").get("/api/conflicts")).json()
    assert len(seen) == 1 and seen[0]["kind"] == "id_no"
    assert {p["name"] for p in seen[0]["people"]} == {theirs.name, other.name}
    mine = (await (await as_("alice").get("/api/conflicts")).json())[0]["people"]
    assert {p["area"]["code"]: p["id"] for p in mine} == {YUANYUAN: number, HUAXI: None}
    assert await (await as_("erin").get("/api/conflicts")).json() == []
    assert (await as_("greta").get("/api/conflicts")).status == 403


async def test_a_settled_question_is_gone(as_, street):
    theirs, _ = await someone(street, status=lambda s: s == "1", id_type=lambda t: t == "111")
    other = await twins(street, theirs)
    await street.change("leave", person=other.id)
    await street.pull()
    assert await (await as_("dora").get("/api/conflicts")).json() == []
    assert len(await sql("select id from register_conflict")) == 1
