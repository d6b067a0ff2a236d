"""Taking in: exactly once, in its place, with its class and its clock; nothing lost or doubled."""

import asyncio

import pytest

from backend.core import problems
from backend.core.access import SYSTEM
from backend.core.db import sql, transaction
from backend.features.orders import intake
from backend.features.orders.bodies import Incoming
from tests.cast import CAOYANG, HUAXI, YUANYUAN
from tests.features.orders.conftest import fetched, hotline
from tests.residents import household, person


def coming(number, **given):
    body = {
        "system": "hotline",
        "system_no": f"SH{number}",
        "source": "01",
        "area": CAOYANG,
        "title": "楼道堆物",
        "content": "楼道里堆满纸箱。",
    }
    return Incoming(**(body | given))


async def take(book, *orders):
    async with transaction():
        return await intake.take(SYSTEM, book, orders)


async def test_it_works(as_, book, units):
    order = await hotline(book)
    seen = await fetched(as_, "henry", order)
    assert seen["no"] == "普005-20261012-0001"
    assert (seen["area"]["code"], seen["stage"]) == (YUANYUAN, "collected")
    assert seen["content"].startswith("兰溪路3010弄")
    assert seen["caller"] == {"name": "王*英", "phone": "138****8000", "hidden": False, "before": 0}
    assert seen["due"]["at"].startswith("2026-10-12T13:30")  # four working hours
    stored = (await sql("select content, caller_phone from work_order"))[0]
    assert "兰溪路" not in stored["content"] and "1380" not in stored["caller_phone"]


async def test_what_came_before_is_the_same_order(book, street):
    first = await take(book, coming(1), coming(2), coming(1))
    assert first[0] == first[2] != first[1]
    again = await take(book, coming(2), coming(3))
    assert again[0] == first[1]
    assert (await sql("select count(*) as n from work_order"))[0]["n"] == 3
    assert (await sql("select count(*) as n from order_clock"))[0]["n"] == 3
    assert (await sql("select count(*) as n from audit where verb = 'order.take'"))[0]["n"] == 2


async def test_many_hands_at_once_make_one(book, street):
    made = await asyncio.gather(*(take(book, coming(1), coming(n)) for n in range(2, 8)))
    assert len({ids[0] for ids in made}) == 1
    numbers = [row["no"] for row in await sql("select no from work_order")]
    assert len(numbers) == len(set(numbers)) == 7


async def test_the_place_is_found_in_the_words(as_, book, catalogue, units):
    await household(catalogue, YUANYUAN, 1, person("王秀英", "1948-03-02"))
    await household(catalogue, HUAXI, 2, person("孙玉兰", "1940-10-01"))
    ids = await take(
        book,
        coming(1, place="兰溪路3010弄2号门口"),
        coming(2, place="兰溪路3010弄1号302室"),
        coming(3, place="不知道在哪里"),
    )
    found = [await fetched(as_, "henry", order) for order in ids]
    assert [one["area"]["code"] for one in found] == [HUAXI, YUANYUAN, CAOYANG]
    assert found[0]["building_id"] is not None and found[2]["building_id"] is None


async def test_the_place_is_found_by_a_point(as_, book, catalogue, units):
    await household(catalogue, HUAXI, 1, person("孙玉兰", "1940-10-01"))
    await sql("update building set lng = 121.4, lat = 31.24")
    near, far = await take(
        book, coming(1, lng=121.4005, lat=31.2404), coming(2, lng=121.41, lat=31.25)
    )
    assert (await fetched(as_, "henry", near))["area"]["code"] == HUAXI
    assert (await fetched(as_, "henry", far))["area"]["code"] == CAOYANG


async def test_the_class_is_guessed_with_its_reasons(as_, book, units):
    order = (await take(book, coming(1, title="路灯不亮", content="整条弄堂的路灯不亮")))[0]
    seen = await fetched(as_, "henry", order)
    assert seen["category_label"] == "路灯" and seen["category_path"][0] == "部件"
    assert "路灯" in "".join(seen["guesses"][0]["words"])


async def test_an_order_may_have_its_unit_at_once(as_, book, units):
    order = (await take(book, coming(1, unit=units["源园"], caller_phone="13800138000")))[0]
    seen = await fetched(as_, "alice", order)
    assert (seen["stage"], seen["area"]["code"]) == ("dispatched", YUANYUAN)
    assert {one["kind"] for one in seen["clocks"]} == {"sign", "contact", "handle"}


async def test_a_unit_of_another_street_is_no_unit(book, street):
    other = (
        await sql("select id from order_unit where area like '310107014%' order by area limit 1")
    )[0]["id"]
    with pytest.raises(problems.Problem):
        await take(book, coming(1, unit=other))
    assert await sql("select 1 from work_order") == []


async def test_urgent_ones_are_told_to_the_centre_at_night(book, street, worked, at):
    with at("2026-10-12 23:10"):
        await take(book, coming(1, urge="特急"), coming(2))
        await worked()
        told = await sql("select template, send_after from notice")
    assert [one["template"] for one in told] == ["order_taken_urgent"]
    assert told[0]["send_after"].isoformat().startswith("2026-10-12T15:10")  # at once


async def test_without_a_calendar_nothing_is_lost(as_, book, street, at):
    with at("2026-12-31 16:00"):
        order = await hotline(book)
        seen = await fetched(as_, "henry", order)
    assert (seen["stage"], seen["due"]["state"]) == ("collected", "unknown")
    assert seen["clocks"][0]["state"] == "unknown"


async def test_a_dangerous_place_must_be_made_safe_first(as_, units, book):
    order = await hotline(book, category="B0114", unit=units["城管"], title="井盖不见了")
    clock = next(c for c in (await fetched(as_, "iris", order))["clocks"] if c["kind"] == "handle")
    assert (clock["limit"], clock["guard"]) == ("24紧急工作时", "2紧急工作时")
    assert clock["guard_at"] == "2026-10-12T11:30:00+08:00"
    quiet = await hotline(book, category="H0101", unit=units["物业"])
    clocks = (await fetched(as_, "henry", quiet))["clocks"]
    assert {clock["guard"] for clock in clocks} == {None}
