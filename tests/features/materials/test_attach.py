"""A picture belongs to one record; what belongs to none is swept away after two days."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from backend.app import PORTS
from backend.clients.files import Files
from backend.core import clock
from backend.core.access import SYSTEM
from backend.core.db import sql, transaction
from backend.core.problems import Problem
from backend.core.scope import scope_of
from backend.features.materials import actions, store
from tests.cast import HUAXI, YUANYUAN
from tests.pictures import photo

HERE = scope_of(YUANYUAN)


@pytest.fixture
async def ids(as_):
    sent = []
    for shade in (0, 100, 200):
        body = photo(60, 40, color=(shade, 0, 0))
        response = await as_("alice").upload("/api/files", "x.jpg", body, "image/jpeg")
        sent.append(UUID((await response.json())["id"]))
    return sent


@pytest.fixture
def files(server):
    return server.app[PORTS][Files]


async def used():
    return {row["id"]: row["used_by"] for row in await sql("select id, used_by from material")}


async def test_it_works(ids):
    await store.attach(HERE, ids[:2], "entry:1")
    await store.attach(HERE, ids[:2], "entry:1")
    assert await used() == {ids[0]: "entry:1", ids[1]: "entry:1", ids[2]: None}
    await store.attach(HERE, [], "entry:1")
    await store.attach(HERE, [ids[2], ids[2]], "entry:2")


async def refusal(scope, ids, ref):
    with pytest.raises(Problem) as found:
        async with transaction():
            await store.attach(scope, ids, ref)
    return found.value.code


async def test_all_or_none(ids):
    await store.attach(HERE, ids[:1], "entry:1")
    assert await refusal(HERE, ids, "entry:2") == "file.used"
    assert await refusal(HERE, [ids[1], uuid4()], "entry:2") == "thing.missing"
    assert await refusal(scope_of(HUAXI), [ids[1]], "entry:2") == "thing.missing"
    assert await used() == {ids[0]: "entry:1", ids[1]: None, ids[2]: None}


async def test_two_records_cannot_take_one_picture(ids):
    async def take(ref):
        try:
            async with transaction():
                await store.attach(HERE, ids, ref)
                await asyncio.sleep(0.02)
        except Problem as problem:
            return problem.code
        return None

    refusals = await asyncio.gather(take("entry:1"), take("entry:2"))
    assert sorted(map(str, refusals)) == ["None", "file.used"]
    assert len(set((await used()).values())) == 1


async def test_sweeping(ids, files):
    await store.attach(HERE, ids[:1], "entry:1")
    await actions.sweep(SYSTEM, files)
    assert len(await used()) == 3
    with clock.pretend_everywhere(clock.now() + timedelta(days=2, minutes=1)):
        await actions.sweep(SYSTEM, files)
    assert await used() == {ids[0]: "entry:1"}
    for material in ids:
        assert await files.exists(f"{YUANYUAN}/{material}/thumb.jpg") == (material == ids[0])
    assert await store.read(HERE, files, ids[0])


async def test_an_interrupted_sweep_is_taken_up_again(ids, files, monkeypatch):
    async def fail(*names):
        raise RuntimeError

    with clock.pretend_everywhere(clock.now() + timedelta(days=3)):
        with monkeypatch.context() as broken, pytest.raises(RuntimeError):
            broken.setattr(files, "delete", fail)
            await actions.sweep(SYSTEM, files)
        assert await refusal(HERE, ids, "entry:1") == "file.used"
        await actions.sweep(SYSTEM, files)
    assert await used() == {}
