"""A sandbox and our gateway in front of it, for each test."""

from collections.abc import AsyncIterator

import pytest

from backend.clients.wecom import Wecom
from tests import wecom


@pytest.fixture
async def sandbox() -> AsyncIterator[wecom.Sandbox]:
    async with wecom.sandbox() as running:
        yield running


@pytest.fixture
async def gateway(sandbox: wecom.Sandbox) -> AsyncIterator[Wecom]:
    found = Wecom([wecom.corp(sandbox.base)], threads=8)
    yield found
    found.close()
