"""A shift from the roster to its hand-over, which writes the duty log (L21) once."""

import asyncio

from backend.core.db import sql
from backend.core.scope import EVERYWHERE
from backend.features.areas import modes
from backend.features.areas.modes import Mode
from tests.cast import CAOYANG, HUAXI, YUANYUAN
from tests.features.duty.conftest import PHONE, did, got, planned, shift, shifts_now

LINE = {"source": "居民来电", "content": "3号楼地下车库进水", "handled": "派水泵"}


async def running(as_, who="alice"):
    """The shift of today, which somebody stands."""
    await planned(as_, shift())
    now = await shifts_now(as_, who)
    assert now["mine"], now
    return now["mine"]


async def entries():
    return await sql("select area, data, wrote, by_name from ledger_entry where ledger = 'L21'")


async def test_it_works(as_, street, at):
    await planned(as_, shift(), shift(shift="夜班", people=("bob",)))
    now = await shifts_now(as_)
    assert now["mode"] == {
        "name": "平时", "level": "", "label": "平时", "since": None, "emergency": None,
        "drill": False,
    }  # fmt: skip
    (mine,) = now["shifts"]
    assert (mine["id"], mine["state"], mine["can"]) == (now["mine"], "now", ["log", "offer"])
    assert (mine["leader"]["label"], mine["people"][0]["label"]) == ("顾建平", "陆小燕")
    path = f"/api/duty/shifts/{mine['id']}"
    with at("2026-10-12 14:40"):
        page = await did(as_, "alice", f"{path}/lines", LINE | {"at": "2026-10-12T14:00"}, 201)
        line = page["log"][0]["id"]
        told = {"reported_at": "2026-10-12T14:35"}
        page = await did(as_, "alice", f"{path}/lines/{line}", told)
        assert page["log"][0]["late"] is True, "more than half an hour after it was reported"
    with at("2026-10-12 17:31"):
        assert (await shifts_now(as_))["shifts"][0]["state"] == "due"
        words = {"rev": page["rev"], "handover": "水泵还在3号楼。", "weather": "大雨"}
        page = await did(as_, "alice", f"{path}/hand-over", words)
        assert (page["state"], page["can"]) == ("offered", ["log", "offer"]), "not one's own taker"
        assert (await shifts_now(as_, "bob"))["waiting"] == [mine["id"]]
        page = await did(as_, "bob", f"{path}/take", {"rev": page["rev"]})
        assert (page["state"], page["taker"]["label"], page["can"]) == ("handed", "顾建平", [])
    (entry,) = await entries()
    data = entry["data"]
    assert (entry["area"], entry["wrote"]) == (YUANYUAN, f"shift:{mine['id']}")
    assert (data["duty_date"], data["shift"], data["mode"]) == ("2026-10-12", "日班", "平时")
    assert (data["event_cnt"], data["events"][0]["content"]) == (1, "3号楼地下车库进水")
    assert (data["taker"]["label"], data["on_duty"][0]["label"]) == ("顾建平", "陆小燕")
    assert (data["duty_phone"], data["report_time"]) == (PHONE, "2026-10-12T14:35:00+08:00")
    assert page["entry"] is not None
    rows = await got(as_, "alice", "/api/ledgers/L21/rows")
    assert rows["total"] == 1


async def test_a_shift_in_an_emergency_says_so(as_, street, at):
    path = f"/api/duty/shifts/{await running(as_)}"
    with at("2026-10-12 10:00"):
        storm = Mode("应急", "IV", clocks=True, pauses=True, awake=True)
        await modes.change(EVERYWHERE, CAOYANG, storm)
    with at("2026-10-12 12:00"):
        await modes.change(EVERYWHERE, CAOYANG, None)
    with at("2026-10-12 17:40"):
        page = await did(as_, "alice", f"{path}/hand-over", {"rev": 0, "handover": "无。"})
        await did(as_, "bob", f"{path}/take", {"rev": page["rev"]})
    (entry,) = await entries()
    assert entry["data"]["mode"] == "应急"


async def test_signed_twice_at_once(as_, street, at):
    path = f"/api/duty/shifts/{await running(as_)}"
    with at("2026-10-12 17:40"):
        page = await did(as_, "alice", f"{path}/hand-over", {"rev": 0, "handover": "无。"})
        body = {"rev": page["rev"]}
        answers = await asyncio.gather(*(as_("bob").post(f"{path}/take", body) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
    assert len(await entries()) == 1


async def test_a_repeated_request_gets_the_same_answer(as_, street, at):
    path = f"/api/duty/shifts/{await running(as_)}"
    with at("2026-10-12 17:40"):
        page = await did(as_, "alice", f"{path}/hand-over", {"rev": 0, "handover": "无。"})
        for _ in range(2):
            answer = await as_("bob").post(f"{path}/take", {"rev": page["rev"]}, key="take-0001")
            assert answer.status == 200
    assert len(await entries()) == 1


async def test_who_may_not(as_, street):
    path = f"/api/duty/shifts/{await running(as_)}"
    words = {"rev": 0, "handover": "无。"}
    for who, status in [(None, 401), ("greta", 403), ("frank", 403), ("carol", 404), ("erin", 404)]:
        for act, body in (("lines", LINE), ("hand-over", words), ("take", {"rev": 0})):
            assert (await as_(who).post(f"{path}/{act}", body)).status == status, (who, act)
        assert await sql("select 1 from duty_line") == [] and await entries() == []


async def test_the_next_committee_sees_and_does_not_touch(as_, street):
    await planned(as_, shift())
    await planned(as_, shift(area=CAOYANG, leader="dora", people=("henry",)), who="dora")
    now = await shifts_now(as_, "carol")
    assert [one["area"]["code"] for one in now["shifts"]] == [CAOYANG], "the street, not next door"
    roster = await got(as_, "carol", "/api/duty/roster")
    assert {one["area"]["code"] for one in roster} == {CAOYANG, YUANYUAN}
    assert all(one["can"] == [] for one in roster)
    street_ = await shifts_now(as_, "dora")
    assert [one["area"]["code"] for one in street_["shifts"]] == [CAOYANG, YUANYUAN]


async def test_who_does_not_stand_it_cannot_hand_it_over(as_, street):
    await planned(as_, shift(people=("bob",)))
    now = await shifts_now(as_)
    assert (now["mine"], now["shifts"][0]["can"]) == (None, ["log"])
    path = f"/api/duty/shifts/{now['shifts'][0]['id']}/hand-over"
    answer = await as_("alice").post(path, {"rev": 0, "handover": "无。"})
    assert (answer.status, (await answer.json())["code"]) == (403, "duty.not_yours")


async def test_nobody_takes_over_from_themselves(as_, street):
    path = f"/api/duty/shifts/{await running(as_)}"
    page = await did(as_, "alice", f"{path}/hand-over", {"rev": 0, "handover": "无。"})
    answer = await as_("alice").post(f"{path}/take", {"rev": page["rev"]})
    assert (answer.status, (await answer.json())["code"]) == (409, "duty.own_hand")
    assert await entries() == []


async def test_bad_lines_leave_no_trace(as_, street):
    path = f"/api/duty/shifts/{await running(as_)}/lines"
    for body, status, field in [
        (LINE | {"at": "2026-10-12T10:00"}, 422, "at"),
        (LINE | {"at": "2026-10-11T20:00"}, 422, "at"),
        (LINE | {"reported_at": "2026-10-12T08:59"}, 422, "reported_at"),
        (LINE | {"content": "x" * 501}, 400, "content"),
        (LINE | {"source": ""}, 400, "source"),
        ({"source": "巡查"}, 400, "content"),
    ]:
        answer = await as_("alice").post(path, body)
        told = await answer.json()
        assert (answer.status, told["fields"][0]["field"]) == (status, field)
        assert await sql("select 1 from duty_line") == []


async def test_what_has_been_handed_over_stays(as_, street, at):
    path = f"/api/duty/shifts/{await running(as_)}"
    page = await did(as_, "alice", f"{path}/hand-over", {"rev": 0, "handover": "无。"})
    await did(as_, "bob", f"{path}/take", {"rev": page["rev"]})
    for act, body in (("lines", LINE), ("hand-over", {"rev": 2, "handover": "x"})):
        answer = await as_("alice").post(f"{path}/{act}", body)
        assert (answer.status, (await answer.json())["code"]) == (409, "state.wrong")
    answer = await as_("bob").delete(path)
    assert (answer.status, (await answer.json())["code"]) == (409, "state.wrong")
    with at("2026-10-12 10:00"):
        answer = await as_("bob").put("/api/duty/roster", {"shifts": [shift(people=("bob",))]})
        assert (answer.status, (await answer.json())["code"]) == (409, "state.overtaken")


async def test_two_people_mend_the_words_at_once(as_, street):
    path = f"/api/duty/shifts/{await running(as_)}"
    await did(as_, "alice", f"{path}/hand-over", {"rev": 0, "handover": "一。"})
    answer = await as_("bob").post(f"{path}/hand-over", {"rev": 0, "handover": "二。"})
    assert (answer.status, (await answer.json())["code"]) == (409, "state.overtaken")


class TestRoster:
    async def test_it_works(self, as_, street):
        await planned(as_, shift(), shift("2026-10-13"), shift("2026-10-13", "夜班"))
        found = await got(as_, "bob", "/api/duty/roster", **{"to": "2026-10-13"})
        assert [(one["day"], one["shift"], one["state"]) for one in found] == [
            ("2026-10-12", "日班", "now"),
            ("2026-10-13", "日班", "planned"),
            ("2026-10-13", "夜班", "planned"),
        ]
        assert (found[2]["starts_at"], found[2]["ends_at"]) == (
            "2026-10-13T17:30:00+08:00",
            "2026-10-14T08:30:00+08:00",
        )
        await planned(as_, shift("2026-10-13", people=("alice", "bob")))
        found = await got(as_, "bob", "/api/duty/roster", **{"from": "2026-10-13"})
        assert [one["label"] for one in found[0]["people"]] == ["陆小燕", "顾建平"]
        assert (await as_("bob").delete(f"/api/duty/shifts/{found[1]['id']}")).status == 200
        assert len(await got(as_, "bob", "/api/duty/roster")) == 2
        rows = await sql("select verb from audit where verb like 'duty.%' order by id")
        assert [row["verb"] for row in rows] == ["duty.plan", "duty.plan", "duty.drop"]

    async def test_bad_shifts_leave_no_trace(self, as_, street):
        for wrong, status, field in [
            (shift("2026-10-11"), 422, "shifts.0.day"),
            (shift(area="310107005999"), 422, "shifts.0.area"),
            (shift(area=HUAXI), 422, "shifts.0.area"),
            (shift(leader="carol"), 422, "shifts.0.leader"),
            (shift(people=("alice", "erin")), 422, "shifts.0.people"),
            (shift(shift="早班"), 400, "shifts.0.shift"),
            (shift() | {"phone": "<script>"}, 400, "shifts.0.phone"),
            (shift() | {"people": []}, 400, "shifts.0.people"),
        ]:
            body = {"shifts": [wrong, shift("2026-10-14")]}
            answer = await as_("bob").put("/api/duty/roster", body)
            told = await answer.json()
            assert (answer.status, told["fields"][0]["field"]) == (status, field), told
            assert await sql("select 1 from duty_shift") == []

    async def test_a_day_is_stood_in_one_way(self, as_, street):
        both = {"shifts": [shift(), shift(shift="24小时")]}
        assert (await as_("bob").put("/api/duty/roster", both)).status == 422
        await planned(as_, shift("2026-10-14"))
        body = {"shifts": [shift("2026-10-14", "24小时")]}
        answer = await as_("bob").put("/api/duty/roster", body)
        assert (answer.status, (await answer.json())["fields"][0]["code"]) == (422, "shift.overlap")
        twice = {"shifts": [shift("2026-10-15"), shift("2026-10-15")]}
        assert (await as_("bob").put("/api/duty/roster", twice)).status == 422
        assert len(await sql("select 1 from duty_shift")) == 1

    async def test_who_may_not(self, as_, street):
        for who, status in [(None, 401), ("alice", 403), ("greta", 403), ("erin", 422)]:
            answer = await as_(who).put("/api/duty/roster", {"shifts": [shift()]})
            assert answer.status == status
            assert await sql("select 1 from duty_shift") == []

    async def test_the_street_plans_for_its_committees(self, as_, street):
        await planned(as_, shift(), shift(area=HUAXI, leader="dora", people=("carol",)), who="dora")
        assert len(await sql("select 1 from duty_shift")) == 2

    async def test_a_span_that_is_none(self, as_, street):
        for query in ({"to": "2026-10-01"}, {"from": "2026-01-01", "to": "2026-12-31"}):
            assert (await as_("bob").get("/api/duty/roster", **query)).status == 422
