"""The street platform, our feeds, and what stands in the registers after a pull."""

from types import SimpleNamespace

import pytest

from backend.app import FORMS
from backend.core.db import sql
from backend.features.catalogue.catalogue import Catalogue
from backend.features.connectors import pull, store
from tests import street as sandbox


@pytest.fixture(scope="session")
def catalogue():
    return Catalogue.read([FORMS])


@pytest.fixture
async def street(http):
    async with sandbox.street() as running:
        yield running


@pytest.fixture
async def feeds(street, catalogue):
    found = sandbox.feeds(catalogue, street.url)
    yield found
    await found.outside.close()


@pytest.fixture
def pulled(feeds):
    """`await pulled("housing", "population")`: pull and hand back the last run."""

    async def go(*keys):
        for key in keys or ("housing", "population"):
            await pull.pull(feeds, key)
        return (await store.runs(key, 1))[0]

    return go


async def counts():
    found = await sql(
        """select (select count(*) from building) as buildings,
             (select count(*) from house) as houses, (select count(*) from person) as people,
             (select count(*) from household) as households,
             (select count(*) from value_change) as history,
             (select count(*) from feed_quarantine) as refused"""
    )
    return SimpleNamespace(**found[0])


async def person(number):
    found = await sql("select * from person where source_id = :number", number=number)
    return found[0] if found else None


async def refusals():
    return await sql("select * from feed_quarantine order by source_id, field")
