"""Filing and dispatching: one by one, in bulk, to another unit; and who may not."""

import pytest

from backend.core.db import sql
from tests.cast import CHANGFENG, HUAXI
from tests.features.orders.conftest import dispatched, fetched, handled, hotline


async def test_it_works(as_, do, book, units, worked):
    order = await hotline(book, area="310107005000", urge="紧急")
    await worked()
    await do("henry", order, "file", category="E0101", severity="B", note="属实")
    sent = await do("henry", order, "dispatch", unit=units["源园"])
    # a committee's order lies in that committee
    assert sent["area"]["name"] == "源园居委会"
    assert (sent["category"], sent["severity"]) == ("E0101", "B")
    await worked()
    told = await sql("select template, staff_id, card from notice order by staff_id")
    assert {row["template"] for row in told} == {"order_taken_urgent", "order_dispatched_urgent"}
    assert {row["card"] for row in told} == {None, "order"}


async def test_many_at_once(as_, do, book, units):
    orders = [await hotline(book) for _ in range(3)]
    lines = [{"order": order, "rev": 0, "unit": units["物业"]} for order in orders]
    done = await as_("henry").post("/api/orders/dispatches", {"orders": lines})
    assert done.status == 200, await done.text()
    for order in orders:
        assert (await fetched(as_, "jack", order))["stage"] == "dispatched"


async def test_many_at_once_are_all_or_none(as_, do, book, units):
    good, gone = await hotline(book), await hotline(book)
    await do("henry", gone, "file")
    lines = [{"order": order, "rev": 0, "unit": units["物业"]} for order in (good, gone)]
    refused = await as_("henry").post("/api/orders/dispatches", {"orders": lines})
    assert (refused.status, (await refused.json())["code"]) == (409, "order.overtaken")
    assert (await fetched(as_, "henry", good))["stage"] == "collected"


async def test_another_unit_takes_it_over(as_, do, book, units):
    order = await handled(do, book, units["源园"])
    moved = await do("henry", order, "transfer", unit=units["城管"], note="属占道设摊")
    assert (moved["stage"], moved["unit"]["name"], moved["handler"]) == (
        "dispatched",
        "曹杨城管中队",
        None,
    )
    clocks = [(clock["kind"], clock["state"]) for clock in moved["clocks"]]
    assert clocks.count(("handle", "void")) == 1 and clocks.count(("handle", "running")) == 1
    # the caller was contacted already
    assert ("contact", "running") not in clocks
    assert (await do.refused("alice", order, "sign"))[0] == 409


async def test_refused_with_a_reason(as_, do, book, units, worked):
    made = await (
        await as_("alice").post(
            "/api/orders", {"title": "楼道灯", "content": "楼道灯不亮", "place": "3号"}
        )
    ).json()
    assert await do.refused("henry", made["id"], "refuse", reason="") == (400, "input.bad")
    done = await do("henry", made["id"], "refuse", reason="重复报修", words="已在报修中，请放心。")
    assert (done["stage"], done["due"]["state"], done["reply"]) == (
        "refused",
        "none",
        "已在报修中，请放心。",
    )
    assert await do.refused("henry", made["id"], "file") == (409, "state.wrong")
    await worked()
    assert [row["template"] for row in await sql("select template from notice")] == ["order_result"]


BODIES = {
    "file": {},
    "refuse": {"reason": "不属实"},
    "dispatch": {"unit": "00000000-0000-0000-0000-000000000001"},
    "merge": {"into": "00000000-0000-0000-0000-000000000001"},
    "split": {"parts": [{"title": "另一件", "content": "另一件事"}]},
    "join": {
        "way": "serial",
        "parts": [{"unit": "00000000-0000-0000-0000-000000000001", "task": "清运"}],
    },
    "transfer": {"unit": "00000000-0000-0000-0000-000000000001"},
    "decide_back": {"grant": True},
    "decide_extend": {"grant": True},
    "decide_pause": {"grant": True},
    "call_back": {"satisfied": "满意"},
    "reopen": {"again": True, "reason": "再看一下"},
}


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("alice", 403), ("iris", 403)])
async def test_who_may_not(as_, do, book, units, who, status):
    order = await dispatched(do, book, units["城管"])
    for act, body in BODIES.items():
        assert (await do.raw(who, order, act, **body)).status == status, act
    assert (await fetched(as_, "henry", order))["rev"] == 1


async def test_another_street_does_not_know_it(do, book, units):
    order = await dispatched(do, book, units["城管"])
    for act, body in BODIES.items():
        status = 403 if act == "reopen" else 404
        assert (await do.raw("leo", order, act, **body)).status == status, act


async def test_a_unit_of_another_street_is_none(do, book, units):
    order = await hotline(book)
    other = await sql("select id from order_unit where area like '310107014%' limit 1")
    assert await do.refused("henry", order, "dispatch", unit=str(other[0]["id"])) == (
        404,
        "thing.missing",
    )


async def test_units_are_named_by_their_street(as_, do, book, units):
    new = {"area": HUAXI, "key": "水务", "name": "水务所", "kind": "station"}
    assert (await as_("henry").post("/api/units", new)).status == 422
    new["area"] = "310107005000"
    made = await (await as_("henry").post("/api/units", new)).json()
    assert (made["kind_label"], made["people"]) == ("职能站所", 0)
    again = await as_("henry").post("/api/units", new)
    assert (await again.json())["fields"][0]["code"] == "unit.key_used"
    path = f"/api/units/{made['id']}"
    rest = await as_("henry").put(path, new | {"name": "排水所", "live": False})
    assert (await rest.json())["live"] is False
    order = await hotline(book)
    assert (await do.raw("henry", order, "dispatch", unit=made["id"])).status == 404
    assert (await as_("alice").post("/api/units", new)).status == 403
    assert (await as_("leo").put(path, new)).status == 404
    assert (await as_("leo").post("/api/units", new | {"area": CHANGFENG})).status == 201
    assert (await as_("henry").put(f"/api/units/{units['源园']}", new)).status == 422


async def test_committees_are_units_by_themselves(as_, street):
    listed = await (await as_("alice").get("/api/units")).json()
    mine = next(unit for unit in listed if unit["name"] == "源园居委会")
    assert (mine["kind"], mine["people"]) == ("committee", 2)
