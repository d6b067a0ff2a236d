"""The demo's officers: every state of a finding, a list, a mission; all through the use cases."""

import pytest

from backend.app import FORMS, ports_of
from backend.clients.wechat import Wechat
from backend.clients.wecom import Wecom
from backend.core.db import sql
from backend.core.ids import new_id
from backend.features.accounts.shapes import Staff
from backend.features.accounts.store import staff
from backend.features.catalogue.catalogue import Catalogue
from backend.features.orders.store import units
from backend.sandbox.demo import voices
from backend.sandbox.demo.cast import KNOWN
from backend.sandbox.demo.planting import CORP_ID
from tests.cast import YUANYUAN
from tests.features.feedback.conftest import good
from tests.residents import household, person


@pytest.fixture
async def ports(http, settings):
    people = [
        Staff(new_id(), CORP_ID, one.userid, one.name, one.area, one.roles or ("worker",))
        for one in KNOWN
    ]
    await staff.save(people)
    await units.keep()
    for room in (1, 2):
        who = person("王秀英", "1950-01-01")
        await household(Catalogue.read([FORMS]), YUANYUAN, room, who)
    await sql("update building set lng = 121.4048, lat = 31.2401 where id is not null")
    found = ports_of(settings)
    yield found
    found[Wecom].close()
    await found[Wechat].close()


async def test_it_works(as_, http, at, ports):
    with at("2026-11-23 10:30"):
        await voices.play(ports, lambda _: None)
        states = await sql(
            "select state, count(*)::int as n from finding where kind = 'finding' group by 1"
        )
        found = {row["state"]: row["n"] for row in states}
        assert found == {
            "settled": 2,
            "declined": 1,
            "answered": 1,
            "working": 2,
            "appealed": 1,
            "registered": 1,
            "sent": 1,
        }
        (listed,) = await good(await as_("dora").get("/api/finding-lists"))
        assert (listed["period"], listed["rows"]) == ("2026Q3", 3)
        opened = await good(await http.get(f"/api/open/finding-lists/{listed['id']}"))
        assert len(opened["rows"][0]["before"]) == len(opened["rows"][0]["after"]) == 1
        waiting = await sql("select facts from notice where state = 'waiting'")
        assert waiting == []
        fresh = await sql("select verb from audit where pending order by id")
        assert [row["verb"] for row in fresh][:1] == ["finding.send"]
        assert await sql("select 1 from audit where failure is not null") == []
