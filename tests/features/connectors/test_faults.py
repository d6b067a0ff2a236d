"""The other side fails in every way it knows; a pull waits, goes on, or says what is wrong."""

import pytest

from backend.core.db import sql
from backend.features.connectors import pull, store
from tests import street as sandbox
from tests.features.connectors.conftest import counts

PASSING = ["http_500", "html", "truncated", "refused"]


@pytest.mark.parametrize("kind", PASSING)
async def test_a_passing_fault_is_survived(street, pulled, kind):
    await pulled("housing")
    await street.fault(kind, page=2)
    run = await pulled("population")
    assert run.state == "done"
    assert (await counts()).people == len(street.shelf.people.order)


ORDERS = {"hotline": "gd", "patrol": "xc", "emergencies": "yj", "alarms": "bj"}


@pytest.fixture
async def full(street, catalogue, key):
    """Several pages of an order feed to fetch."""
    for _ in range(9):
        await street.change({"hotline": "call", "patrol": "find"}.get(key, "emergency"))
    found = sandbox.feeds(catalogue, street.url, size=60 if key == "alarms" else 5)
    yield found
    await found.outside.close()


async def brought(key):
    """What a feed of orders has come to here: rows known, and orders by their number."""
    found = await sql(
        """select (select count(*) from feed_memory where feed = :key) as rows,
             (select count(*) from sensor_signal where source = :key) as signals,
             (select count(distinct system_no) from work_order where system = :key) as orders,
             (select count(*) from work_order where system = :key) as every""",
        key=key,
    )
    assert found[0]["orders"] == found[0]["every"]  # none is doubled
    return found[0]


def held(street, key):
    """What the platform has of a feed."""
    if key == "alarms":
        return {"rows": len(street.shelf.devices.order), "signals": len(street.shelf.signals.order)}
    count = len(street.shelf.streams[ORDERS[key]].order)
    return {"rows": count, "orders": count}


@pytest.mark.parametrize("key", ORDERS)
@pytest.mark.parametrize("kind", PASSING)
async def test_a_passing_fault_loses_no_order(street, full, key, kind):
    await street.fault(kind, stream=ORDERS[key], page=2)
    await pull.pull(full, key)
    (run,) = await store.runs(key)
    assert (run.state, run.refused) == ("done", 0)
    assert (await brought(key)).items() >= held(street, key).items()


@pytest.mark.parametrize("key", ORDERS)
async def test_the_same_page_for_ever_ends_and_is_made_up_for(street, full, key):
    await street.fault("repeated", stream=ORDERS[key], page=2, times=99)
    await pull.pull(full, key)
    (run,) = await store.runs(key)
    assert (run.state, run.problem) == ("failed", "对方系统一再返回同一页")
    await street.mend()
    await pull.pull(full, key)
    assert (await store.runs(key))[0].state == "done"
    assert (await brought(key)).items() >= held(street, key).items()


@pytest.mark.parametrize("key", ORDERS)
async def test_a_street_that_is_down_for_a_while(street, full, key):
    await street.fault("http_500", stream=ORDERS[key], page=2, times=9)
    await pull.pull(full, key)
    failed = (await store.runs(key))[0]
    assert (failed.state, failed.problem) == ("failed", "对方系统出错（HTTP 500）")
    await street.mend()
    await pull.pull(full, key)
    again = (await store.runs(key))[0]
    assert again.state == "done" and failed.added + again.added == sum(
        count for name, count in held(street, key).items() if name != "orders"
    )
    assert (await brought(key)).items() >= held(street, key).items()


async def test_a_slow_answer_is_asked_for_again(street, catalogue):
    hasty = sandbox.feeds(catalogue, street.url, timeout=0.5)
    await pull.pull(hasty, "housing")
    await street.fault("timeout", page=1, seconds=3)
    await pull.pull(hasty, "population")
    assert (await store.runs("population", 1))[0].state == "done"
    await hasty.outside.close()


async def test_a_page_that_comes_twice_counts_once(street, pulled):
    await pulled("housing")
    await street.fault("repeated", page=2)
    run = await pulled("population")
    assert run.added == len(street.shelf.people.order) == (await counts()).people


async def test_the_same_page_for_ever_is_a_failure(street, pulled):
    await pulled("housing")
    await street.fault("repeated", page=2, times=99)
    run = await pulled("population")
    assert (run.state, run.problem) == ("failed", "对方系统一再返回同一页")


async def test_a_token_that_ran_out_is_renewed(street, feeds, pulled):
    await pulled()
    await street.forget_tokens()
    await street.change("phone", person=street.shelf.people.order[0][1])
    assert (await pulled("population")).changed == 1


async def test_patience_ends_and_the_cursor_stays(street, pulled):
    await pulled("housing")
    await street.fault("http_500", page=3, times=9)
    failed = await pulled("population")
    assert (failed.state, failed.problem) == ("failed", "对方系统出错（HTTP 500）")
    assert 0 < failed.added < len(street.shelf.people.order)
    await street.mend()
    again = await pulled("population")
    assert again.state == "done"
    assert failed.added + again.added == len(street.shelf.people.order) == (await counts()).people


async def test_a_failure_is_reported_once(street, pulled):
    await street.fault("html", stream="ld", times=99)
    for _ in range(3):
        await pulled("housing")
    assert len(await store.runs("housing")) == 3
    assert len(await sql("select id from audit where verb = 'feed.fail'")) == 1


async def test_a_wrong_secret(street, catalogue):
    stranger = sandbox.feeds(catalogue, street.url, secret="wrong")
    for key in ("housing", "population"):
        await pull.pull(stranger, key)
        run = (await store.runs(key, 1))[0]
        assert (run.state, run.problem) == ("failed", "对方系统拒绝访问（HTTP 401）")
    await stranger.outside.close()


async def test_nobody_there(http, catalogue):
    nowhere = sandbox.feeds(catalogue, "http://127.0.0.1:9")
    await pull.pull(nowhere, "housing")
    run = (await store.runs("housing", 1))[0]
    assert run.state == "failed" and run.problem.startswith("连接不上对方系统")
    await nowhere.outside.close()


async def test_no_address(http, feeds):
    feeds.addresses.clear()
    await pull.pull(feeds, "housing")
    run = (await store.runs("housing", 1))[0]
    assert run.problem == "没有配置“street”的地址（JUCUN_FEEDS_FILE）"


async def test_a_column_of_another_type_stops_the_feed(street, pulled):
    await pulled("housing")
    await street.fault("retyped", page=2, rows=25)
    run = await pulled("population")
    assert run.state == "failed" and run.added == 25
    assert "来源的格式可能变了" in run.problem and "出生日期" in run.problem
    assert (await counts()).refused == 0
