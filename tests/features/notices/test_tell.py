"""People are told through WeCom: once, in the transaction of what it is about, and not at night."""

from uuid import uuid4

import pytest

from backend.app import ports_of
from backend.clients.wechat import Wechat
from backend.clients.wecom import Wecom
from backend.core.access import SYSTEM
from backend.core.db import sql, transaction
from backend.features.accounts.store import staff
from backend.features.notices import actions, store
from tests.cast import YUANYUAN

SENT_BACK = {
    "form": "重点老人走访月报",
    "period": "2026年9月",
    "count": 2,
    "fields": "走访户数、变化原因",
    "by": "沈敏",
    "due": "10月8日（周四）",
    "return_id": "01a206b6-9792-7a9f-9340-5c18b07df149",
}
TITLE = "重点老人走访月报 退回 2 项"
MORNING, EVENING, NIGHT = "2026-10-08 09:00", "2026-10-08 21:00", "2026-10-09 06:00"


async def tell(people, key="back:1", template="return_sent_back", **facts):
    async with transaction():
        return await store.tell(people, template, SENT_BACK | facts, key)


async def states():
    rows = await sql("select state, failure from notice order by userid")
    return [(row["state"], row["failure"]) for row in rows]


async def test_it_works(roster, work, outbox, contacts, at, settings):
    with at(MORNING):
        assert await tell([roster["Lu.XiaoYan"], roster["gu.jianping"]]) == 2
        await work()
    assert sorted(outbox()) == [("Lu.XiaoYan", TITLE), ("gu.jianping", TITLE)]
    (sent,) = contacts.world.outbox
    card = sent.body["template_card"]
    assert len(contacts.world.outbox) == 1, "the same to many in one call"
    assert card["card_action"]["url"].startswith(f"{settings.url}/m/#/pages/return/index?id=01a2")
    assert {"keyname": "退回的", "value": "走访户数、变化原因"} in card["horizontal_content_list"]
    rows = await sql("select state, msgid from notice")
    assert {(row["state"], row["msgid"]) for row in rows} == {("sent", sent.msgid)}


async def test_of_one_thing_people_are_told_once(roster, work, outbox, at):
    with at(MORNING):
        assert await tell([roster["Lu.XiaoYan"]]) == 1
        assert await tell([roster["Lu.XiaoYan"], roster["gu.jianping"]]) == 1
        await work()
        assert await tell([roster["Lu.XiaoYan"]]) == 0
        await work()
    assert sorted(outbox()) == [("Lu.XiaoYan", TITLE), ("gu.jianping", TITLE)]


async def test_what_is_rolled_back_is_not_told(roster, work, outbox, at):
    with at(MORNING), pytest.raises(RuntimeError):
        async with transaction():
            await store.tell([roster["Lu.XiaoYan"]], "return_sent_back", SENT_BACK, "back:1")
            raise RuntimeError("something went wrong")
    await work()
    assert outbox() == [] and await sql("select 1 from notice") == []


async def test_the_night_is_quiet(roster, work, outbox, at):
    with at(EVENING):
        await tell([roster["Lu.XiaoYan"]])
        await work()
    with at(NIGHT):
        await work()
        assert outbox() == []
    with at("2026-10-09 07:45"):
        await work()
    assert outbox() == [("Lu.XiaoYan", TITLE)]


async def test_leavers_and_strangers_are_left_out(roster, at):
    with at(MORNING):
        assert await tell([roster["qian.hui"], uuid4()]) == 0
    assert await sql("select 1 from job") == []


async def test_wecom_is_down_for_a_while(roster, work, outbox, contacts, at):
    await contacts.switch("inject-error", path="message/send", status=502)
    with at(MORNING):
        await tell([roster["Lu.XiaoYan"]])
        await work()
        assert await states() == [("waiting", "wecom.unreachable")] and outbox() == []
    with at("2026-10-08 09:05"):
        await work()
    assert outbox() == [("Lu.XiaoYan", TITLE)] and await states() == [("sent", None)]


async def test_after_a_day_nobody_wants_to_know(roster, work, outbox, contacts, at):
    await contacts.switch("inject-error", path="message/send", errcode=45009, times=9)
    with at(MORNING):
        await tell([roster["Lu.XiaoYan"]])
        await work()
    with at("2026-10-09 09:30"):
        await work()
    assert await states() == [("failed", "wecom.limited")] and outbox() == []


async def test_who_cannot_be_reached_is_noted(roster, work, outbox, contacts, at):
    del contacts.world.corps["wwputuo0000000001"].members["gu.jianping"]
    with at(MORNING):
        await tell([roster["Lu.XiaoYan"], roster["gu.jianping"]])
        await work()
        assert await states() == [("sent", None), ("failed", "not reachable")]
        await tell([roster["gu.jianping"]], key="back:2")
        await work()
    assert ("failed", "wecom.nobody_reached") in await states()
    assert outbox() == [("Lu.XiaoYan", TITLE)]


async def test_nobody_is_flooded(roster, work, outbox, at):
    with at(MORNING):
        for number in range(23):
            await tell([roster["Lu.XiaoYan"]], key=f"back:{number}", count=number)
        await work()
        assert len(outbox()) == 20
    with at("2026-10-08 09:02"):
        await work()
    assert len(outbox()) == 23


class Killed(BaseException):
    """As by SIGKILL: nobody catches it."""


async def test_killed_before_noted(roster, work, outbox, contacts, at, settings, monkeypatch):
    async def killed(*_):
        raise Killed

    wecom = ports_of(settings)[Wecom]
    with at(MORNING):
        await tell([roster["Lu.XiaoYan"]])
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(store, "sent", killed)
            await actions.send(SYSTEM, "back:1", wecom, Wechat(None), settings)
        await work()
        assert await states() == [("sending", None)], "somebody may still be at it"
    with at("2026-10-08 09:05"):
        await work()
    assert [sent.state for sent in contacts.world.outbox] == ["sent", "duplicate"]
    assert outbox() == [("Lu.XiaoYan", TITLE)] and await states() == [("sent", None)]
    wecom.close()


async def test_who_is_told(roster):
    assert await staff.holding("return.submit", YUANYUAN) == [
        roster["Lu.XiaoYan"],
        roster["gu.jianping"],
    ]
    assert await staff.holding("return.check", YUANYUAN) == [roster["gu.jianping"]]


async def test_a_fact_that_is_missing_is_told_to_the_caller(roster):
    with pytest.raises(ValueError, match="lacks by, count"):
        await store.tell([roster["Lu.XiaoYan"]], "return_sent_back", {"form": "x"}, "k")
    with pytest.raises(KeyError):
        await store.tell([roster["Lu.XiaoYan"]], "no_such_template", {}, "k")
