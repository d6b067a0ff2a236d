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
