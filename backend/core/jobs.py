"""A durable queue in our own PostgreSQL: enqueued in the caller's transaction, leased, retried.

At least once: a worker that is killed loses its lease and another takes the job over, so every
handler is idempotent. Measured against four queue libraries, this is the only one that joins
the caller's transaction (docs/decisions/0003). Arguments are ids and plain words, never a level
3–4 value: they stand in the table as they are.
"""

import asyncio
import os
import socket
import traceback
from asyncio import FIRST_COMPLETED
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from tortoise import fields
from tortoise.models import Model

from backend.core import clock
from backend.core.audit import REQUEST
from backend.core.db import Record, sql
from backend.core.ids import new_id
from backend.core.logs import scrubbed

log = structlog.get_logger(__name__)

Handler = Callable[..., Awaitable[Any]]
LEASE = timedelta(seconds=30)
_BACKOFF_CAP = 300


class JobRow(Model):
    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(64)
    key = fields.CharField(120, null=True)
    args: dict[str, Any] = fields.JSONField()
    state = fields.CharField(8)  # queued running done dead
    run_at = fields.DatetimeField()
    lease_until = fields.DatetimeField(null=True)
    owner = fields.CharField(80, null=True)
    attempts = fields.IntField(default=0)
    max_attempts = fields.IntField(default=8)
    failure = fields.TextField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "job"


async def enqueue(name: str, *, key: str | None = None, delay: float = 0, **args: Any) -> bool:
    """Put a job on the current transaction. False when one with this key is waiting or running.

    A running one may have read before your change: if it must be seen, name the change in the
    key. Keys that start with `once:` are remembered for good: such a job never runs again.
    """
    moment = clock.now()
    made = await sql(
        """insert into job (id, name, key, args, state, run_at, attempts, max_attempts, created_at)
           values (:id, :name, :key, :args, 'queued', :run_at, 0, 8, :now)
           on conflict do nothing returning id""",
        id=new_id(),
        name=name,
        key=key,
        args=args,
        run_at=moment + timedelta(seconds=delay),
        now=moment,
    )
    return bool(made)


async def sweep(days: int = 30) -> int:
    """Forget jobs that were done long ago, but not those that must never run again."""
    gone = await sql(
        """delete from job where state = 'done' and run_at < :before
           and (key is null or key not like 'once:%') returning id""",
        before=clock.now() - timedelta(days=days),
    )
    return len(gone)


class Workshop:
    """Claims jobs and runs their handlers, a few at a time, until it is told to stop."""

    def __init__(self, handlers: Mapping[str, Handler], *, hands: int = 4) -> None:
        self.handlers, self.hands = handlers, hands
        self.me = f"{socket.gethostname()}:{os.getpid()}:{new_id().hex[-6:]}"[-80:]
        self.running: dict[UUID, asyncio.Task[None]] = {}

    async def claim(self) -> int:
        """Take what is due and start it; returns how many were taken. Waits for a free hand."""
        if len(self.running) >= self.hands:
            await asyncio.wait(self.running.values(), timeout=1, return_when=FIRST_COMPLETED)
        free = self.hands - len(self.running)
        if free <= 0:
            return 0
        taken = await sql(_CLAIM, **self._lease(), n=free, names=list(self.handlers))
        for job in taken:
            self.running[job["id"]] = asyncio.create_task(self._run(job))
        return len(taken)

    async def beat(self) -> None:
        """Renew the leases of what is running; drop what was taken away from us."""
        for job, task in list(self.running.items()):
            if not await sql(_BEAT, id=job, lease=clock.now() + LEASE, me=self.me):
                task.cancel()
        await sql(_BURY, now=clock.now())

    async def drain(self) -> None:
        """Wait for what is running. The leases must be renewed meanwhile."""
        await asyncio.gather(*self.running.values(), return_exceptions=True)

    async def _run(self, job: Record) -> None:
        REQUEST.set(f"job:{job['id']}")
        try:
            await self.handlers[job["name"]](**job["args"])
            await sql(_DONE, id=job["id"], me=self.me)
        except Exception:
            log.exception("job failed", job=job["name"], attempt=job["attempts"])
            await self._failed(job, scrubbed(traceback.format_exc())[-4000:])
        finally:
            self.running.pop(job["id"], None)

    async def _failed(self, job: Record, failure: str) -> None:
        over = job["attempts"] >= job["max_attempts"]
        wait = timedelta(seconds=min(_BACKOFF_CAP, 2 ** job["attempts"]))
        try:
            await sql(
                _FAILED,
                state="dead" if over else "queued",
                failure=failure,
                run_at=clock.now() + wait,
                id=job["id"],
                me=self.me,
            )
        except Exception:
            # the database is away: the lease runs out and the job is taken over
            log.exception("job failure not noted", job=job["name"])

    def _lease(self) -> dict[str, str | datetime]:
        moment = clock.now()
        return {"me": self.me, "now": moment, "lease": moment + LEASE}


_CLAIM = """
update job set state = 'running', owner = :me, attempts = attempts + 1, lease_until = :lease
where id in (
  select id from job
  where name = any(:names) and attempts < max_attempts
    and (state = 'queued' and run_at <= :now or state = 'running' and lease_until < :now)
  order by run_at limit :n for update skip locked)
returning id, name, args, attempts, max_attempts"""

_BEAT = """update job set lease_until = :lease
where id = :id and owner = :me and state = 'running' returning id"""

_DONE = """update job set state = 'done', lease_until = null, failure = null
where id = :id and owner = :me and state = 'running'"""

_FAILED = """
update job set state = :state, failure = :failure, run_at = :run_at, owner = null,
  lease_until = null
where id = :id and owner = :me and state = 'running'"""

# a job that takes its worker down with it every time must not do so for ever
_BURY = """
update job set state = 'dead', owner = null, lease_until = null,
  failure = coalesce(failure || chr(10), '') || 'the worker died while it ran, again and again'
where state = 'running' and lease_until < :now and attempts >= max_attempts"""
