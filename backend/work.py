"""The worker: reactions from the audit queue, jobs, and the clock. May be killed at any moment.

Nothing is kept in its memory that is not in PostgreSQL: a reaction commits together with the
mark that it ran, a job holds a lease, and what the clock starts is keyed by its day.
"""

import asyncio
import traceback
from datetime import timedelta
from functools import partial

import structlog

from backend.core import clock, jobs, seal
from backend.core.access import SYSTEM
from backend.core.audit import REQUEST
from backend.core.db import Record, sql, transaction
from backend.core.events import Event
from backend.core.logs import scrubbed
from backend.core.ports import Ports, wired
from backend.reactions import AFTER
from backend.schedule import DAILY, JOBS, PULSES

log = structlog.get_logger(__name__)

POLL = 0.5
LATE = timedelta(hours=6)
_BEAT = jobs.LEASE.total_seconds() / 3


async def react_once(ports: Ports) -> bool:
    """Run the reactions of the oldest waiting event. False when none waits."""
    row: Record | None = None
    try:
        async with transaction():
            row = await _next_event()
            if row is None:
                return False
            await _react(row, ports)
            await sql("update audit set pending = false where id = :id", id=row["id"])
    except Exception:
        if row is None:
            raise
        await _postpone(row, scrubbed(traceback.format_exc())[-4000:])
    return True


async def _next_event() -> Record | None:
    found = await sql(
        """select id, at, verb, subject, actor_id, actor, area, facts, request, attempts
           from audit where pending and (retry_at is null or retry_at <= :now)
           order by id limit 1 for update skip locked""",
        now=clock.now(),
    )
    return found[0] if found else None


async def _react(row: Record, ports: Ports) -> None:
    token = REQUEST.set(row["request"])
    try:
        keys = ("id", "verb", "subject", "actor_id", "actor", "area", "facts")
        event = Event(**{key: row[key] for key in keys})
        for reaction in AFTER.get(event.verb, ()):
            await wired(reaction, ports)(SYSTEM, event)
    finally:
        REQUEST.reset(token)


async def _postpone(row: Record, failure: str) -> None:
    """Try again later, ever more slowly; nothing is given up, and the reason can be read."""
    attempts = row["attempts"] + 1
    wait = timedelta(seconds=min(3600, 2**attempts))
    log.error("reaction failed", verb=row["verb"], subject=row["subject"], attempts=attempts)
    await sql(
        """update audit set attempts = :attempts, retry_at = :retry_at, failure = :failure
           where id = :id""",
        attempts=attempts,
        retry_at=clock.now() + wait,
        failure=failure,
        id=row["id"],
    )


async def start_due() -> None:
    """Enqueue what the clock says is due and has not been started yet.

    What fell due while no worker lived is made up for, also past midnight, but not long after:
    a morning's message is of no use in the evening.
    """
    moment = clock.now()
    for daily in DAILY:
        due = clock.at(moment.date(), *map(int, daily.at.split(":")))
        if due > moment:
            due -= timedelta(days=1)
        if moment - due <= LATE:
            key = f"once:{daily.at}:{due:%Y-%m-%d}"
            await jobs.enqueue(daily.job, key=key, **daily.args)


class Worker:
    """One process's share of the work."""

    def __init__(self, ports: Ports, *, hands: int = 4) -> None:
        self.ports = ports
        handlers = {name: partial(wired(job, ports), SYSTEM) for name, job in JOBS.items()}
        self.workshop = jobs.Workshop(handlers, hands=hands)
        self.pulses = [(one.seconds, partial(wired(one.job, ports), SYSTEM)) for one in PULSES]
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until told to stop; then finish what is in hand, whose leases go on."""
        beat = asyncio.create_task(self._beats())
        try:
            clocked = [self._pulse(1, seal.seal_once), self._pulse(20, start_due)]
            clocked += [self._pulse(seconds, run) for seconds, run in self.pulses]
            await asyncio.gather(self._events(), self._jobs(), *clocked)
            await self.workshop.drain()
        finally:
            beat.cancel()

    async def _beats(self) -> None:
        while True:
            await self._safely(self.workshop.beat)
            await asyncio.sleep(_BEAT)

    async def _events(self) -> None:
        while not self.stopping.is_set():
            if not await self._safely(partial(react_once, self.ports)):
                await self._rest(POLL)

    async def _jobs(self) -> None:
        while not self.stopping.is_set():
            if not await self._safely(self.workshop.claim):
                await self._rest(POLL)

    async def _pulse(self, seconds: float, run: jobs.Handler) -> None:
        while not self.stopping.is_set():
            await self._safely(run)
            await self._rest(seconds)

    async def _safely(self, run: jobs.Handler) -> object:
        """A database that is away for a while must not end the worker."""
        try:
            return await run()
        except Exception:
            log.exception("worker", step=getattr(run, "__name__", str(run)))
            await self._rest(2)
            return None

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return
