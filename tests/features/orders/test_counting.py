"""Reports count orders that are still in hand, once: from the order until its entry is there."""

from backend.core.scope import Scope
from backend.engine.clocks.periods import parse_period
from backend.features.returns import knowledge
from tests.cast import YUANYUAN
from tests.features.orders.conftest import FINISHED, closed, hotline

OCTOBER = parse_period("2026-10")


async def figures(catalogue, report):
    known = await knowledge.gather(
        catalogue, Scope("310107005"), catalogue.form(report), OCTOBER, [YUANYUAN]
    )
    return {code: held["value"] for code, held in known[YUANYUAN].items()}


async def test_a_hotline_order_counts_from_its_dispatch(as_, do, book, catalogue, units, worked):
    order = await hotline(book, category="E0406", title="小区门口积水")
    assert (await figures(catalogue, "T08"))["H01"] == 0, "nobody has it yet"
    await do("henry", order, "dispatch", unit=units["源园"])
    now = await figures(catalogue, "T08")
    assert (now["H01"], now["H02"], now["H06"], now["H07"]) == (1, 1, 1, 0)
    assert now["H21"] == "道路积水(1)"
    await do("alice", order, "sign")
    await do("alice", order, "contact", note="约好下午上门")
    await do("alice", order, "finish", **FINISHED)
    now = await figures(catalogue, "T08")
    assert (now["H01"], now["H07"], now["H09"], now["H10"], now["H12"]) == (1, 1, 1, 1, 0)
    await do("henry", order, "verify", passed=True)
    await do("henry", order, "call_back", satisfied="满意", solved=True)
    await do("henry", order, "close")
    await worked()
    now = await figures(catalogue, "T08")
    assert (now["H01"], now["H10"], now["H12"], now["H16"]) == (1, 1, 1, 100.0)


async def test_one_that_is_opened_again_is_in_hand_again(as_, do, book, catalogue, units, worked):
    order = await closed(do, book, units["源园"])
    await worked()
    assert (await figures(catalogue, "T08"))["H12"] == 1
    await do("henry", order, "call_back", satisfied="不满意", solved=False)
    await worked()
    now = await figures(catalogue, "T08")
    assert (now["H01"], now["H12"]) == (1, 0)


async def test_what_was_found_counts_and_opens_where_it_is_dealt_with(
    as_, do, catalogue, units, worked, at
):
    found = {"title": "路面积水没过脚踝", "content": "雨水篦子堵了", "place": "3号楼前"}
    made = await as_("alice").post("/api/orders", found | {"category": "E0406"})
    order = (await made.json())["id"]
    assert (await figures(catalogue, "T09"))["N01"] == 0, "not taken up yet"
    await do("henry", order, "file")
    now = await figures(catalogue, "T09")
    assert (now["N01"], now["N02"], now["N07"], now["N08"]) == (1, 1, 1, 0)
    assert (await figures(catalogue, "T18"))["Q06"] == 1
    with at("2026-11-02 09:30"):
        task = {"form": "T09", "period": "2026-10", "due_on": "2026-11-04"}
        assert (await as_("dora").post("/api/tasks", task)).status == 201
        due = await (await as_("alice").get("/api/due")).json()
        sheet = next(line["return_id"] for line in due if line["form"] == "T09")
        rows = await (await as_("alice").get(f"/api/returns/{sheet}/fields/N01/rows")).json()
        [row] = rows["rows"]
        assert row["link"] == f"/orders/{order}"
        assert row["cells"]["category"] == "事件/突发事件/道路积水"
        elsewhere = await as_("erin").get(f"/api/returns/{sheet}/fields/N01/rows")
        assert elsewhere.status == 404
