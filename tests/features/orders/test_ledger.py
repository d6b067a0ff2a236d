"""Ledgers by doing: closing writes L16 or L17 exactly once, with links both ways; opening again and
what is said later correct it."""

import pytest

from backend.core import clock
from backend.core.db import sql
from backend.engine.form.check import check
from backend.features.ledgers.store import reading
from tests.features.orders.conftest import FINISHED, closed, fetched, finished, hotline


async def entries():
    return await sql("select * from ledger_entry order by created_at, id")


async def test_it_works(as_, do, book, catalogue, units, worked):
    order = await closed(do, book, units["源园"], category="E0101")
    assert await entries() == []
    await worked()
    (entry,) = await entries()
    seen = await fetched(as_, "alice", order)
    assert (entry["ledger"], entry["wrote"], entry["live"]) == ("L16", f"order:{order}", True)
    assert entry["data"]["case_no"] == seen["no"]
    assert [(one["ledger"], one["id"]) for one in seen["entries"]] == [("L16", str(entry["id"]))]
    form = catalogue.form("L16")
    values = reading.values(form, entry)
    issues = check(form, values, context={"today": clock.today().isoformat()}, held=set(values))
    assert [issue for issue in issues.issues if issue.kind == "error"] == []
    assert values["phone"] == "13800138000" and "1380" not in str(entry["data"])
    expected = {
        "appeal_type": "3",
        "category": "/".join(seen["category_path"]),
        "receive_time": "2026-10-12T09:30:00+08:00",
        "first_time": "2026-10-12T09:30:00+08:00",
        "first_deadline": "2026-10-13T17:30:00+08:00",
        "result": "已解决",
        "visit_ok": "满意",
        "solved": "是",
        "redo_cnt": 0,
        "back": "无",
    }
    assert {key: values[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("source", "ledger"),
    [("02", "L17"), ("03", "L17"), ("06", "L16"), ("08", "L16"), ("07", "L17")],
)
async def test_where_it_comes_from_decides(do, book, catalogue, units, worked, source, ledger):
    await closed(do, book, units["物业"], who="jack", source=source, category="E0101")
    await worked()
    (entry,) = await entries()
    assert entry["ledger"] == ledger
    form = catalogue.form(ledger)
    values = reading.values(form, entry)
    issues = check(form, values, context={"today": clock.today().isoformat()}, held=set(values))
    assert [issue for issue in issues.issues if issue.kind == "error"] == []
    if ledger == "L17":
        assert values["handle"] == "派遣物业" and values["dept"]["label"] == "曹杨物业"


async def test_what_is_found_and_done_by_oneself(as_, do, units, worked):
    found = {"title": "垃圾没入桶", "content": "湿垃圾散落", "place": "3号楼前", "own": True}
    order = (await (await as_("alice").post("/api/orders", found)).json())["id"]
    await do("alice", order, "finish", **FINISHED)
    await do("bob", order, "verify", passed=True)
    await do("bob", order, "close")
    await worked()
    (entry,) = await entries()
    assert entry["ledger"] == "L17" and entry["data"]["handle"] == "自行处置"
    assert entry["data"]["finder"]["label"] == "陆小燕"
    assert (entry["data"]["case_source"], entry["data"]["check_result"]) == ("04", "通过")


async def test_done_again_corrects_the_entry(as_, do, book, units, worked):
    order = await closed(do, book, units["源园"])
    await worked()
    await do("henry", order, "call_back", satisfied="不满意", solved=False)
    await worked()
    assert [entry["live"] for entry in await entries()] == [False]
    await do("alice", order, "finish", **(FINISHED | {"result": "部分解决"}))
    await do("henry", order, "verify", passed=True)
    await do("henry", order, "call_back", satisfied="基本满意", solved=True)
    await do("henry", order, "close")
    await worked()
    first, second = await entries()
    assert (first["live"], second["live"], second["corrects"]) == (False, True, first["id"])
    assert (second["data"]["result"], second["data"]["redo_cnt"]) == ("部分解决", 1)
    assert first["data"]["result"] == "已解决"
    assert [one["live"] for one in (await fetched(as_, "alice", order))["entries"]] == [False, True]


async def test_what_is_said_after_the_end_is_in_the_ledger(do, book, units, worked):
    order = await closed(do, book, units["源园"])
    await do("henry", order, "call_back", satisfied="基本满意", solved=True, note="市里回访")
    await worked()
    first, second = await entries()
    assert (first["live"], second["live"]) == (False, True)
    assert second["data"]["visit_ok"] == "基本满意"


async def test_reactions_that_run_twice_write_once(do, book, units, worked):
    await closed(do, book, units["源园"])
    await worked()
    await sql("update audit set pending = true where verb = 'order.close'")
    await worked()
    assert len(await entries()) == 1


async def test_opened_again_before_the_entry_was_written(do, book, units, worked):
    order = await closed(do, book, units["源园"])
    await do("henry", order, "call_back", satisfied="不满意", solved=False)
    await worked()
    assert [entry["live"] for entry in await entries()] == [False]


async def test_a_merged_order_has_an_entry_of_its_own(as_, do, book, units, worked):
    main = await finished(do, book, units["源园"], category="E0101")
    second = await hotline(book, caller_phone="13900139000", category="E0101")
    await do("henry", main, "verify", passed=False)
    await do("henry", second, "merge", into=main)
    await do("alice", main, "finish", **FINISHED)
    await do("henry", main, "verify", passed=True)
    await do("henry", main, "call_back", satisfied="满意", solved=True)
    await do("henry", main, "close")
    await worked()
    found = {entry["data"]["case_no"]: entry for entry in await entries()}
    assert len(found) == 2
    repeated = found[(await fetched(as_, "henry", second))["no"]]
    assert repeated["data"]["repeat_of"]["label"] == (await fetched(as_, "henry", main))["no"]
    assert repeated["data"].get("visit_ok") is None


async def test_the_same_caller_again_is_a_repetition(as_, do, book, units, worked):
    first = await closed(do, book, units["源园"], category="E0101")
    await closed(do, book, units["源园"], category="E0101")
    await worked()
    _, second = await entries()
    assert second["data"]["repeat_of"]["label"] == (await fetched(as_, "henry", first))["no"]
    assert (await fetched(as_, "henry", first))["caller"]["before"] == 1
