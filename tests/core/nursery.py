"""Gives birth to workers that know one reaction and one job: imports once, then a fork for each.

Run by test_kill.py; one line on standard input is one worker, its process id is the answer.
"""

import asyncio
import os
import signal
import sys

from backend import schedule, settings
from backend.core import audit, crypto, db, jobs, logs
from backend.core.ports import Ports
from backend.reactions import AFTER
from backend.tables import TABLES
from backend.work import Worker


async def react(actor, event):
    """Two rows, a trace of its own, and a job: all of them, or none."""
    for n in (1, 2):
        await db.sql("insert into kill_note (event, n) values (:event, :n)", event=event.id, n=n)
    await audit.record(actor.who, "test.reacted", event.subject, {})
    await jobs.enqueue("test.effect", key=f"{event.id}", event=str(event.id))


async def effect(actor, event):
    """Two steps, each of its own and once only: what a handler that leaves the house must be."""
    for n in (1, 2):
        await db.sql(
            "insert into kill_effect (event, n) values (:event, :n) on conflict do nothing",
            event=event,
            n=n,
        )


async def live():
    given = settings.read()
    crypto.use(crypto.Keys.read(given.keys_file))
    audit.follow(set(AFTER))
    async with db.database(given.database_url.get_secret_value(), TABLES, 4):
        worker = Worker(Ports(), hands=2)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stopping.set)
        await worker.run()


def main():
    logs.start("CRITICAL")  # standard output is for process ids
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead need no burial
    AFTER["test.happened"] = [react]
    schedule.JOBS["test.effect"] = effect
    schedule.DAILY.clear()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(live())
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
