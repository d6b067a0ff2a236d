"""What message/send takes, refuses, cuts, drops and shows."""

import pytest

from tests.sandbox.asking import raw, refused, run, token
from tests.wecom import AGENT, CORP, planted, sandbox

NOTICE = {
    "card_type": "text_notice",
    "source": {"desc": "居村通"},
    "main_title": {"title": "九月重点人员走访", "desc": "退回 2 项"},
    "horizontal_content_list": [{"keyname": "截止", "value": "9 月 30 日"}],
    "card_action": {"type": 1, "url": "https://jucun.test/m/"},
}
BUTTONS = {
    "card_type": "button_interaction",
    "main_title": {"title": "请确认收到"},
    "task_id": "task-1",
    "button_list": [{"text": "收到", "key": "seen"}],
}


def card(base, **changed):
    return {"msgtype": "template_card", "template_card": base | changed}


def send(client, body, to=("shen.min",)):
    return run(client.message.send, AGENT, list(to), msg=body)


async def test_it_works(stock, sandbox):
    given = await send(stock, card(NOTICE), ["shen.min", "Lu.XiaoYan", "Ghost"])
    assert given["invaliduser"] == "ghost", "named in lower case, as a string"
    assert "response_code" not in given
    (sent,) = await (await sandbox.client.get("/_sandbox/outbox?userid=lu.xiaoyan")).json()
    assert sent["to"] == ["Lu.XiaoYan", "shen.min"]
    page = await (await sandbox.client.get("/outbox")).text()
    assert "九月重点人员走访" in page and "退回 2 项" in page and "陆小燕" in page


async def test_parties_and_everybody(stock, sandbox):
    await run(stock.message.send_text, AGENT, [], "全街道", party_ids=["5", "99"])
    await run(stock.message.send_text, AGENT, "@all", "全区")
    street, everybody = sandbox.world.outbox
    assert len(street.to) == 4 and len(everybody.to) == 5


async def test_text_is_cut(stock, sandbox):
    await run(stock.message.send_text, AGENT, ["shen.min"], "居" * 1000)
    assert sandbox.world.outbox[0].body["text"]["content"] == "居" * 682


@pytest.mark.parametrize(
    ("errcode", "body"),
    [
        (40008, {"msgtype": "dance", "dance": {}}),
        (40063, {"msgtype": "text"}),
        (44004, {"msgtype": "text", "text": {"content": ""}}),
        (45002, {"msgtype": "markdown", "markdown": {"content": "居" * 700}}),
        (40063, {"msgtype": "textcard", "textcard": {"title": "无描述"}}),
        (40058, {"msgtype": "news", "news": {"articles": []}}),
        (42031, card(NOTICE, card_type="poster")),
        (42045, card(NOTICE, card_action=None)),
        (42028, card(NOTICE, card_action={"type": 1})),
        (42033, card(NOTICE, main_title={})),
        (42027, card(NOTICE, horizontal_content_list=[{"value": "x"}])),
        (42035, card(NOTICE, horizontal_content_list=[{"keyname": "k"}] * 7)),
        (42042, card(NOTICE, jump_list=[{"type": 1, "title": "a", "url": "b"}] * 4)),
        (42014, card(NOTICE, task_id="no spaces")),
        (43012, card(BUTTONS)),
    ],
)
async def test_refusals(stock, sandbox, errcode, body):
    await refused(errcode, stock.message.send, AGENT, ["shen.min"], msg=body)
    assert sandbox.world.outbox == []


async def test_recipients(stock):
    text = {"msgtype": "text", "text": {"content": "x"}}
    await refused(82001, stock.message.send, AGENT, [], msg=text)
    await refused(81013, stock.message.send, AGENT, ["ghost"], msg=text)
    await refused(301002, stock.message.send, 1, ["shen.min"], msg=text)
    await refused(40032, stock.message.send, AGENT, ["a"] * 1001, msg=text)


async def test_a_flood_is_dropped_without_a_word(stock, sandbox):
    for n in range(32):
        assert (await run(stock.message.send_text, AGENT, ["shen.min"], str(n)))["errcode"] == 0
    assert [len(one.dropped_for) for one in sandbox.world.outbox] == [0] * 30 + [1, 1]


@pytest.fixture
async def listening():
    """A sandbox whose app has a callback address (where nobody listens)."""
    async with sandbox(planted(app_url="http://127.0.0.1:1/")) as running:
        yield running


async def test_buttons_and_their_one_update(listening):
    given = {"access_token": await token(listening)}
    message = {"touser": "shen.min", "agentid": AGENT} | card(BUTTONS)
    sent = await raw(listening, "POST", "message/send", params=given, json=message)
    assert sent["response_code"]
    again = await raw(listening, "POST", "message/send", params=given, json=message)
    assert again["errcode"] == 42014, "a task_id is unique within the app"
    update = {
        "userids": ["shen.min", "Ghost"],
        "agentid": AGENT,
        "response_code": sent["response_code"],
        "button": {"replace_name": "已收到"},
    }
    path = "message/update_template_card"
    first = await raw(listening, "POST", path, params=given, json=update)
    assert first["invaliduser"] == ["Ghost"], "a list here, a string in message/send"
    second = await raw(listening, "POST", path, params=given, json=update)
    assert second["errcode"] == 60140
    assert listening.world.outbox[0].cards["shen.min"]["replace_text"] == "已收到"


async def test_a_code_is_good_for_three_days(listening):
    given = {"access_token": await token(listening)}
    message = {"touser": "shen.min", "agentid": AGENT} | card(BUTTONS)
    sent = await raw(listening, "POST", "message/send", params=given, json=message)
    await listening.switch("clock", seconds=72 * 3600 + 1)
    update = {"userids": ["shen.min"], "agentid": AGENT, "button": {"replace_name": "已收到"}}
    update["response_code"] = sent["response_code"]
    given = {"access_token": await token(listening)}
    path = "message/update_template_card"
    late = await raw(listening, "POST", path, params=given, json=update)
    assert late["errcode"] == 60140 and listening.world.outbox[0].cards == {}


@pytest.mark.parametrize(
    ("errcode", "changed"),
    [
        (42014, {"task_id": ""}),
        (42037, {"button_list": []}),
        (42038, {"button_list": [{"key": "a"}]}),
        (42039, {"button_list": [{"text": "a"}]}),
        (42043, {"button_selection": {"option_list": [{"id": "1", "text": "a"}]}}),
        (42051, {"action_menu": {"action_list": [{"key": "a"}, {"key": "a"}]}}),
        (42046, {"card_type": "vote_interaction", "checkbox": {
            "question_key": "q", "option_list": [{"id": "1", "text": "a"}]}}),
        (42047, {"card_type": "multiple_interaction", "select_list": []}),
    ],
)  # fmt: skip
async def test_interactive_cards(listening, errcode, changed):
    given = {"access_token": await token(listening)}
    message = {"touser": "shen.min", "agentid": AGENT} | card(BUTTONS, **changed)
    answer = await raw(listening, "POST", "message/send", params=given, json=message)
    assert answer["errcode"] == errcode


async def test_recall_within_a_day(stock, sandbox):
    sent = await run(stock.message.send_text, AGENT, ["shen.min"], "x")
    given = {"access_token": await token(sandbox)}
    bad = await raw(sandbox, "POST", "message/recall", params=given, json={"msgid": "x"})
    assert bad["errcode"] == 40058
    await sandbox.switch("clock", seconds=24 * 3600 + 1)
    given = {"access_token": await token(sandbox)}
    late = await raw(sandbox, "POST", "message/recall", params=given, json={"msgid": sent["msgid"]})
    assert late["errcode"] == 40058
    assert CORP in sandbox.world.corps
