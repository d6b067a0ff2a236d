"""What systems push: signed, fresh, once; the same rows as a pull brings, and never twice."""

import asyncio
import io
import json
from types import SimpleNamespace

import orjson
import pytest

from backend.app import PORTS
from backend.core.db import sql
from backend.features.connectors import pull, pushing, store
from backend.features.connectors.feeds import Feeds
from backend.sandbox.street.pushing import Pusher
from tests import street as sandbox
from tests.cast import CAOYANG, YUANYUAN

PATH = "/api/feeds/hotline/push"


@pytest.fixture
def known(http, feeds):
    """The server knows the sandbox as the system behind its feeds."""
    ours = http.app[PORTS][Feeds]
    kept, ours.addresses = ours.addresses, feeds.addresses
    yield ours
    ours.addresses = kept


@pytest.fixture
def push(http, known, street):
    """`await push("gd", names)`: the sandbox pushes rows, well signed or with a fault."""

    async def go(stream, names, fault="", feed="hotline"):
        to = str(http.make_url(f"/api/feeds/{feed}/push"))
        answer = await street.push(to, stream, names, fault)
        return SimpleNamespace(**answer["body"] | {"status": answer["status"]})

    return go


@pytest.fixture
def pusher(known):
    return Pusher(sandbox.CLIENT, sandbox.SECRET)


async def some(street, count=3):
    return [(await street.change("call", committee=YUANYUAN))[0] for _ in range(count)]


async def traces():
    found = await sql(
        """select (select count(*) from work_order) as orders,
             (select count(*) from feed_memory) as rows, (select count(*) from feed_push) as pushes,
             (select count(*) from feed_run) as runs, (select count(*) from audit) as audit,
             (select count(*) from feed_quarantine) as kept"""
    )
    return SimpleNamespace(**found[0])


async def nothing():
    found = await traces()
    return set(vars(found).values()) == {0}


async def test_it_works(street, push):
    names = await some(street)
    answer = await push("gd", names)
    assert (answer.status, answer.seen, answer.taken, answer.refused) == (200, 3, 3, 0)
    found = await sql("select system_no from work_order")
    assert {row["system_no"] for row in found} == set(names)
    (event,) = await sql("select facts from audit where verb = 'feed.push'")
    assert event["facts"] == {
        "feed": "hotline",
        "pushes": 1,
        "seen": 3,
        "added": 3,
        "changed": 0,
        "same": 0,
        "refused": 0,
    }


async def test_pushed_and_pulled_are_one_order(street, push, pulled):
    names = await some(street)
    assert (await push("gd", names)).taken == 3
    run = await pulled("hotline")
    assert run.same == 3 and run.added == run.seen - 3
    again = await push("gd", names)
    assert (again.status, again.same, again.taken) == (200, 3, 0)
    doubled = await sql("select system_no from work_order group by system_no having count(*) > 1")
    assert doubled == []


async def test_the_pushes_of_a_day_are_one_line(street, push, as_):
    names = await some(street)
    for name in names:
        await push("gd", [name])
    runs = await (await as_("dora").get("/api/feeds/hotline/runs")).json()
    assert [(run["state"], run["seen"], run["added"]) for run in runs] == [("pushed", 3, 3)]
    feeds = await (await as_("dora").get("/api/feeds")).json()
    assert [f["last"]["state"] for f in feeds if f["last"]] == ["pushed"]


async def test_many_at_once(street, push):
    names = await some(street, 6)
    answers = await asyncio.gather(*(push("gd", names[n % 5 : n % 5 + 2]) for n in range(12)))
    assert {answer.status for answer in answers} == {200}
    assert (await traces()).orders == 6
    (run,) = await store.runs("hotline")
    assert run.seen == 24 == run.added + run.same + run.changed


async def test_what_comes_together_is_written_together(street, push):
    names = await some(street, 20)
    answers = await asyncio.gather(*(push("gd", [name]) for name in names))
    assert [(answer.status, answer.taken) for answer in answers] == [(200, 1)] * 20
    found = await sql("select facts from audit where verb = 'feed.push'")
    assert sum(row["facts"]["pushes"] for row in found) == 20
    assert sum(row["facts"]["added"] for row in found) == 20 == (await traces()).orders


async def test_a_bad_one_among_many_spoils_nothing(http, street, push, pusher):
    names = await some(street, 5)
    url = str(http.make_url(PATH))
    rows = [{"gdbh": f"R{number}", "bt": ""} for number in range(200)]
    good = [push("gd", [name]) for name in names]
    bad, *answers = await asyncio.gather(pusher.push(url, rows), *good)
    assert bad["status"] == 422 and {answer.status for answer in answers} == {200}
    found = await traces()
    assert (found.orders, found.kept, found.pushes) == (5, 0, 5)


async def test_a_forged_push(street, push):
    answer = await push("gd", await some(street), fault="forged")
    assert (answer.status, answer.code) == (403, "push.refused")
    assert await nothing()


async def test_a_stale_push(street, push):
    answer = await push("gd", await some(street), fault="stale")
    assert (answer.status, answer.code) == (403, "push.stale")
    assert "5 分钟" in answer.title and await nothing()


async def test_a_push_that_was_cut(street, push):
    answer = await push("gd", await some(street), fault="cut")
    assert (answer.status, answer.code) == (400, "input.not_json")
    assert await nothing()


async def test_a_replayed_push_counts_once(street, push):
    names = await some(street)
    await push("gd", names)
    before = await traces()
    answer = await push("gd", names, fault="replay")
    assert (answer.status, answer.code) == (409, "push.known")
    assert await traces() == before


async def test_a_push_that_failed_may_come_again(street, push, monkeypatch):
    """Whatever stops it, nothing of it is left, not even its number."""

    async def away(*_):
        raise RuntimeError("the disk is full")

    names = await some(street)
    with monkeypatch.context() as broken:
        broken.setattr(store, "tally_pushed", away)
        assert (await push("gd", names)).status == 500
    assert await nothing()
    assert (await push("gd", names, fault="replay")).taken == 3


async def test_another_body_under_a_good_signature(http, pusher, street):
    await some(street)
    url, body = str(http.make_url(PATH)), b'{"data": {"list": []}}'
    headers = pusher.headers(url, body)
    other = body.replace(b"[]", b"[1]")
    async with http.session.post(url, data=other, headers=headers) as answer:
        assert answer.status == 403
    async with http.session.post(url + "?a=b", data=body, headers=headers) as answer:
        assert answer.status == 403
    async with http.session.post(url, data=body, headers=headers) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "change",
    [
        {"X-App-Id": "somebody"},
        {"X-App-Id": ""},
        {"X-Timestamp": "now"},
        {"X-Timestamp": "1" * 40},
        {"X-Nonce": "short"},
        {"X-Nonce": "n" * 65},
        {"X-Nonce": "nonce-with-\u0000-in-it"},
        {"X-Signature": "ff"},
        {"X-Signature": ""},
    ],
)
async def test_headers_that_are_none(http, pusher, change):
    url, body = str(http.make_url(PATH)), b"{}"
    headers = pusher.headers(url, body) | change
    if "\0" in headers["X-Nonce"]:
        headers["X-Nonce"] = headers["X-Nonce"].replace("\0", " ")
    async with http.session.post(url, data=body, headers=headers) as answer:
        told = await answer.json()
        assert (answer.status, told["code"]) in ((403, "push.refused"), (403, "push.stale"))
    assert await nothing()


async def test_anonymous(http, known):
    answer = await http.post(PATH, json={"data": {"list": []}})
    assert answer.status == 403 and await nothing()


@pytest.mark.parametrize("feed", ["housing", "weather"])
async def test_a_feed_that_nobody_pushes(street, push, feed):
    answer = await push("gd", await some(street, 1), feed=feed)
    assert (answer.status, answer.code) == (403, "push.refused") and await nothing()


async def test_a_system_without_an_address(street, push, known):
    known.addresses = {}
    answer = await push("gd", await some(street, 1))
    assert answer.status == 403 and await nothing()


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"data": {"rows": []}}, 422, "没有数据列表 data.list"),
        ([1, 2], 422, "没有数据列表"),
        ({"data": {"list": [{}] * 2001}}, 422, "一次最多 2000 行"),
        ({"data": {"list": ["x" * (pushing.MOST_BYTES + 1)]}}, 413, "内容太大"),
        ({"data": {"list": [{"gdbh": f"R{n}", "bt": ""} for n in range(30)]}}, 422, "格式可能变了"),
    ],
)
async def test_bad_input_leaves_no_trace(http, pusher, body, status, told):
    url, raw = str(http.make_url(PATH)), orjson.dumps(body)
    headers = pusher.headers(url, raw)
    async with http.session.post(url, data=io.BytesIO(raw), headers=headers) as answer:
        said = await answer.json()
    assert answer.status == status and told in said["title"]
    assert await nothing()


async def test_a_wrong_row_among_good_ones_is_kept_aside(http, street, push, pusher):
    (name,) = await some(street, 1)
    url = str(http.make_url(PATH))
    rows = [street.shelf.calls.rows([name])[0], {"gdbh": "R1", "bt": "", "jzbm": CAOYANG}, "row"]
    answer = await pusher.push(url, rows)
    assert (answer["body"]["taken"], answer["body"]["refused"]) == (1, 2)
    kept = await sql("select source_id, area, reason from feed_quarantine order by source_id")
    assert [(row["area"], row["reason"][:6]) for row in kept] == [
        ("310107000000", "这一行没有编"),
        (CAOYANG, "更新时间读不"),
    ]


async def test_old_pushes_are_forgotten(street, push, at):
    await push("gd", await some(street, 1))
    with at("2036-01-01 03:00"):
        await store.tidy()
    found = await traces()
    assert (found.pushes, found.rows, found.orders) == (0, 0, 1)


async def test_what_happens_by_hand_is_pushed_at_once(http, known, catalogue):
    async with sandbox.street(push_to=str(http.make_url(""))) as pushing_street:
        told = await pushing_street.tell("call", committee=YUANYUAN)
    assert [one["status"] for one in told["pushed"]] == [200]
    assert (await traces()).orders == 1


async def test_a_pull_after_a_night_of_pushes_finds_nothing_new(street, push, feeds):
    await pull.pull(feeds, "hotline")
    before = (await traces()).orders
    await push("gd", await some(street))
    await pull.pull(feeds, "hotline")
    assert (await traces()).orders == before + 3


HOSTILE = ["a\u0000b", "\u0000", 10**30, 1e308, -0.0, True, [], {"a": 1}]
KEYS = ["gdbh", "bt", "nr", "dz", "xm", "lxdh", "sqbm", "jzbm", "gxsj", "zb", "cbcs", "slsj"]


@pytest.mark.parametrize("key", KEYS)
async def test_hostile_values_end_in_a_clear_state(http, street, pusher, key):
    """Taken, or kept aside with a reason: never a fault, never a lost neighbour."""
    url, names = str(http.make_url(PATH)), await some(street, len(HOSTILE) + 1)
    rows = street.shelf.calls.rows(names)
    wrong = [row | {key: value} for row, value in zip(rows, HOSTILE, strict=False)]
    body = json.dumps({"data": {"list": [*wrong, rows[-1]]}}).encode()
    async with http.session.post(url, data=body, headers=pusher.headers(url, body)) as answer:
        told = await answer.json()
    assert answer.status == 200, told
    assert told["taken"] + told["refused"] == len(rows) and told["taken"] >= 1
    assert await sql("select 1 from work_order where system_no = :n", n=names[-1])
    kept = await sql("select reason from feed_quarantine where whole")
    assert len(kept) == told["refused"] and all(row["reason"] for row in kept)
