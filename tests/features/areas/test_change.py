"""Committees split, merge, are renamed and end on a day; what was before stays."""

import pytest

from backend.core.db import sql
from tests.cast import HUAXI, YUANYUAN

SPLIT = {
    "kind": "split",
    "on": "2026-12-01",
    "from": [YUANYUAN],
    "to": [
        {"code": "310107005091", "name": "源园第一居委会"},
        {"code": "310107005092", "name": "源园第二居委会"},
    ],
}


async def names(as_, who, on):
    areas = await (await as_(who).get("/api/areas", on=on)).json()
    return {area["code"]: area["name"] for area in areas}


async def test_it_works(as_):
    response = await as_("dora").post("/api/areas/changes", SPLIT)
    assert response.status == 201, await response.text()
    assert YUANYUAN in await names(as_, "dora", "2026-11-30")
    after = await names(as_, "dora", "2026-12-01")
    assert YUANYUAN not in after and after["310107005091"] == "源园第一居委会"
    trace = await sql("select verb, subject, facts from audit")
    assert trace[0]["verb"] == "area.change" and trace[0]["facts"]["gone"] == [YUANYUAN]


async def test_merge_keeps_one_of_the_codes(as_):
    body = {"kind": "merge", "on": "2026-12-01", "from": [YUANYUAN, HUAXI]}
    body["to"] = [{"code": YUANYUAN, "name": "源溪居委会"}]
    assert (await as_("dora").post("/api/areas/changes", body)).status == 201
    after = await names(as_, "dora", "2026-12-01")
    assert after[YUANYUAN] == "源溪居委会" and HUAXI not in after


async def test_rename_and_retire(as_):
    rename = {"kind": "rename", "on": "2026-12-01", "from": [HUAXI]}
    rename["to"] = [{"code": HUAXI, "name": "花溪居委会"}]
    retire = {"kind": "retire", "on": "2027-01-01", "from": [HUAXI]}
    assert (await as_("dora").post("/api/areas/changes", rename)).status == 201
    assert (await as_("dora").post("/api/areas/changes", retire)).status == 201
    assert (await names(as_, "dora", "2026-11-30"))[HUAXI] == "花溪园居委会"
    assert (await names(as_, "dora", "2026-12-31"))[HUAXI] == "花溪居委会"
    assert HUAXI not in await names(as_, "dora", "2027-01-01")
    told = await (await as_("dora").get("/api/areas/changes")).json()
    gone = {change["kind"]: change["gone"][0]["name"] for change in told}
    assert gone == {"rename": "花溪园居委会", "retire": "花溪居委会"}


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("alice", 403), ("erin", 404)])
async def test_who_may_not(as_, who, status):
    assert (await as_(who).post("/api/areas/changes", SPLIT)).status == status
    assert await sql("select 1 from area_change") == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to": SPLIT["to"][:1]}, "area.count"),
        ({"from": ["310107005999"]}, "area.not_standing"),
        ({"on": "1990-01-01", "from": ["310107005091"]}, "area.not_standing"),
        ({"to": [{"code": HUAXI, "name": "花溪"}, SPLIT["to"][0]]}, "area.code_used"),
        (
            {"moves": [{"building": "00000000-0000-0000-0000-000000000001", "to": HUAXI}]},
            "area.move",
        ),
    ],
)
async def test_bad_input_leaves_no_trace(as_, change, code):
    response = await as_("dora").post("/api/areas/changes", SPLIT | change)
    body = await response.json()
    assert response.status == 422 and body["fields"][0]["code"] == code
    assert await sql("select 1 from audit") == []


async def test_the_same_key_twice_changes_once(as_):
    first = await as_("dora").post("/api/areas/changes", SPLIT, key="change-0001")
    again = await as_("dora").post("/api/areas/changes", SPLIT, key="change-0001")
    assert (first.status, again.status) == (201, 201)
    assert await first.json() == await again.json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert len(await sql("select 1 from area_change")) == 1
    other = await as_("dora").post(
        "/api/areas/changes", SPLIT | {"on": "2026-12-02"}, key="change-0001"
    )
    assert (other.status, (await other.json())["code"]) == (422, "idempotency.mismatch")
