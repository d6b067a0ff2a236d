"""Lists, board and map: what is shown to whom, in which order, page after page."""

import pytest

from backend.core.access import SYSTEM
from backend.core.db import sql, transaction
from backend.features.orders import intake
from tests.cast import CAOYANG, CHANGFENG, HUAXI
from tests.features.orders.conftest import closed, dispatched, handled, hotline
from tests.features.orders.test_taking import coming


async def rows(as_, who, **query):
    answer = await as_(who).get("/api/orders", **query)
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def test_mine_is_what_my_unit_has_by_due_time(as_, do, book, units, at):
    late = await dispatched(do, book, units["源园"], title="先到的")
    urgent = await dispatched(do, book, units["源园"], title="急的", urge="特急")
    await dispatched(do, book, units["城管"])
    await closed(do, book, units["源园"])
    mine = await rows(as_, "alice")
    assert [row["id"] for row in mine["rows"]] == [urgent, late]
    assert mine["total"] == 2 and mine["next"] is None
    first = mine["rows"][0]
    assert first["due"]["kind"] == "sign" and first["due"]["state"] == "soon"
    assert "sign" in first["may"] and first["unit"]["name"] == "源园居委会"


async def test_a_unit_sees_its_own_orders_only(as_, do, book, units):
    ours = await dispatched(do, book, units["城管"])
    theirs = await dispatched(do, book, units["物业"])
    for view in ("mine", "pool", "all"):
        assert [row["id"] for row in (await rows(as_, "iris", view=view))["rows"]] == [ours]
    assert (await as_("iris").get(f"/api/orders/{theirs}")).status == 404
    assert (await as_("iris").get("/api/orders/board")).status == 403


async def test_a_committee_sees_its_own_place(as_, book, units):
    here = await hotline(book)
    await hotline(book, area=HUAXI)
    assert [row["id"] for row in (await rows(as_, "alice", view="committee"))["rows"]] == [here]
    assert len((await rows(as_, "henry", view="pool"))["rows"]) == 2
    assert (await rows(as_, "leo", view="pool"))["rows"] == []


async def test_page_after_page_nothing_is_missed(as_, book, units):
    async with transaction():
        await intake.take(SYSTEM, book, [coming(n) for n in range(23)])
    for view in ("pool", "all"):
        seen, cursor = [], None
        while True:
            query = {"view": view, "limit": 10} | ({"cursor": cursor} if cursor else {})
            page = await rows(as_, "henry", **query)
            seen += [row["id"] for row in page["rows"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == page["total"] == 23


async def test_a_cursor_of_another_list_is_refused(as_, book, units):
    async with transaction():
        await intake.take(SYSTEM, book, [coming(n) for n in range(3)])
    cursor = (await rows(as_, "henry", view="pool", limit=1))["next"]
    answer = await as_("henry").get("/api/orders", view="all", cursor=cursor)
    assert (answer.status, (await answer.json())["code"]) == (400, "input.bad")


async def test_filters(as_, do, book, units, at):
    lamp = await hotline(book, title="路灯不亮", content="路灯坏了", category="B0118")
    heap = await dispatched(do, book, units["源园"], source="02", category="E0101")
    assert [r["id"] for r in (await rows(as_, "henry", view="all", q="路灯"))["rows"]] == [lamp]
    assert [r["id"] for r in (await rows(as_, "henry", view="all", source="02"))["rows"]] == [heap]
    assert [r["id"] for r in (await rows(as_, "henry", view="all", category="E01"))["rows"]] == [
        heap
    ]
    assert [r["id"] for r in (await rows(as_, "henry", view="all", stage="collected"))["rows"]] == [
        lamp
    ]
    unit = await rows(as_, "henry", view="all", unit=units["源园"])
    assert [r["id"] for r in unit["rows"]] == [heap]
    assert (await rows(as_, "henry", view="all", q="100%"))["total"] == 0
    with at("2026-10-12 16:00"):
        late = await rows(as_, "henry", view="pool", overdue="true")
        assert [r["id"] for r in late["rows"]] == [lamp]
    assert (await as_("henry").get("/api/orders", area=CHANGFENG)).status == 404


async def test_the_board(as_, do, book, units, at):
    await hotline(book)
    await handled(do, book, units["源园"])
    await closed(do, book, units["源园"])
    with at("2026-10-12 16:00"):
        board = await (await as_("henry").get("/api/orders/board")).json()
    columns = {column["stage"]: column for column in board["columns"]}
    assert list(columns) == [
        "collected",
        "filed",
        "dispatched",
        "handling",
        "answered",
        "verifying",
    ]
    assert (columns["collected"]["count"], columns["collected"]["late"]) == (1, 1)
    assert columns["handling"]["cards"][0]["handler"] == "陆小燕"
    assert "closed" not in columns


async def test_the_map(as_, do, book, units):
    here = await hotline(book, lng=121.40, lat=31.24)
    await hotline(book, lng=121.50, lat=31.30)
    await hotline(book)
    box = {"west": 121.39, "south": 31.2, "east": 121.41, "north": 31.3}
    shown = await (await as_("henry").get("/api/orders/map", **box)).json()
    assert [point["id"] for point in shown["points"]] == [here] and not shown["more"]
    whole = await (await as_("henry").get("/api/orders/map", area=CAOYANG)).json()
    assert len(whole["points"]) == 2


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("greta", 403), ("frank", 403)])
async def test_who_may_not(as_, street, who, status):
    for path in ("/api/orders", "/api/orders/board", "/api/orders/map"):
        assert (await as_(who).get(path)).status == status, path


async def test_the_number_of_a_caller_is_opened_with_a_reason(as_, do, book, units):
    order = await dispatched(do, book, units["城管"])
    told = await as_("iris").post(f"/api/orders/{order}/caller", {"reason": "约上门时间"})
    assert (await told.json())["phone"] == "13800138000"
    trace = (await sql("select verb, facts from audit order by id"))[-1]
    assert (trace["verb"], trace["facts"]) == ("order.caller", {"reason": "约上门时间"})
    # the committee sees the order in its place, but has nothing to do with the caller
    assert (await as_("alice").post(f"/api/orders/{order}/caller", {})).status == 409
    assert (await as_("jack").post(f"/api/orders/{order}/caller", {})).status == 404


async def test_who_asks_for_secrecy_keeps_their_name(as_, do, book, units):
    order = await dispatched(do, book, units["源园"], hide_name=True)
    seen = await (await as_("alice").get(f"/api/orders/{order}")).json()
    assert seen["caller"]["name"] is None and seen["caller"]["hidden"]
    told = await (await as_("alice").post(f"/api/orders/{order}/caller", {})).json()
    assert told["name"] is None and told["phone"] == "13800138000"
