"""When a feed fails for the first time, the street's data officers learn of it, once."""

from uuid import uuid4

from backend.core.db import sql
from backend.features.accounts.shapes import Staff
from backend.features.accounts.store import staff
from tests.cast import CAOYANG, YUANYUAN
from tests.features.ledgers.conftest import settle


async def test_it_works(street, pulled, http):
    officer = Staff(uuid4(), "ww", "shen.min", "沈敏", CAOYANG, ("street_admin",))
    worker = Staff(uuid4(), "ww", "lu.xiaoyan", "陆小燕", YUANYUAN, ("worker",))
    await staff.save([officer, worker])
    await street.fault("html", stream="ld", times=99)
    for _ in range(2):
        assert (await pulled("housing")).state == "failed"
    await settle(http)
    told = await sql("select staff_id, template, facts from notice")
    assert [(row["staff_id"], row["template"]) for row in told] == [(officer.id, "feed_failed")]
    assert told[0]["facts"]["as_of"] == "首次接入之前"
