"""One token for all threads and processes; renewed once when dead; never fetched in a storm."""

import asyncio

import fakeredis
import pytest

from backend.clients.wecom import Wecom
from backend.clients.wecom.tokens import shared_by
from backend.core.problems import Problem
from tests import wecom
from tests.wecom import AGENT, CORP, SECRET

GETTOKEN, LIST = "/cgi-bin/gettoken", "/cgi-bin/user/list"


@pytest.fixture
def shared():
    server = fakeredis.FakeServer()
    return lambda: fakeredis.FakeStrictRedis(server=server)


async def many(gateway, count=20):
    return await asyncio.gather(*(gateway.members(CORP, 51) for _ in range(count)))


async def test_it_works(gateway, sandbox):
    assert {m.name for m in await gateway.members(CORP, 51)} == {"陆小燕", "顾建平", "钱慧"}
    await gateway.members(CORP, 51)
    assert sandbox.world.calls[GETTOKEN] == 1


async def test_a_cold_storm_fetches_one_token(gateway, sandbox):
    await many(gateway)
    assert sandbox.world.calls[GETTOKEN] == 1


async def test_two_processes_share_a_token_through_redis(sandbox, shared):
    one = Wecom([wecom.corp(sandbox.base)], shared(), threads=8)
    two = Wecom([wecom.corp(sandbox.base)], shared(), threads=8)
    await asyncio.gather(many(one, 10), many(two, 10))
    assert sandbox.world.calls[GETTOKEN] == 1
    (key,) = shared().keys("*access_token")
    assert key.decode() == f"wecom:{CORP}:{AGENT}:access_token"
    assert SECRET.encode() not in key and 6000 < shared().ttl(key) <= 6900
    one.close(), two.close()


@pytest.mark.parametrize("errcode", [42001, 40014])
async def test_dead_tokens_are_renewed_once(gateway, sandbox, errcode):
    await many(gateway, 2)
    await sandbox.switch("expire-token", errcode=errcode)
    await many(gateway)
    assert sandbox.world.calls[GETTOKEN] == 2


async def test_a_token_runs_out_early_enough(gateway, sandbox):
    await gateway.members(CORP, 51)
    await sandbox.switch("clock", seconds=7201)
    await gateway.members(CORP, 51)
    assert sandbox.world.calls[GETTOKEN] == 2


async def test_a_token_that_stays_dead_ends_after_one_retry(gateway, sandbox):
    await sandbox.switch("inject-error", path=LIST, errcode=40014, times=99)
    with pytest.raises(Problem) as caught:
        await gateway.members(CORP, 51)
    assert caught.value.code == "wecom.misconfigured"
    assert sandbox.world.calls[LIST] == 2 and sandbox.world.calls[GETTOKEN] == 2


async def test_a_wrong_secret_is_not_retried(sandbox):
    bad = wecom.corp(sandbox.base, app=wecom.app(AGENT, "not-the-secret"))
    gateway = Wecom([bad], threads=2)
    with pytest.raises(Problem) as caught:
        await gateway.members(CORP, 51)
    assert caught.value.code == "wecom.misconfigured" and "40001" in caught.value.title
    assert sandbox.world.calls[GETTOKEN] == 1
    gateway.close()


async def test_redis_may_vanish(sandbox):
    gone = shared_by("redis://127.0.0.1:1")
    gateway = Wecom([wecom.corp(sandbox.base)], gone, threads=4)
    await many(gateway, 4)
    assert sandbox.world.calls[GETTOKEN] == 1
    gateway.close()


async def test_apps_do_not_share_tokens(gateway, sandbox):
    await gateway.members(CORP, 51)
    await gateway.mini_session(CORP, await sandbox.code("shen.min", "mini"))
    assert sandbox.world.calls[GETTOKEN] == 2
