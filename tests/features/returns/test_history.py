"""Committees split and merge; returns before the day stay with those who made them and add up."""

from backend.core import clock
from backend.core.access import SYSTEM
from backend.core.db import select
from backend.core.scope import EVERYWHERE, Scope
from backend.features.areas import store as areas
from backend.features.returns.actions import tasks
from tests.cast import YUANYUAN
from tests.features.ledgers.conftest import settle
from tests.features.returns.conftest import OCTOBER, fetched, handed_in, the_return
from tests.residents import household, person

TONGCHUAN, FIRST, SECOND = "310107017017", "310107017029", "310107017030"


async def opened(catalogue, calendar, at, day):
    with at(f"{day} 08:00"):
        await tasks.open_due(SYSTEM, catalogue, calendar)


async def asked(period):
    found = await select(
        EVERYWHERE,
        "select r.area from form_return r where r.area like :scope and r.period = :period",
        period=period,
    )
    return {row["area"] for row in found}


async def test_a_real_split_changes_who_is_asked(http, catalogue, calendar, at):
    """铜川路居委会 reports for the first quarter of 2023, its two heirs for the second."""
    await opened(catalogue, calendar, at, "2023-04-06")
    await opened(catalogue, calendar, at, "2023-07-06")
    before, after = await asked("2023Q1"), await asked("2023Q2")
    assert TONGCHUAN in before and not {FIRST, SECOND} & before
    assert {FIRST, SECOND} <= after and TONGCHUAN not in after
    assert {"310107020002"} <= before and {"310107020030", "310107020031"} <= after


async def test_a_return_before_the_split_still_adds_up(as_, http, catalogue, calendar, at):
    with at(OCTOBER):
        homes = [
            await household(catalogue, YUANYUAN, n, person(f"王{n}婆婆", "1948-03-02"))
            for n in (1, 2, 3)
        ]
        await tasks.open_due(SYSTEM, catalogue, calendar)
        sheet = await the_return(as_, "bob")
        assert (await handed_in(as_, sheet, who="bob", C13=1)).status == 200
    buildings = await select(
        EVERYWHERE, "select b.id from building b where b.area like :scope order by b.bldg_no"
    )
    new = [
        {"code": "310107005091", "name": "源园第一居委会"},
        {"code": "310107005092", "name": "源园第二居委会"},
    ]
    moves = [
        {"building": str(row["id"]), "to": new[i % 2]["code"]} for i, row in enumerate(buildings)
    ]
    split = {"kind": "split", "on": "2026-11-01", "from": [YUANYUAN], "to": new, "moves": moves}
    with at("2026-11-02 09:00"):
        assert (await as_("dora").post("/api/areas/changes", split)).status == 201
        await settle(http)
        assert len(homes) == 3
    with at("2027-01-04 09:00"):
        task = next(
            t
            for t in await (await as_("dora").get("/api/tasks")).json()
            if t["period"] == "2026Q3" and t["form"] == "T03"
        )
        page = await (await as_("dora").get(f"/api/tasks/{task['id']}")).json()
        merged = {f["key"]: f["value"] for f in page["merged"]["fields"]}
        assert (page["merged"]["counted"], merged["C01"], merged["C09"]) == (1, 3, 3)
        old = await fetched(as_, "dora", sheet)
        assert (old["area"]["name"], old["figures"]["C01"]) == ("源园居委会", 3)


async def test_after_the_split_the_heirs_count_what_they_got(as_, http, catalogue, calendar, at):
    with at(OCTOBER):
        for n in (1, 2, 3):
            await household(catalogue, YUANYUAN, n, person(f"王{n}婆婆", "1948-03-02"))
    buildings = await select(
        EVERYWHERE, "select b.id from building b where b.area like :scope order by b.bldg_no"
    )
    new = [
        {"code": "310107005091", "name": "源园第一居委会"},
        {"code": "310107005092", "name": "源园第二居委会"},
    ]
    moves = [{"building": str(buildings[0]["id"]), "to": new[0]["code"]}]
    moves += [{"building": str(row["id"]), "to": new[1]["code"]} for row in buildings[1:]]
    with at("2026-11-02 09:00"):
        body = {"kind": "split", "on": "2026-11-01", "from": [YUANYUAN], "to": new, "moves": moves}
        assert (await as_("dora").post("/api/areas/changes", body)).status == 201
        await settle(http)
    with at("2026-12-03 09:00"):
        await tasks.open_due(SYSTEM, catalogue, calendar)
        found = await select(
            Scope("310107005"),
            """select r.area, r.known->'B09'->'value' as people from form_return r
               where r.area like :scope and r.period = '2026-11' and r.form = 'T02'""",
        )
        people = {row["area"]: row["people"] for row in found}
        assert (people["310107005091"], people["310107005092"]) == (1, 2)
        assert YUANYUAN not in people
        assert YUANYUAN not in {a.code for a in await areas.committees(EVERYWHERE, clock.today())}
