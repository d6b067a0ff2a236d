"""`./jucun bench alarms`: 1,000 alarms a second for half a minute, pushed over HTTP; none is lost.

One server process takes signed pushes as an alarm platform sends them: a batch every tenth of a
second, devices drawn at random, every fifth push sent once more as a nervous platform would.
Counted afterwards: every signal once, the counts of the alarms together, one open alarm per device.
The sender, the server and PostgreSQL share the machine. `measure` is also part of `bench orders`.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import uuid4

import aiohttp
import asyncpg
import orjson
import psutil
from aiohttp import web
from aiohttp.test_utils import unused_port
from pydantic import SecretStr

from backend import app as product
from backend.core import clock, crypto, db
from backend.core.ids import new_id
from backend.features.areas import files
from backend.features.areas import store as areas
from backend.migrate import migrate
from backend.sandbox.street.pushing import Pusher
from backend.settings import HOME, Settings
from backend.tables import TABLES
from tests.plenty import Plenty

SERVER = os.environ.get("JUCUN_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1/postgres")
CLIENT, SECRET = "bench", "bench-secret"
COMMITTEE = "310107005001"
PATH = "/api/feeds/alarms/push"


@dataclass(frozen=True)
class Load:
    """How many alarms a second, for how long, from how many devices, how many in a push."""

    rate: int = 1000
    seconds: int = 30
    devices: int = 500
    batch: int = 100


@dataclass(frozen=True)
class Outcome:
    sent: int
    kept: int
    counted: int
    alarms: int
    orders: int
    wall: float
    cpu: float
    times: list[float]
    late: float

    @property
    def lost(self) -> int:
        return self.sent - self.kept

    def tell(self) -> None:
        p95 = statistics.quantiles(self.times, n=20)[-1] * 1000
        print(f"{'alarms sent':28}{self.sent:12,}")
        print(f"{'kept, each once':28}{self.kept:12,}")
        print(f"{'lost':28}{self.lost:12,}   (target: 0)")
        print(f"{'in the counts of alarms':28}{self.counted:12,}")
        print(f"{'open alarms, orders':28}{self.alarms:12,} {self.orders:6,}")
        print(f"{'a second':28}{self.sent / self.wall:12,.0f}")
        print(f"{'answer to a push, p95 ms':28}{p95:12.0f}")
        print(f"{'behind the clock at most, s':28}{self.late:12.2f}")
        print(f"{'CPU of the server, s':28}{self.cpu:12.1f}   ({self.cpu / self.wall:.2f} cores)")


async def measure(process: psutil.Process, url: str, database: str, load: Load) -> Outcome:
    """Push the load at its rate, however long answers take, and count what has arrived."""
    pusher, rng = Pusher(CLIENT, SECRET), Random(1)
    pushes = load.rate * load.seconds // load.batch
    pause, times, late = load.batch / load.rate, [], 0.0
    before, start = process.cpu_times(), time.perf_counter()
    async with aiohttp.ClientSession() as http:
        waiting: set[asyncio.Task[float]] = set()
        for number in range(pushes):
            due = start + number * pause
            if (ahead := due - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            late = max(late, -ahead)
            body = _body(rng, number, load)
            waiting.add(asyncio.create_task(_push(http, pusher, url, body)))
            if number % 5 == 0:
                waiting.add(asyncio.create_task(_push(http, pusher, url, body)))
            done = {task for task in waiting if task.done()}
            times += [task.result() for task in done]
            waiting -= done
        times += await asyncio.gather(*waiting)
    wall, after = time.perf_counter() - start, process.cpu_times()
    cpu = after.user + after.system - before.user - before.system
    found = await _counted(database)
    return Outcome(pushes * load.batch, wall=wall, cpu=cpu, times=times, late=late, **found)


def _body(rng: Random, push: int, load: Load) -> bytes:
    now = f"{clock.now():%Y%m%d%H%M%S}"
    rows = [
        {
            "bjbh": f"B{push:05d}{number:04d}",
            "sbbh": f"YG{rng.randrange(load.devices):04d}",
            "bjlx": "YWBJ",
            "ds": f"{rng.uniform(5, 8):.1f}",
            "bjsj": now,
            "sqbm": COMMITTEE,
            "jzbm": f"{COMMITTEE[:9]}000",
            "azwz": "曹杨路3010弄1号",
            "gxsj": now,
        }
        for number in range(load.batch)
    ]
    return orjson.dumps({"data": {"list": rows}})


async def _push(http: aiohttp.ClientSession, pusher: Pusher, url: str, body: bytes) -> float:
    start = time.perf_counter()
    async with http.post(url, data=body, headers=pusher.headers(url, body)) as answer:
        said = await answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status} {said.decode()[:300]}")
    return time.perf_counter() - start


async def _counted(database: str) -> dict[str, int]:
    given = db.credentials(database)
    keys = ("host", "port", "user", "password", "database", "ssl")
    raw = await asyncpg.connect(**{key: given[key] for key in keys})
    try:
        row = await raw.fetchrow(
            """select (select count(distinct source_id) from sensor_signal) as kept,
                 (select coalesce(sum(count), 0)::int from sensor_alarm) as counted,
                 (select count(*) from sensor_alarm where state = 'open') as alarms,
                 (select count(*) from work_order where system = 'sensors') as orders"""
        )
    finally:
        await raw.close()
    return dict(row)


async def prepare(var: Path, url: str, load: Load) -> None:
    """An empty district with the devices, and the address of their platform."""
    crypto.Keys.fresh().write(var / "keys.json")
    crypto.use(crypto.Keys.read(var / "keys.json"))
    (var / "feeds.yaml").write_text(
        f"iot: {{url: 'http://127.0.0.1:9', client: {CLIENT}, secret: {SECRET}}}"
    )
    await migrate(url)
    async with db.database(url, TABLES):
        await areas.load(*files.read(HOME / "forms/areas"))
        columns = ("id", "area", "source", "source_id", "kind", "state", "place", "tuned")
        columns += ("by_hand", "rev", "updated_at")
        place, now = "曹杨路3010弄1号", clock.now()
        rows = [
            (new_id(), COMMITTEE, "alarms", f"YG{n:04d}", "smoke", "在用", place, {}, [], 0, now)
            for n in range(load.devices)
        ]
        await db.copy_rows("sensor_device", columns, rows)
        await db.sql("analyze")


def serve(port: int, var: Path, url: str) -> None:
    settings = Settings(
        env="test",
        database_url=SecretStr(url),
        var=var,
        keys_file=var / "keys.json",
        feeds_file=var / "feeds.yaml",
        log_level="WARNING",
    )
    built = product.build(settings, allowance=Plenty())
    web.run_app(built, host="127.0.0.1", port=port, print=None, access_log=None)


@asynccontextmanager
async def started(var: Path, url: str) -> AsyncIterator[tuple[psutil.Process, str]]:
    """A server process of its own, answering."""
    port = unused_port()
    command = [sys.executable, "-m", "tests.bench.alarms", "--serve", str(port), str(var), url]
    child = await asyncio.to_thread(subprocess.Popen, command, cwd=HOME)
    try:
        async with aiohttp.ClientSession() as http:
            for _ in range(300):
                try:
                    async with http.get(f"http://127.0.0.1:{port}/readyz"):
                        break
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.1)
            else:
                raise SystemExit("the server did not start")
        yield psutil.Process(child.pid), f"http://127.0.0.1:{port}{PATH}"
    finally:
        child.terminate()
        child.wait()


async def drop(name: str) -> None:
    given = db.credentials(SERVER)
    keys = ("host", "port", "user", "password", "database", "ssl")
    server = await asyncpg.connect(**{key: given[key] for key in keys})
    await server.execute(f"drop database if exists {name} with (force)")
    await server.close()


async def bench(load: Load) -> Outcome:
    name = f"jucun_bench_{uuid4().hex[:8]}"
    head, _, query = SERVER.partition("?")
    url = head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
    with tempfile.TemporaryDirectory() as folder:
        try:
            await prepare(Path(folder), url, load)
            async with started(Path(folder), url) as (process, to):
                return await measure(process, to, url, load)
        finally:
            await drop(name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", nargs=3, metavar=("PORT", "VAR", "URL"))
    for name in ("rate", "seconds", "devices", "batch"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Load, name))
    given = parser.parse_args()
    if given.serve:
        port, var, url = given.serve
        serve(int(port), Path(var), url)
        return
    outcome = asyncio.run(bench(Load(given.rate, given.seconds, given.devices, given.batch)))
    outcome.tell()
    if outcome.lost or outcome.counted != outcome.sent:
        raise SystemExit("alarms were lost")


if __name__ == "__main__":
    main()
