"""What only a visitor can know of an elder is typed once, and stands in L02 and T03."""

import pytest

from backend.core.access import SYSTEM
from backend.core.db import sql
from backend.engine.clocks.periods import parse_period
from backend.features.ledgers import counting

CARE = {
    "selfcare": "半失能",
    "visit_freq": "每周",
    "pair_name": "赵敏",
    "services": ["助餐"],
    "disease": "高血压",
}


async def told(as_, homes, name="王秀英", who="alice", **values):
    path = f"/api/people/{homes[name]}/values"
    return await as_(who).post(path, {"values": values or CARE})


async def test_it_works(as_, homes, catalogue):
    response = await told(as_, homes)
    assert response.status == 200, await response.text()
    fields = {field["key"]: field for field in (await response.json())["fields"]}
    assert fields["selfcare"]["text"] == "半失能" and fields["selfcare"]["by"] == "陆小燕"
    page = await (await as_("alice").get("/api/ledgers/L02/rows")).json()
    cells = next(r["cells"] for r in page["rows"] if r["cells"]["name"] == "王秀英")
    assert (cells["visit_freq"], cells["pair_name"], cells["services"]) == ("每周", "赵敏", "助餐")
    report, period = catalogue.form("T03"), parse_period("2026Q3")
    counted = await counting.count(catalogue, SYSTEM.scope, report, period)
    assert [counted.total[code] for code in ("C12", "C14", "C15")] == [1, 1, 1]
    row = (await sql("select data, secret from person where name = '王秀英'"))[0]
    assert row["data"]["selfcare"] == "半失能" and "disease" not in row["data"]
    assert row["secret"]["disease"].startswith("k1.")


async def test_an_elder_named_by_hand_stands_in_the_ledger(as_, homes, catalogue):
    await told(as_, homes, name="李国强", elder_kind=["孤老"])
    page = await (await as_("alice").get("/api/ledgers/L02/rows")).json()
    kinds = {row["cells"]["name"]: row["cells"]["elder_kind"] for row in page["rows"]}
    assert kinds["李国强"] == "孤老、纯老家庭、高龄（80+）"


@pytest.mark.parametrize("who", ["bob", "dora"])
async def test_health_is_for_those_whose_duty_it_is(as_, homes, who):
    await told(as_, homes)
    page = await (await as_(who).get("/api/ledgers/L02/rows")).json()
    cells = next(r["cells"] for r in page["rows"] if r["cells"]["name"] == "王秀英")
    assert cells["selfcare"] == "***"


@pytest.mark.parametrize(
    ("values", "code"),
    [({"selfcare": "很好"}, "code.unknown"), ({"care_level": "3"}, "field.source")],
)
async def test_bad_input_leaves_no_trace(as_, homes, values, code):
    response = await told(as_, homes, **values)
    assert response.status == 422
    assert (await response.json())["fields"][0]["code"] == code
    assert await sql("select 1 from value_change") == []
