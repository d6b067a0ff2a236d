"""Devices: what stands where, entered by hand, adjusted, and which of them stand out."""

import pytest

from backend.core.db import sql
from tests.cast import CHANGFENG
from tests.features.sensors.conftest import HUAXI, NOW, YUANYUAN, alarms, moment

NEW = {"no": "S-0001", "kind": "smoke", "place": "兰溪路3009弄2号1楼楼道", "area": YUANYUAN}


async def ok(answer, status=200):
    body = await answer.json()
    assert answer.status == status, body
    return body


async def devices():
    return await sql("select * from sensor_device order by source_id")


async def test_it_works(morning, fitted, say, as_):
    await fitted("YG1", "smoke", xh="JTY-G", azrq="20240301", dl="88")
    await fitted("SW2", "water", area=HUAXI)
    await say("YG1", ("08 08:59:00", "YWBJ", 6), ("08 08:59:30", "YWBJ", 6))
    page = await ok(await as_("dora").get("/api/devices"))
    assert page["total"] == 2 and page["next"] is None
    line = next(row for row in page["rows"] if row["no"] == "YG1")
    assert (line["kind_label"], line["state"], line["open_alarms"]) == ("烟感", "在用", 1)
    assert (line["area"]["name"], line["battery"], line["away"]) == ("源园居委会", 88, False)
    whole = await ok(await as_("alice").get(f"/api/devices/{line['id']}"))
    assert (whole["model"], whole["installed_on"]) == ("JTY-G", "2024-03-01")
    assert whole["usage"] == {
        "days": 90,
        "signals": 2,
        "alarms": 1,
        "judged": 0,
        "false": 0,
        "rate": None,
        "reasons": {},
        "advice": None,
        "words": None,
    }
    assert [alarm["count"] for alarm in whole["alarms"]] == [2]
    assert [signal["key"] for signal in whole["signals"]] == ["battery", "unknown", "smoke"]


async def test_the_measures_in_force(as_):
    told = await ok(await as_("alice").get("/api/sensors"))
    assert told["levels"] == ["提示", "一般", "紧急"]
    water = next(kind for kind in told["kinds"] if kind["key"] == "water")
    level = next(signal for signal in water["signals"] if signal["key"] == "level")
    assert (level["unit"], level["orders_from"], len(level["levels"])) == ("厘米", 2, 3)
    assert "做饭油烟" in {reason["key"] for reason in told["reasons"]}


async def test_filters_and_pages(morning, fitted, as_):
    for number in range(7):
        await fitted(f"YG{number}", "smoke" if number % 2 else "gas")
    seen, cursor = [], None
    while True:
        query = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = await ok(await as_("dora").get("/api/devices", **query))
        seen += [row["no"] for row in page["rows"]]
        if (cursor := page["next"]) is None:
            break
    assert len(seen) == len(set(seen)) == 7
    for query, count in (
        ({"kind": "gas"}, 4),
        ({"q": "YG3"}, 1),
        ({"q": "%"}, 0),
        ({"state": "停用"}, 0),
        ({"area": HUAXI}, 0),
        ({"away": "true"}, 0),
        ({"away": "false"}, 7),
    ):
        page = await ok(await as_("dora").get("/api/devices", **query))
        assert page["total"] == len(page["rows"]) == count, query


async def test_silent_devices_are_away(fitted, say, as_, at):
    with at(NOW):
        await fitted("YG1", "smoke")
        await say("YG1", ("08 08:00:00", "XT"))
    with at("2026-10-11 09:00"):
        (row,) = (await ok(await as_("dora").get("/api/devices", away="true")))["rows"]
        assert row["away"] is True
        whole = await ok(await as_("dora").get(f"/api/devices/{row['id']}"))
        assert whole["usage"]["advice"] == "检修"
        assert whole["usage"]["words"] == "已 73 小时没有信号，请检查电源和网络"


async def test_a_device_entered_by_hand(street, pulled, as_, at):
    with at(NOW):
        await pulled("housing")
        _, (building, _) = next(iter(street.shelf.buildings.things.values()))
        body = NEW | {"area": building.committee, "place": f"{building.address}2楼"}
        made = await ok(await as_("dora").post("/api/devices", body), 201)
    assert (made["line"]["no"], made["source"]) == ("S-0001", "自采")
    assert made["building"] is not None and made["line"]["lng"] == building.lng
    (event,) = await sql("select facts, subject from audit where verb = 'device.manage'")
    assert event["subject"] == f"device:{made['line']['id']}"


async def test_the_place_tells_the_committee_when_only_the_street_is_known(street, pulled, as_, at):
    with at(NOW):
        await pulled("housing")
        _, (building, _) = next(iter(street.shelf.buildings.things.values()))
        body = NEW | {"area": f"{building.committee[:9]}000", "place": building.address}
        made = await ok(await as_("dora").post("/api/devices", body), 201)
    assert made["line"]["area"]["code"] == building.committee


async def test_a_number_that_is_taken(as_):
    await ok(await as_("dora").post("/api/devices", NEW), 201)
    again = await as_("dora").post("/api/devices", NEW)
    assert again.status == 409 and (await again.json())["code"] == "device.known"
    assert len(await devices()) == 1


async def test_the_same_request_twice_is_one_device(as_):
    for _ in range(2):
        await ok(await as_("dora").post("/api/devices", NEW, key="once-and-no-more"), 201)
    assert len(await devices()) == 1


async def test_what_a_person_says_stays(morning, fitted, as_):
    device = await fitted("YG1", "smoke", place="曹杨路3001弄1号")
    body = {"rev": 0, "place": "曹杨路3001弄1号3楼", "state": "检修", "note": "探头已拆回厂"}
    changed = await ok(await as_("dora").put(f"/api/devices/{device}", body))
    assert (changed["line"]["place"], changed["line"]["rev"]) == ("曹杨路3001弄1号3楼", 1)
    await fitted("YG1", "smoke", place="曹杨路3001弄1号", zt="1", xh="新型号")
    (row,) = await devices()
    assert (row["place"], row["state"], row["model"]) == ("曹杨路3001弄1号3楼", "检修", "新型号")


async def test_levels_of_its_own(morning, fitted, say, as_):
    device = await fitted("YG1", "smoke")
    tuned = [{"signal": "smoke", "levels": [{"level": 2, "at_least": 8, "minutes": 2}]}]
    changed = await ok(await as_("dora").put(f"/api/devices/{device}", {"rev": 0, "tuned": tuned}))
    assert changed["tuned"][0]["levels"][0]["at_least"] == 8
    await say("YG1", ("08 08:50:00", "YWBJ", 7), ("08 08:55:00", "YWBJ", 7))
    assert await alarms() == []
    await say("YG1", ("08 08:56:00", "YWBJ", 9), ("08 08:58:30", "YWBJ", 9))
    (one,) = await alarms()
    assert (one.bound, one.count) == (8, 2)
    back = {"rev": 1, "tuned": [{"signal": "smoke", "levels": []}]}
    assert (await ok(await as_("dora").put(f"/api/devices/{device}", back)))["tuned"] == []


async def test_a_pause(morning, fitted, say, as_):
    device = await fitted("MC1", "door")
    body = {"rev": 0, "paused_until": "2026-10-20", "note": "老人住院"}
    changed = await ok(await as_("dora").put(f"/api/devices/{device}", body))
    assert changed["line"]["paused_until"] == "2026-10-20"
    await say("MC1", ("08 08:00:00", "DDL", 3))
    assert await alarms() == []
    (event,) = await sql("select facts from audit where verb = 'device.manage'")
    assert event["facts"] == {"no": "MC1", "changed": ["note", "paused_until"]}


async def test_two_hands(morning, fitted, as_):
    device = await fitted("YG1", "smoke")
    await ok(await as_("dora").put(f"/api/devices/{device}", {"rev": 0, "note": "第一"}))
    late = await as_("dora").put(f"/api/devices/{device}", {"rev": 0, "note": "第二"})
    assert late.status == 409 and (await devices())[0]["note"] == "第一"


BAD = [
    ({"kind": "toaster"}, 422, "kind"),
    ({"place": "长" * 201}, 400, "place"),
    ({"paused_until": "20261020"}, 400, "paused_until"),
    ({"lng": 400}, 400, "lng"),
    ({"tuned": [{"signal": "nonsense", "levels": []}]}, 422, "tuned.nonsense"),
    ({"tuned": [{"signal": "smoke", "levels": [{"level": 1}]}]}, 422, "tuned.smoke"),
    ({"tuned": [{"signal": "smoke", "levels": [{"level": 2, "minutes": -1}]}]}, 400, "tuned.0"),
    ({"colour": "red"}, 400, "colour"),
    ({"state": "飞走"}, 400, "state"),
]


@pytest.mark.parametrize(("change", "status", "field"), BAD)
async def test_bad_input_leaves_no_trace(morning, fitted, as_, change, status, field):
    device = await fitted("YG1", "smoke")
    before = await devices()
    answer = await as_("dora").put(f"/api/devices/{device}", {"rev": 0} | change)
    told = await answer.json()
    assert answer.status == status, told
    assert told["fields"][0]["field"].startswith(field)
    assert await devices() == before


@pytest.mark.parametrize("change", [{"no": "a b"}, {"area": "31"}, {"place": ""}, {"kind": "fire"}])
async def test_bad_input_makes_no_device(as_, change):
    answer = await as_("dora").post("/api/devices", NEW | change)
    assert answer.status in (400, 422) and await devices() == []


async def test_anonymous(as_):
    for path in ("/api/devices", "/api/devices/adjust", "/api/sensors"):
        assert (await as_(None).get(path)).status == 401
    assert (await as_(None).post("/api/devices", NEW)).status == 401


async def test_wrong_role(morning, fitted, as_):
    device = await fitted("YG1", "smoke")
    assert (await as_("alice").post("/api/devices", NEW)).status == 403
    assert (await as_("bob").put(f"/api/devices/{device}", {"rev": 0})).status == 403
    assert (await as_("greta").get("/api/devices")).status == 403
    assert len(await devices()) == 1


async def test_another_area(morning, fitted, as_):
    device = await fitted("YG1", "smoke")
    assert (await as_("carol").get(f"/api/devices/{device}")).status == 404
    assert (await as_("erin").put(f"/api/devices/{device}", {"rev": 0, "note": "x"})).status == 404
    assert (await ok(await as_("erin").get("/api/devices")))["total"] == 0
    assert (await as_("dora").post("/api/devices", NEW | {"area": CHANGFENG})).status == 404
    moved = {"rev": 0, "area": f"{CHANGFENG[:9]}001"}
    assert (await as_("dora").put(f"/api/devices/{device}", moved)).status == 404
    assert [row["area"] for row in await devices()] == [YUANYUAN]


async def judged(as_, say, at, no, verdicts, reason="做饭油烟"):
    """An alarm for each verdict, hours apart, and somebody's word on it."""
    for number, real in enumerate(verdicts):
        with at(f"2026-10-07 {10 + number}:05"):
            await say(no, (f"07 {10 + number}:00:00", "YWBJ", 6, f"{no}-{number}"))
            (one,) = [each for each in await alarms() if each.judged_at is None]
            body = {"rev": one.rev, "real": real, "reason": None if real else reason}
            await ok(await as_("alice").post(f"/api/alarms/{one.id}/judge", body))


async def test_bad_devices_stand_out(fitted, say, as_, at):
    for no in ("YG1", "YG2", "YG3", "YG4"):
        await fitted(no, "smoke")
    await judged(as_, say, at, "YG1", [False, False, False, True])
    await judged(as_, say, at, "YG2", [False, False, False], reason="设备故障")
    await judged(as_, say, at, "YG3", [True, True, True, False])
    await judged(as_, say, at, "YG4", [False, False])  # too few to tell
    with at("2026-10-07 20:00"):
        found = await ok(await as_("dora").get("/api/devices/adjust"))
        assert await ok(await as_("erin").get("/api/devices/adjust")) == []
    told = [(one["device"]["no"], one["usage"]["rate"], one["usage"]["advice"]) for one in found]
    assert told == [("YG2", 1.0, "检修"), ("YG1", 0.75, "移位")]
    assert found[1]["usage"]["words"] == "离灶台太近，请移到客厅或走道一侧"
    assert found[1]["usage"]["reasons"] == {"做饭油烟": 3}


async def test_without_a_reason_the_figures_speak(fitted, say, as_, at):
    await fitted("YG1", "smoke")
    await judged(as_, say, at, "YG1", [False, False, False], reason="短时波动")
    await sql("update sensor_alarm set reason = null, worst = 5.2, bound = 5")
    with at("2026-10-07 20:00"):
        (found,) = await ok(await as_("dora").get("/api/devices/adjust"))
    assert found["usage"]["advice"] == "调阈值" and "高一点点" in found["usage"]["words"]


async def test_what_was_heard_is_as_of_the_device(morning, fitted, say, as_):
    await fitted("YG1", "smoke")
    await say("YG1", ("08 08:59:00", "XT"))
    (row,) = (await ok(await as_("alice").get("/api/devices")))["rows"]
    assert row["heard_at"] == moment("08 08:59").isoformat()
