"""A fresh sandbox for each test, and wechatpy's own clients in front of it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests import wecom
from tests.sandbox.asking import Stock


@pytest.fixture
async def sandbox() -> AsyncIterator[wecom.Sandbox]:
    async with wecom.sandbox() as running:
        yield running


@pytest.fixture
def stock(sandbox: wecom.Sandbox) -> Iterator[Stock]:
    """With the secret of the app."""
    client = Stock(sandbox.base, wecom.SECRET)
    yield client
    client._http.close()


@pytest.fixture
def keeper(sandbox: wecom.Sandbox) -> Iterator[Stock]:
    """With the secret of the contact-sync helper."""
    client = Stock(sandbox.base, wecom.CONTACTS_SECRET)
    yield client
    client._http.close()
