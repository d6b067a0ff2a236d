"""A door that does not open: found out by the clock, an alarm and an order, each level once."""

from backend.app import PORTS
from backend.core.db import sql
from backend.core.ports import wired
from backend.features.sensors import silence
from backend.features.sensors.store import hearing
from tests.features.sensors.conftest import (
    SYSTEM,
    YUANYUAN,
    alarm,
    alarms,
    failures,
    moment,
    orders,
    signals,
)


async def listen(http):
    for _ in range(2):  # pulses come again and again, from many workers
        await wired(silence.listen, http.app[PORTS])(SYSTEM)


async def test_it_works(http, fitted, say, at, staffed, reacted):
    with at("2026-10-08 09:00"):
        await fitted("MC1", "door", place="曹杨路3001弄1号301室")
        await say("MC1", ("08 07:30:00", "KM"))
    with at("2026-10-09 07:20"):
        await listen(http)
        assert await alarms() == []
    with at("2026-10-09 08:00"):
        await listen(http)
        one = await alarm()
        assert (one.signal, one.level, one.worst, one.area) == ("unopened", 2, 24, YUANYUAN)
        (order,) = await orders()
        assert order["title"] == "独居老人 24 小时未开门：曹杨路3001弄1号301室"
        assert (order["category"], order["urge"]) == ("E0482", "紧急")
    with at("2026-10-09 20:00"):
        await listen(http)
        one = await alarm()
        assert (one.level, one.worst, one.count, len(await orders())) == (3, 36, 2, 1)
        await reacted()
        told = await sql("select facts from notice where template = 'alarm_raised'")
        assert [row["facts"]["what"] for row in told] == ["门磁（独居老人）：长时间未开门"]
    assert await failures() == [] and await signals() == 3


async def test_the_door_opens_again(http, fitted, say, at):
    with at("2026-10-08 09:00"):
        await fitted("MC1", "door")
        await say("MC1", ("08 07:30:00", "KM"))
    with at("2026-10-09 08:00"):
        await listen(http)
        await say("MC1", ("09 07:59:00", "KM"))
        one = await alarm()
        assert one.recovered_at == moment("09 07:59") and one.state == "open"
        await listen(http)
        assert (await alarm()).count == 1
    heard = (await sql("select heard_at from sensor_device"))[0]["heard_at"]
    assert heard == moment("09 07:59")  # silence is no sign of life


async def test_a_device_that_never_spoke_is_not_silent(http, fitted, at):
    with at("2026-10-08 09:00"):
        await fitted("MC1", "door")
    with at("2026-10-12 09:00"):
        await listen(http)
    assert await alarms() == []


async def test_a_pause_is_no_silence(http, fitted, say, at):
    with at("2026-10-08 09:00"):
        device = await fitted("MC1", "door")
        await say("MC1", ("08 07:30:00", "KM"))
        await sql("update sensor_device set paused_until = '2026-10-31' where id = :i", i=device)
    with at("2026-10-10 09:00"):
        await listen(http)
    assert await alarms() == []


async def test_hours_of_its_own(http, fitted, say, as_, at):
    with at("2026-10-08 09:00"):
        device = await fitted("MC1", "door")
        await say("MC1", ("08 07:30:00", "KM"))
        tuned = [{"signal": "unopened", "levels": [{"level": 2, "at_least": 48}]}]
        answer = await as_("dora").put(f"/api/devices/{device}", {"rev": 0, "tuned": tuned})
        assert answer.status == 200
    with at("2026-10-10 07:00"):
        await listen(http)
        assert await alarms() == []
    with at("2026-10-10 08:00"):
        await listen(http)
        assert (await alarm()).worst == 48


async def test_what_nobody_deals_with_ends_by_itself(http, fitted, say, at):
    settle = wired(silence.settle, http.app[PORTS])
    with at("2026-10-08 09:00"):
        await fitted("DT1", "lift")
        await fitted("DT2", "lift")
        await say("DT1", ("08 08:50:00", "TJ"))  # no order
        await say("DT2", ("08 08:50:00", "KR"))  # an order
    with at("2026-10-09 08:00"):
        await settle(SYSTEM)
        assert {one.state for one in await alarms()} == {"open"}
    with at("2026-10-09 09:00"):
        await settle(SYSTEM)
        assert {one.signal: one.state for one in await alarms()} == {
            "stopped": "ended",
            "trapped": "open",
        }


async def test_old_signals_are_forgotten_and_alarms_are_not(fitted, say, at):
    with at("2026-10-08 09:00"):
        await fitted("YG1", "smoke")
        await say("YG1", ("08 08:59:00", "YWBJ", 6))
    with at("2027-01-05 03:30"):
        await silence.night(SYSTEM)
        assert await signals() == 1
    with at("2027-01-07 03:30"):
        await silence.night(SYSTEM)
    assert await signals() == 0 and (await alarm()).count == 1
    assert await hearing.known("alarms", ["YG1-YWBJ-08085900000"]) == {}
