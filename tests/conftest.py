"""What every test of a feature stands on: a real PostgreSQL, the real server, the standing cast.

A template database is migrated once per session; between tests all rows are swept out and the
seeds (areas) are put back, which takes a few milliseconds.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import hypothesis
import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer, unused_port
from pydantic import SecretStr

from backend.app import build
from backend.core import clock, crypto, db
from backend.core.access import Actor
from backend.features.accounts.actions import identify
from backend.migrate import migrate
from backend.settings import Settings
from tests import wecom
from tests.cast import CAST
from tests.plenty import Plenty
from tests.seeds import plant

# a loaded machine is no reason to fail
hypothesis.settings.register_profile(
    "jucun", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("jucun")

SERVER = os.environ.get("JUCUN_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")


@contextmanager
def a_database() -> Iterator[str]:
    """A database of one's own, migrated from zero; dropped at the end."""
    name = f"jucun_test_{uuid4().hex[:8]}"
    head, _, query = SERVER.partition("?")
    url = head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
    asyncio.run(migrate(url))
    try:
        yield url
    finally:
        asyncio.run(_drop(name))


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The database of this session."""
    with a_database() as url:
        yield url


async def _drop(name: str) -> None:
    given = db.credentials(SERVER)
    keys = ("host", "port", "user", "password", "database", "ssl")
    server = await asyncpg.connect(**{key: given[key] for key in keys})
    await server.execute(f"drop database if exists {name} with (force)")
    await server.close()


@pytest.fixture(scope="session")
def port() -> int:
    """Where the server listens: WeCom must know it as the trusted domain before it starts."""
    return unused_port()


@pytest.fixture(scope="session")
async def corp(port: int) -> AsyncIterator[wecom.Sandbox]:
    """The WeCom sandbox that the server talks to, for the whole session."""
    async with wecom.sandbox(wecom.planted_for(f"127.0.0.1:{port}")) as running:
        yield running


@pytest.fixture(scope="session")
def settings(
    database_url: str, corp: wecom.Sandbox, port: int, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    var = tmp_path_factory.mktemp("var")
    crypto.Keys.fresh().write(var / "keys.json")
    wecom.write_corps(var / "corps.yaml", corp.base)
    return Settings(
        env="test",
        database_url=SecretStr(database_url),
        redis_url=None,
        files_url=None,
        var=var,
        keys_file=var / "keys.json",
        corps_file=var / "corps.yaml",
        public_url=f"http://127.0.0.1:{port}",
        pool=5,
    )


async def whoever(token: str) -> Actor | None:
    """A token is a name of the cast; the tests of sign-on bring real ones."""
    return CAST.get(token) or await identify(token)


@pytest.fixture(scope="session")
async def server(settings: Settings, port: int) -> AsyncIterator[TestClient]:
    """The real application on a real socket, for the whole session."""
    app = build(settings, whoever=whoever, allowance=Plenty())
    async with TestClient(TestServer(app, port=port)) as client:
        yield client


@pytest.fixture
async def http(server: TestClient) -> AsyncIterator[TestClient]:
    """The server over a swept and newly seeded database."""
    await sweep()
    await plant()
    yield server


async def sweep() -> None:
    tables = await db.sql(
        """select tablename as name from pg_tables
           where schemaname = 'public' and tablename not like 'tortoise%'"""
    )
    statements = "; ".join(f'delete from "{t["name"]}"' for t in tables)
    connection = db.connections.get("default")
    # several statements in one go are one transaction, so the role ends with them
    await connection.execute_script(f"set local session_replication_role = replica; {statements}")


class As:
    """One of the cast at the wire."""

    def __init__(self, http: TestClient, name: str | None) -> None:
        self.http, self.name = http, name

    async def get(self, path: str, **query: Any) -> ClientResponse:
        return await self.http.get(path, params=query, headers=self._headers())

    async def post(self, path: str, body: Any = None, key: str | None = None) -> ClientResponse:
        return await self.http.post(path, json=body or {}, headers=self._headers(key))

    async def put(self, path: str, body: Any) -> ClientResponse:
        return await self.http.put(path, json=body, headers=self._headers())

    async def delete(self, path: str) -> ClientResponse:
        return await self.http.delete(path, headers=self._headers())

    async def upload(self, path: str, name: str, body: bytes, kind: str) -> ClientResponse:
        from aiohttp import FormData

        form = FormData()
        form.add_field("file", body, filename=name, content_type=kind)
        return await self.http.post(path, data=form, headers=self._headers())

    def _headers(self, key: str | None = None) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.name}"} if self.name else {}
        return headers | ({"Idempotency-Key": key} if key else {})


@pytest.fixture
def as_(http: TestClient) -> Any:
    """`as_("alice").get(...)`; `as_(None)` is anonymous."""
    return lambda name: As(http, name)


@pytest.fixture
def at() -> Any:
    """`with at("2026-10-08 09:00"): …` the whole process lives at that moment."""
    from datetime import datetime

    def enter(text: str) -> Any:
        return clock.pretend_everywhere(datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI))

    return enter


FORMS = Path(__file__).parent.parent / "forms"
