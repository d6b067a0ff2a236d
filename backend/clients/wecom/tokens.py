"""Where access tokens rest: in Redis so that all processes share one, with a memory of our own for
when there is no Redis or it is away. A token lost is only fetched again."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.exceptions import LockError, RedisError
from redis.retry import Retry
from wechatpy.session import SessionStorage

PREFIX = "wecom:"
LOCK_SECONDS, WAIT_SECONDS = 15, 10
AWAY_SECONDS = 30.0


def shared_by(url: str) -> redis.Redis:
    """A Redis for threads that gives up quickly: tokens can be had without it."""
    pool = redis.BlockingConnectionPool.from_url(
        url,
        max_connections=8,
        timeout=2,
        socket_connect_timeout=1,
        socket_timeout=2,
        retry=Retry(NoBackoff(), 0),
    )
    return redis.Redis(connection_pool=pool)


class Shelf(SessionStorage):  # type: ignore[misc]
    """wechatpy's session storage, which its own ones fill without expiry or margin."""

    def __init__(self, shared: redis.Redis | None = None) -> None:
        self._shared = shared
        self._away_until = 0.0
        self._own: dict[str, tuple[str, float]] = {}
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def get(self, key: str, default: str | None = None) -> str | None:
        held = self._try(lambda shared: shared.get(PREFIX + key))
        if held is not None:
            return str(held.decode() if isinstance(held, bytes) else held)
        value, until = self._own.get(key, ("", 0.0))
        return value if until > time.monotonic() else default

    def set(self, key: str, value: str, ttl: int | None = None) -> None:
        self._own[key] = (value, time.monotonic() + (ttl or 0))
        self._try(lambda shared: shared.set(PREFIX + key, value, ex=ttl))

    def delete(self, key: str) -> None:
        self._own.pop(key, None)
        self._try(lambda shared: shared.delete(PREFIX + key))

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """Within the block nobody else renews this key: no thread here, no other process.

        Without Redis, or when it is away or slow, the other processes are not waited for; the
        worst that comes of it is a second gettoken, which gives the same token.
        """
        with self._guard:
            mine = self._locks.setdefault(key, threading.Lock())
        with mine:
            lock = self._try(lambda shared: _locked(shared, key))
            try:
                yield
            finally:
                if lock is not None:
                    self._try(lambda _: lock.release())

    def _try(self, call: Callable[[redis.Redis], Any]) -> Any:
        """What Redis says, or None; once it has failed it is left alone for a while."""
        if self._shared is None or time.monotonic() < self._away_until:
            return None
        try:
            return call(self._shared)
        except LockError:
            return None  # held longer than its time: somebody else has it now
        except RedisError:
            self._away_until = time.monotonic() + AWAY_SECONDS
            return None


def _locked(shared: redis.Redis, key: str) -> Any:
    lock = shared.lock(f"{PREFIX}lock:{key}", timeout=LOCK_SECONDS, blocking_timeout=WAIT_SECONDS)
    return lock if lock.acquire() else None
