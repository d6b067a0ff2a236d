"""The demo's duty: a roster of this month, and one exercise of last month that is over."""

import pytest

from backend.app import FORMS, ports_of
from backend.clients.wechat import Wechat
from backend.clients.wecom import Wecom
from backend.core.db import sql
from backend.core.ids import new_id
from backend.features.accounts.shapes import Staff
from backend.features.accounts.store import staff
from backend.features.catalogue.catalogue import Catalogue
from backend.sandbox.demo import watches
from backend.sandbox.demo.cast import KNOWN
from backend.sandbox.demo.planting import CORP_ID
from tests.cast import HUAXI, YUANYUAN
from tests.features.documents.conftest import pages
from tests.features.duty.conftest import got
from tests.residents import household, person


@pytest.fixture
async def ports(http, settings):
    leads = [("gu.huaxi", "顾花溪", HUAXI, ("lead",))]
    people = [
        *((one.userid, one.name, one.area, one.roles or _role(one)) for one in KNOWN),
        *leads,
    ]
    await staff.save([Staff(new_id(), CORP_ID, *given) for given in people])
    for room in (1, 2):
        who = person("王秀英", "1940-01-01", phone="13800138000")
        await household(Catalogue.read([FORMS]), YUANYUAN, room, who)
    found = ports_of(settings)
    yield found
    found[Wecom].close()
    await found[Wechat].close()


def _role(one):
    return ("lead",) if one.leads else ("worker",)


async def test_it_works(as_, at, ports):
    with at("2026-11-23 10:30"):
        await watches.play(ports, lambda _: None)
        assert await sql("select failure from audit where failure is not null") == []
        assert await sql("select 1 from notice where state = 'waiting'") == []
        (line,) = await got(as_, "dora", "/api/emergencies")
        assert (line["drill"], line["since"][:10]) == (True, "2026-10-12")
        page = await got(as_, "dora", f"/api/emergencies/{line['id']}")
        assert page["states"] == {"reached": 1, "back": 1} and not page["oral"]["late"]
        assert [loan["back"] for loan in page["loans"]] == [9, 40]
        assert page["calls"][0]["confirmed"] >= 6 and page["calls"][0]["help"] == 1
        assert page["flash"][0]["handed"] == 2
        now = await got(as_, "alice", "/api/duty/now")
        assert now["mode"]["name"] == "平时" and len(now["shifts"]) == 2
        month = {"from": "2026-11-01", "to": "2026-11-30"}
        roster = await got(as_, "alice", "/api/duty/roster", **month)
        assert len(roster) == 30 * 4
        due = [one for one in roster if one["ends_at"] <= "2026-11-23T10:30"]
        open_ = {one["area"]["code"] for one in due if one["state"] != "handed"}
        assert open_ == {HUAXI}, "long ago, elsewhere"
        assert all(one["day"] < "2026-11-20" for one in due if one["state"] != "handed")
        _, text, _ = await pages(await as_("dora").get(f"/api/emergencies/{line['id']}/report/pdf"))
    assert "（演练）" in text and "雨衣成人物业抢险队12件3件" in text
