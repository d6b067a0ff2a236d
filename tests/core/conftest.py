"""The kernel's tests stand on the database of the session, swept, without any seeds."""

from contextlib import asynccontextmanager

import pytest

from backend.core.db import sql, transaction
from tests.conftest import sweep


@pytest.fixture
async def swept(server):
    await sweep()
    yield
    await sweep()


@asynccontextmanager
async def tampering():
    """What somebody with the database's own keys can do: past every trigger."""
    async with transaction():
        await sql("set local session_replication_role = replica")
        yield


@pytest.fixture
def tamper(swept):
    return tampering
