"""`./jucun bench orders`: 100,000 orders of a district, a tenth of them open: how long lists, board
and map take over HTTP, for a committee, a unit, a street's centre and somebody who sees it all.

Afterwards the alarms (tests/bench/alarms.py): 1,000 a second for half a minute, none is lost.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import aiohttp
import asyncpg
from aiohttp import web
from aiohttp.test_utils import unused_port
from pydantic import SecretStr

from backend import app as product
from backend.core import clock, crypto, db
from backend.core.ids import new_id
from backend.features.accounts import tokens
from backend.features.accounts.shapes import Staff
from backend.features.accounts.store import sessions, staff
from backend.features.areas import files
from backend.features.areas import store as areas
from backend.features.orders.store import units
from backend.migrate import migrate
from backend.settings import HOME, Settings
from backend.tables import TABLES
from tests.bench import alarms
from tests.plenty import Plenty

SERVER = os.environ.get("JUCUN_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1/postgres")
STREET, COMMITTEE, DISTRICT = "310107005000", "310107005001", "310107000000"
TARGET = 100  # milliseconds at the 95th percentile
HANDS = 2

# the street is looked at whole, the district through a window as a screen would
_BOX = "west=121.39&south=31.23&east=121.42&north=31.26"
ASKED = {
    "mine, a committee": ("worker", "/api/orders?view=mine"),
    "mine, a unit": ("handler", "/api/orders?view=mine"),
    "committee, newest first": ("worker", "/api/orders?view=committee"),
    "pool of a street": ("centre", "/api/orders?view=pool"),
    "pool, late ones": ("centre", "/api/orders?view=pool&overdue=true"),
    "all of a street, by words": ("centre", "/api/orders?view=all&q=%E8%B7%AF%E7%81%AF"),
    "board of a street": ("centre", "/api/orders/board"),
    "map of a street": ("centre", "/api/orders/map"),
    "pool of the district": ("whole", "/api/orders?view=pool"),
    "board of the district": ("whole", "/api/orders/board"),
    "map of the district, a window": ("whole", f"/api/orders/map?{_BOX}"),
    "one order": ("centre", "/api/orders/{order}"),
}


def settings_at(var: Path, url: str) -> Settings:
    return Settings(
        env="test",
        database_url=SecretStr(url),
        var=var,
        keys_file=var / "keys.json",
        log_level="WARNING",
    )


def serve(port: int, var: Path, url: str) -> None:
    built = product.build(settings_at(var, url), allowance=Plenty())
    web.run_app(built, host="127.0.0.1", port=port, print=None, access_log=None)


async def prepare(var: Path, url: str, count: int) -> dict[str, str]:
    """The district with its orders; tokens of those who ask, and one order of the street."""
    crypto.Keys.fresh().write(var / "keys.json")
    crypto.use(crypto.Keys.read(var / "keys.json"))
    await migrate(url)
    async with db.database(url, TABLES):
        await areas.load(*files.read(HOME / "forms/areas"))
        await units.keep()
        await db.sql(
            """insert into order_unit (id, area, key, name, kind, categories, live)
               select gen_random_uuid(), area, '城管', '城管中队', 'enforcement', '[]', true
               from area where kind = 'street' and area like '310107%'"""
        )
        for statement in _PLENTY:
            given = {"count": count} if ":count" in statement else {}
            await db.sql(statement, **given)
        await _seal_one()
        await db.sql("analyze")
        found = await db.sql(
            "select id from work_order where area = :area and stage = 'handling' limit 1",
            area=COMMITTEE,
        )
        return await _people() | {"order": str(found[0]["id"])}


async def _people() -> dict[str, str]:
    people = {
        "worker": Staff(new_id(), "bench", "worker", "测试一", COMMITTEE, ("worker",)),
        "handler": Staff(new_id(), "bench", "handler", "测试二", STREET, ("handler",), ("城管",)),
        "centre": Staff(new_id(), "bench", "centre", "测试三", STREET, ("centre",)),
        "whole": Staff(new_id(), "bench", "whole", "测试四", DISTRICT, ("centre",)),
    }
    await staff.save(list(people.values()))
    lasting = tokens.Lasting(tokens.IDLE, clock.now() + tokens.ABSOLUTE)
    signed_in = {
        name: await sessions.open_session(one.id, "h5", "bench", lasting)
        for name, one in people.items()
    }
    return {
        name: tokens.access_token(people[name].id, session)
        for name, (session, _) in signed_in.items()
    }


async def _seal_one() -> None:
    """Contents are sealed to their row; those of the orders that are opened must be whole."""
    rows = await db.sql(
        "select id from work_order where area = :area and stage = 'handling'", area=COMMITTEE
    )
    for row in rows:
        token = crypto.seal("work_order", "content", row["id"], "楼道里堆满纸箱，请清理。")
        await db.sql(
            "update work_order set content = :token where id = :id", token=token, id=row["id"]
        )


# a year of orders; those of the last weeks are open, in every stage; every order has its history
_PLENTY = (
    """insert into work_order (id, area, no, source, system, system_no, appeal_type, category,
         severity, urge, title, content, place, hide_name, lng, lat, guess, photos, photos_after,
         stage, unit_id, own, received_at, filed_at, dispatched_at, signed_at, contacted_at,
         finished_at, closed_at, returned, redo, reopened, posted, back, extend, pause, appeal,
         asked, designated, public, due_at, due_kind, rev, updated_at)
       select gen_random_uuid(), c.area, '普' || n,
         (array['01', '01', '02', '03', '04'])[1 + n % 5], 'bench', n::text, '3',
         (array['H0105', 'E0101', 'B0118', 'E0501', 'H0108'])[1 + n % 5],
         'C', case when n % 40 = 0 then '紧急' else '一般' end,
         (array['楼道堆物没人清理', '路灯不亮', '车位被占', '有人摆摊', '外墙渗水'])[1 + n % 5]
           || n,
         'k1.none', '兰溪路' || n % 300 || '号', false, 121.36 + (n % 997) * 0.0001,
         31.20 + (n % 787) * 0.0001, '{}', '[]', '[]', s.stage,
         case when s.stage in ('collected', 'filed') then null
              when n % 3 = 0 then u.id else k.id end,
         false, t.at, t.at, t.at + interval '1 hour', t.at + interval '3 hours',
         t.at + interval '4 hours', case when s.stage = 'closed' then t.at + interval '3 days' end,
         case when s.stage = 'closed' then t.at + interval '5 days' end, 0, 0, 0, 0, '无', '无',
         '无', '无', '{}', false, false,
         case when s.stage <> 'closed' then t.at + interval '7 days' end,
         case when s.stage <> 'closed' then 'handle' end, 3, t.at
       from generate_series(1, :count::int) n
       cross join lateral (select now() - interval '365 days' * (n::float / :count) as at) t
       join (select a.area, row_number() over (order by a.area) as place
             from area a where a.kind = 'committee' and a.valid_to is null) c
         on c.place = 1 + (n * 7919::bigint) % (
           select count(*) from area where kind = 'committee' and valid_to is null)
       join order_unit k on k.area = c.area
       join order_unit u on u.area = left(c.area, 9) || '000' and u.key = '城管'
       cross join lateral (select case when n % 10 <> 0 then 'closed' else
         (array['collected', 'filed', 'dispatched', 'handling', 'handling', 'answered',
                'verifying'])[1 + (n / 10) % 7] end as stage) s""",
    """insert into order_step (id, order_id, act, from_stage, to_stage, by_name, at, recorded_at,
         photos, facts)
       select gen_random_uuid(), o.id, a.act, 'dispatched', o.stage, '测试', o.received_at,
         o.received_at, '[]', '{}'
       from work_order o
       cross join unnest(array['take', 'dispatch', 'sign', 'contact', 'finish']) as a(act)""",
    """insert into order_clock (id, order_id, kind, amount, unit, round_clock, started_at, pauses,
         half_at, most_at, due_at, met_at, void, alarmed, next_alarm_at, rule)
       select gen_random_uuid(), o.id, k.kind, 5, '工作日', false, o.received_at, '[]',
         o.received_at + interval '3 days', o.received_at + interval '5 days',
         o.received_at + interval '7 days',
         case when k.kind <> 'handle' or o.stage = 'closed' then o.received_at end, false, 0,
         case when k.kind = 'handle' and o.stage <> 'closed'
              then now() + interval '1 day' end, 'bench'
       from work_order o
       cross join unnest(array['file', 'dispatch', 'sign', 'contact', 'handle']) as k(kind)""",
)


@asynccontextmanager
async def started(var: Path, url: str) -> AsyncIterator[str]:
    """One server process; its address."""
    port = unused_port()
    command = [sys.executable, "-m", "tests.bench.orders", "--serve", str(port), str(var), url]
    process = await asyncio.to_thread(subprocess.Popen, command, cwd=HOME)
    base = f"http://127.0.0.1:{port}"
    try:
        async with aiohttp.ClientSession() as http:
            await _ready(http, base)
        yield base
    finally:
        process.terminate()
        process.wait()


async def _ready(http: aiohttp.ClientSession, base: str) -> None:
    for _ in range(600):
        try:
            async with http.get(f"{base}/"):
                return
        except aiohttp.ClientConnectionError:
            await asyncio.sleep(0.1)
    raise SystemExit("the server did not start")


async def timed(count: int, ask: Callable[[], Awaitable[None]]) -> list[float]:
    """How long each of so many requests took, in milliseconds, a few at a time."""
    waiting, took = iter(range(count)), []

    async def hand() -> None:
        for _ in waiting:
            start = time.perf_counter()
            await ask()
            took.append((time.perf_counter() - start) * 1000)

    await asyncio.gather(*(hand() for _ in range(HANDS)))
    return took


async def lists(var: Path, url: str, count: int, asked: int) -> None:
    given = await prepare(var, url, count)
    print(f"{count:,} orders in the district, a tenth of them open; {HANDS} requests at a time")
    print(f"{'':32}{'median ms':>10}{'p95 ms':>9}   (target: p95 under {TARGET})")
    async with started(var, url) as base, aiohttp.ClientSession() as http:
        for name, (who, path) in ASKED.items():
            address = base + path.format(order=given["order"])
            headers = {"Authorization": f"Bearer {given[who]}"}

            async def ask(address: str = address, headers: dict[str, str] = headers) -> None:
                async with http.get(address, headers=headers) as response:
                    body = await response.read()
                    if response.status != 200:
                        raise SystemExit(f"{response.status} {body.decode()[:400]}")

            await timed(10, ask)
            took = await timed(asked, ask)
            p95 = statistics.quantiles(took, n=20)[-1]
            print(f"{name:32}{statistics.median(took):10.1f}{p95:9.1f}")


async def drop(name: str) -> None:
    given = db.credentials(SERVER)
    keys = ("host", "port", "user", "password", "database", "ssl")
    server = await asyncpg.connect(**{key: given[key] for key in keys})
    await server.execute(f"drop database if exists {name} with (force)")
    await server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", nargs=3, metavar=("PORT", "VAR", "URL"))
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=100, help="requests of each kind")
    parser.add_argument("--no-alarms", action="store_true", help="lists, board and map only")
    given = parser.parse_args()
    if given.serve:
        port, var, url = given.serve
        serve(int(port), Path(var), url)
        return
    name = f"jucun_bench_{uuid4().hex[:8]}"
    head, _, query = SERVER.partition("?")
    url = head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
    with tempfile.TemporaryDirectory() as folder:
        try:
            asyncio.run(lists(Path(folder), url, given.orders, given.asked))
        finally:
            asyncio.run(drop(name))
    if not given.no_alarms:
        asyncio.run(alarms.bench(alarms.Load())).tell()


if __name__ == "__main__":
    main()
