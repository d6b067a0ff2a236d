"""`./jucun bench pull`: what taking over a street's people costs, beside a bare COPY of the rows.

The street sandbox runs as a process of its own. Measured are a first pull, a pull from the first
row on over unchanged rows, and one after a change of every hundredth person; the floor copies the
rows that the first pull made into a table without any index.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import aiohttp
import asyncpg
from aiohttp.test_utils import unused_port
from pydantic import SecretStr

from backend import app as product
from backend.core import crypto, db
from backend.features.areas import files
from backend.features.areas import store as areas
from backend.features.connectors import pull, store
from backend.features.connectors.feeds import Feeds
from backend.migrate import migrate
from backend.settings import HOME, Settings

SERVER = os.environ.get("JUCUN_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1/postgres")
CLIENT = {"client": "jucun", "secret": "sandbox-secret"}
HUNDREDTH = 100


@dataclass(frozen=True)
class Cost:
    name: str
    rows: int
    seconds: float
    cpu: float

    def tell(self) -> None:
        rate, each = self.rows / self.seconds, self.cpu / max(self.rows, 1) * 1e6
        print(f"{self.name:34} {self.rows:8,} rows {rate:9,.0f} /s {each:8.1f} µs CPU each")


async def measured(name: str, feeds: Feeds) -> Cost:
    cpu, clock = time.process_time(), time.perf_counter()
    await pull.pull(feeds, "population")
    seconds, used = time.perf_counter() - clock, time.process_time() - cpu
    run = (await store.runs("population", 1))[0]
    if run.state != "done":
        raise SystemExit(f"the pull failed: {run.problem}")
    return Cost(name, run.seen, seconds, used)


async def floor() -> Cost:
    """The same rows through COPY, and nothing else."""
    rows = await db.sql("select * from person")
    await db.sql("create unlogged table floor (like person)")
    columns = list(rows[0])
    cpu, clock = time.process_time(), time.perf_counter()
    await db.copy_rows("floor", columns, ([row[c] for c in columns] for row in rows))
    seconds, used = time.perf_counter() - clock, time.process_time() - cpu
    await db.sql("drop table floor")
    return Cost("floor: bare COPY, no index", len(rows), seconds, used)


async def change_some(url: str) -> None:
    people = await db.sql(
        """select source_id from person where move_out is null and death_date is null
           order by source_id"""
    )
    async with aiohttp.ClientSession() as session:
        for row in people[::HUNDREDTH]:
            body = {"kind": "phone", "person": row["source_id"]}
            async with session.post(f"{url}/_sandbox/changes", json=body) as answer:
                answer.raise_for_status()


async def run(settings: Settings, url: str) -> list[Cost]:
    ports = product.ports_of(settings)
    feeds = ports[Feeds]
    async with product.opened(settings, ports):
        await areas.load(*files.read(HOME / "forms" / "areas"))
        await pull.pull(feeds, "housing")
        costs = [await measured("first pull", feeds)]
        await db.sql("analyze")
        await store.forget("population")
        costs.append(await measured("from the first row, unchanged", feeds))
        await change_some(url)
        await store.forget("population")
        costs.append(await measured("from the first row, 1 % changed", feeds))
        return [*costs, await floor()]


@contextmanager
def sandbox(port: int, only: str) -> Iterator[None]:
    command = [sys.executable, "-m", "backend.sandbox.street", "--port", str(port), "--only", only]
    process = subprocess.Popen([*command, "--i-am-a-sandbox"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


async def answering(url: str) -> None:
    for _ in range(300):
        try:
            async with aiohttp.ClientSession() as session, session.get(url) as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientError:
            await asyncio.sleep(0.2)
    raise SystemExit("the street sandbox did not start")


async def with_database(work: Awaitable[list[Cost]], url: str) -> list[Cost]:
    try:
        return await work
    finally:
        # the database that SERVER names may not be there yet
        given = db.credentials(SERVER) | {"database": "postgres"}
        keys = ("host", "port", "user", "password", "database", "ssl")
        server = await asyncpg.connect(**{key: given[key] for key in keys})
        await server.execute(f"drop database if exists {url.rsplit('/', 1)[1]} with (force)")
        await server.close()


async def bench(only: str) -> None:
    port, name = unused_port(), f"jucun_bench_{uuid4().hex[:8]}"
    head, _, query = SERVER.partition("?")
    database = head.rsplit("/", 1)[0] + f"/{name}"
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder, sandbox(port, only):
        var = Path(folder)
        crypto.Keys.fresh().write(var / "keys.json")
        (var / "feeds.yaml").write_text(
            f"street: {{url: '{url}', client: {CLIENT['client']}, secret: {CLIENT['secret']}}}"
        )
        settings = Settings(
            env="test",
            database_url=SecretStr(database + (f"?{query}" if query else "")),
            var=var,
            keys_file=var / "keys.json",
            feeds_file=var / "feeds.yaml",
        )
        await answering(url)
        await migrate(database + (f"?{query}" if query else ""))
        costs = await with_database(run(settings, url), database)
    for cost in costs:
        cost.tell()
    first, *_, bare = costs
    print(f"first pull : floor = {first.seconds / bare.seconds:.1f} in time")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="310107005", help="prefix of the committees to pull")
    asyncio.run(bench(parser.parse_args().only))


if __name__ == "__main__":
    main()
