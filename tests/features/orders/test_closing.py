"""The end: checked, called back, closed; closed, solved and satisfied apart; opened again."""

import pytest

from backend.core.db import sql
from tests.features.orders.conftest import FINISHED, closed, fetched, finished


async def test_it_works(as_, do, book, units, worked):
    order = await closed(do, book, units["源园"])
    seen = await fetched(as_, "henry", order)
    assert (seen["stage"], seen["verifier"], seen["due"]["state"]) == ("closed", "何伟", "none")
    assert {clock["state"] for clock in seen["clocks"]} <= {"met", "late", "void"}


async def test_what_is_not_right_is_done_again(as_, do, book, units, worked):
    order = await finished(do, book, units["源园"])
    back = await do("henry", order, "verify", passed=False, note="纸箱还在二楼")
    assert (back["stage"], back["redo"], back["due"]["kind"]) == ("handling", 1, "rehandle")
    await worked()
    told = await sql("select staff_id from notice where template = 'order_again'")
    assert {row["staff_id"].int for row in told} == {1, 2}
    await do("alice", order, "finish", **FINISHED)
    assert (await do("henry", order, "verify", passed=True))["stage"] == "verifying"


async def test_closed_is_not_solved_and_solved_is_not_satisfied(do, book, units):
    order = await finished(do, book, units["源园"])
    await do("henry", order, "verify", passed=True)
    heard = await do("henry", order, "call_back", satisfied="不满意", solved=True)
    assert (heard["stage"], heard["solved"], heard["satisfied"]) == ("verifying", True, "不满意")
    assert (await do("henry", order, "close"))["stage"] == "closed"
    silent = await finished(do, book, units["源园"])
    await do("henry", silent, "verify", passed=True)
    await do("henry", silent, "call_back", satisfied="未接通")
    end = await do("henry", silent, "close")
    assert (end["stage"], end["solved"], end["satisfied"]) == ("closed", None, "未接通")


async def test_without_a_call_back_nothing_is_closed(do, book, units):
    order = await finished(do, book, units["源园"])
    await do("henry", order, "verify", passed=True)
    refused = await (await do.raw("henry", order, "close")).json()
    assert refused["guard"] == "called"
    nobody = await finished(do, book, units["源园"], caller_phone=None)
    await do("henry", nobody, "verify", passed=True)
    assert (await do("henry", nobody, "close"))["stage"] == "closed"


async def test_not_solved_is_done_again_by_itself_once(do, book, units, worked):
    order = await finished(do, book, units["源园"])
    await do("henry", order, "verify", passed=True)
    again = await do("henry", order, "call_back", satisfied="不满意", solved=False)
    assert (again["stage"], again["reopened"], again["redo"]) == ("handling", 1, 1)
    assert again["due"]["kind"] == "rehandle"
    await do("alice", order, "finish", **FINISHED)
    await do("henry", order, "verify", passed=True)
    # what the caller said before does not count for the new result
    assert await do.refused("henry", order, "close") == (409, "order.held_up")
    appeal = await do("henry", order, "call_back", satisfied="不满意", solved=False, note="还是有")
    assert (appeal["stage"], appeal["appeal"]) == ("verifying", "申请中")
    assert appeal["asks"][0]["reason"] == "还是有"
    assert await do.refused("henry", order, "close") == (409, "order.held_up")
    await worked()
    told = await sql("select staff_id from notice where template = 'order_appeal'")
    assert [row["staff_id"].int for row in told] == [11]


@pytest.mark.parametrize(("again", "stage"), [(True, "handling"), (False, "verifying")])
async def test_the_second_time_the_streets_lead_decides(do, book, units, again, stage):
    order = await finished(do, book, units["源园"])
    for _ in range(2):
        await do("henry", order, "verify", passed=True)
        seen = await do("henry", order, "call_back", satisfied="不满意", solved=False)
        if seen["stage"] == "handling":
            await do("alice", order, "finish", **FINISHED)
    assert await do.refused("henry", order, "reopen", again=True, reason="再办") == (
        403,
        "access.denied",
    )
    decided = await do("kate", order, "reopen", again=again, reason="现场看过")
    assert (decided["stage"], decided["appeal"]) == (stage, "批准" if again else "驳回")
    if not again:
        assert (await do("henry", order, "close"))["solved"] is False


async def test_the_caller_says_no_after_the_end(do, book, units):
    order = await closed(do, book, units["源园"])
    again = await do("henry", order, "call_back", satisfied="不满意", solved=False)
    assert (again["stage"], again["closed_at"]) == ("handling", None)


async def test_the_streets_lead_may_open_again_what_is_closed(do, book, units):
    order = await closed(do, book, units["源园"])
    assert (await do("kate", order, "reopen", again=True, reason="督办"))["stage"] == "handling"
    open_ = await finished(do, book, units["源园"])
    assert await do.refused("kate", open_, "reopen", again=True, reason="督办") == (
        409,
        "state.wrong",
    )


@pytest.mark.parametrize(
    ("who", "status"), [(None, 401), ("iris", 403), ("alice", 403), ("leo", 404)]
)
async def test_who_may_not(as_, do, book, units, who, status):
    order = await finished(do, book, units["源园"])
    before = await fetched(as_, "henry", order)
    for act, body in {
        "verify": {"passed": True},
        "call_back": {"satisfied": "满意"},
        "close": {},
        "reopen": {"again": True, "reason": "再办"},
    }.items():
        found = await do.raw(who, order, act, **body)
        assert found.status == (403 if (who, act) == ("leo", "reopen") else status), act
    assert await fetched(as_, "henry", order) == before


async def test_a_lead_checks_only_what_the_committee_did_by_itself(do, book, units):
    order = await finished(do, book, units["源园"])
    assert await do.refused("bob", order, "verify", passed=True) == (409, "order.held_up")
