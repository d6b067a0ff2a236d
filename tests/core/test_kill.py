"""A worker killed between any two steps of a reaction and of a job: each effect is there once."""

import asyncio
import os
import signal
import sys
from itertools import count
from uuid import uuid4

import pytest

from backend.core import audit, seal
from backend.core.db import sql
from tests import killing
from tests.cast import YUANYUAN

pytestmark = [pytest.mark.kill, pytest.mark.usefixtures("swept")]

PATIENCE = 20  # seconds for one life


@pytest.fixture
async def workers(settings, effects):
    wire = killing.Wire(settings.database_url.get_secret_value())
    await wire.open()
    variables = {
        "JUCUN_ENV": "test",
        "JUCUN_DATABASE_URL": wire.url,
        "JUCUN_KEYS_FILE": str(settings.keys_file),
    }
    pipe = asyncio.subprocess.PIPE
    nursery = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.core.nursery",
        env=variables,
        stdin=pipe,
        stdout=pipe,
        start_new_session=True,
    )
    yield killing.Workers(nursery, wire)
    os.killpg(nursery.pid, signal.SIGKILL)  # also a worker that a failed test has left behind
    await nursery.wait()
    await wire.close()


@pytest.fixture
async def effects():
    for table, unique in (("kill_note", ""), ("kill_effect", ", unique (event, n)")):
        await sql(f"create table {table} (event uuid not null, n int not null{unique})")
    before = set(audit._followed)
    audit.follow({"test.happened"})
    yield
    audit.follow(before)
    await sql("drop table kill_note")
    await sql("drop table kill_effect")


async def happen():
    return await audit.record((uuid4(), "顾建平", YUANYUAN), "test.happened", "", {})


async def waiting():
    """Events without their reactions, and jobs without their end."""
    found = await sql(
        """select (select count(*) from audit where pending)
             + (select count(*) from job where state in ('queued', 'running')) as n"""
    )
    return found[0]["n"]


async def nothing_waits():
    while await waiting():  # noqa: ASYNC110 - the end comes in another process
        await asyncio.sleep(0.02)


async def time_passes():
    """The leases of the dead run out, and whoever failed meanwhile may try again."""
    await sql("update job set lease_until = now() - interval '1 s', attempts = 0, run_at = now()")
    await sql("update audit set retry_at = null where pending")


@pytest.mark.minutes  # some fifty lives and deaths of a real worker
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_killed_at_every_step(workers, moment):
    events, lives = [], 0
    for steps in count():
        events.append(await happen())
        fuse = killing.Fuse(b"from audit where pending", steps, moment)
        worker = await workers.live(fuse)
        await killing.first(fuse.burnt.wait(), nothing_waits(), patience=PATIENCE, waiting=waiting)
        killed = fuse.burnt.is_set()
        await workers.end(worker)
        await time_passes()
        lives += 1
        if not killed:
            break
    worker = await workers.live()
    await asyncio.wait_for(nothing_waits(), PATIENCE)
    await workers.end(worker)
    assert lives > 15
    await once_each(events)


async def test_a_worker_that_is_asked_to_end_finishes_what_it_has_in_hand(workers):
    events = [await happen() for _ in range(30)]
    worker = await workers.live()
    while not await sql("select 1 from kill_effect"):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    os.kill(worker, signal.SIGTERM)
    await asyncio.wait_for(killing.gone(worker), PATIENCE)
    running = await sql("select 1 from job where state = 'running'")
    assert running == []  # no lease has to run out
    worker = await workers.live()
    await asyncio.wait_for(nothing_waits(), PATIENCE)
    await workers.end(worker)
    await once_each(events)


async def test_two_workers_share_without_doing_anything_twice(workers):
    events = [await happen() for _ in range(40)]
    both = [await workers.live(), await workers.live()]
    await asyncio.wait_for(nothing_waits(), PATIENCE)
    for worker in both:
        await workers.end(worker)
    await once_each(events)


async def once_each(events):
    expected = sorted((event, n) for event in events for n in (1, 2))
    for table in ("kill_note", "kill_effect"):
        found = await sql(f"select event, n from {table} order by event, n")
        assert [(row["event"], row["n"]) for row in found] == expected, table
    traced = await sql("select count(*) n from audit where verb = 'test.reacted'")
    assert traced[0]["n"] == len(events)
    left = await sql("select count(*) n from job where state <> 'done'")
    assert left[0]["n"] == 0
    while await seal.seal_once():
        pass
    assert (await seal.check()).whole
