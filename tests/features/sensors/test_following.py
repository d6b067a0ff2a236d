"""The map changes: devices go with their building, or with their committee's heir."""

from backend.core.db import sql
from backend.features.sensors import silence
from tests.features.sensors.conftest import HUAXI, SYSTEM, YUANYUAN, alarm

NEW = "310107005990"


async def merged(as_):
    """源园 and 花溪园 become one."""
    body = {
        "kind": "merge",
        "on": "2026-10-09",
        "from": [YUANYUAN, HUAXI],
        "to": [{"code": NEW, "name": "源溪居委会"}],
    }
    answer = await as_("dora").post("/api/areas/changes", body)
    assert answer.status < 300, await answer.json()


async def test_it_works(fitted, say, as_, at):
    with at("2026-10-08 09:00"):
        await fitted("YG1", "smoke")
        await say("YG1", ("08 08:59:00", "YWBJ", 6))
        await merged(as_)
        await silence.night(SYSTEM)
        assert (await alarm()).area == YUANYUAN  # not yet
    with at("2026-10-09 03:30"):
        await silence.night(SYSTEM)
        assert [row["area"] for row in await sql("select area from sensor_device")] == [NEW]
        assert (await alarm()).area == NEW


async def test_with_the_building(street, pulled, fitted, say, at):
    with at("2026-10-08 09:00"):
        await pulled("housing")
        _, (building, _) = next(iter(street.shelf.buildings.things.values()))
        await fitted("YG1", "smoke", area=building.committee, place=building.address)
        await say("YG1", ("08 08:59:00", "YWBJ", 6), area=building.committee)
        other = HUAXI if building.committee == YUANYUAN else YUANYUAN
        text = "update building set area = :a, grid = 'g' where source_id = :s"
        await sql(text, a=other, s=building.id)
        await silence.night(SYSTEM)
        (device,) = await sql("select area, grid from sensor_device")
        assert (device["area"], device["grid"], (await alarm()).area) == (other, "g", other)
