"""The street platform's manners: a token, signatures, cursors, faults, and changes by hand."""

import asyncio
import subprocess
import sys
from datetime import timedelta

import pytest
from aiohttp import ClientSession

from backend.core import clock
from backend.sandbox.district.world import Plan
from backend.sandbox.street.shelf import Shelf
from tests import street as sandbox
from tests.cast import HUAXI, YUANYUAN


@pytest.fixture
async def street():
    async with sandbox.street() as running:
        yield running


@pytest.fixture
async def ask(street):
    """`await ask("rk", yb=cursor)` with a token; the whole answer."""
    async with ClientSession() as session:
        form = {"client_id": sandbox.CLIENT, "client_secret": sandbox.SECRET}
        async with session.post(f"{street.url}/oauth/token", data=form) as answer:
            bearer = (await answer.json())["access_token"]

        async def go(stream, **query):
            headers = {"Authorization": f"Bearer {bearer}"}
            url = f"{street.url}/share/v1/{stream}"
            async with session.get(url, params=query, headers=headers) as answer:
                return await answer.json()

        yield go


async def test_pages_hold_everybody_once(street, ask):
    seen, cursor, more = [], "", True
    while more:
        data = (await ask("rk", yb=cursor, ts=17))["data"]
        seen += [row["rkbm"] for row in data["list"]]
        cursor, more = data["yb"], data["more"]
    assert len(seen) == len(set(seen)) == len(street.shelf.people.order)
    assert (await ask("rk", yb=cursor))["data"]["list"] == []


async def test_a_change_comes_last(street, ask):
    data = (await ask("rk", ts=2000))["data"]
    first, cursor = data["list"][0]["rkbm"], data["yb"]
    assert await street.change("move", person=first, committee=HUAXI) == [first]
    news = (await ask("rk", yb=cursor))["data"]["list"]
    assert [(r["rkbm"], r["sqbm"]) for r in news] == [(first, HUAXI)]


async def test_changes_survive_the_night(street):
    await street.change("arrive", committee=YUANYUAN, status="1")
    number = street.shelf.people.order[0][1]
    await street.change("die", person=number)
    before = {name: updated for updated, name in street.shelf.people.order}
    street.shelf.build(street.shelf.plan.today)
    assert {name: updated for updated, name in street.shelf.people.order} == before
    assert street.shelf.people.things[number][1].death is not None


async def test_strangers_are_turned_away(street):
    async with ClientSession() as session:
        async with session.get(f"{street.url}/share/v1/rk") as answer:
            assert (answer.status, (await answer.json())["code"]) == (401, "40101")
        form = {"client_id": sandbox.CLIENT, "client_secret": "guessed"}
        async with session.post(f"{street.url}/oauth/token", data=form) as answer:
            assert answer.status == 401
        signed = {"X-App-Id": sandbox.CLIENT, "X-Timestamp": "1", "X-Signature": "0" * 64}
        async with session.get(f"{street.url}/share/v1/ld", headers=signed) as answer:
            assert (answer.status, (await answer.json())["code"]) == (401, "40102")


async def test_bad_orders_are_refused(street):
    async with ClientSession() as session:
        for path, body in (
            ("/_sandbox/faults", {"kind": "earthquake"}),
            ("/_sandbox/faults", {"sort": "html"}),
            ("/_sandbox/changes", {"kind": "marry"}),
            ("/_sandbox/changes", {"kind": "die", "person": "nobody"}),
        ):
            async with session.post(street.url + path, json=body) as answer:
                assert answer.status == 400 and (await answer.json())["error"]


async def test_a_fault_strikes_its_page_only(street, ask):
    await street.fault("unknown_code", page=2)
    kinds = [(await ask("rk", ts=5))["data"]["list"][0]["rkzt"] for _ in range(3)]
    assert kinds[1] == "09" and "09" not in (kinds[0], kinds[2])
    assert [a["stream"] for a in await street.asked()] == ["rk"] * 3


async def test_the_front_page_says_what_is_there(street):
    async with ClientSession() as session, session.get(street.url) as answer:
        text = await answer.text()
    assert answer.status == 200 and f"{len(street.shelf.people.order):,}" in text
    assert "搬来一户" in text and "check_digit" in text


async def test_the_command_wants_to_be_meant():
    command = [sys.executable, "-m", "backend.sandbox.street", "--port", "1"]
    run = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
    assert run.returncode == 2 and "--i-am-a-sandbox" in run.stderr


ORDERS = ("gd", "xc", "yj", "bj", "sb")


async def all_of(ask, stream):
    rows, cursor, more = [], "", True
    while more:
        data = (await ask(stream, yb=cursor, ts=500))["data"]
        rows += data["list"]
        cursor, more = data["yb"], data["more"]
    return rows


@pytest.mark.parametrize("stream", ORDERS)
async def test_orders_and_signals_come_page_by_page(street, ask, stream):
    rows = await all_of(ask, stream)
    held = street.shelf.streams[stream]
    assert len(rows) == len(held.order)
    key = {"gd": "gdbh", "xc": "ajbh", "yj": "sjbh", "bj": "bjbh", "sb": "sbbh"}[stream]
    assert [row[key] for row in rows] == [name for _, name in held.order]
    assert all(row["jzbm"] == f"{YUANYUAN[:9]}000" for row in rows)


async def test_the_same_district_says_the_same(street, ask):
    before = {stream: await all_of(ask, stream) for stream in ORDERS}
    street.shelf.build(street.shelf.plan.today)
    assert {stream: await all_of(ask, stream) for stream in ORDERS} == before


async def test_the_day_goes_on(street, at):
    shelf = street.shelf
    tomorrow = shelf.plan.today + timedelta(days=1)
    with clock.pretend_everywhere(clock.at(tomorrow, 0, 1)):
        shelf.build(tomorrow)
        early = len(shelf.signals.order)
    with clock.pretend_everywhere(clock.at(tomorrow, 23, 59)):
        shelf.ripen()
    assert len(shelf.signals.order) > early
    stamps = [updated for updated, _ in shelf.signals.order]
    assert stamps == sorted(stamps)


async def test_calls_are_where_their_callers_are(street, ask):
    for _ in range(12):
        await street.change("call", committee=HUAXI)
    rows = [row for row in await all_of(ask, "gd") if "H" in row["gdbh"]]
    assert len(rows) == 12 and {row["sqbm"] for row in rows} == {HUAXI}
    points = [tuple(map(float, row["zb"].split(","))) for row in rows]
    assert all(121.3 < lng < 121.5 and 31.2 < lat < 31.3 for lng, lat in points)
    assert len({row["bt"] for row in rows}) > 5 and all(row["nr"] for row in rows)


async def test_what_happens_by_hand(street, ask):
    (number,) = await street.change("call", nowhere=True, title="一件事", urge="3")
    await street.change("again", order=number)
    await street.change("rated", order=number, satisfied="满意", solved="是")
    (row,) = [row for row in await all_of(ask, "gd") if row["gdbh"] == number]
    assert (row["sqbm"], row["bt"], row["jjcd"], row["cbcs"]) == ("", "一件事", "3", "1")
    assert "【催单】" in row["nr"] and (row["hfjg"], row["sfjj"]) == ("满意", "是")
    device = next(iter(street.shelf.devices.things))
    names = await street.change("flood", device=device, count=1500)
    rows = [row for row in await all_of(ask, "bj") if row["bjbh"] in set(names)]
    assert len(rows) == 1500 and {row["sbbh"] for row in rows} == {device}


async def test_changes_of_orders_survive_the_night_and_a_restart(tmp_path):
    state = tmp_path / "street.jsonl"
    state.write_text('{"since": "2026-01-01"}\n')
    plan = Plan(clock.today() - timedelta(days=40), clock.today(), people_full=60)
    first = Shelf(plan, sandbox.COMMITTEES, state)
    first.change({"kind": "call"})
    first.change({"kind": "again"})
    kept = first.calls.after(("", ""), 999)[0]
    again = Shelf(plan, sandbox.COMMITTEES, state)
    assert again.calls.after(("", ""), 999)[0] == kept
    again.build(plan.today)
    assert again.calls.after(("", ""), 999)[0] == kept


async def test_an_order_that_is_none(street):
    async with ClientSession() as session:
        for body in ({"kind": "again", "order": "nobody"}, {"kind": "alarm", "device": "none"}):
            async with session.post(f"{street.url}/_sandbox/changes", json=body) as answer:
                assert answer.status == 400 and (await answer.json())["error"]
