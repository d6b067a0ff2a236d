"""One order from the hotline to its end, step by step."""

from backend.core.db import sql
from tests.features.orders.conftest import FINISHED, fetched, hotline


async def test_it_works(as_, do, book, units):
    order = await hotline(book)
    seen = await fetched(as_, "henry", order)
    assert (seen["stage"], seen["due"]["kind"]) == ("collected", "file")
    assert "dispatch" in seen["may"] and "finish" not in seen["may"]
    assert (await do("henry", order, "file"))["due"]["kind"] == "dispatch"
    sent = await do("henry", order, "dispatch", unit=units["源园"], note="请居委先看")
    assert (sent["stage"], sent["unit"]["name"]) == ("dispatched", "源园居委会")
    assert {clock["kind"] for clock in sent["clocks"] if clock["state"] == "running"} == {
        "sign",
        "contact",
        "handle",
    }
    signed = await do("alice", order, "sign")
    assert (signed["stage"], signed["handler"]) == ("handling", "陆小燕")
    assert (await do.refused("alice", order, "finish", **FINISHED)) == (409, "order.held_up")
    await do("alice", order, "contact", note="约好下午上门")
    done = await do("alice", order, "finish", **FINISHED)
    assert (done["stage"], done["due"]["kind"]) == ("answered", "verify")
    await do("henry", order, "verify", passed=True)
    assert (await do.refused("henry", order, "close")) == (409, "order.held_up")
    await do("henry", order, "call_back", satisfied="满意", solved=True)
    end = await do("henry", order, "close")
    assert (end["stage"], end["solved"], end["satisfied"]) == ("closed", True, "满意")
    assert end["may"] == ["call_back"]
    assert [step["act"] for step in end["steps"]] == [
        "take",
        "file",
        "dispatch",
        "sign",
        "contact",
        "finish",
        "verify",
        "call_back",
        "close",
    ]
    verbs = [row["verb"] for row in await sql("select verb from audit order by id")]
    assert verbs[-3:] == ["order.verify", "order.call_back", "order.close"]
