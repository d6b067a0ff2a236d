"""L02 has no entries of its own: who stands in it follows from the registers and the visits."""

from tests.features.ledgers.conftest import visit


async def test_it_works(as_, homes):
    await visit(as_, homes["王秀英"])
    page = await (await as_("alice").get("/api/ledgers/L02/rows")).json()
    cells = {row["cells"]["name"]: row["cells"] for row in page["rows"]}
    assert page["total"] == 3 and cells.keys() == {"王秀英", "李国强", "陈桂芳"}
    assert cells["王秀英"]["elder_kind"] == "独居" and cells["王秀英"]["last_visit"] == "2026-11-10"
    assert cells["李国强"]["elder_kind"] == "纯老家庭、高龄（80+）"
    assert cells["陈桂芳"]["last_visit"] == ""
    ledgers = await (await as_("alice").get("/api/ledgers")).json()
    counted = {one["code"]: one["entries"] for one in ledgers}
    assert {code: n for code, n in counted.items() if n} == {"L01": 1, "L02": 3}
    assert {"L15", "L16", "L17"} <= counted.keys()
    assert {one["code"] for one in ledgers if one["recordable"]}.isdisjoint({"L02", "L16", "L17"})


async def test_the_street_sees_all_its_committees(as_, homes):
    page = await (await as_("dora").get("/api/ledgers/L02/rows")).json()
    assert page["total"] == 4
    mine = await (await as_("dora").get("/api/ledgers/L02/rows", area="310107005003")).json()
    assert [row["cells"]["name"] for row in mine["rows"]] == ["孙玉兰"]


async def test_another_street_sees_none(as_, homes):
    page = await (await as_("erin").get("/api/ledgers/L02/rows")).json()
    assert page["total"] == 0


async def test_nobody_writes_it_by_hand(as_, homes):
    body = {"form_version": 1, "person": str(homes["王秀英"]), "answers": {}}
    assert (await as_("alice").post("/api/ledgers/L02/entries", body)).status == 404
