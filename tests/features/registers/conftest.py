"""Two committees pulled from the street sandbox, as a deployment would have them."""

import pytest

from backend.app import FORMS
from backend.core.db import sql
from backend.features.catalogue.catalogue import Catalogue
from backend.features.connectors import pull
from tests import street as sandbox


@pytest.fixture(scope="session")
def catalogue():
    return Catalogue.read([FORMS])


@pytest.fixture
async def street(http, catalogue):
    """The sandbox after a first pull; `street.pull()` brings its news."""
    async with sandbox.street() as running:
        feeds = sandbox.feeds(catalogue, running.url, size=200)

        async def go():
            for key in ("housing", "population"):
                await pull.pull(feeds, key)

        running.pull = go
        await go()
        yield running
        await feeds.outside.close()


async def someone(street, **wanted):
    """A person of 源园 with these attributes: (their row in the sandbox, our id)."""
    for number, (_, theirs) in street.shelf.people.things.items():
        here = theirs.house.building.committee == "310107005001"
        open_ = theirs.move_out is None and theirs.death is None
        if here and open_ and all(test(getattr(theirs, k)) for k, test in wanted.items()):
            found = await sql("select id from person where source_id = :n", n=number)
            return theirs, str(found[0]["id"])
    raise AssertionError("nobody like that")
