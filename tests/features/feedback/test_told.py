"""Who is told when a finding moves on: officers by the mini program, staff by WeCom, once each."""

import pytest

from backend.core.access import SYSTEM
from backend.core.db import sql
from backend.features.feedback import reactions
from tests.features.feedback.conftest import answered, good, judged, sent
from tests.officers import officer
from tests.wechat import SUBSCRIPTIONS, ZHOU


@pytest.fixture
async def zhou(as_, http, street, contacts):
    """She came by the mini program and agreed to everything."""
    for template in SUBSCRIPTIONS.values():
        await contacts.switch("consent", openid=ZHOU, template=template.id, times=9)
    return await officer(as_, http, name="周敏", code=await contacts.wx_code(ZHOU))


async def told():
    """(template, whose number in the cast; None for an officer)."""
    rows = await sql("select template, staff_id, corp_id from notice order by created_at, id")
    return [(r["template"], r["staff_id"].int if r["corp_id"] else None) for r in rows]


async def test_it_works(desk, zhou, worked, work, contacts):
    finding = (await sent(zhou, scene="facility"))["id"]
    await worked()
    assert await told() == [("finding_sent", 4), ("finding_sent", 8)]
    await desk("dora", finding, "register")
    await answered(desk, finding)
    await worked()
    await work()
    mail = [sent.body["subscribe"] for sent in contacts.world.outbox if sent.to == [ZHOU]]
    shown = {one["title"]: one for one in mail}
    assert len(mail) == len(shown) == 3
    assert shown["反馈登记"]["lines"] == {
        "thing1": "公共设施",
        "phrase2": "已登记",
        "date3": "2026年10月19日",
    }
    assert shown["采纳结果"]["lines"]["phrase2"] == "采纳"
    assert shown["处理答复"]["page"] == f"pages/officer/finding/index?id={finding}"
    states = await sql("select distinct state from notice where corp_id = ''")
    assert states == [{"state": "sent"}]


async def test_a_no_is_told_to_those_who_answer_and_then_to_the_lead(desk, zhou, worked):
    finding = (await sent(zhou))["id"]
    await answered(desk, finding)
    await judged(zhou, finding, solved=False, reason="没有变化")
    await worked()
    unsolved = [one for one in await told() if one[0] == "finding_unsolved"]
    assert unsolved == [("finding_unsolved", 4), ("finding_unsolved", 8)]
    await desk("dora", finding, "answer", words="再次处理。")
    await judged(zhou, finding, solved=False, reason="还是没有")
    await worked()
    assert (await told())[-1] == ("finding_unsolved", 11), "the street's lead"


async def test_those_who_follow_are_told_of_the_answer(as_, http, desk, zhou, wu, worked):
    finding = (await sent(zhou))["id"]
    await desk("dora", finding, "register")
    await desk("dora", finding, "publish", public=True, summary="垃圾箱房满溢。")
    await good(await wu.post(f"/api/officer/nearby/{finding}/follow"))
    await answered(desk, finding)
    await worked()
    rows = await sql("select staff_id::text as who from notice where template = 'case_answered'")
    assert rows == [{"who": wu.tokens["me"]["id"]}]


async def test_when_the_order_is_checked_the_desk_learns_of_it(as_, desk, zhou, worked):
    finding = (await sent(zhou))["id"]
    seen = await desk("dora", finding, "decide", decision="adopted")
    order = seen["order"]["id"]
    body = {"rev": 0, "reason": "不属于街道", "words": "已转区里。"}
    assert (await as_("henry").post(f"/api/orders/{order}/refuse", body)).status == 200
    await worked()
    ready = [one for one in await told() if one[0] == "finding_ready"]
    assert ready == [("finding_ready", 4), ("finding_ready", 8)]


async def test_in_the_morning_what_runs_out_today(at, desk, zhou):
    first = (await sent(zhou))["id"]
    await sent(zhou)
    with at("2026-10-13 08:50"):
        await reactions.remind(SYSTEM)
        await reactions.remind(SYSTEM)
    rows = await sql("select template, staff_id, facts from notice")
    assert {(r["template"], r["staff_id"].int) for r in rows} == {
        ("findings_due", 4),
        ("findings_due", 8),
    }
    assert len(rows) == 2 and rows[0]["facts"] == {"unregistered": 2, "undecided": 0}
    await desk("dora", first, "register")
    with at("2026-10-19 08:50"):
        await reactions.remind(SYSTEM)
    rows = await sql("select staff_id, template, facts from notice order by created_at, id")
    today = {(r["template"], r["staff_id"].int): r["facts"] for r in rows[2:]}
    assert today["findings_due", 4] == {"unregistered": 1, "undecided": 1}
    assert today["findings_late", 11] == {"late": 1}, "the street's lead"


async def test_nothing_of_what_people_wrote_leaves_the_house(desk, zhou, worked):
    finding = (await sent(zhou, content="王秀英家的水管漏了"))["id"]
    await desk("dora", finding, "decide", decision="declined", reason="王秀英已自行修好")
    await worked()
    assert "王秀英" not in str(await sql("select facts from notice"))
