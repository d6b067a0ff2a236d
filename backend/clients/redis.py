"""Redis, for what may be lost: how often somebody has asked lately.

Without an address a substitute inside the process takes its place. A Redis that is away holds
nobody up: everything is let through, which is logged once, and it is tried again soon.
"""

import time
from typing import Any

import redis.asyncio as client
import structlog
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from backend.core import clock

log = structlog.get_logger(__name__)

_WAIT = 0.3  # seconds that a request may wait for Redis
_REST = 5.0  # seconds in which a Redis that was away is not asked again

# GCRA: one number per key, the moment at which its allowance would be whole again. Grants up to
# `want` at once; answers how many, or how many milliseconds to wait, as a negative number.
_TAKE = """
local now, gap = tonumber(ARGV[1]), tonumber(ARGV[2])
local most, want = tonumber(ARGV[3]), tonumber(ARGV[4])
local whole = math.max(tonumber(redis.call('get', KEYS[1]) or now), now)
-- the clocks of two machines, and two answers on their way, differ a little
local slack = math.min(gap / 2, 100)
local free = math.min(most, math.floor((now + slack + most * gap - whole) / gap))
if free < 1 then return math.floor(now - (whole - (most - 1) * gap)) - 1 end
local granted = math.min(free, want)
local later = string.format('%.0f', whole + granted * gap)
redis.call('set', KEYS[1], later, 'px', math.ceil(most * gap) + 1000)
return granted
"""


class Redis:
    """The connection of this process, and the one question that is asked over it."""

    def __init__(self, url: str | None) -> None:
        self._redis: Any = _connected(url)
        self._take = self._redis.register_script(_TAKE)
        self._away_since: float | None = None

    async def take(self, key: str, most: int, seconds: int, want: int = 1) -> float:
        """Take up to `want` of an allowance of `most` per `seconds`.

        The answer is how many were granted, or, negative, how many seconds to wait for one.
        """
        if self._away_since is not None and time.monotonic() - self._away_since < _REST:
            return want
        gap = seconds * 1000 / most
        now = int(clock.now().timestamp() * 1000)
        try:
            answer = int(await self._take(keys=[f"limit:{key}"], args=[now, gap, most, want]))
        except (RedisError, OSError) as error:
            self._gone(error)
            return want
        self._back()
        return answer if answer > 0 else answer / 1000

    async def reachable(self) -> bool:
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError):
            return False

    async def close(self) -> None:
        await self._redis.aclose()

    def _gone(self, error: Exception) -> None:
        if self._away_since is None:
            log.error("redis away, limits are off", kind=type(error).__name__)
        self._away_since = time.monotonic()

    def _back(self) -> None:
        if self._away_since is not None:
            log.warning("redis is back")
        self._away_since = None


def _connected(url: str | None) -> Any:
    if url is None:
        import fakeredis  # noqa: PLC0415 - a quarter of a second that production does not need

        return fakeredis.FakeAsyncRedis()
    return client.from_url(
        url,
        socket_timeout=_WAIT,
        socket_connect_timeout=_WAIT,
        retry=Retry(NoBackoff(), 0),  # the default retries for seconds while somebody waits
    )
