"""The district's map: who sees what of it, on which day."""

from tests.cast import CAOYANG

SHIQUAN = "310107017"


async def test_it_works(as_):
    areas = await (await as_("frank").get("/api/areas")).json()
    kinds = [area["kind"] for area in areas]
    assert (kinds.count("district"), kinds.count("street"), kinds.count("committee")) == (
        1,
        10,
        285,
    )


async def test_a_street_sees_itself_and_its_committees(as_):
    areas = await (await as_("dora").get("/api/areas")).json()
    assert {area["parent"] for area in areas if area["kind"] == "committee"} == {CAOYANG}
    assert len(areas) == 21


async def test_a_real_split_on_both_sides_of_its_day(as_):
    before = await (await as_("frank").get("/api/areas", on="2023-06-29")).json()
    after = await (await as_("frank").get("/api/areas", on="2023-06-30")).json()
    names = [{a["name"] for a in day if a["code"].startswith(SHIQUAN)} for day in (before, after)]
    assert "铜川路居委会" in names[0] and "铜川路第一居委会" not in names[0]
    assert "铜川路居委会" not in names[1] and {"铜川路第一居委会", "铜川路第二居委会"} <= names[1]
    old = next(a for a in before if a["name"] == "铜川路居委会")
    assert old["succeeded_by"] == ["310107017029", "310107017030"]


async def test_what_was_published_before_stands_in_the_history(as_):
    told = await (await as_("frank").get("/api/areas/changes")).json()
    split = next(one for one in told if one["gone"][0]["name"] == "铜川路居委会")
    assert (split["kind"], split["on"], split["by"]) == ("split", "2023-06-30", None)
    assert [one["name"] for one in split["made"]] == ["铜川路第一居委会", "铜川路第二居委会"]
    assert split["street"]["name"] == "石泉路街道" and len(told) == 2
    assert await (await as_("dora").get("/api/areas/changes")).json() == []


async def test_anonymous(as_):
    response = await as_(None).get("/api/areas")
    assert response.status == 401
    assert (await response.json())["title"] == "请先登录。"


async def test_bad_day(as_):
    response = await as_("dora").get("/api/areas", on="2023-02-30")
    body = await response.json()
    assert response.status == 400 and body["fields"][0]["field"] == "on"
