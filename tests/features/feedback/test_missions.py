"""A mission is drafted and published by the street, and taken by its officers."""

import pytest

from backend.core.db import sql
from tests.features.feedback.conftest import FINDING, code_of, counted, fields_of, good, sent

NEW = {
    "title": "请走一遍助餐点到家的路",
    "words": "从社区食堂走到三个小区，看看老人走不走得顺。",
    "starts_on": "2026-10-12",
    "ends_on": "2026-10-31",
    "places": [{"name": "曹杨社区食堂", "lng": 121.404, "lat": 31.24}],
    "questions": [
        {"key": "kerb", "label": "路缘坡道好不好走", "kind": "score"},
        {
            "key": "bench",
            "label": "沿途有没有坐的地方",
            "kind": "choice",
            "options": ["有", "没有"],
        },
        {"key": "more", "label": "还看到什么"},
    ],
}


async def drafted(as_, **given):
    return await good(await as_("dora").post("/api/missions", NEW | given), 201)


@pytest.fixture
async def mission(as_, street):
    draft = await drafted(as_)
    path = f"/api/missions/{draft['id']}/publish"
    return await good(await as_("dora").post(path, {"rev": draft["rev"]}))


async def offered(phone):
    return await good(await phone.get("/api/officer/missions"))


async def test_it_works(as_, zhou, wu, mission):
    (shown,) = await offered(zhou)
    assert (shown["title"], shown["taken"], shown["open"]) == (NEW["title"], False, True)
    assert shown["questions"][1]["options"] == ["有", "没有"]
    taken = await good(await zhou.post(f"/api/officer/missions/{mission['id']}/take"))
    assert taken["taken"] and not (await offered(wu))[0]["taken"]
    answers = [{"key": "kerb", "value": "2"}, {"key": "bench", "value": "没有"}]
    told = await sent(zhou, mission=mission["id"], answers=answers)
    assert (told["mission_title"], told["answers"]) == (NEW["title"], answers)
    (seen,) = await good(await as_("dora").get("/api/missions"))
    assert (seen["taken"], seen["findings"], seen["state_label"]) == (1, 1, "进行中")
    page = await good(await as_("dora").get("/api/findings", mission=mission["id"]))
    assert [row["id"] for row in page["rows"]] == [told["id"]]


async def test_whoever_reports_on_it_has_taken_it(zhou, mission):
    await sent(zhou, mission=mission["id"])
    await sent(zhou, mission=mission["id"])
    assert (await offered(zhou))[0]["findings"] == 2 and await counted("mission_taken") == 1


async def test_a_draft_is_nobodys_business(as_, zhou, street):
    draft = await drafted(as_)
    assert await offered(zhou) == []
    for path in ("take",):
        assert (await zhou.post(f"/api/officer/missions/{draft['id']}/{path}")).status == 404
    response = await zhou.post("/api/officer/findings", FINDING | {"mission": draft["id"]})
    assert response.status == 404 and await counted("finding") == 0
    changed = NEW | {"title": "请走一遍上学的路", "rev": draft["rev"]}
    told = await good(await as_("henry").put(f"/api/missions/{draft['id']}", changed))
    assert told["title"] == "请走一遍上学的路"
    stale = await as_("dora").put(f"/api/missions/{draft['id']}", changed)
    assert await code_of(stale) == (409, "state.overtaken")


async def test_it_has_its_time(as_, at, zhou, mission):
    take = f"/api/officer/missions/{mission['id']}/take"
    with at("2026-11-02 09:00"):
        assert await offered(zhou) == []
        assert (await zhou.post(take)).status == 404
    await good(await zhou.post(take))
    with at("2026-11-02 09:00"):
        (shown,) = await offered(zhou)
        assert shown["taken"] and not shown["open"]
        response = await zhou.post("/api/officer/findings", FINDING | {"mission": mission["id"]})
        assert await code_of(response) == (409, "state.wrong")
    path = f"/api/missions/{mission['id']}"
    ended = await good(await as_("dora").post(f"{path}/end", {"rev": mission["rev"]}))
    assert ended["state_label"] == "已结束"
    for act in ("end", "publish"):
        again = await as_("dora").post(f"{path}/{act}", {"rev": ended["rev"]})
        assert await code_of(again) == (409, "state.wrong")
    frozen = await as_("dora").put(path, NEW | {"rev": ended["rev"]})
    assert await code_of(frozen) == (409, "state.wrong")


@pytest.mark.parametrize(
    "answers",
    [
        [{"key": "kerb", "value": "6"}],
        [{"key": "bench", "value": "不知道"}],
        [{"key": "unknown", "value": "x"}],
    ],
)
async def test_answers_that_nobody_asked_for(zhou, mission, answers):
    body = FINDING | {"mission": mission["id"], "answers": answers}
    assert await fields_of(await zhou.post("/api/officer/findings", body)) == {"answers.0"}
    alone = await zhou.post("/api/officer/findings", FINDING | {"answers": answers})
    assert alone.status == 422 and await counted("finding") == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ends_on": "2026-10-01"}, "结束日期不能早于开始日期"),
        ({"questions": [{"key": "a", "label": "有没有", "kind": "choice"}]}, "至少两个选项"),
        ({"questions": [{"key": "a", "label": "一题"}, {"key": "a", "label": "二题"}]}, "编号相同"),
        ({"title": "短"}, "至少 4 个字"),
        ({"words": "x" * 1001}, "最多 1000 个字"),
        ({"starts_on": "20261012"}, "日期应写成"),
    ],
)
async def test_bad_input_leaves_no_trace(as_, street, given, said):
    response = await as_("dora").post("/api/missions", NEW | given)
    body = await response.json()
    assert response.status == 400 and said in str(body["fields"]), body
    assert await counted("mission") == 0


async def test_what_is_over_is_not_published(as_, at, street):
    draft = await drafted(as_)
    with at("2026-11-02 09:00"):
        path = f"/api/missions/{draft['id']}/publish"
        response = await as_("dora").post(path, {"rev": draft["rev"]})
    assert await fields_of(response) == {"ends_on"}
    assert await sql("select state from mission") == [{"state": "draft"}]


async def test_who_may_not(as_, zhou, fang, mission):
    path = f"/api/missions/{mission['id']}"
    for who, status in ((None, 401), ("alice", 403), ("erin", 404)):
        assert (await as_(who).post(f"{path}/end", {"rev": mission["rev"]})).status == status
        assert (await as_(who).put(path, NEW | {"rev": mission["rev"]})).status == status
    assert (await zhou.post(f"{path}/end", {"rev": mission["rev"]})).status == 403
    assert (await as_("alice").get("/api/missions")).status == 403
    assert await offered(fang) == []
    assert (await fang.post(f"/api/officer/missions/{mission['id']}/take")).status == 404
    assert (await as_("dora").get("/api/officer/missions")).status == 403
