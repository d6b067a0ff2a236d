"""The whole circle: found, adopted, an order, answered, judged "not solved", done again, solved,
and on the quarter's list. The order's own acts go through its own doors."""

from uuid import UUID

import pytest

from backend.core.db import sql
from tests.features.feedback.conftest import covered, good, judged, mine, picture, sent

DONE = {
    "result": "已解决",
    "measure": "清运两车，冲洗地面，业主王某在场。",
    "reply": "已清运并冲洗，增加每日两次巡查。",
}


@pytest.fixture
async def unit(as_, street):
    """源园 itself handles orders."""
    listed = await good(await as_("henry").get("/api/units"))
    return next(u["id"] for u in listed if u["area"]["name"] == "源园居委会")


@pytest.fixture
def act(as_):
    async def do(who, order, name, **body):
        found = await sql("select rev from work_order where id = :id", id=UUID(order))
        response = await as_(who).post(
            f"/api/orders/{order}/{name}", {"rev": found[0]["rev"]} | body
        )
        return await good(response)

    return do


async def handled(act, order, photos=()):
    await act("alice", order, "finish", photos=list(photos), **DONE)
    await act("henry", order, "verify", passed=True)


async def test_it_works(as_, http, desk, zhou, unit, act):
    before = await picture(zhou)
    finding = (await sent(zhou, photos=[before]))["id"]
    await desk("dora", finding, "register")
    seen = await desk("dora", finding, "decide", decision="adopted", title="垃圾满溢", unit=unit)
    order = seen["order"]["id"]
    assert (await mine(zhou, finding))["order_stage"] == "已交办"
    await act("alice", order, "sign")
    after = await picture(as_("alice"), 10)
    await handled(act, order, [after])

    seen = await good(await as_("dora").get(f"/api/findings/{finding}"))
    assert seen["order"]["reply"] == DONE["reply"], "what the unit would have the public told"
    shown = {"before": [await covered(as_, before)], "after": [await covered(as_, after)]}
    await desk("dora", finding, "answer", words=DONE["reply"], **shown)
    told = await mine(zhou, finding)
    assert [p["id"] for p in told["before"] + told["after"]] == shown["before"] + shown["after"]
    assert (await http.get(told["after"][0]["url"])).status == 200
    assert "王某" not in str(told)

    told = await good(await judged(zhou, finding, solved=False, reason="第二天又满了"))
    assert (told["state"], told["order_stage"]) == ("working", "处理中")
    again = await good(await as_("henry").get(f"/api/orders/{order}"))
    assert (again["stage"], again["reopened"], again["solved"]) == ("handling", 1, False)
    assert "第二天又满了" in str(again["steps"])

    await handled(act, order)
    await desk("dora", finding, "answer", words="换了大箱，连续三天没有满溢。")
    told = await good(await judged(zhou, finding, solved=True))
    assert (told["state"], told["solved"]) == ("settled", True)
    await act("henry", order, "close")
    end = await good(await as_("henry").get(f"/api/orders/{order}"))
    assert (end["stage"], end["solved"], end["satisfied"]) == ("closed", True, "满意")

    await desk("dora", finding, "publish", public=True, summary="一号门垃圾箱房满溢、污水外流。")
    path = "/api/finding-lists/2026Q4"
    listed = await good(await as_("dora").post(f"{path}/publish", {"words": "感谢各位体验官。"}))
    opened = await good(await http.get(f"/api/open/finding-lists/{listed['id']}"))
    (row,) = opened["rows"]
    assert (row["decision_label"], row["judged_label"]) == ("采纳", "已解决")
    assert row["result"] == "换了大箱，连续三天没有满溢。" and "周敏" not in str(opened)


async def test_the_second_no_goes_to_the_lead_through_the_order(as_, desk, zhou, unit, act, work):
    finding = (await sent(zhou))["id"]
    seen = await desk("dora", finding, "decide", decision="adopted", unit=unit)
    order = seen["order"]["id"]
    await act("alice", order, "sign")
    for _ in range(2):
        await handled(act, order)
        await desk("dora", finding, "answer", words="已处理。")
        told = await good(await judged(zhou, finding, solved=False, reason="没有变化"))
    assert told["state"] == "appealed"
    held = await good(await as_("kate").get(f"/api/orders/{order}"))
    assert held["appeal"] == "申请中" and held["stage"] == "verifying"
    await desk("kate", finding, "reopen", again=True, words="由我牵头，现场再看一次。")
    held = await good(await as_("kate").get(f"/api/orders/{order}"))
    assert (held["stage"], held["appeal"], held["reopened"]) == ("handling", "批准", 2)
    assert (await mine(zhou, finding))["state"] == "working"


@pytest.mark.parametrize(("again", "state"), [(True, "working"), (False, "settled")])
async def test_decided_on_the_order_the_finding_follows(
    as_, desk, zhou, unit, act, worked, again, state
):
    finding = (await sent(zhou))["id"]
    seen = await desk("dora", finding, "decide", decision="adopted", unit=unit)
    order = seen["order"]["id"]
    await act("alice", order, "sign")
    for _ in range(2):
        await handled(act, order)
        await desk("dora", finding, "answer", words="已处理。")
        await good(await judged(zhou, finding, solved=False, reason="没有变化"))
    await act("kate", order, "reopen", again=again, reason="街道研究决定")
    await worked()
    assert (await mine(zhou, finding))["state"] == state
    assert "街道研究决定" not in str(await mine(zhou, finding)), "that was said in the house"


async def test_an_order_that_is_not_taken_up_can_be_answered_for(desk, zhou, act):
    finding = (await sent(zhou))["id"]
    seen = await desk("dora", finding, "decide", decision="adopted")
    order = seen["order"]["id"]
    await act("henry", order, "refuse", reason="不属于街道职责", words="已转区绿化市容局。")
    await desk("dora", finding, "answer", words="已转区绿化市容局办理，单号已告知。")
    told = await good(await judged(zhou, finding, solved=False, reason="没有人来"))
    assert told["state"] == "working"
    refused = await sql("select stage from work_order")
    assert refused == [{"stage": "refused"}]
