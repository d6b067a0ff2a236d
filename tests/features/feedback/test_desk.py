"""The street registers, decides and answers; what it notes for itself never reaches the officer."""

import pytest

from backend.core.db import sql
from tests.features.feedback.conftest import (
    answered,
    code_of,
    counted,
    covered,
    fields_of,
    good,
    judged,
    mine,
    picture,
    sent,
)


async def test_it_works(as_, desk, zhou):
    finding = (await sent(zhou))["id"]
    page = await good(await as_("dora").get("/api/findings"))
    (row,) = page["rows"]
    assert (row["sender"], row["field_label"], row["state"]) == ("周敏", "热心居民", "sent")
    seen = await desk("dora", finding, "register", note="已转物业先看")
    assert (seen["state"], seen["due"][:10]) == ("registered", "2026-10-19")
    decided = await desk(
        "dora", finding, "decide", decision="partly", reason="先清运，再评估扩容。"
    )
    assert (decided["state"], decided["decision_label"]) == ("working", "部分采纳")
    assert decided["order"]["stage_label"] == "采集" and decided["may"] == ["answer", "publish"]
    shown = await mine(zhou, finding)
    assert (shown["reason"], shown["order_stage"]) == ("先清运，再评估扩容。", "已受理")
    assert "已转物业先看" in str(seen) and "已转物业先看" not in str(shown)
    assert "沈敏" not in str(shown), "an officer does not learn who it was"
    assert [step["label"] for step in shown["steps"]] == ["提交", "登记", "答复是否采纳"]


async def test_an_order_stands_behind_it(as_, desk, zhou):
    one = await picture(zhou)
    finding = (await sent(zhou, photos=[one]))["id"]
    seen = await desk("dora", finding, "decide", decision="adopted", title="垃圾箱房满溢")
    order = await good(await as_("henry").get(f"/api/orders/{seen['order']['id']}"))
    assert (order["title"], order["source"]) == ("垃圾箱房满溢", "09")
    assert order["content"].startswith("一号门旁边") and order["caller"] is None
    assert [p["id"] for p in order["photos"]] == [one], "its pictures go with it"
    assert [p["id"] for p in (await mine(zhou, finding))["photos"]] == [one]
    assert "周敏" not in str(order)
    (row,) = await sql("select system_no, officer_id::text from work_order")
    assert row["system_no"] == seen["no"] and row["officer_id"] == zhou.tokens["me"]["id"]


async def test_not_adopted_needs_a_reason_and_ends_there(desk, zhou):
    finding = (await sent(zhou))["id"]
    for decision in ("declined", "partly"):
        response = await desk.raw("dora", finding, "decide", decision=decision)
        assert await fields_of(response) == {"reason"}
    assert await counted("work_order") == 0 and await counted("finding_step") == 1
    seen = await desk("dora", finding, "decide", decision="declined", reason="已列入明年改造。")
    assert (seen["state"], seen["order"], seen["may"]) == ("declined", None, ["publish"])
    assert (await mine(zhou, finding))["reason"] == "已列入明年改造。"
    for act, body in (("decide", {"decision": "adopted"}), ("answer", {"words": "好的"})):
        assert await code_of(await desk.raw("dora", finding, act, **body)) == (409, "state.wrong")


async def test_the_answer_waits_for_the_order(desk, zhou):
    finding = (await sent(zhou))["id"]
    await desk("dora", finding, "decide", decision="adopted")
    response = await desk.raw("dora", finding, "answer", words="已经办好了。")
    body = await response.json()
    assert (response.status, body["code"]) == (409, "finding.order_open")
    assert "采集" in body["title"] and (await mine(zhou, finding))["reply"] is None


async def test_only_covered_pictures_are_shown(as_, http, desk, zhou, wu):
    one = await picture(zhou)
    finding = (await sent(zhou, photos=[one]))["id"]
    await desk("dora", finding, "decide", decision="adopted", order=False)
    said = {"words": "已清运并冲洗干净。"}
    foreign = await covered(as_, await picture(wu))
    for wrong in (one, foreign):
        response = await desk.raw("dora", finding, "answer", before=[wrong], **said)
        assert await fields_of(response) == {"before"}
    assert (await mine(zhou, finding))["state"] == "working"
    copy = await covered(as_, one)
    await desk("dora", finding, "answer", before=[copy], **said)
    shown = await mine(zhou, finding)
    assert shown["state_label"] == "待评价" and [p["id"] for p in shown["before"]] == [copy]
    assert (await http.get(shown["before"][0]["url"])).status == 200


async def test_an_answer_can_be_put_right_until_it_is_judged(desk, zhou):
    finding = (await sent(zhou))["id"]
    await answered(desk, finding)
    await desk("dora", finding, "answer", words="更正：每日三次巡查。")
    shown = await mine(zhou, finding)
    assert (shown["reply"], shown["state"]) == ("更正：每日三次巡查。", "answered")
    await good(await judged(zhou, finding, solved=True))
    late = await desk.raw("dora", finding, "answer", words="再改一次。")
    assert await code_of(late) == (409, "state.wrong")


async def test_two_at_the_desk_do_not_overwrite_each_other(as_, desk, zhou):
    finding = (await sent(zhou))["id"]
    await desk("dora", finding, "register")
    response = await desk.raw("henry", finding, "decide", decision="declined", reason="重复", rev=0)
    assert await code_of(response) == (409, "state.overtaken")
    assert (await mine(zhou, finding))["state"] == "registered"
    assert await code_of(await desk.raw("henry", finding, "register")) == (409, "state.wrong")


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("register", {}),
        ("decide", {"decision": "adopted"}),
        ("answer", {"words": "办好了。"}),
        ("publish", {"public": True, "summary": "垃圾箱房满溢"}),
        ("note", {"note": "看过了"}),
        ("reopen", {"again": True, "words": "再办一次"}),
    ],
)
async def test_who_may_not(as_, desk, zhou, act, body):
    finding = (await sent(zhou))["id"]
    abroad = 403 if act == "reopen" else 404
    for who, status in ((None, 401), ("alice", 403), ("frank", 403), ("erin", abroad)):
        assert (await desk.raw(who, finding, act, **body)).status == status, who
    response = await zhou.post(f"/api/findings/{finding}/{act}", body | {"rev": 0})
    assert response.status == 403
    (row,) = await sql("select state, rev from finding")
    assert row == {"state": "sent", "rev": 0} and await counted("finding_step") == 1


@pytest.mark.parametrize(
    ("act", "body", "field"),
    [
        ("decide", {"decision": "maybe"}, "decision"),
        ("decide", {"decision": "declined", "reason": "x" * 501}, "reason"),
        ("register", {"scene": "weather"}, "scene"),
        ("publish", {"public": True}, "summary"),
        ("decide", {"decision": "adopted", "rev": -1}, "rev"),
    ],
)
async def test_bad_input_leaves_no_trace(desk, zhou, act, body, field):
    finding = (await sent(zhou))["id"]
    if act == "publish":
        await desk("dora", finding, "register")
    steps = await counted("finding_step")
    response = await desk.raw("dora", finding, act, **body)
    assert response.status in (400, 422) and await fields_of(response) == {field}
    assert await counted("finding_step") == steps


async def test_the_list_by_what_runs_out_first(as_, at, desk, zhou, wu):
    first = (await sent(zhou))["id"]
    with at("2026-10-12 11:00"):
        second = (await sent(wu, scene="traffic"))["id"]
        await desk("dora", first, "register")

    async def ids(who="dora", **query):
        page = await good(await as_(who).get("/api/findings", **query))
        assert page["total"] >= len(page["rows"])
        return [row["id"] for row in page["rows"]]

    assert await ids() == [second, first], "one is due tomorrow, the other next Monday"
    assert await ids(view="all") == [second, first]
    assert await ids(scene="traffic") == [second] and await ids(state="registered") == [first]
    with at("2026-10-14 09:00"):
        assert await ids(late="true") == [second] and await ids(late="false") == [first]
    page = await good(await as_("dora").get("/api/findings", limit=1))
    assert await ids(limit=1, cursor=page["next"]) == [first]
    assert await ids("erin") == [] and await ids(q="-0002") == [second]
    assert (await as_("alice").get("/api/findings")).status == 403
    bad = await as_("dora").get("/api/findings", cursor="made-up")
    assert await code_of(bad) == (400, "input.bad")


async def test_what_waits_for_the_officer_is_not_to_do(as_, desk, zhou):
    finding = (await sent(zhou))["id"]
    await answered(desk, finding)
    assert (await good(await as_("dora").get("/api/findings")))["rows"] == []
