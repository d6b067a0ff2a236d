"""Looking at the feeds and setting one going by hand."""

from backend.core.db import sql


async def test_it_works(as_):
    feeds = await (await as_("dora").get("/api/feeds")).json()
    keys = ("alarms", "emergencies", "hotline", "housing", "patrol", "population")
    assert [(f["key"], f["running"], f["last"]) for f in feeds] == [(k, False, None) for k in keys]


async def test_a_pull_is_asked_for_and_done_by_the_worker(as_, pulled):
    response = await as_("dora").post("/api/feeds/housing/pulls")
    run = await response.json()
    assert (response.status, run["state"]) == (202, "running")
    assert [j["args"] for j in await sql("select args from job")] == [{"feed": "housing"}]
    feeds = await (await as_("dora").get("/api/feeds")).json()
    assert [feed["key"] for feed in feeds if feed["running"]] == ["housing"]
    done = await pulled("housing")
    assert str(done.id) == run["id"] and done.state == "done"
    runs = await (await as_("dora").get("/api/feeds/housing/runs")).json()
    assert [r["added"] for r in runs] == [done.added]


async def test_asking_twice_is_one_pull(as_):
    first = await (await as_("dora").post("/api/feeds/housing/pulls")).json()
    second = await (await as_("dora").post("/api/feeds/housing/pulls")).json()
    assert first["id"] == second["id"]
    assert len(await sql("select id from job")) == 1


async def test_starting_anew(as_, pulled):
    first = await pulled("housing")
    assert (await pulled("housing")).seen == 0
    assert (await as_("dora").post("/api/feeds/housing/pulls", {"anew": True})).status == 202
    again = await pulled("housing")
    assert again.seen == again.same == first.seen


async def test_bad_input(as_):
    response = await as_("dora").post("/api/feeds/housing/pulls", {"anew": "perhaps"})
    assert response.status == 400
    assert (await response.json())["fields"][0]["field"] == "anew"
    assert await sql("select id from feed_run") == []


async def test_anonymous(as_):
    assert (await as_(None).get("/api/feeds")).status == 401


async def test_wrong_role(as_):
    assert (await as_("alice").post("/api/feeds/housing/pulls")).status == 403
    assert (await as_("alice").get("/api/feeds/housing/quarantine")).status == 403
    assert await sql("select id from feed_run") == []


async def test_no_such_feed(as_):
    response = await as_("dora").post("/api/feeds/weather/pulls")
    assert response.status == 404
    assert (await response.json())["title"].startswith("没有找到这个数据源")
