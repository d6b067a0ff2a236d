"""The roster: listed by area, synced with the contacts, departments placed by name or by hand."""

import pytest

from backend.core import jobs
from backend.core.db import sql
from tests.cast import CAOYANG, HUAXI, YUANYUAN
from tests.wecom import CORP


async def sync(as_, who="dora"):
    response = await as_(who).post("/api/staff/sync")
    assert response.status == 200, await response.text()
    return await response.json()


async def person(userid):
    found = await sql("select * from staff where userid_key = :key", key=userid.lower())
    return found[0] if found else None


async def test_it_works(as_, http, contacts):
    assert await sync(as_) == {"added": 4, "changed": 0, "left": 0}, "those of her own street"
    assert await sync(as_) == {"added": 0, "changed": 0, "left": 0}
    lines = {line["name"]: line for line in await (await as_("dora").get("/api/staff")).json()}
    assert lines.keys() == {"陆小燕", "顾建平", "钱慧", "沈敏"}
    assert lines["顾建平"]["roles"] == [{"key": "lead", "label": "书记（主任）"}]
    assert lines["陆小燕"]["roles"] == [{"key": "worker", "label": "社工"}]
    assert lines["钱慧"]["area"] == {"code": HUAXI, "name": "花溪园居委会"}, "the main department"
    assert lines["沈敏"]["roles"] == [] and lines["沈敏"]["area"]["code"] == CAOYANG
    assert lines["沈敏"]["status_label"] == "在岗"
    assert (await person("shao.feng"))["name"] == "邵峰", "the other street's too"


async def test_who_sees_whom(as_, roster):
    names = [line["name"] for line in await (await as_("bob").get("/api/staff")).json()]
    assert sorted(names) == ["陆小燕", "顾建平"]
    assert (await as_(None).get("/api/staff")).status == 401
    assert (await as_("alice").get("/api/staff")).status == 403
    assert (await as_("bob").post("/api/staff/sync")).status == 403


async def test_what_an_administrator_said_stays(as_, roster, contacts):
    await sync(as_)
    row = await person("Lu.XiaoYan")
    assert (row["roles"], row["duties"], row["source"]) == (["worker"], ["老龄"], "wecom")
    assert (await person("qian.hui"))["status"] == "disabled", "barred by an administrator"


async def test_missing_twice_is_left(as_, roster, contacts, browser):
    await sync(as_)
    await browser.enter("Lu.XiaoYan")
    del contacts.world.corps[CORP].members["lu.xiaoyan"]  # the callback was never delivered
    assert (await sync(as_))["left"] == 0
    assert (await browser.get("/api/me")).status == 200, "once may be a mistake"
    assert (await sync(as_))["left"] == 1
    assert (await browser.get("/api/me")).status == 401
    assert (await person("Lu.XiaoYan"))["status"] == "left"


async def test_seen_again_counts_anew(as_, roster, contacts):
    await sync(as_)
    member = contacts.world.corps[CORP].members.pop("lu.xiaoyan")
    await sync(as_)
    contacts.world.corps[CORP].members["lu.xiaoyan"] = member
    await sync(as_)
    del contacts.world.corps[CORP].members["lu.xiaoyan"]
    assert (await sync(as_))["left"] == 0


async def test_a_broken_scope_does_not_empty_the_district(as_, http, contacts):
    members = contacts.world.corps[CORP].members
    for number in range(20):
        await contacts.switch(
            "member/join", corp_id=CORP, userid=f"u{number}", name="人", department=[51]
        )
    await sync(as_)
    for key in [key for key in members if key != "shen.min"]:
        del members[key]
    await sync(as_)
    assert (await sync(as_))["left"] == 0
    rows = await sql("select facts from audit where verb = 'staff.sync' order by id desc limit 1")
    assert rows[0]["facts"]["held_back"] == 24


async def test_ids_only(as_, roster, contacts):
    """The app may no longer read contacts; the contact-sync secret still tells who is there."""
    await sync(as_)
    await contacts.switch("inject-error", path="department/simplelist", errcode=48002)
    del contacts.world.corps[CORP].members["lu.xiaoyan"]
    assert (await sync(as_))["left"] == 0
    await contacts.switch("inject-error", path="department/simplelist", errcode=48002)
    assert (await sync(as_))["left"] == 1
    assert (await person("shen.min"))["name"] == "沈敏"


async def test_wecom_is_down(as_, roster, contacts):
    await contacts.switch("inject-error", path="department", status=502, times=9)
    response = await as_("dora").post("/api/staff/sync")
    assert response.status == 502 and (await response.json())["code"] == "wecom.unreachable"
    assert await sql("select 1 from audit where verb = 'staff.sync'") == []


async def test_the_night(as_, roster, contacts, work):
    await jobs.enqueue("accounts.night")
    await work()
    assert (await person("Lu.XiaoYan"))["source"] == "wecom"
    done = await sql("select name, state from job order by id")
    assert [(job["name"], job["state"]) for job in done] == [
        ("accounts.night", "done"),
        ("accounts.sync", "done"),
    ]


async def departments(as_, who="dora"):
    return await (await as_(who).get("/api/staff/departments")).json()


@pytest.fixture
async def unplaced(contacts):
    """A department whose name says nothing, with somebody in it."""
    corp = contacts.world.corps[CORP]
    root = corp.departments[5]
    corp.departments[58] = root.model_copy(
        update={"id": 58, "name": "党群办", "parentid": 5, "order": 0}
    )
    await contacts.switch(
        "member/join", corp_id=CORP, userid="dang.qun", name="党群", department=[58]
    )


async def test_departments_are_placed_by_their_names(as_, http, contacts, unplaced):
    await sync(as_)
    first, *others = await departments(as_)
    assert (first["name"], first["area"], first["people"]) == ("党群办", None, 1)
    places = {one["id"]: one["area"]["code"] for one in others}
    assert places[51] == YUANYUAN and places[5] == CAOYANG and places[1] == "310107000000"
    assert await person("dang.qun") is None, "not let in before somebody says where they belong"


async def test_or_by_hand(as_, http, contacts, unplaced):
    await sync(as_)
    path = f"/api/staff/departments/{CORP}/58"
    response = await as_("dora").put(path, {"area": CAOYANG})
    told = await response.json()
    assert response.status == 200 and told["by_hand"] and told["area"]["name"] == "曹杨新村街道"
    assert (await sync(as_))["added"] == 1
    assert (await person("dang.qun"))["area"] == CAOYANG
    contacts.world.corps[CORP].departments[58] = (
        contacts.world.corps[CORP].departments[58].model_copy(update={"name": "源园居委会"})
    )
    await sync(as_)
    assert (await person("dang.qun"))["area"] == CAOYANG, "names are no keys"


async def test_who_may_place(as_, http, contacts, unplaced):
    await sync(as_)
    path = f"/api/staff/departments/{CORP}/58"
    assert (await as_(None).put(path, {"area": CAOYANG})).status == 401
    assert (await as_("alice").put(path, {"area": CAOYANG})).status == 403
    assert (await as_("erin").put(path, {"area": CAOYANG})).status == 404
    for area, status in (("310107005999", 404), ("5", 400)):
        assert (await as_("dora").put(path, {"area": area})).status == status
    assert (await as_("dora").put(path[:-2] + "77", {"area": CAOYANG})).status == 404
    assert (await departments(as_))[0]["area"] is None


async def test_a_sub_group_belongs_to_its_committee(as_, http, contacts):
    corp = contacts.world.corps[CORP]
    corp.departments[511] = corp.departments[51].model_copy(
        update={"id": 511, "name": "第一网格", "parentid": 51}
    )
    await contacts.switch(
        "member/join", corp_id=CORP, userid="grid.one", name="网格", department=[511]
    )
    await sync(as_)
    assert (await person("grid.one"))["area"] == YUANYUAN
