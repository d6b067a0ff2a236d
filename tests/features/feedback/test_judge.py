"""The officer's word on the result: silence is not satisfied, and "no" has it taken up again."""

import pytest

from backend.core.db import sql
from tests.features.feedback.conftest import (
    answered,
    code_of,
    fields_of,
    good,
    judged,
    mine,
    sent,
)


async def test_it_works(desk, zhou):
    finding = (await sent(zhou))["id"]
    await answered(desk, finding)
    waiting = await mine(zhou, finding)
    assert (waiting["solved"], waiting["satisfied"], waiting["may"]) == (None, None, ["judge"])
    told = await good(await judged(zhou, finding, solved=True, satisfied="基本满意"))
    assert (told["state_label"], told["solved"], told["satisfied"]) == ("已办结", True, "基本满意")
    assert told["steps"][-1]["words"] == "已解决，基本满意" and told["may"] == []


async def test_not_solved_is_taken_up_again_and_then_the_lead_decides(desk, zhou):
    finding = (await sent(zhou))["id"]
    await answered(desk, finding)
    told = await good(await judged(zhou, finding, solved=False, reason="污水还在"))
    assert (told["state"], told["solved"], told["judgement"]) == ("working", None, "污水还在")
    await desk("dora", finding, "answer", words="又冲洗了一次。")
    told = await good(await judged(zhou, finding, solved=False, reason="还是老样子"))
    assert (told["state_label"], told["solved"]) == ("待街镇决定", False)
    refused = await desk.raw("dora", finding, "reopen", again=True, words="再办")
    assert refused.status == 403
    again = await desk("kate", finding, "reopen", again=True, words="由分管领导牵头再办。")
    assert (again["state"], again["solved"], again["unsolved"]) == ("working", None, 2)
    await desk("dora", finding, "answer", words="已更换箱体。")
    assert (await good(await judged(zhou, finding, solved=True)))["state"] == "settled"


async def test_the_lead_may_let_the_result_stand(desk, zhou):
    finding = (await sent(zhou))["id"]
    await answered(desk, finding)
    await judged(zhou, finding, solved=False, reason="污水还在")
    await desk("dora", finding, "answer", words="已告知改造计划。")
    await judged(zhou, finding, solved=False, reason="还在")
    end = await desk("kate", finding, "reopen", again=False, words="明年三月统一改造。")
    assert (end["state"], end["solved"]) == ("settled", False)
    assert (await mine(zhou, finding))["steps"][-1]["words"] == "明年三月统一改造。"


async def test_an_officer_may_not_judge_what_is_not_answered(zhou, desk):
    finding = (await sent(zhou))["id"]
    assert await code_of(await judged(zhou, finding, solved=True)) == (409, "state.wrong")
    await answered(desk, finding)
    await good(await judged(zhou, finding, solved=True))
    assert await code_of(await judged(zhou, finding, solved=True)) == (409, "state.wrong")


@pytest.mark.parametrize(
    ("given", "status", "field"),
    [
        ({"solved": False}, 422, "reason"),
        ({"solved": True, "satisfied": "很满意"}, 400, "satisfied"),
        ({"solved": False, "reason": "x" * 501}, 400, "reason"),
        ({"solved": "no"}, 400, "solved"),
    ],
)
async def test_bad_input_leaves_no_trace(desk, zhou, given, status, field):
    finding = (await sent(zhou))["id"]
    await answered(desk, finding)
    response = await judged(zhou, finding, **given)
    assert response.status == status and await fields_of(response) == {field}
    assert (await mine(zhou, finding))["state"] == "answered"


async def test_who_may_not(as_, desk, zhou, wu, fang):
    finding = (await sent(zhou))["id"]
    await answered(desk, finding)
    path, body = (
        f"/api/officer/findings/{finding}/judge",
        {
            "rev": 2,
            "solved": True,
            "satisfied": "满意",
        },
    )
    for who, status in ((wu, 404), (fang, 404), (as_("dora"), 403), (as_(None), 401)):
        assert (await who.post(path, body)).status == status
    stale = await zhou.post(path, body | {"rev": 0})
    assert await code_of(stale) == (409, "state.overtaken")
    assert await sql("select solved from finding") == [{"solved": None}]


async def test_the_reason_is_sealed(desk, zhou):
    finding = (await sent(zhou))["id"]
    await answered(desk, finding)
    await judged(zhou, finding, solved=False, reason="王秀英家门口还在漏")
    assert "王秀英" not in str(await sql("select judgement from finding"))
    assert "王秀英" not in str(await sql("select facts from audit"))
    assert "王秀英" not in str(await sql("select words, note from finding_step"))
