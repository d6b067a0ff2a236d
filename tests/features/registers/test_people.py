"""Finding people: by name, spelling, number, tail, address and tag; masked; only one's own."""

import pytest

from backend.engine.text.pinyin import spell_name
from tests.features.registers.conftest import someone


async def found(as_, who="alice", **query):
    response = await as_(who).get("/api/people", **query)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_it_works(as_, street):
    page = await found(as_)
    here = [
        p
        for _, p in street.shelf.people.things.values()
        if p.house.building.committee == "310107005001" and p.open_on(street.shelf.plan.today)
    ]
    assert page["total"] == len(here)
    assert {row["name"] for row in page["rows"]} <= {p.name for p in here}


async def test_pages_hold_everybody_once(as_, street):
    seen, cursor = [], None
    while True:
        page = await found(as_, limit=13, **({"cursor": cursor} if cursor else {}))
        seen += [row["id"] for row in page["rows"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == page["total"]


@pytest.mark.parametrize("of", ["name", "pinyin", "initials", "id_no", "phone", "tail", "address"])
async def test_one_box_finds_everything(as_, street, of):
    theirs, number = await someone(street, phone=bool, status=lambda s: s == "1")
    typed = {
        "name": theirs.name,
        "pinyin": spell_name(theirs.name).full,
        "initials": spell_name(theirs.name).initials,
        "id_no": theirs.id_no.lower(),
        "phone": f"{theirs.phone[:3]} {theirs.phone[3:7]} {theirs.phone[7:]}",
        "tail": theirs.id_no[-4:],
        "address": f"{theirs.house.address[6:]} {theirs.name[0]}",
    }[of]
    assert number in [row["id"] for row in (await found(as_, q=typed))["rows"]]


async def test_numbers_are_masked_and_the_address_is_not_at_home(as_, street):
    theirs, number = await someone(street, phone=bool, status=lambda s: s == "1")
    for who, address in (("alice", theirs.house.address), ("dora", None)):
        rows = (await found(as_, who, q=theirs.id_no))["rows"]
        row = next(r for r in rows if r["id"] == number)
        assert row["id_no"] == f"310199********{theirs.id_no[-4:]}"
        assert row["phone"] == f"{theirs.phone[:3]}****{theirs.phone[-4:]}"
        assert row["address"] == (address or row["address"])
        assert address is not None or "**号" in row["address"]


async def test_tags_are_those_of_the_rules(as_, street):
    elders = (await found(as_, tag="独居", limit=200))["rows"]
    assert elders and all("老年" in row["tags"] and row["age"] >= 60 for row in elders)
    young = (await found(as_, tag="青少年", limit=200))["rows"]
    assert young and all(row["age"] < 18 for row in young)


async def test_those_who_have_gone_are_not_listed(as_, street):
    theirs, number = await someone(street, status=lambda s: s == "1")
    await street.change("leave", person=theirs.id)
    await street.pull()
    rows = (await found(as_, q=theirs.id_no))["rows"]
    assert number not in [row["id"] for row in rows]


async def test_another_area(as_, street):
    theirs, _ = await someone(street)
    for who, sees in (("bob", True), ("carol", False), ("dora", True), ("erin", False)):
        assert bool((await found(as_, who, q=theirs.id_no))["rows"]) is sees


async def test_wildcards_are_letters_of_a_name(as_, street):
    for typed in ("%", "_", "\\"):
        assert (await found(as_, q=typed))["total"] == 0


async def test_anonymous(as_):
    assert (await as_(None).get("/api/people")).status == 401


async def test_wrong_role(as_):
    for who in ("frank", "greta"):
        assert (await as_(who).get("/api/people")).status == 403


async def test_bad_query(as_, street):
    response = await as_("alice").get("/api/people", limit=0)
    assert response.status == 400
    response = await as_("alice").get("/api/people", cursor="nonsense")
    assert response.status == 400
