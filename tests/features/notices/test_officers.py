"""Messages to experience officers: through the mini program, if they have agreed to one."""

import pytest

from backend.core.db import sql
from backend.features.notices import store
from tests.officers import officer
from tests.wechat import SUBSCRIPTIONS, ZHOU

NAME = "finding_registered"
FACTS = {
    "scene": "曹杨一村小区出入口和环境卫生以及其他很长的场景",
    "due": "2026年10月15日",
    "finding_id": "f1",
}


@pytest.fixture(autouse=True)
async def day(at, contacts):
    with at("2026-10-08 09:00"):
        yield


@pytest.fixture
async def zhou(as_, http, contacts):
    found = await officer(as_, http, code=await contacts.wx_code(ZHOU))
    return found.tokens["me"]["id"]


async def agree(contacts, times=1):
    await contacts.switch("consent", openid=ZHOU, template=SUBSCRIPTIONS[NAME].id, times=times)


async def state():
    return [tuple(row.values()) for row in await sql("select state, failure from notice")]


async def test_it_works(zhou, contacts, work):
    await agree(contacts)
    assert await store.tell_officers([zhou], NAME, FACTS, "f:1") == 1
    assert await store.tell_officers([zhou], NAME, FACTS, "f:1") == 0, "once"
    await work()
    (sent,) = contacts.world.outbox
    told = sent.body["subscribe"]
    assert sent.to == [ZHOU] and told["page"] == "pages/officer/finding/index?id=f1"
    assert told["lines"]["thing1"] == "曹杨一村小区出入口和环境卫生以及其他很…"
    assert told["lines"]["date3"] == "2026年10月15日"
    assert await state() == [("sent", None)]


async def test_without_consent_nothing_is_sent(zhou, contacts, work):
    await store.tell_officers([zhou], NAME, FACTS, "f:1")
    await work()
    assert contacts.world.outbox == []
    assert await state() == [("failed", "wechat.not_subscribed")]


async def test_who_came_by_a_browser_cannot_be_reached(as_, http, work, contacts):
    wu = await officer(as_, http, name="吴昊")
    await store.tell_officers([wu.tokens["me"]["id"]], NAME, FACTS, "f:1")
    await work()
    assert await state() == [("failed", "not reachable")]


async def test_who_was_dismissed_is_told_nothing(as_, zhou, contacts, work):
    await agree(contacts)
    await store.tell_officers([zhou], NAME, FACTS, "f:1")
    await as_("dora").post(f"/api/officers/{zhou}/dismiss", {"reason": "任期调整"})
    await work()
    assert contacts.world.outbox == []


async def test_not_at_night_and_again_when_wechat_is_away(at, zhou, contacts, work):
    await agree(contacts)
    with at("2026-10-08 22:00"):
        await store.tell_officers([zhou], NAME, FACTS, "f:1")
        await work()
        assert contacts.world.outbox == []
    await contacts.switch("inject-error", path="/subscribe/send", status=502)
    with at("2026-10-09 08:00"):
        await work()
        assert await state() == [("waiting", "wechat.unreachable")]
    with at("2026-10-09 08:05"):
        await work()
        assert len(contacts.world.outbox) == 1 and await state() == [("sent", None)]


async def test_the_sandbox_shows_it(zhou, contacts, work):
    await agree(contacts)
    await store.tell_officers([zhou], NAME, FACTS, "f:1")
    await work()
    page = await (await contacts.client.get("/outbox")).text()
    assert "曹杨体验官" in page and "反馈登记" in page and "周敏" in page and "答复期限" in page
    assert "微信小程序" in await (await contacts.client.get("/")).text()
