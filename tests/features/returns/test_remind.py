"""Two days before a return is due those who fill it are told, once, and only while it is theirs."""

from uuid import uuid4

import pytest

from backend.core.access import SYSTEM
from backend.core.db import sql
from backend.features.accounts.shapes import Staff
from backend.features.accounts.store import staff
from backend.features.returns.actions.reminding import remind
from tests.cast import YUANYUAN
from tests.features.returns.conftest import handed_in, the_return


@pytest.fixture
async def worker(street):
    one = Staff(uuid4(), "ww", "lu.xiaoyan", "陆小燕", YUANYUAN, ("worker",))
    await staff.save([one])
    return one


async def about():
    found = await sql(
        "select facts->>'return_id' as about from notice where template = 'return_due'"
    )
    return [row["about"] for row in found]


async def test_it_works(as_, worker, catalogue):
    sheet = await the_return(as_)
    for _ in range(2):
        await remind(SYSTEM, catalogue)
    assert (await about()).count(sheet) == 1


async def test_what_was_handed_in_is_not_asked_for(as_, worker, catalogue):
    sheet = await the_return(as_)
    assert (await handed_in(as_, sheet, C13=1)).status == 200
    await remind(SYSTEM, catalogue)
    assert sheet not in await about()


async def test_not_yet(as_, worker, catalogue, at):
    sheet = await the_return(as_)
    with at("2026-10-05 08:40"):
        await remind(SYSTEM, catalogue)
    assert sheet not in await about()
