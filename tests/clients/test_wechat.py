"""The ordinary mini program: who holds the phone, and messages that need the person's consent."""

import asyncio

import pytest
from pydantic import SecretStr

from backend.clients import wecom as corps
from backend.clients.wechat import MiniProgram, Wechat
from backend.core.problems import Problem
from tests import wecom
from tests.wechat import APP_SECRET, APPID, SUBSCRIPTIONS
from tests.wechat import ZHOU as ME
from tests.wechat import settings as given_by

DATA = {"thing1": "菜场出口积水", "phrase2": "已登记", "date3": "2026年10月9日"}


def program(base, **changed):
    return MiniProgram(**given_by(base) | {"secret": SecretStr(APP_SECRET)} | changed)


@pytest.fixture
async def wechat(sandbox):
    found = Wechat(program(sandbox.base))
    yield found
    await found.close()


async def refusal(awaited):
    with pytest.raises(Problem) as caught:
        await awaited
    return caught.value.code


async def consent(sandbox, name="finding_registered", times=1):
    await sandbox.switch("consent", openid=ME, template=SUBSCRIPTIONS[name].id, times=times)


async def test_it_works(sandbox, wechat):
    holder = await wechat.holder(await sandbox.wx_code(ME))
    assert (holder.appid, holder.openid) == (APPID, ME)


async def test_a_code_is_good_once_and_for_one_program(sandbox, wechat):
    code = await sandbox.wx_code(ME)
    await wechat.holder(code)
    assert await refusal(wechat.holder(code)) == "wechat.code_invalid"
    assert await refusal(wechat.holder("made up")) == "wechat.code_invalid"
    corp_code = await sandbox.code("Lu.XiaoYan", "mini")
    assert await refusal(wechat.holder(corp_code)) == "wechat.code_invalid"


async def test_a_message_needs_consent_which_it_uses_up(sandbox, wechat):
    told = wechat.tell(ME, "finding_registered", "pages/officer/index", DATA)
    assert await refusal(told) == "wechat.not_subscribed"
    await consent(sandbox)
    await wechat.tell(ME, "finding_registered", "pages/officer/index", DATA)
    (sent,) = sandbox.world.outbox
    assert sent.to == [ME] and sent.body["subscribe"]["lines"] == DATA
    told = wechat.tell(ME, "finding_registered", "pages/officer/index", DATA)
    assert await refusal(told) == "wechat.not_subscribed"


@pytest.mark.parametrize(
    "wrong", [{"thing1": "长" * 21}, {"phrase2": "六个字的状态"}, {"thing9": "多了一项"}]
)
async def test_what_the_template_does_not_hold_is_refused(sandbox, wechat, wrong):
    await consent(sandbox)
    told = wechat.tell(ME, "finding_registered", "pages/officer/index", DATA | wrong)
    assert await refusal(told) == "wechat.misconfigured"
    assert sandbox.world.outbox == []


async def test_a_message_without_a_template_is_not_sent(sandbox, wechat):
    assert await refusal(wechat.tell(ME, "unknown", "", {})) == "wechat.not_subscribed"
    assert sandbox.world.calls["/cgi-bin/message/subscribe/send"] == 0


async def test_one_token_for_all_and_a_new_one_when_it_dies(sandbox, wechat):
    await consent(sandbox, times=9)
    await asyncio.gather(*(wechat.tell(ME, "finding_registered", "", DATA) for _ in range(5)))
    assert sandbox.world.calls["/cgi-bin/stable_token"] == 1
    for held in sandbox.world.plain.tokens.values():
        held.killed_as = 40001
    await wechat.tell(ME, "finding_registered", "", DATA)
    assert sandbox.world.calls["/cgi-bin/stable_token"] == 2 and len(sandbox.world.outbox) == 6


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"errcode": -1, "times": 1}, None),
        ({"errcode": -1, "times": 2}, "wechat.busy"),
        ({"errcode": 45009}, "wechat.busy"),
        ({"status": 502}, "wechat.unreachable"),
    ],
)
async def test_faults(sandbox, wechat, fault, code):
    await sandbox.switch("inject-error", path="/sns/jscode2session", **fault)
    asked = wechat.holder(await sandbox.wx_code(ME))
    if code:
        assert await refusal(asked) == code
    else:
        assert (await asked).openid == ME


async def test_settings_that_are_wrong(sandbox):
    mistaken = Wechat(program(sandbox.base, secret=SecretStr("another")))
    asked = mistaken.holder(await sandbox.wx_code(ME))
    assert await refusal(asked) == "wechat.misconfigured"
    away = Wechat(program("http://127.0.0.1:9"))
    assert await refusal(away.holder("x")) == "wechat.unreachable"
    assert await refusal(Wechat(None).holder("x")) == "wechat.missing"
    for one in (mistaken, away):
        await one.close()


def test_it_stands_in_the_file_of_the_corps(tmp_path):
    wecom.write_corps(tmp_path / "corps.yaml", "http://127.0.0.1:1")
    found = corps.mini_program(tmp_path / "corps.yaml")
    assert found and found.appid == APPID and APP_SECRET not in repr(found)
