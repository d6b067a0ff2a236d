"""Alarms, orders and visits at one building: one warning with its reasons, raised once."""

import pytest

from backend.app import PORTS
from backend.core import crypto
from backend.core.db import sql
from backend.core.ids import new_id
from backend.core.ports import wired
from backend.features.sensors import silence, warnings
from tests.cast import CAST
from tests.features.sensors.conftest import (
    HUAXI,
    SYSTEM,
    YUANYUAN,
    alarm,
    failures,
    moment,
    orders,
)


async def look(http):
    for _ in range(2):
        await wired(warnings.look_around, http.app[PORTS])(SYSTEM)


async def raised():
    return await sql("select * from sensor_warning order by raised_at, id")


@pytest.fixture
def october(at):
    """The platform, too, lives in October; tests look at later days of it."""
    with at("2026-10-06 12:00"):
        yield


@pytest.fixture
async def building(http, october, street, pulled):
    """A building of 源园, its address and one of its houses."""
    await pulled("housing")
    (row,) = await sql(
        """select b.id, b.address, b.road, b.lane, b.bldg_no,
             (select h.id from house h where h.building_id = b.id order by h.id limit 1) as house
           from building b where b.area = :area and b.lane is not null
           order by b.source_id limit 1""",
        area=YUANYUAN,
    )
    return row


@pytest.fixture
def call(street, pulled, building):
    """An order of the hotline at the building, with a class."""

    async def go(category, at_building=True):
        given = {"place": building["address"]} if at_building else {"place": "别处"}
        (number,) = await street.change("call", committee=YUANYUAN, **given)
        await pulled("hotline")
        await sql(
            "update work_order set category = :c, building_id = :b where system_no = :n",
            c=category,
            b=building["id"] if at_building else None,
            n=number,
        )
        (order,) = await sql("select id from work_order where system_no = :n", n=number)
        return order["id"]

    return go


async def visit(building, when, **data):
    """An entry of L01 about a house of the building, as the ledgers keep it."""
    await sql(
        """insert into ledger_entry (id, area, ledger, version, no, day, at, house_id, data, secret,
             photos, wrote, key, live, by_name, created_at, digest)
           values (:id, :area, 'L01', 1, 'x', :at::timestamptz::date, :at, :house, :data, '{}',
             '[]', 'L01', :key, true, '陆小燕', :at, '')""",
        id=new_id(),
        area=YUANYUAN,
        at=moment(when),
        house=building["house"],
        data=data,
        key=str(new_id()),
    )


async def test_it_works(http, building, call, fitted, say, at, staffed, reacted):
    with at("2026-10-08 09:00"):
        await fitted("YG1", "smoke", place=f"{building['address']}2楼")
        await say("YG1", ("08 08:59:00", "YWBJ", 6))
        await look(http)
        assert await raised() == []  # one source is none
        order = await call("H0701")
        await look(http)
        (one,) = await raised()
        assert (one["danger"], one["state"], one["points"]) == ("fire", "open", 4)
        assert (one["area"], one["place"]) == (YUANYUAN, building["address"])
        told = {reason["of"]: reason for reason in one["reasons"]}
        assert told["order"]["id"] == str(order) and told["order"]["words"] == "工单：飞线充电"
        assert told["alarm"]["words"].startswith("烟感：烟雾报警（")
        assert told["alarm"]["at"].startswith("2026-10-08T08:59:00+08:00")
        (made,) = await sql("select * from work_order where system = 'warnings'")
        assert made["id"] == one["order_id"] and made["building_id"] == building["id"]
        assert made["title"] == f"【多源预警】火灾风险：{building['address']}"
        said = crypto.unseal("work_order", "content", made["id"], made["content"])
        assert "10-08 08:59 烟感：烟雾报警" in said
        await reacted()
    assert await failures() == []
    told = await sql("select staff_id, facts from notice where template = 'warning_raised'")
    assert [row["staff_id"] for row in told] == [CAST["bob"].id]
    assert told[0]["facts"]["danger"] == "火灾风险" and told[0]["facts"]["count"] == 2


async def test_visits_count_too(http, building, call, fitted, say, at):
    with at("2026-10-08 09:00"):
        await fitted("MC1", "door", place=f"{building['address']}301室")
        await say("MC1", ("07 07:00:00", "KM"))
        await visit(building, "08 08:00:00", met="无人应门", content="敲门没有人应")
    with at("2026-10-08 10:00"):
        await wired(silence.listen, http.app[PORTS])(SYSTEM)
        await look(http)
        (one,) = await raised()
    assert (one["danger"], one["points"]) == ("elder", 3)
    assert {reason["of"] for reason in one["reasons"]} == {"alarm", "visit"}
    assert "走访：无人应门" in {reason["words"] for reason in one["reasons"]}


async def test_a_false_alarm_speaks_for_nothing(http, building, call, fitted, say, as_, at):
    with at("2026-10-08 09:00"):
        await fitted("YG1", "smoke", place=f"{building['address']}2楼")
        await say("YG1", ("08 08:59:00", "YWBJ", 6))
        one = await alarm()
        body = {"rev": 0, "real": False, "reason": "做饭油烟"}
        assert (await as_("alice").post(f"/api/alarms/{one.id}/judge", body)).status == 200
        await call("H0701")
        await look(http)
    assert await raised() == []


async def test_other_buildings_and_old_news_do_not_add_up(http, building, call, fitted, say, at):
    with at("2026-10-08 09:00"):
        await fitted("YG1", "smoke", place=f"{building['address']}2楼")
        await fitted("YG9", "smoke", area=HUAXI)
        await say("YG9", ("08 08:59:00", "YWBJ", 6), area=HUAXI)
        await call("H0701", at_building=False)
        await look(http)
        assert await raised() == []
        await say("YG1", ("08 08:59:00", "YWBJ", 6))
    with at("2026-10-20 09:00"):
        await call("H0701")
        await look(http)
    assert await raised() == []


async def ready(http, building, call, fitted, say):
    await fitted("YG1", "smoke", place=f"{building['address']}2楼")
    await say("YG1", ("08 08:59:00", "YWBJ", 6))
    await call("H0701")
    await look(http)
    (one,) = await raised()
    return one


async def test_more_signs_add_to_the_open_one(http, building, call, fitted, say, at):
    with at("2026-10-08 09:00"):
        await ready(http, building, call, fitted, say)
    with at("2026-10-08 12:00"):
        await call("H0703")
        await look(http)
        (one,) = await raised()
        assert (one["points"], len(one["reasons"])) == (6, 3)
    assert len(await sql("select 1 from work_order where system = 'warnings'")) == 1
    assert len(await sql("select 1 from audit where verb = 'warning.raise'")) == 1


async def test_a_closed_one_comes_again_with_new_signs_only(
    http, building, call, fitted, say, as_, at
):
    with at("2026-10-08 09:00"):
        one = await ready(http, building, call, fitted, say)
        body = {"rev": 0, "note": "已上门，拆除飞线，厨房无明火"}
        told = await as_("bob").post(f"/api/warnings/{one['id']}/close", body)
        assert told.status == 200 and (await told.json())["closed_by"] == "顾建平"
        await look(http)
        assert [row["state"] for row in await raised()] == ["closed"]
    with at("2026-10-09 12:00"):
        await call("H0701")
        await look(http)
        assert len(await raised()) == 1
        await say("YG1", ("09 11:59:00", "YWBJ", 6))
        await look(http)
        assert [row["state"] for row in await raised()] == ["closed", "open"]
        assert len((await raised())[1]["reasons"]) == 2


async def test_at_the_wire(http, building, call, fitted, say, as_, at):
    with at("2026-10-08 09:00"):
        one = await ready(http, building, call, fitted, say)
        path = f"/api/warnings/{one['id']}"
        listed = await (await as_("alice").get("/api/warnings", state="open")).json()
        assert (listed["total"], listed["rows"][0]["label"]) == (1, "火灾风险")
        shown = await (await as_("dora").get(path)).json()
        assert len(shown["reasons"]) == 2 and shown["order"]["stage"] == "采集"
        # anonymous, wrong role, other area
        assert (await as_(None).get("/api/warnings")).status == 401
        close = {"rev": 0, "note": "看过了"}
        assert (await as_("alice").post(f"{path}/close", close)).status == 403
        assert (await as_("frank").get(path)).status == 403
        assert (await as_("carol").get(path)).status == 404
        assert (await as_("erin").post(f"{path}/close", close)).status == 404
        # bad input, and two hands
        for body in ({"rev": 0}, {"rev": 0, "note": ""}, {"rev": 0, "note": "长" * 501}):
            assert (await as_("bob").post(f"{path}/close", body)).status == 400
        late = await as_("bob").post(f"{path}/close", {"rev": 7, "note": "看过了"})
        assert (late.status, (await late.json())["code"]) == (409, "state.overtaken")
        assert (await raised())[0]["state"] == "open"
        assert (await as_("bob").post(f"{path}/close", close)).status == 200
        again = await as_("bob").post(f"{path}/close", {"rev": 1, "note": "再看"})
        assert (again.status, (await again.json())["code"]) == (409, "state.wrong")
    assert len(await orders()) == 2
