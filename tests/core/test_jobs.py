"""The queue: with the caller's transaction, leased, retried, and in the end given up aloud."""

import asyncio
from datetime import timedelta

import pytest

from backend.core import clock, jobs
from backend.core.audit import REQUEST
from backend.core.db import sql, transaction
from backend.core.jobs import Workshop, enqueue

pytestmark = pytest.mark.usefixtures("swept")


class Desk:
    """Handlers that note what they did and do as they are told."""

    def __init__(self):
        self.done, self.requests = [], []
        self.hold = asyncio.Event()

    async def note(self, what="x"):
        self.done.append(what)
        self.requests.append(REQUEST.get())

    async def wait(self):
        await self.hold.wait()
        self.done.append("waited")

    async def fail(self):
        raise RuntimeError("陆小燕 13800138000 没有接听")

    def workshop(self, hands=4):
        return Workshop({"note": self.note, "wait": self.wait, "fail": self.fail}, hands=hands)


@pytest.fixture
def desk():
    return Desk()


async def states():
    return {row["name"]: row for row in await sql("select * from job")}


async def work(workshop):
    """Everything that is due, to its end."""
    while await workshop.claim():
        await workshop.drain()


async def test_a_job_runs_once_with_its_arguments(desk):
    assert await enqueue("note", what="甲")
    shop = desk.workshop()
    await work(shop)
    await work(shop)
    assert desk.done == ["甲"] and shop.running == {}
    job = (await states())["note"]
    assert (job["state"], job["attempts"], job["lease_until"]) == ("done", 1, None)
    assert desk.requests == [f"job:{job['id']}"]


async def test_it_falls_with_the_transaction_that_enqueued_it(desk):
    with pytest.raises(RuntimeError):
        async with transaction():
            await enqueue("note")
            raise RuntimeError
    async with transaction():
        await enqueue("note")
        elsewhere = asyncio.create_task(desk.workshop().claim())
        await asyncio.sleep(0.05)
    assert await states() != {} and await elsewhere in (0, 1)


async def test_a_key_that_waits_or_runs_is_not_taken_again(desk):
    assert await enqueue("wait", key="k") and not await enqueue("wait", key="k")
    assert await enqueue("note", key="k")
    shop = desk.workshop()
    await shop.claim()
    assert not await enqueue("wait", key="k")
    desk.hold.set()
    await shop.drain()
    assert await enqueue("wait", key="k")


async def test_a_once_key_is_remembered_for_good(desk):
    assert await enqueue("note", key="once:08:00:2026-10-08")
    await work(desk.workshop())
    assert not await enqueue("note", key="once:08:00:2026-10-08")
    with clock.pretend_everywhere(clock.now() + timedelta(days=400)):
        await jobs.sweep()
    assert not await enqueue("note", key="once:08:00:2026-10-08")


async def test_delay(desk):
    await enqueue("note", delay=60)
    assert await desk.workshop().claim() == 0
    with clock.pretend_everywhere(clock.now() + timedelta(seconds=61)):
        await work(desk.workshop())
    assert desk.done == ["x"]


async def test_what_nobody_here_can_do_is_left_for_others(desk):
    await enqueue("unknown")
    assert await desk.workshop().claim() == 0
    assert (await states())["unknown"]["state"] == "queued"


async def test_a_failure_waits_longer_each_time_and_ends_as_dead(desk):
    await enqueue("fail")
    waits = []
    moment = clock.now()
    for _ in range(8):
        with clock.pretend_everywhere(moment):
            shop = desk.workshop()
            assert await shop.claim() == 1
            await shop.drain()
        job = (await states())["fail"]
        waits.append(round((job["run_at"] - moment).total_seconds()))
        moment = job["run_at"] + timedelta(seconds=1)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256]
    assert job["state"] == "dead" and job["owner"] is None
    assert "RuntimeError" in job["failure"] and "13800138000" not in job["failure"]
    with clock.pretend_everywhere(moment + timedelta(days=1)):
        assert await desk.workshop().claim() == 0


async def test_a_lost_lease_is_taken_over(desk):
    await enqueue("wait")
    dead, heir = desk.workshop(), desk.workshop()
    await dead.claim()
    assert await heir.claim() == 0
    with clock.pretend_everywhere(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        assert await heir.claim() == 1
        # the first one comes to itself: it must stop, and may not mark the job as its own
        await dead.beat()
        await dead.drain()
        assert dead.running == {} and desk.done == []
        await heir.beat()
        desk.hold.set()
        await heir.drain()
    assert desk.done == ["waited"]
    job = (await states())["wait"]
    assert (job["state"], job["attempts"]) == ("done", 2)


async def test_a_beat_keeps_the_lease(desk):
    await enqueue("wait")
    shop, other = desk.workshop(), desk.workshop()
    await shop.claim()
    with clock.pretend_everywhere(clock.now() + jobs.LEASE - timedelta(seconds=1)):
        await shop.beat()
    with clock.pretend_everywhere(clock.now() + jobs.LEASE + timedelta(seconds=5)):
        assert await other.claim() == 0
    desk.hold.set()
    await shop.drain()


async def test_a_job_that_kills_its_worker_every_time_is_given_up(desk):
    await enqueue("wait")
    moment = clock.now()
    for _ in range(8):
        with clock.pretend_everywhere(moment):
            victim = desk.workshop()
            assert await victim.claim() == 1
            for task in victim.running.values():  # as SIGKILL would
                task.cancel()
            await victim.drain()
        moment += jobs.LEASE + timedelta(seconds=1)
    with clock.pretend_everywhere(moment):
        assert await desk.workshop().claim() == 0
        await desk.workshop().beat()
    job = (await states())["wait"]
    assert job["state"] == "dead" and "the worker died" in job["failure"]


async def test_no_more_than_the_hands_and_the_next_as_soon_as_one_is_free(desk):
    for n in range(3):
        await enqueue("wait" if n < 2 else "note")
    shop = desk.workshop(hands=2)
    assert await shop.claim() == 2
    asyncio.get_running_loop().call_later(0.05, desk.hold.set)
    assert await asyncio.wait_for(shop.claim(), 0.9) == 1
    await shop.drain()
    assert desk.done == ["waited", "waited", "x"]


async def test_two_workshops_never_take_the_same_job(desk):
    for n in range(30):
        await enqueue("note", what=n)
    shops = [desk.workshop(hands=30) for _ in range(3)]
    taken = await asyncio.gather(*(shop.claim() for shop in shops))
    for shop in shops:
        await shop.drain()
    assert sum(taken) == 30 and sorted(desk.done) == list(range(30))


async def test_sweeping_forgets_old_done_jobs_only(desk):
    await enqueue("note")
    await work(desk.workshop())
    await enqueue("unknown")
    assert await jobs.sweep() == 0
    with clock.pretend_everywhere(clock.now() + timedelta(days=31)):
        assert await jobs.sweep() == 1
    assert set(await states()) == {"unknown"}
