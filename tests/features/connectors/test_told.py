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


async def test_what_is_asked_all_day_is_reported_when_it_lasts(street, pulled, http):
    officer = Staff(uuid4(), "ww", "shen.min", "沈敏", CAOYANG, ("street_admin",))
    await staff.save([officer])
    for round_ in range(2):
        await street.fault("html", stream="gd", times=999)
        for count in range(1, 8):
            assert (await pulled("hotline")).state == "failed"
            told = await sql("select 1 from audit where verb = 'feed.fail'")
            assert len(told) == round_ + (count > 4)
        await street.mend()
        assert (await pulled("hotline")).state == "done"
    await settle(http)
    told = await sql("select staff_id, template from notice")
    assert {(row["staff_id"], row["template"]) for row in told} == {(officer.id, "feed_away")}
    assert len(told) == 2
