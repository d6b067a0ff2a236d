"""Calling on everybody: told at once, confirmed by a button, counted live, the rest reminded."""

import asyncio

import pytest

from backend.core.db import sql
from backend.sandbox.wecom import presses
from tests.cast import CAST, HUAXI
from tests.features.accounts.test_leaving import pushed
from tests.features.duty.conftest import begun, did, got, press, said
from tests.wecom import AGENT

LU = "Lu.XiaoYan"
WORDS = {"words": "请各居村委值班人员立即到岗。", "minutes": 60}
TITLE = "防汛防台红色预警"


@pytest.fixture
async def called(as_, street, work, at):
    """The path of a call on the whole street, sent to everybody."""
    with at("2026-10-12 23:00"):
        page = await begun(as_, level="red")
        call = await did(as_, "dora", f"/api/emergencies/{page['id']}/calls", WORDS, 201)
        await work()
    return f"/api/emergencies/calls/{call['id']}"


async def counts(as_, path):
    page = await got(as_, "dora", path)
    return tuple(page[key] for key in ("total", "confirmed", "waiting", "failed", "help"))


def phone(contacts, userid=LU):
    """The last card of a call on somebody's phone: what it says, and its buttons."""
    sent = [
        one
        for one in contacts.world.outbox
        if userid in one.to and "button_list" in one.body.get("template_card", {})
    ][-1]
    card = presses.shown(sent, userid)
    keys = [button["key"] for button in presses.buttons(card)]
    return card.get("sub_title_text"), keys or card.get("replace_text")


async def test_it_works(as_, called, contacts, work, at):
    assert TITLE in await said(contacts, LU), "also at eleven in the evening"
    assert await counts(as_, called) == (5, 0, 4, 1, 0), "何伟 is not in WeCom"
    with at("2026-10-12 23:04"):
        await press(contacts, "confirm")
        await work()
        assert phone(contacts) == ("23:04 已确认。如需支援可再点下面的按钮。", ["help"])
        assert await counts(as_, called) == (5, 1, 3, 1, 0)
        await press(contacts, "help")
        await work()
        assert phone(contacts)[1] == "已请求支援"
        assert "源园居委会 陆小燕 请求支援" in await said(contacts, "shen.min")
        answer = await did(as_, "bob", f"{called}/confirm", {"help": False})
        assert answer["at"] == "2026-10-12T23:04:00+08:00"
        body = {"person": str(CAST["henry"].id)}
        page = await did(as_, "dora", f"{called}/by-phone", body)
    found = {one["name"]: (one["state_label"], one["how"]) for one in page["people"]}
    assert found == {
        "陆小燕": ("已确认", "卡片"),
        "顾建平": ("已确认", "页面"),
        "何伟": ("已确认", "电话"),
        "钱慧": ("未确认", None),
        "沈敏": ("未确认", None),
    }
    assert await counts(as_, called) == (5, 3, 2, 0, 1)


async def test_the_rest_are_reminded(as_, called, contacts, work, at):
    with at("2026-10-12 23:10"):
        await did(as_, "bob", f"{called}/confirm")
    again = f"请尽快确认 · {TITLE}"
    with at("2026-10-12 23:29"):
        await work()
        assert again not in await said(contacts, LU)
    with at("2026-10-12 23:30"):
        await work()
        await work()
        assert (await said(contacts, LU)).count(again) == 1
        assert again not in await said(contacts, "gu.jianping"), "who has confirmed is left alone"
        await press(contacts, "confirm")
    with at("2026-10-13 00:00"):
        await work()
        assert (await said(contacts, LU)).count(again) == 1
        assert (await said(contacts, "qian.hui")).count(again) == 2
    assert await counts(as_, called) == (5, 2, 2, 1, 0)


async def test_pressed_on_the_first_card_and_on_the_reminder(as_, called, contacts, work, at):
    with at("2026-10-12 23:30"):
        await work()
        await press(contacts, "confirm")
        first = next(
            one for one in contacts.world.outbox if LU in one.to and "button_list" in str(one.body)
        )
        await press(contacts, "confirm", msgid=first.msgid)
        await work()
    assert await counts(as_, called) == (5, 1, 3, 1, 0)
    rows = await sql("select 1 from emergency_called where confirmed_at is not null")
    assert len(rows) == 1


async def test_the_emergency_is_over(as_, called, contacts, work, at):
    with at("2026-10-12 23:20"):
        (line,) = await got(as_, "dora", "/api/emergencies")
        end = {"rev": 0, "summary": "险情排除。"}
        await did(as_, "dora", f"/api/emergencies/{line['id']}/end", end)
        await work()
        assert phone(contacts) == ("应急已结束，不用再确认。", "已结束")
        await press(contacts, "confirm", stale=True)
        answer = await as_("bob").post(f"{called}/confirm", {})
        assert (answer.status, (await answer.json())["code"]) == (409, "call.over")
    with at("2026-10-12 23:59"):
        await work()
    assert (await said(contacts, LU)).count(f"请尽快确认 · {TITLE}") == 0
    assert await counts(as_, called) == (5, 0, 4, 1, 0)


async def test_what_waits_for_me(as_, called, at):
    with at("2026-10-12 23:10"):
        (mine,) = await got(as_, "alice", "/api/emergencies/calls")
        assert (mine["words"], mine["people"]) == (WORDS["words"], [])
        await did(as_, "alice", f"{called}/confirm", {"help": True})
        assert await got(as_, "alice", "/api/emergencies/calls") == []
        again = await did(as_, "alice", f"{called}/confirm", {"help": False})
        assert again["at"] == "2026-10-12T23:10:00+08:00"
    assert await counts(as_, called) == (5, 1, 3, 1, 1)


async def test_confirmed_twice_at_once(as_, called, at):
    with at("2026-10-12 23:10"):
        answers = await asyncio.gather(
            *(as_("alice").post(f"{called}/confirm", {}) for _ in range(4))
        )
    assert [answer.status for answer in answers] == [200] * 4
    assert await counts(as_, called) == (5, 1, 3, 1, 0)


async def test_a_committee_only(as_, street):
    page = await begun(as_)
    path = f"/api/emergencies/{page['id']}/calls"
    call = await did(as_, "dora", path, WORDS | {"areas": [HUAXI]}, 201)
    assert [one["name"] for one in call["people"]] == ["钱慧"]
    answer = await as_("dora").post(path, WORDS | {"areas": ["310107005004"]})
    assert (answer.status, (await answer.json())["fields"][0]["field"]) == (422, "areas")


async def test_who_may_not_confirm(as_, called, at):
    for who, status in [(None, 401), ("erin", 404), ("greta", 403), ("frank", 403)]:
        with at("2026-10-12 23:10"):
            assert (await as_(who).post(f"{called}/confirm", {})).status == status
        assert await counts(as_, called) == (5, 0, 4, 1, 0)


async def test_who_may_not_look_or_say_for_others(as_, called, at):
    body = {"person": str(CAST["alice"].id)}
    with at("2026-10-12 23:10"):
        for who, status in ((None, 401), ("alice", 403), ("erin", 404), ("greta", 403)):
            assert (await as_(who).post(f"{called}/by-phone", body)).status == status
        answer = await as_("dora").post(f"{called}/by-phone", {"person": str(CAST["erin"].id)})
        assert answer.status == 404
        assert (await as_("erin").get(called)).status == 404


async def test_bad_calls_leave_no_trace(as_, street):
    page = await begun(as_)
    for wrong, field in (
        ({"words": ""}, "words"),
        ({"words": "x" * 161}, "words"),
        ({"minutes": 1}, "minutes"),
    ):
        answer = await as_("dora").post(f"/api/emergencies/{page['id']}/calls", WORDS | wrong)
        assert (answer.status, (await answer.json())["fields"][0]["field"]) == (400, field)
        assert await sql("select 1 from emergency_call") == []


async def test_a_forged_press_confirms_nobody(as_, called, contacts, http, at):
    task = phone_task(contacts)
    with at("2026-10-12 23:10"):
        from backend.core import clock

        stamp = str(int(clock.now().timestamp()))
        text = (
            "<xml><FromUserName>gu.jianping</FromUserName><Event>template_card_event</Event>"
            f"<EventKey>confirm</EventKey><TaskId>{task}</TaskId></xml>"
        )
        query, body = pushed(text, timestamp=stamp)
        answer = await http.post(
            f"/wecom/callback/wwputuo0000000001/{AGENT}", params=query, data=body
        )
        assert answer.status == 200
    assert await counts(as_, called) == (5, 0, 4, 1, 0)


def phone_task(contacts, userid=LU):
    return next(
        one.body["template_card"]["task_id"]
        for one in contacts.world.outbox
        if userid in one.to and "task_id" in one.body.get("template_card", {})
    )
