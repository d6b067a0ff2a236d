"""Reporting what was found: by the committee, dealt with by itself or handed on; and proposals."""

import pytest

from backend.core.db import sql
from tests.cast import HUAXI, YUANYUAN
from tests.features.orders.conftest import FINISHED, fetched
from tests.residents import household, person

FOUND = {
    "title": "垃圾没有入桶",
    "content": "湿垃圾散落在投放点外面，气味很大。",
    "place": "兰溪路3010弄3号楼前",
}


async def test_it_works(as_, units):
    made = await as_("alice").post("/api/orders", FOUND)
    assert made.status == 201, await made.text()
    order = await made.json()
    assert (order["stage"], order["source"], order["reporter"]) == ("collected", "04", "陆小燕")
    assert order["area"]["code"] == YUANYUAN
    assert order["category_label"] is not None
    trace = (await sql("select verb, facts from audit order by id"))[-1]
    assert trace["verb"] == "order.report" and trace["facts"]["no"] == order["no"]
    assert "湿垃圾" not in str(trace["facts"])


async def test_what_is_dealt_with_by_oneself_is_in_hand_at_once(as_, do, units):
    made = await (await as_("alice").post("/api/orders", FOUND | {"own": True})).json()
    assert (made["stage"], made["own"], made["handler"]) == ("handling", True, "陆小燕")
    done = await do("alice", made["id"], "finish", **FINISHED)
    assert done["stage"] == "answered" and "verify" not in done["may"]
    # the committee's lead checks what the committee found and did itself
    assert "verify" in (await fetched(as_, "bob", made["id"]))["may"]
    await do("bob", made["id"], "verify", passed=True)
    assert (await do("bob", made["id"], "close"))["stage"] == "closed"


async def test_a_street_does_not_deal_with_it_itself(as_, units):
    refused = await as_("henry").post("/api/orders", FOUND | {"own": True})
    assert (refused.status, (await refused.json())["code"]) == (422, "order.refused")
    assert await sql("select 1 from work_order") == []


async def test_the_same_tap_twice_is_one_order(as_, units):
    answers = [await as_("alice").post("/api/orders", FOUND, key="tap-12345678") for _ in "ab"]
    assert len({(await answer.json())["id"] for answer in answers}) == 1


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("iris", 403), ("frank", 403)])
async def test_who_may_not(as_, units, who, status):
    assert (await as_(who).post("/api/orders", FOUND)).status == status
    assert await sql("select 1 from work_order") == []


async def test_another_committee_is_out_of_sight(as_, units):
    assert (await as_("alice").post("/api/orders", FOUND | {"area": HUAXI})).status == 404


async def test_bad_input_leaves_no_trace(as_, units):
    for wrong in (
        {"title": ""},
        {"title": "长" * 101},
        {"content": "长" * 20_000},
        {"urge": "马上"},
        {"source": "01"},
        {"lng": 500},
        {"stage": "closed"},
        {"photos": ["一张照片"]},
    ):
        answer = await as_("alice").post("/api/orders", FOUND | wrong)
        problem = await answer.json()
        assert (answer.status, problem["code"]) == (400, "input.bad")
        assert problem["fields"][0]["field"].startswith(next(iter(wrong)))
    assert await sql("select 1 from work_order") == []
    assert await sql("select 1 from audit where verb like 'order.report'") == []


async def test_a_picture_of_somebody_else_is_no_picture(as_, units):
    wrong = FOUND | {"photos": ["01a206b6-9792-7a9f-9340-5c18b07df149"]}
    assert (await as_("alice").post("/api/orders", wrong)).status == 404
    assert await sql("select 1 from work_order") == []


async def test_a_proposal_while_one_writes(as_, catalogue, units):
    await household(catalogue, YUANYUAN, 3, person("王秀英", "1948-03-02"))
    told = await (
        await as_("alice").get(
            "/api/orders/proposal", words="有人在人行道上摆摊卖水果", place=FOUND["place"]
        )
    ).json()
    assert told["categories"] and told["categories"][0]["words"]
    assert told["area"]["code"] == YUANYUAN and "3号" in told["found_how"]
    assert told["limit"]


async def test_a_correction_is_learnt(as_, do, units):
    words = {"title": "梧桐絮飘进屋里", "content": "梧桐絮飘进屋里，老人咳嗽。"}
    made = await (await as_("alice").post("/api/orders", FOUND | words)).json()
    before = (await (await as_("alice").get("/api/orders/proposal", words="梧桐絮")).json())[
        "categories"
    ]
    wanted = "H0109"
    assert wanted not in [one["category"] for one in before[:1]]
    corrected = await do("alice", made["id"], "classify", category=wanted)
    assert corrected["category"] == wanted
    after = await (await as_("alice").get("/api/orders/proposal", words="梧桐絮")).json()
    assert after["categories"][0]["category"] == wanted


async def test_a_class_that_does_not_exist(as_, do, units):
    made = await (await as_("alice").post("/api/orders", FOUND)).json()
    assert await do.refused("alice", made["id"], "classify", category="Z9999") == (
        422,
        "answers.bad",
    )
    assert await do.refused("alice", made["id"], "classify") == (422, "answers.bad")


@pytest.mark.parametrize("wanted", [{"area": HUAXI}, {"public": True}])
async def test_where_it_belongs_is_for_the_centre_to_say(as_, do, units, wanted):
    made = await (await as_("alice").post("/api/orders", FOUND)).json()
    assert await do.refused("alice", made["id"], "classify", **wanted) == (422, "answers.bad")
    kept = await (await as_("alice").get(f"/api/orders/{made['id']}")).json()
    assert (kept["area"]["code"], kept["public"]) == (YUANYUAN, made["public"])
    moved = await do("henry", made["id"], "classify", **wanted)
    assert moved["rev"] > kept["rev"]
