"""What is known nearby is offered first, in public words, to be followed instead of repeated."""

import pytest

from backend.app import FORMS
from backend.core.db import sql
from backend.features.catalogue.catalogue import Catalogue
from tests.cast import YUANYUAN
from tests.features.feedback.conftest import HERE, counted, covered, good, mine, picture, sent
from tests.residents import household, person

PATH = "/api/officer/nearby"
SUMMARY = "一号门垃圾箱房满溢。"


async def near(phone, **where):
    return await good(await phone.get(PATH, **(where or HERE)))


@pytest.fixture
async def known(as_, desk, zhou):
    """A finding of zhou's that the street has made public."""
    one = await picture(zhou)
    finding = (await sent(zhou, photos=[one], content="王秀英家门口垃圾满溢。"))["id"]
    await desk("dora", finding, "register")
    copy = await covered(as_, one)
    await desk("dora", finding, "publish", public=True, summary=SUMMARY, photos=[copy])
    return finding


async def test_it_works(http, known, wu):
    (case,) = await near(wu)
    assert (case["id"], case["title"], case["metres"]) == (known, SUMMARY, 0)
    assert (case["state_label"], case["following"]) == ("已登记", False)
    assert "王秀英" not in str(case) and "周敏" not in str(case)
    assert (await http.get(case["photos"][0]["url"])).status == 200
    told = await good(await wu.post(f"{PATH}/{known}/follow"))
    assert told == {"id": known, "kind": "finding", "following": True}
    await good(await wu.post(f"{PATH}/{known}/follow"))
    assert await counted("finding_follow") == 1
    assert (await near(wu))[0]["following"]
    assert (await wu.get(f"/api/officer/findings/{known}")).status == 404, "only the summary"


async def test_only_what_is_public_and_near_and_recent(known, wu, zhou, fang, desk, at):
    await sent(zhou, content="还没有公开的一件。")
    assert [case["id"] for case in await near(wu)] == [known]
    assert await near(wu, lng=HERE["lng"] + 0.004, lat=HERE["lat"]) == []
    assert len(await near(wu, lng=HERE["lng"] + 0.002, lat=HERE["lat"])) == 1
    assert await near(fang) == [], "another street's"
    assert await near(wu, place="") == [] and await near(wu, place="不知道在哪里") == []
    with at("2027-05-01 10:00"):
        assert await near(wu) == []
    await desk("dora", known, "publish", public=False)
    assert await near(wu) == []


async def test_by_address(known, wu):
    await household(Catalogue.read([FORMS]), YUANYUAN, 3, person("王秀英", "1950-01-01"))
    await sql("update building set lng = 121.405, lat = 31.2401 where id is not null")
    (case,) = await near(wu, place="兰溪路3010弄3号门口")
    assert case["id"] == known and 10 < case["metres"] < 40


async def test_orders_of_the_pool_only_by_their_kind(as_, wu, street):
    body = {
        "title": "王秀英反映楼道灯坏",
        "content": "王秀英家门口的灯坏了。",
        "place": "兰溪路3010弄3号502室",
        "category": None,
        **HERE,
    }
    order = (await good(await as_("alice").post("/api/orders", body), 201))["id"]
    assert await near(wu) == []
    await sql("update work_order set public = true")
    (case,) = await near(wu)
    assert (case["id"], case["kind"], case["reply"]) == (order, "order", None)
    told = str({key: value for key, value in case.items() if key != "id"})
    assert "王秀英" not in told and "502" not in told
    assert (await good(await wu.post(f"{PATH}/{order}/follow")))["kind"] == "order"


async def test_what_cannot_be_followed(as_, zhou, wu, fang, known):
    hidden = (await sent(zhou))["id"]
    assert (await wu.post(f"{PATH}/{hidden}/follow")).status == 404
    assert (await fang.post(f"{PATH}/{known}/follow")).status == 404
    assert (await wu.post(f"{PATH}/made-up/follow")).status == 404
    assert (await as_("dora").post(f"{PATH}/{known}/follow")).status == 403
    assert (await as_(None).get(PATH)).status == 401
    assert await counted("finding_follow") == 0


async def test_where_it_was_comes_from_the_address(zhou):
    await household(Catalogue.read([FORMS]), YUANYUAN, 3, person("王秀英", "1950-01-01"))
    told = await sent(zhou, lng=None, lat=None, place="兰溪路3010弄3号楼下")
    assert told["area"]["name"] == "源园居委会"
    far = await sent(zhou, lng=None, lat=None, place="说不清")
    assert (far["area"]["name"], far["lng"]) == ("曹杨新村街道", None)
    assert (await mine(zhou, far["id"]))["place"] == "说不清"
