"""Merging duplicates and splitting what is several matters: offered, decided by a person."""

import asyncio

from backend.core.db import sql
from tests.features.orders.conftest import FINISHED, closed, dispatched, fetched, handled, hotline


async def reported(as_, **given):
    found = {"title": "楼道堆物", "content": "楼道堆满纸箱", "place": "兰溪路3010弄1号"}
    return (await (await as_("alice").post("/api/orders", found | given)).json())["id"]


async def test_it_works(as_, do, book, units, worked):
    main = await handled(do, book, units["源园"])
    second = await reported(as_)
    merged = await do("henry", second, "merge", into=main)
    assert (merged["stage"], merged["due"]["state"]) == ("merged", "none")
    assert [(one["id"], one["how"]) for one in merged["links"]] == [(main, "main")]
    seen = await fetched(as_, "henry", main)
    assert [(one["id"], one["how"]) for one in seen["links"]] == [(second, "duplicate")]
    await do("alice", main, "finish", **FINISHED)
    await do("henry", main, "verify", passed=True)
    await do("henry", main, "call_back", satisfied="满意", solved=True)
    await do("henry", main, "close")
    # it shares the result of the main order, and its reporter is told
    end = await fetched(as_, "henry", second)
    assert (end["stage"], end["result"], end["reply"]) == (
        "merged",
        "已解决",
        FINISHED["reply"],
    )
    assert end["closed_at"] is not None and end["satisfied"] is None
    await worked()
    told = await sql("select facts from notice where template = 'order_result' order by created_at")
    assert [row["facts"]["result"] for row in told] == ["与另一件工单合并办理"] * 2
    assert told[-1]["facts"]["reply"] == FINISHED["reply"]


async def test_the_main_order_opened_again_opens_the_other(as_, do, book, units):
    main = await handled(do, book, units["源园"])
    second = await reported(as_)
    await do("henry", second, "merge", into=main)
    await do("alice", main, "finish", **FINISHED)
    await do("henry", main, "verify", passed=True)
    await do("henry", main, "call_back", satisfied="满意", solved=True)
    await do("henry", main, "close")
    await do("henry", main, "call_back", satisfied="不满意", solved=False)
    assert (await fetched(as_, "henry", second))["closed_at"] is None


async def test_only_into_what_goes_on(as_, do, book, units):
    ended = await closed(do, book, units["源园"])
    other, third = await reported(as_), await reported(as_, title="楼道还是堆物")
    assert await do.refused("henry", other, "merge", into=ended) == (422, "order.refused")
    assert await do.refused("henry", other, "merge", into=other) == (422, "order.refused")
    await do("henry", other, "merge", into=third)
    # a main order is not merged away from those that follow it
    last = await hotline(book)
    assert await do.refused("henry", third, "merge", into=last) == (422, "order.refused")


async def test_each_into_the_other_at_once(as_, do, book, units):
    one, two = await hotline(book), await hotline(book)
    answers = await asyncio.gather(
        do.raw("henry", one, "merge", into=two), do.raw("henry", two, "merge", into=one)
    )
    assert sorted(answer.status for answer in answers) == [200, 422]
    stages = {(await fetched(as_, "henry", order))["stage"] for order in (one, two)}
    assert stages == {"merged", "collected"}


async def test_a_lead_merges_in_the_own_committee(as_, do, book, units):
    one, two = await reported(as_), await reported(as_)
    assert (await do("bob", one, "merge", into=two))["stage"] == "merged"
    away = await dispatched(do, book, units["花溪园"])
    assert await do.refused("bob", two, "merge", into=away) == (404, "thing.missing")


async def test_several_matters_become_several_orders(as_, do, book, units):
    order = await handled(do, book, units["源园"])
    split = await do(
        "henry",
        order,
        "split",
        parts=[
            {"title": "路灯不亮", "content": "三号楼前路灯不亮", "unit": units["物业"]},
            {"title": "有人摆摊", "content": "弄口有人摆摊"},
        ],
    )
    children = [one["id"] for one in split["links"] if one["how"] == "child"]
    assert len(children) == 2
    found = [await fetched(as_, "henry", child) for child in children]
    assert sorted(one["stage"] for one in found) == ["collected", "dispatched"]
    assert {one["caller"]["phone"] for one in found} == {"138****8000"}
    await do("alice", order, "finish", **FINISHED)
    await do("henry", order, "verify", passed=True)
    await do("henry", order, "call_back", satisfied="满意", solved=True)
    refused = await (await do.raw("henry", order, "close")).json()
    assert refused["guard"] == "children"
    for one in found:
        if one["stage"] == "collected":
            await do("henry", one["id"], "refuse", reason="另案处理")
        else:
            await do("henry", one["id"], "merge", into=order)
    assert (await do("henry", order, "close"))["stage"] == "closed"


async def test_what_may_be_the_same_is_offered(as_, do, book, units):
    here = {"lng": 121.40, "lat": 31.24, "category": "H0109"}
    first = await hotline(book, **here)
    again = await hotline(book, **(here | {"lng": 121.4003}), title="楼道里堆物")
    other = await hotline(book, **(here | {"lng": 121.41}))
    seen = await fetched(as_, "henry", again)
    (offer,) = seen["similar"]
    assert offer["id"] == first and 20 < offer["metres"] < 40
    assert any("米" in reason for reason in offer["reasons"])
    assert (await fetched(as_, "henry", other))["similar"] == []
    told = await (
        await as_("alice").get(
            "/api/orders/proposal", words="楼道里堆满纸箱，请清理楼道堆物", lng=121.4, lat=31.24
        )
    ).json()
    assert {one["id"] for one in told["similar"]} <= {first, again}


async def test_days_apart_or_another_class_is_not_the_same(as_, do, book, units, at):
    here = {"lng": 121.40, "lat": 31.24}
    await hotline(book, **here, category="H0109")
    lamp = await hotline(book, **here, category="B0118")
    assert (await fetched(as_, "henry", lamp))["similar"] == []
    with at("2026-10-16 10:00"):
        late = await hotline(book, **here, category="H0109")
        assert (await fetched(as_, "henry", late))["similar"] == []
