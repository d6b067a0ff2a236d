"""The buildings of a committee, and the real split of 铜川路 (June 2023) that shares them out."""

import pytest

from backend.app import PORTS
from backend.core.db import sql
from backend.work import react_once
from tests.cast import HUAXI, YUANYUAN
from tests.residents import household, person

OLD, FIRST, SECOND = "310107017017", "310107017029", "310107017030"
DAY = "2023-06-30"


@pytest.fixture
async def tongchuan(http, catalogue):
    """铜川路 as it was before its split: ten buildings, one of them empty by now."""
    await sql("delete from area where area = any(:codes)", codes=[FIRST, SECOND])
    await sql("delete from area_heritage where old = :old", old=OLD)
    await sql("update area set valid_to = null where area = :old", old=OLD)
    for room in range(1, 10):
        await household(
            catalogue,
            OLD,
            room,
            person(f"住户{room}", "1960-01-01"),
            person(f"家属{room}", "1990-01-01", relation="20"),
        )
    await household(catalogue, OLD, 10, person("搬走了", "1960-01-01", move_out="2020-01-01"))


async def listed(as_, area, who="frank"):
    response = await as_(who).get("/api/buildings", area=area)
    assert response.status == 200, await response.text()
    return await response.json()


def split(*moves, to=(FIRST, SECOND)):
    made = [
        {"code": code, "name": f"铜川路第{n}居委会"} for code, n in zip(to, "一二", strict=True)
    ]
    sent = [{"building": building, "to": code} for building, code in moves]
    return {"kind": "split", "on": DAY, "from": [OLD], "to": made, "moves": sent}


async def settled(server):
    while await react_once(server.app[PORTS]):
        pass


async def test_it_works(as_, tongchuan):
    rows = await listed(as_, OLD)
    assert [row["number"] for row in rows] == [str(n) for n in range(1, 11)], "10 after 9"
    first, last = rows[0], rows[-1]
    assert (first["road"], first["lane"], first["estate"]) == ("兰溪路", "3010", "兰溪小区")
    assert (first["houses"], first["households"], first["people"]) == (1, 1, 2)
    assert (last["houses"], last["households"], last["people"]) == (1, 0, 0)


async def test_the_split_shares_them_out(as_, tongchuan, server):
    ids = [row["id"] for row in await listed(as_, OLD)]
    moves = [(one, FIRST) for one in ids[:4]] + [(one, SECOND) for one in ids[4:]]
    response = await as_("frank").post("/api/areas/changes", split(*moves))
    assert response.status == 201, await response.text()
    assert len((await response.json())["moves"]) == 10
    await settled(server)
    assert await listed(as_, OLD) == []
    told = {code: await listed(as_, code) for code in (FIRST, SECOND)}
    assert {code: sum(row["people"] for row in rows) for code, rows in told.items()} == {
        FIRST: 8,
        SECOND: 10,
    }
    for table in ("person", "household", "house"):
        found = await sql(f"select area, count(*) as n from {table} group by area order by area")
        assert [row["area"] for row in found] == [FIRST, SECOND]
    before = await (await as_("frank").get("/api/areas", on="2023-06-29")).json()
    after = await (await as_("frank").get("/api/areas", on=DAY)).json()
    assert OLD in {area["code"] for area in before}
    assert {area["name"] for area in after if area["code"] in (FIRST, SECOND)} == {
        "铜川路第一居委会",
        "铜川路第二居委会",
    }


async def test_one_side_may_go_on_under_the_old_code(as_, tongchuan, server):
    ids = [row["id"] for row in await listed(as_, OLD)]
    body = split((ids[0], SECOND), to=(OLD, SECOND))
    assert (await as_("frank").post("/api/areas/changes", body)).status == 201
    await settled(server)
    assert len(await listed(as_, OLD)) == 9 and len(await listed(as_, SECOND)) == 1


async def test_nobody_is_left_in_a_committee_that_has_ended(as_, tongchuan):
    ids = [row["id"] for row in await listed(as_, OLD)]
    response = await as_("frank").post("/api/areas/changes", split((ids[0], FIRST)))
    (issue,) = (await response.json())["fields"]
    assert (response.status, issue["field"], issue["code"]) == (422, "moves", "area.building_left")
    assert "还有 9 幢楼" in issue["message"]
    assert await sql("select 1 from area_change") == []


async def test_bad_moves(as_, tongchuan, catalogue):
    ids = [row["id"] for row in await listed(as_, OLD)]
    whole = [(one, FIRST) for one in ids]
    await household(catalogue, HUAXI, 1, person("邻街", "1960-01-01"))
    (foreign,) = await listed(as_, HUAXI)
    for moves, code in (
        ([*whole, (foreign["id"], FIRST)], "area.foreign_building"),
        ([*whole, (ids[0], SECOND)], "area.move_twice"),
    ):
        response = await as_("frank").post("/api/areas/changes", split(*moves))
        assert (response.status, (await response.json())["fields"][0]["code"]) == (422, code)
    assert await sql("select 1 from area_change") == []


async def test_who_sees_which(as_, tongchuan):
    for who, area, status in (
        (None, OLD, 401),
        ("greta", OLD, 403),
        ("dora", OLD, 404),
        ("alice", HUAXI, 404),
        ("alice", YUANYUAN, 200),
        ("dora", YUANYUAN, 200),
        ("frank", "310107", 400),
    ):
        assert (await as_(who).get("/api/buildings", area=area)).status == status
