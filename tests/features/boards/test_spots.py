"""Where orders gather, and who calls again and again."""

from tests.cast import HUAXI
from tests.features.boards.conftest import MONTH, fetched, past

HERE = {"lng": 121.4048, "lat": 31.2401, "place": "兰溪路3010弄1号"}
THERE = {"lng": 121.4150, "lat": 31.2401, "place": "兰溪路3040弄3号"}


async def test_where_orders_gather(as_, units, book):
    await past(book, 4, category="E0102", closed=True, **HERE)
    await past(book, 2, category="H0703", **(HERE | {"lat": 31.2403}))
    await past(book, 3, day="2026-08-20", category="E0102", **HERE)
    await past(book, 4, **THERE)
    await past(book, 9)  # nobody knows where
    found = await fetched(as_, "henry", "/api/boards/spots", **MONTH)
    assert [
        {key: spot[key] for key in ("place", "count", "before", "live")} for spot in found["rows"]
    ] == [{"place": "兰溪路3010弄1号", "count": 6, "before": 3, "live": 5}]
    spot = found["rows"][0]
    assert [(one["label"], one["count"]) for one in spot["categories"]] == [
        ("暴露垃圾", 4),
        ("楼道堆物", 2),
    ]
    assert abs(spot["lng"] - HERE["lng"]) < 1e-6
    assert (await fetched(as_, "leo", "/api/boards/spots", **MONTH))["rows"] == []
    assert (await as_(None).get("/api/boards/spots")).status == 401
    for name in ("frank", "iris"):
        assert (await as_(name).get("/api/boards/spots")).status == 403


async def test_who_calls_again_and_again(as_, units, book):
    await past(book, 3, caller_phone="13800138000", caller_name="王秀英", solved=False)
    await past(book, 1, HUAXI, caller_phone="138 0013 8000", category="H0107")
    await past(book, 2, caller_phone="13900139000")
    await past(book, 5, source="04")
    found = await fetched(as_, "henry", "/api/boards/callers", **MONTH)
    assert [
        (row["phone"], row["count"], row["live"], row["unsolved"]) for row in found["rows"]
    ] in (
        [("138****8000", 4, 4, 3)],
        [("138****8000", 3, 3, 3)],  # written with blanks, it is another number to the index
    )
    orders = found["rows"][0]["orders"]
    assert {order["stage_label"] for order in orders} == {"采集"}
    assert "楼道堆物" in {order["category_label"] for order in orders}
    assert "13800138000" not in str(found) and "王秀英" not in str(found)
    two = await fetched(as_, "kate", "/api/boards/callers", **MONTH, least=2)
    assert [row["count"] for row in two["rows"]][1:] == [2]
    assert (await fetched(as_, "leo", "/api/boards/callers", **MONTH))["rows"] == []


async def test_callers_are_for_those_who_settle_it(as_, units):
    assert (await as_(None).get("/api/boards/callers")).status == 401
    for name in ("alice", "bob", "iris", "dora", "frank", "greta"):
        assert (await as_(name).get("/api/boards/callers")).status == 403, name
    assert (await as_("henry").get("/api/boards/callers", least=1)).status == 400
