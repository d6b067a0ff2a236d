"""The allowance, in the substitute and in a real Redis, and when Redis is away."""

import asyncio
import os
from datetime import timedelta
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from backend.clients import redis as module
from backend.clients.redis import Redis
from backend.core import clock

REAL = os.environ.get("JUCUN_TEST_REDIS_URL")


@pytest.fixture(params=["substitute", "real"])
async def redis(request, monkeypatch):
    monkeypatch.setattr(module, "_WAIT", 10)  # a loaded machine must not look like one away
    if request.param == "real" and not REAL:
        pytest.skip("JUCUN_TEST_REDIS_URL names no Redis")
    redis = Redis(REAL if request.param == "real" else None)
    yield redis
    await redis.close()


@pytest.fixture
def key():
    return uuid4().hex


async def test_so_many_and_then_a_wait(redis, key):
    assert await redis.reachable()
    granted = [await redis.take(key, 3, 60) for _ in range(4)]
    assert granted[:3] == [1, 1, 1] and -20.1 < granted[3] < -19


async def test_it_comes_back_evenly(redis, key):
    moment = clock.now()
    with clock.pretend_everywhere(moment):
        assert [await redis.take(key, 3, 60) for _ in range(3)] == [1, 1, 1]
        wait = -await redis.take(key, 3, 60)
    with clock.pretend_everywhere(moment + timedelta(seconds=wait - 1)):
        assert await redis.take(key, 3, 60) < 0
    with clock.pretend_everywhere(moment + timedelta(seconds=wait + 0.01)):
        assert await redis.take(key, 3, 60) == 1
        assert await redis.take(key, 3, 60) < 0
    with clock.pretend_everywhere(moment + timedelta(seconds=200)):
        assert await redis.take(key, 3, 60, 9) == 3


async def test_a_share_is_what_is_left_at_most(redis, key):
    assert [await redis.take(key, 10, 60, 4) for _ in range(3)] == [4, 4, 2]
    assert await redis.take(key, 10, 60, 4) < 0


async def test_many_at_once_get_no_more_than_there_is(redis, key):
    granted = await asyncio.gather(*(redis.take(key, 50, 3600) for _ in range(80)))
    assert sum(g for g in granted if g > 0) == 50


async def test_keys_do_not_share(redis, key):
    assert await redis.take(key, 1, 60) == 1 and await redis.take(key + "x", 1, 60) == 1


async def test_away_it_lets_through_says_so_once_and_comes_back(key, monkeypatch):
    redis = Redis("redis://127.0.0.1:1/0")
    with capture_logs() as said:
        assert [await redis.take(key, 1, 60, 5) for _ in range(3)] == [5, 5, 5]
        monkeypatch.setattr(module, "_REST", 0)
        assert await redis.take(key, 1, 60) == 1
        assert [line["event"] for line in said] == ["redis away, limits are off"]
        redis._take = Redis(None)._take
        assert await redis.take(key, 1, 60) == 1 and await redis.take(key, 1, 60) < 0
    assert [line["event"] for line in said][1:] == ["redis is back"]
    assert not await redis.reachable()
    await redis.close()


async def test_a_redis_that_does_not_answer_costs_a_moment_only(key):
    async def silent(reader, writer):
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    redis = Redis(f"redis://127.0.0.1:{port}/0")
    start = asyncio.get_running_loop().time()
    assert [await redis.take(key, 1, 60) for _ in range(50)] == [1] * 50
    assert asyncio.get_running_loop().time() - start < 3
    await redis.close()
    server.close()
