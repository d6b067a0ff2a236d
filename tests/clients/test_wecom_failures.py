"""Whatever goes wrong out there becomes one problem with a stable code, and no secret leaks."""

import asyncio
import logging
import traceback

import pytest

from backend.clients.wecom import Wecom
from backend.core.problems import Problem
from tests import wecom
from tests.wecom import CORP, SECRET
from tests.wecom import CORP as PUTUO

LIST = "/cgi-bin/user/list"


async def failing(gateway, sandbox, **fault):
    await sandbox.switch("inject-error", path=LIST, **fault)
    with pytest.raises(Problem) as caught:
        await gateway.members(CORP, 51)
    return caught.value


@pytest.mark.parametrize(
    ("errcode", "code"),
    [
        (45009, "wecom.limited"),
        (60020, "wecom.misconfigured"),
        (48002, "wecom.misconfigured"),
        (60011, "wecom.member_unknown"),
        (40058, "wecom.refused"),
        (40029, "wecom.code_invalid"),
    ],
)
async def test_codes(gateway, sandbox, errcode, code):
    problem = await failing(gateway, sandbox, errcode=errcode)
    assert problem.code == code and problem.details["errcode"] == errcode
    assert sandbox.world.calls[LIST] == 1, "no retry: it would not help"


async def test_a_busy_system_is_asked_again(gateway, sandbox):
    await sandbox.switch("inject-error", path=LIST, errcode=-1, times=2)
    assert await gateway.members(CORP, 51)
    assert sandbox.world.calls[LIST] == 3


@pytest.mark.parametrize("status", [502, 200])
async def test_a_gateways_html_page(gateway, sandbox, status):
    problem = await failing(gateway, sandbox, status=status)
    assert (problem.code, problem.status) == ("wecom.unreachable", 502)
    assert problem.title == "企业微信暂时连不上，请稍后再试。"


async def test_html_instead_of_a_token(gateway, sandbox):
    await sandbox.switch("inject-error", path="gettoken", status=200)
    with pytest.raises(Problem) as caught:
        await gateway.members(CORP, 51)
    assert caught.value.code == "wecom.unreachable"
    assert await gateway.members(CORP, 51), "the next call works again"


async def test_nobody_there_and_nothing_leaks(caplog, capsys):
    caplog.set_level(logging.DEBUG)
    gateway = Wecom([wecom.corp("http://127.0.0.1:1")], threads=1)
    with pytest.raises(Problem) as caught:
        await gateway.members(PUTUO, 51)
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    told += "".join(capsys.readouterr()) + repr(caught.value.details)
    assert caught.value.code == "wecom.unreachable"
    assert SECRET not in told and "corpsecret" not in told
    assert caught.value.__context__ is None
    gateway.close()


async def test_a_token_does_not_leak_either(gateway, sandbox, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    await gateway.members(CORP, 51)
    (token,) = sandbox.world.tokens
    caplog.clear()
    problem = await failing(gateway, sandbox, errcode=40058)
    told = "".join(traceback.format_exception(problem)) + "".join(capsys.readouterr())
    ours = [r.getMessage() for r in caplog.records if r.name.startswith(("backend", "urllib3"))]
    assert token not in told and token not in "".join(ours)


async def test_a_slow_server_does_not_hold_the_loop(gateway, sandbox):
    await gateway.members(CORP, 51)
    await sandbox.switch("inject-error", path=LIST, seconds=0.5)
    lags, slow = [], asyncio.create_task(gateway.members(CORP, 51))
    loop = asyncio.get_running_loop()
    while not slow.done():
        start = loop.time()
        await asyncio.sleep(0.01)
        lags.append(loop.time() - start - 0.01)
    assert await slow and max(lags) < 0.3


async def test_unknown_corp(gateway):
    with pytest.raises(Problem) as caught:
        await gateway.members("ww-nobody", 1)
    assert caught.value.code == "wecom.corp_unknown"


async def test_errcode_may_be_text(gateway, sandbox, monkeypatch):
    from backend.sandbox.wecom import contacts

    monkeypatch.setattr(
        contacts, "answer", lambda **fields: contacts.web.json_response({"errcode": "0"} | fields)
    )
    assert await gateway.members(CORP, 51)
