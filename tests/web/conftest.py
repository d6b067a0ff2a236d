"""The tiny application on a real socket, over the session's database."""

import pytest
from aiohttp.test_utils import TestClient, TestServer

from tests.conftest import sweep
from tests.web import tiny


@pytest.fixture
def gate():
    return tiny.Gate()


@pytest.fixture
async def web(server, gate):
    """A client of the tiny application, signed in as bob unless a test says otherwise."""
    await sweep()
    headers = {"Authorization": "Bearer bob"}
    async with TestClient(TestServer(tiny.app(gate)), headers=headers) as client:
        yield client
    gate.open.set()


async def told(response):
    return response.status, await response.json()
