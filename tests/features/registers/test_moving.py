"""Buildings go to another committee; houses, households and people go along, and stay there."""

from datetime import date

from backend.app import PORTS
from backend.core.db import sql
from backend.core.scope import EVERYWHERE, scope_of
from backend.features.connectors import store
from backend.features.registers.store import moving
from backend.work import Worker, react_once
from tests.cast import CHANGFENG, HUAXI, YUANYUAN

ON = date(2026, 12, 1)


async def where():
    found = await sql(
        """select b.source_id, array_agg(distinct x.area) as areas from building b
           join house h on h.building_id = b.id
           join lateral (select b.area union all select h.area
             union all select p.area from person p where p.house_id = h.id
             union all select k.area from household k where k.house_id = h.id) x(area) on true
           group by b.source_id"""
    )
    return {row["source_id"]: row["areas"] for row in found}


async def a_building():
    found = await sql(
        """select b.id, b.source_id from building b where b.area = :a and exists (
             select 1 from person p join house h on h.id = p.house_id where h.building_id = b.id)
           limit 1""",
        a=YUANYUAN,
    )
    return found[0]["id"], found[0]["source_id"]


async def test_it_works(street):
    building, number = await a_building()
    assert await moving.move_buildings(EVERYWHERE, [(building, HUAXI)], ON) == 1
    places = await where()
    assert places[number] == [HUAXI]
    assert all(len(areas) == 1 for areas in places.values())


async def test_the_feed_does_not_move_it_back(street):
    building, number = await a_building()
    await moving.move_buildings(EVERYWHERE, [(building, HUAXI)], ON)
    for feed in ("housing", "population"):
        await store.forget(feed)
    _, thing = street.shelf.buildings.things[number]
    street.shelf.buildings.put(number, "20991231000000", (thing[0], "20991231000000"))
    await street.pull()
    assert (await where())[number] == [HUAXI]


async def test_newcomers_of_a_moved_building_belong_there(street):
    building, number = await a_building()
    await moving.move_buildings(EVERYWHERE, [(building, HUAXI)], ON)
    house = next(h.id for _, h in street.shelf.houses.things.values() if h.building.id == number)
    arrived = await street.change("arrive", committee=YUANYUAN, house=house)
    await street.pull()
    found = await sql("select area from person where source_id = any(:ids)", ids=arrived)
    assert {row["area"] for row in found} == {HUAXI}


async def test_an_heir_takes_all_that_is_left(street):
    building, _ = await a_building()
    await moving.move_buildings(EVERYWHERE, [(building, HUAXI)], ON)
    await moving.inherit(EVERYWHERE, YUANYUAN, HUAXI, ON)
    assert {area for areas in (await where()).values() for area in areas} == {HUAXI}


SECOND = "310107005092"
SPLIT = {
    "kind": "split",
    "on": "2026-12-01",
    "from": [YUANYUAN],
    "to": [
        {"code": "310107005091", "name": "源园第一居委会"},
        {"code": SECOND, "name": "源园第二居委会"},
    ],
}


async def test_a_split_dated_ahead_waits_for_its_day(as_, street, server, at):
    building, number = await a_building()
    ours = await sql("select id from building where area = :area", area=YUANYUAN)
    moves = [
        {"building": str(row["id"]), "to": "310107005091" if row["id"] == building else SECOND}
        for row in ours
    ]
    with at("2026-11-20 10:00"):
        response = await as_("dora").post("/api/areas/changes", SPLIT | {"moves": moves})
        assert response.status == 201, await response.text()
        await works(server)
        assert (await where())[number] == [YUANYUAN]
    with at("2026-12-01 00:01"):
        await works(server)
        places = await where()
        assert places.pop(number) == ["310107005091"]
        assert YUANYUAN not in {area for areas in places.values() for area in areas}


async def works(server):
    """The worker does what is waiting: events first, then jobs that are due."""
    ports = server.app[PORTS]
    while await react_once(ports):
        pass
    worker = Worker(ports, hands=1)
    while await worker.workshop.claim():
        await worker.workshop.drain()


async def test_outside_the_scope_nothing_moves(street):
    building, number = await a_building()
    assert await moving.move_buildings(scope_of(CHANGFENG), [(building, HUAXI)], ON) == 0
    assert (await where())[number] == [YUANYUAN]
