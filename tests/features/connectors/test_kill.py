"""A worker that is killed between any two steps of a pull: in the end every row is there once."""

import asyncio
from itertools import count

import pytest
import yaml

from backend.core.db import sql
from backend.features.connectors import store
from tests import killing
from tests import street as sandbox
from tests.features.connectors.conftest import counts

PATIENCE = 30  # seconds for one life


@pytest.fixture
def system():
    """Whose feeds the workers can reach."""
    return "street"


@pytest.fixture
async def workers(http, settings, street, tmp_path, system):
    addresses = {system: {"url": street.url, "client": sandbox.CLIENT, "secret": sandbox.SECRET}}
    (tmp_path / "feeds.yaml").write_text(yaml.safe_dump(addresses))
    variables = {
        "JUCUN_ENV": "test",
        "JUCUN_VAR": str(settings.var),
        "JUCUN_KEYS_FILE": str(settings.keys_file),
        "JUCUN_CORPS_FILE": str(settings.corps_file),
        "JUCUN_FEEDS_FILE": str(tmp_path / "feeds.yaml"),
    }
    url = settings.database_url.get_secret_value()
    async with killing.workers(url, variables) as found:
        yield found


async def over_again():
    """The lease of the dead runs out at once, and being killed is not the job's own fault."""
    await sql(
        "update job set lease_until = now() - interval '1 minute', attempts = 0, run_at = now()"
    )


async def waiting():
    return await sql(
        """select key, state, attempts, run_at, lease_until, failure, now() from job
           where state in ('queued', 'running')"""
    )


async def done(feed):
    found = await sql("select state from feed_run where feed = :feed", feed=feed)
    return [row["state"] for row in found].count("done")


@pytest.mark.kill
@pytest.mark.minutes  # some eighty lives and deaths of a real worker
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_killed_at_every_step(workers, street, as_, moment):
    assert (await as_("dora").post("/api/feeds/housing/pulls")).status == 202
    lives = 0
    for steps in count():
        fuse = killing.Fuse(b"into feed_run", steps, moment)
        worker = await workers.live(fuse)
        await killing.first(fuse.burnt.wait(), nothing_waits(), patience=PATIENCE, waiting=waiting)
        await workers.end(worker)
        lives += 1
        if not await waiting():
            break
        await over_again()
    await all_is_there(street)
    assert lives > 40


async def nothing_waits():
    while True:
        if not await waiting():
            return
        await asyncio.sleep(0.05)


async def all_is_there(street):
    """Every row once, every count right, nothing refused, one run of each feed that took over."""
    shelf, found = street.shelf, await counts()
    assert found.people == len(shelf.people.order)
    assert found.houses == len(shelf.houses.order)
    assert found.buildings == len(shelf.buildings.order)
    assert (found.history, found.refused) == (0, 0)
    doubled = await sql("select hh_no from household group by hh_no having count(*) > 1")
    assert doubled == []
    for feed, rows in (("housing", found.houses + found.buildings), ("population", found.people)):
        runs = await store.runs(feed)
        assert {run.state for run in runs} == {"done"}
        assert sum(run.added for run in runs) == sum(run.seen for run in runs) == rows
        ended = await sql(
            "select facts from audit where verb = 'feed.finish' and facts->>'feed' = :f", f=feed
        )
        assert len(ended) == len(runs)


@pytest.mark.kill
@pytest.mark.parametrize(
    ("system", "feed", "moment"), [("pool", "hotline", "before"), ("iot", "alarms", "after")]
)
async def test_orders_and_alarms_survive_it(workers, street, as_, system, feed, moment):
    """A few deaths in the middle of things; at last every order and every signal is there once."""
    for _ in range(4):
        await street.change("call")
    assert (await as_("dora").post(f"/api/feeds/{feed}/pulls")).status == 202
    for steps in (4, 13, 25):
        fuse = killing.Fuse(b"into feed_run", steps, moment)
        worker = await workers.live(fuse)
        await killing.first(fuse.burnt.wait(), nothing_waits(), patience=PATIENCE, waiting=waiting)
        await workers.end(worker)
        await over_again()
    worker = await workers.live()
    await killing.first(nothing_waits(), patience=PATIENCE, waiting=waiting)
    await workers.end(worker)
    shelf = street.shelf
    runs = [run for run in await store.runs(feed) if run.seen]
    assert {run.state for run in runs} == {"done"}
    found = await sql(
        """select (select count(*) from work_order where system = 'hotline') as orders,
             (select count(distinct system_no) from work_order where system = 'hotline') as once,
             (select count(*) from sensor_signal) as signals,
             (select coalesce(sum(count), 0) from sensor_alarm) as alarmed,
             (select count(*) from sensor_signal where alarm_id is not null) as belonging,
             (select count(*) from sensor_device) as devices,
             (select count(*) from feed_quarantine) as refused"""
    )
    got = found[0]
    if feed == "hotline":
        assert got["orders"] == got["once"] == len(shelf.calls.order)
    else:
        assert (got["devices"], got["signals"]) == (
            len(shelf.devices.order),
            len(shelf.signals.order),
        )
        assert got["alarmed"] >= got["belonging"]
    assert got["refused"] == 0 and sum(run.added for run in runs) == sum(run.seen for run in runs)
