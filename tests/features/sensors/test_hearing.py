"""Signals come in, by whatever way and however often: one alarm, one order, nothing lost."""

import asyncio

import pytest

from backend.core import crypto
from backend.core.db import sql
from backend.features.connectors import store
from tests.features.sensors.conftest import (
    HUAXI,
    YUANYUAN,
    alarm,
    alarms,
    moment,
    orders,
    signals,
)


async def test_it_works(morning, fitted, say):
    device = await fitted("YG1", "smoke", place="曹杨路3001弄1号2楼楼道")
    taken = await say("YG1", ("08 08:59:00", "YWBJ", 5.5))
    assert (taken.added, taken.refused) == (1, ())
    one = await alarm()
    assert (str(one.device_id), one.level, one.count, one.state) == (device, 2, 1, "open")
    assert (one.worst, one.bound, one.area) == (5.5, 5, YUANYUAN)
    (order,) = await orders()
    assert (order["id"], order["area"], order["source"]) == (one.order_id, YUANYUAN, "03")
    assert (order["category"], order["urge"]) == ("E0481", "特急")
    assert order["title"] == "烟感报警：曹杨路3001弄1号2楼楼道"
    content = crypto.unseal("work_order", "content", order["id"], order["content"])
    assert "烟雾浓度 5.5%（限值 5%）" in content
    (event,) = await sql("select facts from audit where verb = 'alarm.raise'")
    assert event["facts"] == {"alarms": {str(one.id): 2}}


async def test_a_flood_is_one_alarm_and_one_order(morning, fitted, say):
    await fitted("YG1", "smoke")
    said = [(f"08 08:{n // 600:02d}:{n // 10 % 60:02d}", "YWBJ", 6, f"N{n}") for n in range(10_000)]
    for start in range(0, 10_000, 1000):
        await say("YG1", *said[start : start + 1000])
    assert (await alarm()).count == 10_000 == await signals()
    assert len(await orders()) == 1


async def test_the_same_signals_again_change_nothing(morning, fitted, say):
    await fitted("YG1", "smoke")
    said = [(f"08 08:59:{n:02d}", "YWBJ", 6) for n in range(20)]
    await say("YG1", *said)
    again = await say("YG1", *said, *said)
    assert (again.added, again.same) == (0, 40)
    assert (await alarm()).count == 20 == await signals()


async def test_two_hands_at_once(morning, fitted, say):
    await fitted("YG1", "smoke")
    said = [(f"08 08:{n // 60:02d}:{n % 60:02d}", "YWBJ", 6) for n in range(600)]
    parts = [said[n : n + 200] for n in range(0, 600, 100)]
    await asyncio.gather(*(say("YG1", *part) for part in parts))
    assert (await alarm()).count == 600 == await signals()
    assert len(await orders()) == 1


async def test_a_worse_level_is_news_but_no_second_order(morning, fitted, say):
    await fitted("YG1", "smoke")
    await say("YG1", ("08 08:50:00", "YWBJ", 5.5))
    await say("YG1", ("08 08:51:00", "YWBJ", 7), ("08 08:52:30", "YWBJ", 7))
    one = await alarm()
    assert (one.level, one.bound, one.count, len(await orders())) == (3, 6.5, 3, 1)
    events = await sql("select facts from audit where verb = 'alarm.raise' order by id")
    assert [list(event["facts"]["alarms"].values()) for event in events] == [[2], [3]]


async def test_below_the_level_of_an_order_is_an_alarm_only(morning, fitted, say):
    await fitted("DT1", "lift")
    await say("DT1", ("08 08:50:00", "TJ"))
    assert (await alarm()).level == 1 and await orders() == []
    await say("DT1", ("08 09:00:00", "TJ"))
    assert (await alarm()).level == 1
    await say("DT1", ("08 09:20:00", "TJ"))
    # signals ahead of our clock count as heard now
    assert (await alarm()).last_at == moment("08 09:00")


async def test_water_must_stand_for_a_while(fitted, say, at):
    await fitted("SW1", "water")
    with at("2026-10-08 09:00"):
        await say("SW1", ("08 08:40:00", "SWCX", 16), ("08 08:45:00", "SWCX", 18))
        assert await alarms() == [] and await signals() == 2
        await say("SW1", ("08 08:50:00", "SWCX", 19), ("08 08:55:00", "SWCX", 2))
    one = await alarm()
    assert (one.level, one.count, one.worst, one.recovered_at is not None) == (2, 3, 19, True)


async def test_a_device_nobody_has_registered_is_heard_all_the_same(morning, say):
    taken = await say("新-77", ("08 08:59:00", "YWBJ", 9), place="曹杨路3001弄9号")
    assert (taken.added, taken.refused) == (1, ())
    (device,) = await sql("select * from sensor_device")
    assert (device["state"], device["kind"], device["area"]) == ("待核", "other", YUANYUAN)
    one = await alarm()
    assert (one.signal, one.level) == ("smoke", 2)  # unknown to its kind: an ordinary alarm
    (order,) = await orders()
    assert order["title"] == "设备报警：曹杨路3001弄9号"


async def test_a_signal_nobody_has_described_waits_with_its_reason(morning, fitted, say):
    await fitted("YG1", "smoke")
    taken = await say("YG1", ("08 08:59:00", "MYSTERY", 1))
    assert [refusal.reason for refusal in taken.refused] == ["信号的代码不认识：MYSTERY"]


@pytest.mark.parametrize("clock", ["19700101000007", "20991231235959"])
async def test_a_wrong_clock_does_not_make_it_unheard(morning, fitted, say, clock):
    await fitted("YG1", "smoke")
    await say("YG1", ("08 08:59:00", "YWBJ", 6), bjsj=clock)
    one = await alarm()
    assert (one.past, one.first_at, len(await orders())) == (False, moment("08 09:00"), 1)


async def test_out_of_use_and_paused_devices_raise_nothing(morning, fitted, say):
    await fitted("YG1", "smoke", zt="3")
    paused = await fitted("YG2", "smoke")
    await sql("update sensor_device set paused_until = '2026-10-10' where id = :id", id=paused)
    for no in ("YG1", "YG2"):
        await say(no, ("08 08:59:00", "YWBJ", 9))
    assert await alarms() == [] and await signals() == 2
    heard = await sql("select heard_at from sensor_device")
    assert all(row["heard_at"] == moment("08 08:59") for row in heard)


async def test_what_happened_long_ago_sends_nobody(morning, fitted, say):
    await fitted("YG1", "smoke")
    await say("YG1", ("05 12:00:00", "YWBJ", 9), ("05 12:00:30", "YWBJ", 9))
    one = await alarm()
    assert (one.state, one.past, one.count, await orders()) == ("ended", True, 2, [])
    assert await sql("select 1 from audit where verb = 'alarm.raise'") == []


async def test_signs_of_life_are_no_alarms(morning, fitted, say):
    await fitted("MC1", "door")
    await say("MC1", ("08 07:00:00", "KM"), ("08 07:30:00", "XT"), ("08 08:00:00", "DDL", 15))
    one = await alarm()
    assert (one.signal, one.level, await orders()) == ("battery", 1, [])
    (device,) = await sql("select heard_at, battery from sensor_device")
    assert (device["heard_at"], device["battery"]) == (moment("08 08:00"), 15)


@pytest.fixture
def evening(at):
    with at("2026-10-08 20:00"):
        yield


async def test_a_pull_brings_the_month(evening, street, pulled):
    run = await pulled()
    shelf = street.shelf
    assert run.state == "done" and run.refused == 0
    assert run.added == run.seen == len(shelf.devices.order) + len(shelf.signals.order)
    assert await signals() == len(shelf.signals.order)
    again = await pulled()
    assert (again.seen, again.added) == (0, 0)
    await store.forget("alarms")
    assert (await pulled()).added == 0 and await signals() == len(shelf.signals.order)


async def test_devices_stand_at_their_building(evening, street, pulled):
    await pulled("housing")
    await pulled()
    found = await sql(
        """select count(*) as n from sensor_device d join building b on b.id = d.building_id
           where d.area = b.area and d.grid = b.grid and d.lng is not null"""
    )
    assert found[0]["n"] == len(street.shelf.devices.order)


async def test_a_flood_of_the_sandbox(evening, street, pulled):
    await pulled()
    smoke = next(n for n in street.shelf.devices.things if n.startswith("YG"))
    before, said = len(await orders()), await signals()
    await street.change("flood", device=smoke, count=3000)
    run = await pulled()
    assert run.added == 3000 == await signals() - said
    (one,) = [one for one in await alarms(state="open") if one.count >= 3000]
    assert one.order_id is not None and len(await orders()) <= before + 1


async def test_another_committees_devices_do_not_mix(morning, fitted, say):
    await fitted("YG1", "smoke")
    await fitted("YG9", "smoke", area=HUAXI)
    await say("YG1", ("08 08:59:00", "YWBJ", 6))
    await say("YG9", ("08 08:59:00", "YWBJ", 6), area=HUAXI)
    assert {one.area for one in await alarms()} == {YUANYUAN, HUAXI}
    assert {order["area"] for order in await orders()} == {YUANYUAN, HUAXI}
