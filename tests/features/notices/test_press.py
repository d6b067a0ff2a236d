"""Buttons of cards: pressed on the phone they act once, by the presser's rights, and change."""

import asyncio
from uuid import UUID, uuid4

import pytest

from backend.app import PORTS, ports_of
from backend.clients.wecom import Wecom
from backend.core import audit, problems
from backend.core.access import SYSTEM
from backend.core.db import sql, transaction
from backend.features.notices import actions, cards, store
from backend.features.notices.messages import templates
from backend.features.notices.shapes import Answer, CardActs
from backend.sandbox.wecom import presses
from tests.features.accounts.test_leaving import pushed
from tests.wecom import AGENT, CORP

LU, GU = "Lu.XiaoYan", "gu.jianping"
FACTS = {**templates()["call"].example, "about": str(UUID(int=7))}
CALLBACK = f"/wecom/callback/{CORP}/{AGENT}"


@pytest.fixture
def acted(server, monkeypatch):
    """What the buttons of `call` were asked to do; `help` is refused after it has written."""
    done = []

    async def act(actor, about, key):
        done.append((actor.name, about.int, key))
        await audit.record(actor.who, "card.tried", key, {})
        if key == "help":
            raise problems.wrong_state(state="x", state_label="已结案", what="求助")
        return Answer("09:12 陆小燕 已确认。", ("help",), "已确认")

    monkeypatch.setitem(server.app[PORTS][CardActs], "call", act)
    return done


@pytest.fixture
async def told(roster, work, contacts):
    """The card is on two phones."""
    async with transaction():
        assert await store.tell([roster[LU], roster[GU]], "call", FACTS, "call:7") == 2
    await work()
    return contacts


def phone(contacts, userid=LU):
    """What somebody sees: the line that was added, the buttons, or the grey word for them."""
    (sent,) = [one for one in contacts.world.outbox if userid in one.to and one.state == "sent"]
    card = presses.shown(sent, userid)
    keys = [button["key"] for button in presses.buttons(card)]
    return card.get("sub_title_text"), keys or card.get("replace_text")


async def press(contacts, key, userid=LU, **more):
    return await contacts.switch("press", userid=userid, key=key, **more)


async def tried():
    rows = await sql("select actor, subject from audit where verb = 'card.tried' order by id")
    return [(row["actor"], row["subject"]) for row in rows]


def task_of(contacts, userid=LU):
    return next(
        one.body["template_card"]["task_id"] for one in contacts.world.outbox if userid in one.to
    )


def event(contacts, key="confirm", by=LU, task=None):
    return (
        f"<xml><FromUserName>{by}</FromUserName><Event>template_card_event</Event>"
        f"<EventKey>{key}</EventKey><TaskId>{task or task_of(contacts)}</TaskId></xml>"
    )


async def test_it_works(told, acted, work):
    assert phone(told) == (None, ["confirm", "help"])
    assert len({task_of(told), task_of(told, GU)}) == 2, "each person's card is told apart"
    assert (await press(told, "confirm"))["status"] == 200
    assert acted == [("陆小燕", 7, "confirm")] and await tried() == [("陆小燕", "confirm")]
    assert phone(told) == (None, ["confirm", "help"]), "the network is not waited for"
    await work()
    assert phone(told) == ("09:12 陆小燕 已确认。", ["help"])
    assert phone(told, GU) == (None, ["confirm", "help"])
    (row,) = await sql("select actor, facts from audit where verb = 'card.press'")
    assert row["facts"] == {"card": "call", "key": "confirm", "what": "done"}


async def test_a_refusal_is_said_on_the_card_and_leaves_nothing(told, acted, work):
    await press(told, "help")
    await work()
    assert phone(told) == ("没有办成：当前状态是“已结案”，不能求助。", "没有办成")
    assert await tried() == [], "what the act wrote was rolled back"
    assert len(await sql("select 1 from wecom_callback")) == 1, "and the press was remembered"


async def test_pressed_twice(told, acted, work):
    await press(told, "confirm")
    await press(told, "confirm")
    await work()
    await press(told, "confirm", stale=True)
    await work()
    assert len(acted) == 1
    assert phone(told) == ("09:12 陆小燕 已确认。", ["help"]), "answered with what is so"


async def test_pressed_twice_at_once(http, told, acted):
    events = [pushed(event(told), nonce=str(n)) for n in range(4)]
    answers = await asyncio.gather(
        *(http.post(CALLBACK, params=query, data=body) for query, body in events)
    )
    assert [answer.status for answer in answers] == [200] * 4 and len(acted) == 1
    assert await tried() == [("陆小燕", "confirm")]


async def test_a_replay_does_nothing(http, told, acted):
    query, body = pushed(event(told))
    for _ in range(3):
        answer = await http.post(CALLBACK, params=query, data=body)
        assert (answer.status, await answer.text()) == (200, "success")
    assert len(acted) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"receive_id": "ww-somebody-else"},
        {"timestamp": "1700000000"},
    ],
    ids=["not for us", "old"],
)
async def test_a_forgery_is_refused(http, told, acted, given):
    query, body = pushed(event(told), **given)
    answer = await http.post(CALLBACK, params=query, data=body)
    assert (answer.status, (await answer.json())["code"]) == (403, "wecom.callback_refused")
    query, body = pushed(event(told))
    forged = {**query, "msg_signature": "0" * 40}
    assert (await http.post(CALLBACK, params=forged, data=body)).status == 403
    assert acted == [] and await sql("select 1 from wecom_callback") == []


async def test_only_its_receiver_presses_a_card(http, told, acted):
    for text in (
        event(told, by=GU),
        event(told, by="nobody"),
        event(told, task="call-7-123456789012"),
        event(told, key="constructor"),
        event(told, key="x" * 500),
    ):
        query, body = pushed(text, nonce=uuid4().hex)
        assert (await http.post(CALLBACK, params=query, data=body)).status == 200
    assert acted == []


async def test_who_has_left_meanwhile(told, acted, work):
    await sql("update staff set status = 'left' where userid_key = :key", key=LU.lower())
    await press(told, "confirm")
    await work()
    assert acted == [] and phone(told) == (cards.GONE.said, "没有办成")


async def test_the_matter_moved_on_by_another_way(told, acted, work):
    await press(told, "confirm")
    async with transaction():
        await cards.refresh("call", UUID(int=7), Answer("已由顾建平确认。", ("help",), "已确认"))
    await work()
    assert phone(told) == ("09:12 陆小燕 已确认。", ["help"]), "nothing was taken from this one"
    assert phone(told, GU) == ("已由顾建平确认。", ["help"])
    async with transaction():
        await cards.refresh("call", UUID(int=7), Answer("应急响应已结束。", (), "已结束"))
        await cards.refresh("call", UUID(int=7), Answer("应急响应已结束。", (), "已结束"))
    await work()
    assert phone(told, GU) == ("已由顾建平确认。", ["help"]), "its code is used up"
    await press(told, "help", GU)
    await work()
    assert phone(told, GU) == ("应急响应已结束。", "已结束") and len(acted) == 1


async def test_what_is_settled_before_it_is_sent_is_not_sent(roster, contacts, work):
    async with transaction():
        await store.tell([roster[LU]], "call", FACTS, "call:7")
        await cards.refresh("call", UUID(int=7), Answer("应急响应已结束。"))
    await work()
    assert contacts.world.outbox == []
    assert [r["failure"] for r in await sql("select failure from notice")] == ["settled"]


async def test_wecom_is_down_when_the_card_should_change(told, acted, work):
    await told.switch("inject-error", path="update_template_card", status=502)
    await press(told, "confirm")
    await work()
    assert phone(told) == (None, ["confirm", "help"])
    await sql("update job set run_at = now() where state = 'queued'")
    await work()
    assert phone(told) == ("09:12 陆小燕 已确认。", ["help"]) and len(acted) == 1


async def test_the_code_is_too_old(told, acted, work):
    await press(told, "confirm")
    told.world.card_codes.clear()
    await work()
    assert phone(told) == (None, ["confirm", "help"])
    await press(told, "confirm")
    await work()
    assert phone(told) == ("09:12 陆小燕 已确认。", ["help"]) and len(acted) == 1


async def test_killed_before_it_was_noted(roster, contacts, work, settings, acted):
    async with transaction():
        await store.tell([roster[LU]], "call", FACTS, "call:7")
    (notice,) = await store.take("call:7")
    wecom = ports_of(settings)[Wecom]
    await actions._send([notice], wecom, settings)
    await sql(
        """update notice set state = 'sending', sent_at = null, msgid = null, code = null,
                  until = now() - interval '1 s'"""
    )
    # WeCom no longer knows that it was the same, only that the task is taken
    contacts.world.outbox[0].at -= 3600
    await store.send_later("call:7", notice.created_at)
    await work()
    assert [r["state"] for r in await sql("select state from notice")] == ["sent"]
    assert len(contacts.world.outbox) == 1
    await press(contacts, "confirm")
    assert len(acted) == 1
    wecom.close()


async def test_the_page_of_the_outbox_presses_too(told, acted, work):
    page = await (await told.client.get(f"/outbox?userid={LU}")).text()
    assert "收到</button>" in page and "需要支援" in page
    msgid = next(one.msgid for one in told.world.outbox if LU in one.to)
    form = {"msgid": msgid, "key": "confirm", "userid": LU, "back": "/outbox"}
    assert (await told.client.post("/outbox/click", data=form)).status == 200
    await work()
    page = await (await told.client.get(f"/outbox?userid={LU}")).text()
    assert "09:12 陆小燕 已确认。" in page and "收到</button>" not in page
    assert (await told.client.post("/outbox/click", data=form | {"userid": GU})).status == 404


async def test_a_button_that_is_not_shown(told):
    given = {"userid": LU, "key": "accept"}
    response = await told.client.post("/_sandbox/press", json=given)
    assert response.status == 400 and "confirm" in (await response.json())["problem"]
    response = await told.client.post("/_sandbox/press", json=given | {"userid": "shen.min"})
    assert response.status == 400


async def test_the_job_may_run_again(told, acted, settings, work):
    await press(told, "confirm")
    await work()
    wecom = ports_of(settings)[Wecom]
    await cards.change(SYSTEM, "call", str(UUID(int=7)), wecom, settings)
    assert phone(told) == ("09:12 陆小燕 已确认。", ["help"])
    wecom.close()
