"""Whether an alarm was real is a person's word; it ends the alarm and reaches the order."""

import pytest

from backend.core import crypto
from backend.core.access import SYSTEM
from backend.core.db import sql
from backend.core.events import Event
from backend.features.sensors.reactions import end_with_order
from tests.cast import CAST
from tests.features.sensors.conftest import alarm, alarms, failures, orders


@pytest.fixture
async def ringing(morning, fitted, say):
    """An open alarm of 烟感 YG1 in 源园."""
    await fitted("YG1", "smoke")
    await say("YG1", ("08 08:59:00", "YWBJ", 6))
    return await alarm()


def path(one):
    return f"/api/alarms/{one.id}/judge"


FALSE = {"rev": 0, "real": False, "reason": "做饭油烟"}


async def test_it_works(ringing, as_):
    answer = await as_("alice").post(path(ringing), FALSE | {"note": "邻居炒辣椒"})
    told = await answer.json()
    assert answer.status == 200 and told["line"]["state_label"] == "误报"
    assert (told["judge"], told["reason"], told["may"]) == ("陆小燕", "做饭油烟", [])
    one = await alarm()
    assert (one.state, one.note, one.rev) == ("false", "邻居炒辣椒", 1)
    assert one.ended_at is not None
    (event,) = await sql("select facts, subject from audit where verb = 'alarm.judge'")
    assert event["subject"] == f"alarm:{one.id}"
    assert event["facts"]["state"] == "false" and event["facts"]["reason"] == "做饭油烟"


async def test_the_alarm_is_shown_with_its_signals(ringing, as_):
    listed = await (await as_("alice").get("/api/alarms", state="open")).json()
    assert listed["total"] == 1
    line = listed["rows"][0]
    assert (line["signal_label"], line["level_label"], line["unit"]) == ("烟雾报警", "一般", "%")
    assert line["order"]["stage"] == "采集" and line["order"]["no"].startswith("普005-20261008-")
    told = await (await as_("alice").get(f"/api/alarms/{line['id']}")).json()
    assert told["signals"][0]["value"] == 6 and told["may"] == ["alarm.judge"]


async def test_its_order_learns_of_it(ringing, as_, reacted):
    await as_("alice").post(path(ringing), FALSE)
    await reacted()
    assert await failures() == []
    (order,) = await orders()
    step = (await sql("select * from order_step where order_id = :o order by id", o=order["id"]))[
        -1
    ]
    said = crypto.unseal("order_step", "note", step["id"], step["note"])
    assert said == "陆小燕：报警经确认为误报：做饭油烟。"


async def test_an_order_that_has_ended_is_left_alone(ringing, as_, reacted):
    await sql("update work_order set stage = 'closed', closed_at = now()")
    await as_("alice").post(path(ringing), {"rev": 0, "real": True})
    await reacted()
    assert await failures() == [] and (await alarm()).state == "real"


async def test_after_the_word_it_is_quiet_for_a_while(ringing, say, as_, at):
    await as_("alice").post(path(ringing), FALSE)
    with at("2026-10-08 09:20"):
        await say("YG1", ("08 09:19:00", "YWBJ", 6))
        assert (await alarm()).count == 2 and len(await orders()) == 1
    with at("2026-10-08 09:40"):
        await say("YG1", ("08 09:39:00", "YWBJ", 6))
        assert [one.state for one in await alarms()] == ["false", "open"]
        assert len(await orders()) == 2


async def test_what_time_ended_can_still_be_judged(morning, fitted, say, as_):
    await fitted("YG1", "smoke")
    await say("YG1", ("05 12:00:00", "YWBJ", 9))
    one = await alarm()
    assert one.state == "ended"
    assert (await as_("bob").post(path(one), {"rev": 0, "real": True})).status == 200
    assert (await alarm()).state == "real"


async def test_two_hands(ringing, as_):
    assert (await as_("alice").post(path(ringing), FALSE)).status == 200
    late = await as_("bob").post(path(ringing), {"rev": 0, "real": True})
    assert (late.status, (await late.json())["code"]) == (409, "state.overtaken")
    again = await as_("bob").post(path(ringing), {"rev": 1, "real": True})
    assert (again.status, (await again.json())["code"]) == (409, "state.wrong")
    assert (await alarm()).state == "false"


async def test_signals_meanwhile_are_no_other_hand(ringing, say, as_):
    await say("YG1", ("08 08:59:10", "YWBJ", 6), ("08 08:59:20", "YWBJ", 6))
    assert (await as_("alice").post(path(ringing), FALSE)).status == 200


async def test_the_same_request_twice(ringing, as_):
    for _ in range(2):
        answer = await as_("alice").post(path(ringing), FALSE, key="judge-it-once")
        assert answer.status == 200
    assert len(await sql("select 1 from audit where verb = 'alarm.judge'")) == 1


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"rev": 0, "real": False}, 422, "误报要选一个原因：做饭油烟"),
        ({"rev": 0, "real": False, "reason": "不知道"}, 422, "误报要选一个原因"),
        ({"rev": 0, "real": "perhaps"}, 400, "格式不对"),
        ({"real": True}, 400, "格式不对"),
        ({"rev": 0, "real": True, "note": "长" * 501}, 400, "格式不对"),
    ],
)
async def test_bad_input_leaves_no_trace(ringing, as_, body, status, told):
    answer = await as_("alice").post(path(ringing), body)
    assert answer.status == status and told in (await answer.json())["title"]
    assert await alarm() == ringing


async def test_anonymous(ringing, as_):
    assert (await as_(None).post(path(ringing), FALSE)).status == 401
    assert (await as_(None).get("/api/alarms")).status == 401


async def test_wrong_role(ringing, as_):
    assert (await as_("greta").post(path(ringing), FALSE)).status == 403
    assert (await as_("frank").get("/api/alarms")).status == 403


async def test_another_area(ringing, as_):
    assert (await as_("carol").post(path(ringing), FALSE)).status == 404
    assert (await as_("erin").get(f"/api/alarms/{ringing.id}")).status == 404
    assert (await (await as_("carol").get("/api/alarms")).json())["total"] == 0
    assert (await alarm()).state == "open"


async def test_closing_the_order_ends_the_alarm(ringing, say, at):
    (order,) = await orders()
    event = Event(
        id=order["id"],
        verb="order.close",
        subject=f"order:{order['id']}",
        actor_id=None,
        actor="系统",
        area=order["area"],
        facts={"ended": {str(order["id"]): 1}},
    )
    await end_with_order(SYSTEM, event)
    assert (await alarm()).state == "ended"
    with at("2026-10-08 11:00"):
        await say("YG1", ("08 10:59:00", "YWBJ", 6))
    assert [one.state for one in await alarms()] == ["ended", "open"]


async def test_the_lead_is_called_once_for_what_is_urgent(morning, fitted, say, reacted, staffed):
    await fitted("RQ1", "gas")
    await say("RQ1", ("08 08:58:00", "RQXL", 6))
    await reacted()
    assert await sql("select 1 from notice where template = 'alarm_raised'") == []
    await say("RQ1", ("08 08:59:00", "RQXL", 12), ("08 08:59:30", "RQXL", 13))
    await say("RQ1", ("08 08:59:50", "RQXL", 14))
    await reacted()
    assert await failures() == []
    told = await sql("select staff_id, facts from notice where template = 'alarm_raised'")
    assert [row["staff_id"] for row in told] == [CAST["bob"].id]
    assert (told[0]["facts"]["what"], told[0]["facts"]["count"]) == ("燃气：燃气浓度超限", 4)
