"""Houses by address, and one house with the households in it."""

from uuid import uuid4

from backend.core.db import sql
from tests.features.registers.conftest import someone


async def test_it_works(as_, street):
    theirs, _ = await someone(street, status=lambda s: s == "1")
    page = await (await as_("alice").get("/api/houses", q=theirs.house.address)).json()
    assert [row["address"] for row in page["rows"]] == [theirs.house.address]
    living = [
        p
        for _, p in street.shelf.people.things.values()
        if p.house is theirs.house and p.status != "2" and p.open_on(street.shelf.plan.today)
    ]
    assert page["rows"][0]["people"] == len(living)
    assert page["rows"][0]["occupancy_label"] == "自住"


async def test_pages_hold_every_house_once(as_, street):
    seen, cursor = [], None
    while True:
        query = {"limit": 7} | ({"cursor": cursor} if cursor else {})
        page = await (await as_("alice").get("/api/houses", **query)).json()
        seen += [row["id"] for row in page["rows"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == page["total"]


async def test_one_house(as_, street):
    theirs, _ = await someone(street, status=lambda s: s == "1")
    found = await sql("select id from house where source_id = :n", n=theirs.house.id)
    house = await (await as_("alice").get(f"/api/houses/{found[0]['id']}")).json()
    values = {value["key"]: value for value in house["fields"]}
    assert house["address"] == theirs.house.address
    assert house["area"]["name"] == "源园居委会"
    assert values["house_use"]["text"] == "住宅"
    assert values["house_use"]["source_label"] == "房管返还"
    names = {m["name"] for home in house["households"] for m in home["members"]}
    assert theirs.name in names
    assert values.get("owner_id", {"masked": True})["masked"]


async def test_another_area_wrong_role_anonymous(as_, street):
    theirs, _ = await someone(street)
    found = await sql("select id from house where source_id = :n", n=theirs.house.id)
    for who, status in (("carol", 404), ("frank", 403), (None, 401), ("alice", 200)):
        assert (await as_(who).get(f"/api/houses/{found[0]['id']}")).status == status
    assert (await as_("alice").get(f"/api/houses/{uuid4()}")).status == 404
