"""The audit browser shows the auditor what was done, page by page, and nobody else."""

from backend.core.seal import seal_once


async def page(as_, **query):
    response = await as_("greta").get("/api/audit", **query)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_it_works(as_, browser):
    await browser.enter("Lu.XiaoYan")
    await browser.post("/api/sign-out")
    (ended, opened) = (await page(as_))["rows"]
    assert (ended["verb"], ended["verb_label"]) == ("account.end_session", "结束登录")
    assert (opened["actor"], opened["facts"]["way"]) == ("陆小燕", "h5")
    assert opened["subject"].startswith("session:") and not opened["sealed"]
    await seal_once()
    assert all(row["sealed"] for row in (await page(as_))["rows"])


async def test_pages(as_, browser):
    for _ in range(5):
        await browser.sign_in("Lu.XiaoYan")
    first = await page(as_, limit=2)
    second = await page(as_, limit=2, cursor=first["next"])
    third = await page(as_, limit=2, cursor=second["next"])
    ids = [row["id"] for one in (first, second, third) for row in one["rows"]]
    assert len(ids) == 5 == len(set(ids)) and ids == sorted(ids, reverse=True)
    assert third["next"] is None


async def test_by_verb(as_, browser):
    await browser.enter("Lu.XiaoYan")
    await browser.post("/api/sign-out")
    assert len((await page(as_, verb="account.sign_in"))["rows"]) == 1
    assert len((await page(as_, verb="account"))["rows"]) == 2
    assert (await page(as_, verb="acc"))["rows"] == []


async def test_who_may(as_, http):
    assert (await as_(None).get("/api/audit")).status == 401
    for who in ("alice", "bob", "dora", "frank"):
        assert (await as_(who).get("/api/audit")).status == 403


async def test_bad_cursors(as_, http):
    for cursor in ("x", "WyJhIl0", "W10"):
        assert (await as_("greta").get("/api/audit", cursor=cursor)).status == 400
