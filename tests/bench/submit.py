"""`./jucun bench submit`: what 1,000 submissions of a 40-field return cost, beside a bare insert.

Both servers are one process each on the same PostgreSQL and get the same payload from the same
client, turn by turn in short rounds, so that both meet the same weather; the figure to compare is
the CPU time of the server process over all rounds. Ours signs in, checks the form, freezes a
version with its digest, moves the state, leaves a MACed audit row and answers under an
idempotency key; the floor parses the body and inserts it.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import aiohttp
import asyncpg
import orjson
import psutil
from aiohttp import web
from aiohttp.test_utils import unused_port
from pydantic import SecretStr

from backend import app as product
from backend.core import clock, crypto, db
from backend.core.access import SYSTEM, Actor
from backend.core.ports import Ports
from backend.core.scope import EVERYWHERE
from backend.features.accounts import tokens
from backend.features.accounts.roles import verbs_of
from backend.features.accounts.shapes import Staff
from backend.features.accounts.store import sessions, staff
from backend.features.areas import files
from backend.features.areas import store as areas
from backend.features.catalogue.catalogue import Catalogue
from backend.features.returns.actions import tasks
from backend.features.returns.task_shapes import NewTask
from backend.migrate import migrate
from backend.settings import HOME, Settings
from backend.tables import TABLES
from tests.plenty import Plenty

SERVER = os.environ.get("JUCUN_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1/postgres")
DISTRICT = "310107000000"
PERIODS = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")
PEOPLE = 10  # nobody may write more often than a person does (web/limits.py)
TARGET = 3.0

ANSWERS = (
    {f"n{i:02d}": i for i in range(1, 9)}
    | {"n09": 40, "n10": 38, "n11": 120, "n12": 3}
    | {f"c{i:02d}": "较好" for i in range(1, 9)}
    | {f"t{i:02d}": "本季度已按计划完成，居民反映较好，下一步继续做好服务。" for i in range(1, 9)}
    | {f"d{i:02d}": "2026-09-1" + str(i) for i in range(1, 5)}
    | {f"x{i:02d}": 12.5 * i for i in range(1, 5)}
    | {"m01": 1_000_000, "m02": 800_000, "why": "两件待物业安排"}
)
BODY = orjson.dumps({"rev": 0, "form_version": 1, "answers": ANSWERS, "reasons": {}})


def settings_at(var: Path, url: str) -> Settings:
    return Settings(
        env="test",
        database_url=SecretStr(url),
        var=var,
        keys_file=var / "keys.json",
        forms_extra=(HOME / "tests/bench/forms",),
        log_level="WARNING",
    )


def serve(kind: str, port: int, var: Path, url: str) -> None:
    """One server process: ours, or the floor."""
    built = (
        product.build(settings_at(var, url), allowance=Plenty()) if kind == "jucun" else floor(url)
    )
    web.run_app(built, host="127.0.0.1", port=port, print=None, access_log=None)


def floor(url: str) -> web.Application:
    pool: asyncpg.Pool | None = None

    async def insert(request: web.Request) -> web.Response:
        payload = orjson.loads(await request.read())
        assert pool is not None
        text = orjson.dumps(payload["answers"]).decode()
        await pool.execute("insert into bench_floor (id, body) values ($1, $2)", uuid4(), text)
        return web.json_response({"ok": True})

    async def connect(_: web.Application) -> None:
        nonlocal pool
        given = db.credentials(url)
        keys = ("host", "port", "user", "password", "database", "ssl")
        pool = await asyncpg.create_pool(
            **{key: given[key] for key in keys}, min_size=10, max_size=10
        )

    built = web.Application()
    built.on_startup.append(connect)
    built.router.add_post("/{rest:.*}", insert)
    return built


async def prepare(var: Path, url: str) -> tuple[list[UUID], list[str]]:
    """A district whose committees all owe the form; the returns' ids, and tokens of their leads."""
    crypto.Keys.fresh().write(var / "keys.json")
    crypto.use(crypto.Keys.read(var / "keys.json"))
    await migrate(url)
    async with db.database(url, TABLES):
        await areas.load(*files.read(HOME / "forms/areas"))
        await db.sql("create table bench_floor (id uuid primary key, body jsonb not null)")
        numbers = range(PEOPLE)
        leads = [
            Staff(uuid4(), "bench", f"lead{n}", f"测试{n}", DISTRICT, ("lead",)) for n in numbers
        ]
        await staff.save(leads)
        lasting = tokens.Lasting(tokens.IDLE, clock.now() + tokens.ABSOLUTE)
        signed_in = [await sessions.open_session(lead.id, "h5", "bench", lasting) for lead in leads]
        ports: Ports = product.ports_of(settings_at(var, url))
        await owe(ports[Catalogue], ports)
        rows = await db.select(
            EVERYWHERE, "select r.id from form_return r where r.area like :scope order by r.id"
        )
        given = zip(leads, signed_in, strict=True)
        return [r["id"] for r in rows], [tokens.access_token(p.id, s) for p, (s, _) in given]


async def owe(catalogue: Catalogue, ports: Ports) -> None:
    from backend.engine.clocks.calendar import Calendar

    for street in await areas.on_day(EVERYWHERE, clock.today(), "street"):
        publisher = Actor(None, "bench", verbs_of(["street_admin"]), SYSTEM.scope, street.code)
        for period in PERIODS:
            wanted = NewTask(form="F40", period=period, due_on=clock.today())
            await tasks.publish(publisher, catalogue, ports[Calendar], wanted)


@contextmanager
def started(kind: str, var: Path, url: str) -> Iterator[tuple[psutil.Process, int]]:
    port = unused_port()
    command = [
        sys.executable,
        "-m",
        "tests.bench.submit",
        "--serve",
        kind,
        str(port),
        str(var),
        url,
    ]
    process = subprocess.Popen(command, cwd=HOME)
    try:
        yield psutil.Process(process.pid), port
    finally:
        process.terminate()
        process.wait()


async def ready(http: aiohttp.ClientSession, port: int) -> None:
    for _ in range(300):
        try:
            async with http.get(f"http://127.0.0.1:{port}/"):
                return
        except aiohttp.ClientConnectionError:
            await asyncio.sleep(0.1)
    raise SystemExit("a server did not start")


async def measure(
    process: psutil.Process, count: int, send: Callable[[int], Awaitable[None]]
) -> tuple[float, float, float]:
    """(server CPU seconds, wall seconds, p95 milliseconds) of `count` requests, eight at a time."""
    waiting = iter(range(count))
    took: list[float] = []

    async def hand() -> None:
        for number in waiting:
            start = time.perf_counter()
            await send(number)
            took.append(time.perf_counter() - start)

    before, start = process.cpu_times(), time.perf_counter()
    await asyncio.gather(*(hand() for _ in range(8)))
    wall, after = time.perf_counter() - start, process.cpu_times()
    cpu = after.user + after.system - before.user - before.system
    return cpu, wall, statistics.quantiles(took, n=20)[-1] * 1000


async def compare(var: Path, url: str, count: int, rounds: int) -> None:
    returns, signed_in = await prepare(var, url)
    warm = 60
    if count * rounds + warm > len(returns):
        raise SystemExit(f"at most {(len(returns) - warm) // rounds} submissions a round")
    found: dict[str, list[tuple[float, float, float]]] = {"floor": [], "jucun": []}
    async with aiohttp.ClientSession() as http:
        with started("floor", var, url) as low, started("jucun", var, url) as high:
            for _, port in (low, high):
                await ready(http, port)
            given = iter(returns)

            def to(port: int) -> Callable[[int], Awaitable[None]]:
                async def send(number: int) -> None:
                    about = next(given) if port == high[1] else number
                    path = f"http://127.0.0.1:{port}/api/returns/{about}/submit"
                    headers = {
                        "Authorization": f"Bearer {signed_in[number % PEOPLE]}",
                        "Content-Type": "application/json",
                        "Idempotency-Key": uuid4().hex,
                    }
                    async with http.post(path, data=BODY, headers=headers) as response:
                        body = await response.read()
                        if response.status != 200:
                            raise SystemExit(f"{response.status} {body.decode()[:400]}")

                return send

            for process, port in (low, high):
                await measure(process, warm, to(port))
            for _ in range(rounds):
                found["floor"].append(await measure(low[0], count, to(low[1])))
                found["jucun"].append(await measure(high[0], count, to(high[1])))
    tell(found, count)


def tell(found: dict[str, list[tuple[float, float, float]]], count: int) -> None:
    print(f"{'':8} {'CPU s / 1,000':>14} {'requests/s':>11} {'p95 ms':>8}")
    spent = {}
    for kind, runs in found.items():
        cpu, wall, p95 = (statistics.fmean(each) for each in zip(*runs, strict=True))
        spent[kind] = cpu
        print(f"{kind:8} {cpu * 1000 / count:14.3f} {count / wall:11.0f} {p95:8.1f}")
    print(f"ratio    {spent['jucun'] / spent['floor']:14.2f}   (target: at most {TARGET:g})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", nargs=4, metavar=("KIND", "PORT", "VAR", "URL"))
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=10)
    given = parser.parse_args()
    if given.serve:
        kind, port, var, url = given.serve
        serve(kind, int(port), Path(var), url)
        return
    name = f"jucun_bench_{uuid4().hex[:8]}"
    head, _, query = SERVER.partition("?")
    url = head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
    with tempfile.TemporaryDirectory() as folder:
        try:
            asyncio.run(compare(Path(folder), url, given.count, given.rounds))
        finally:
            asyncio.run(drop(name))


async def drop(name: str) -> None:
    # the database that SERVER names may not be there yet
    given = db.credentials(SERVER) | {"database": "postgres"}
    keys = ("host", "port", "user", "password", "database", "ssl")
    server = await asyncpg.connect(**{key: given[key] for key in keys})
    await server.execute(f"drop database if exists {name} with (force)")
    await server.close()


if __name__ == "__main__":
    main()
