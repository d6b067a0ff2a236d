"""Signing in, reading contacts, and sending, through wechatpy over real HTTP."""

from urllib.parse import parse_qs, urlsplit

import pytest

from backend.clients.wecom import Message, Wecom
from backend.core.problems import Problem
from tests import wecom
from tests.wecom import AGENT, CORP, OTHER

TEXT = {"msgtype": "text", "text": {"content": "九月走访台账还缺 3 户"}}


async def raises(code, awaitable):
    with pytest.raises(Problem) as caught:
        await awaitable
    assert caught.value.code == code
    return caught.value


async def test_a_code_is_good_once(gateway, sandbox):
    code = await sandbox.code("shen.min")
    visitor = await gateway.who(CORP, code)
    assert (visitor.userid, visitor.openid) == ("shen.min", None)
    await raises("wecom.code_invalid", gateway.who(CORP, code))


async def test_a_code_lasts_five_minutes(gateway, sandbox):
    code = await sandbox.code("shen.min")
    await sandbox.switch("clock", seconds=301)
    await raises("wecom.code_invalid", gateway.who(CORP, code))


async def test_an_outsider_has_no_userid(gateway, sandbox):
    visitor = await gateway.who(CORP, await sandbox.code("somebody"))
    assert visitor.userid is None and visitor.openid


async def test_the_old_capitalised_answer(sandbox):
    private = wecom.corp(sandbox.base, userinfo_path="user/getuserinfo")
    gateway = Wecom([private], threads=1)
    assert (await gateway.who(CORP, await sandbox.code("shen.min"))).userid == "shen.min"
    assert (await gateway.who(CORP, await sandbox.code("nobody"))).openid
    gateway.close()


async def test_mini_program(gateway, sandbox):
    session = await gateway.mini_session(CORP, await sandbox.code("shen.min", "mini"))
    assert (session.corp_id, session.userid) == (CORP, "shen.min")
    assert session.session_key and session.session_key not in repr(session)
    await raises("wecom.code_invalid", gateway.mini_session(CORP, await sandbox.code("shen.min")))


async def test_mini_program_of_another_corp(sandbox):
    other = wecom.corp(sandbox.base, corp_id=OTHER, app=wecom.app(1000003, wecom.MINI_SECRET))
    gateway = Wecom([wecom.corp(sandbox.base), other], threads=2)
    code = await sandbox.code("fang.fang", "mini", OTHER)
    problem = await raises("wecom.other_corp", gateway.mini_session(CORP, code))
    assert problem.details["corp_id"] == OTHER
    code = await sandbox.code("fang.fang", "mini", OTHER)
    assert (await gateway.mini_session(OTHER, code)).userid == "fang.fang"
    gateway.close()


async def test_mini_program_of_a_corp_we_do_not_serve(gateway, sandbox):
    code = await sandbox.code("fang.fang", "mini", OTHER)
    problem = await raises("wecom.corp_unknown", gateway.mini_session(CORP, code))
    assert problem.details["corp_id"] == OTHER


def test_the_links(gateway):
    inside = gateway.authorize_url(CORP, "https://jucun.test/a?b=1", "st4te")
    assert inside.endswith("#wechat_redirect")
    order = [name for name, _ in parse_qsl(urlsplit(inside).query)]
    assert order == ["appid", "redirect_uri", "response_type", "scope", "state", "agentid"]
    desk = parse_qs(urlsplit(gateway.desk_url(CORP, "https://jucun.test/a", "s")).query)
    assert desk["login_type"] == ["CorpApp"] and desk["agentid"] == [str(AGENT)]


def parse_qsl(query):
    from urllib.parse import parse_qsl as parse

    return parse(query)


async def test_departments_and_members(gateway):
    departments = {d.id: d for d in await gateway.departments(CORP)}
    assert departments[51].name == "源园居委会" and departments[51].parent == 5
    by_name = {m.name: m for m in await gateway.members(CORP, 51)}
    assert by_name["顾建平"].leads == (51,) and by_name["陆小燕"].leads == ()
    assert by_name["钱慧"].main_department == 52 and by_name["钱慧"].departments == (52, 51)


async def test_one_member(gateway):
    found = await gateway.member(CORP, "LU.XIAOYAN")
    assert (found.userid, found.key, found.status) == ("Lu.XiaoYan", "lu.xiaoyan", 1)
    await raises("wecom.member_unknown", gateway.member(CORP, "nobody"))


async def test_ids_by_the_contact_secret(gateway):
    ids = await gateway.userids(CORP)
    assert ids["qian.hui"] == (52, 51) and len(ids) == 5


async def test_send(gateway, sandbox):
    sent = await gateway.send(CORP, Message(("shen.min", "Nobody"), TEXT))
    assert sent.msgid and sent.invalid == ("nobody",) and sent.response_code is None
    (kept,) = sandbox.world.outbox
    assert kept.to == ["shen.min"] and kept.body["text"] == TEXT["text"]


async def test_nobody_can_be_reached(gateway, sandbox):
    await raises("wecom.nobody_reached", gateway.send(CORP, Message(("nobody",), TEXT)))
    await raises("wecom.nobody_reached", gateway.send(CORP, Message((), TEXT)))
    assert sandbox.world.outbox == []
    with pytest.raises(ValueError, match="1000"):
        await gateway.send(CORP, Message(("a",) * 1001, TEXT))


async def test_the_same_again_is_not_shown(gateway, sandbox):
    message = Message(("shen.min",), TEXT, duplicate_seconds=600)
    await gateway.send(CORP, message)
    await gateway.send(CORP, message)
    assert [sent.state for sent in sandbox.world.outbox] == ["sent", "duplicate"]


@pytest.mark.parametrize("style", ["recall", "revoke"])
async def test_recall(sandbox, style):
    gateway = Wecom([wecom.corp(sandbox.base, recall_style=style)], threads=1)
    sent = await gateway.send(CORP, Message(("shen.min",), TEXT))
    await gateway.recall(CORP, sent.msgid, ["shen.min"])
    assert sandbox.world.outbox[0].state == "recalled"
    gateway.close()


async def test_updating_a_card():
    async with wecom.sandbox(wecom.planted(app_url="http://127.0.0.1:1")) as running:
        gateway = Wecom([wecom.corp(running.base)], threads=1)
        sent = await gateway.send(CORP, Message(("shen.min",), CARD))
        closed = CARD["template_card"] | {"replace_text": "已处理"}
        await gateway.update_card(CORP, sent.response_code, ["shen.min"], closed)
        assert running.world.outbox[0].cards == {"shen.min": closed}
        with pytest.raises(Problem, match="60140"):
            await gateway.update_card(CORP, sent.response_code, ["shen.min"], closed)
        gateway.close()


CARD = {
    "msgtype": "template_card",
    "template_card": {
        "card_type": "button_interaction",
        "main_title": {"title": "请确认"},
        "task_id": "task-1",
        "button_list": [{"text": "知道了", "key": "seen"}],
    },
}
