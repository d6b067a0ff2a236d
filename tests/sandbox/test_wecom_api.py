"""wechatpy's own client, moved to the sandbox's address and nothing else, finds what it expects;
and the shapes and codes that the documentation promises hold."""

import pytest
from wechatpy.exceptions import APILimitedException

from tests.sandbox.asking import Stock, raw, refused, run, token
from tests.wecom import AGENT, CONTACTS_SECRET, CORP, MINI_SECRET, SECRET, planted, sandbox


async def test_contacts(stock):
    departments = await run(stock.department.get)
    assert [d["id"] for d in departments] == [5, 6, 51, 52, 1], "larger order first"
    users = await run(stock.department.get_users, 51, simple=False)
    assert {user["userid"] for user in users} == {"Lu.XiaoYan", "gu.jianping", "qian.hui"}
    assert "mobile" not in users[0] and "gender" not in users[0], "not given out since 2022"
    assert (await run(stock.user.get, "LU.XIAOYAN"))["name"] == "陆小燕"
    assert (await run(stock.agent.get, AGENT))["redirect_domain"] == "jucun.test"
    await refused(60111, stock.user.get, "nobody")
    await refused(60003, stock.department.get_users, 99)


async def test_writes_need_the_contact_secret(stock, keeper, sandbox):
    await refused(48002, stock.user.create, "new.one", "新人", department=[51])
    await run(keeper.user.create, "new.one", "新人", department=[51])
    assert (await run(stock.user.get, "new.one"))["name"] == "新人"
    await refused(60102, keeper.user.create, "New.One", "新人", department=[51])
    await run(keeper.user.update, "new.one", name="老人")
    await refused(60123, keeper.user.update, "new.one", department=[99])
    assert (await run(keeper.department.create, "新居委会", 5))["errmsg"] == "created"
    await refused(60008, keeper.department.create, "新居委会", 5)
    await refused(60009, keeper.department.create, "a:b", 5)
    await refused(60005, keeper.department.delete, 51)
    await refused(60006, keeper.department.delete, 1)
    assert (await run(keeper.user.delete, "new.one"))["errmsg"] == "deleted"
    await refused(60111, keeper.user.batch_delete, ["nobody"])
    assert "new.one" not in sandbox.world.corps[CORP].members


async def test_a_contact_secret_from_a_new_address_gets_ids_only(keeper, sandbox):
    await refused(48002, keeper.department.get)
    await refused(48002, keeper.user.get, "shen.min")
    await refused(48002, keeper.message.send_text, AGENT, ["shen.min"], "x")
    given = {"access_token": await token(sandbox, CONTACTS_SECRET)}
    simple = await raw(sandbox, "GET", "department/simplelist", params=given)
    assert simple["department_id"][0] == {"id": 5, "parentid": 1, "order": 20}
    page = await raw(sandbox, "POST", "user/list_id", params=given, json={"limit": 4})
    rest = await raw(
        sandbox, "POST", "user/list_id", params=given, json={"cursor": page["next_cursor"]}
    )
    assert len(page["dept_user"]) == 4 and rest["next_cursor"] == ""
    assert len(page["dept_user"] + rest["dept_user"]) == 6, "one row per person and department"


async def test_scope():
    world = planted()
    corp = world.corps[0]
    narrow = corp.apps[0].scope.model_copy(update={"parties": (5,)})
    app = corp.apps[0].model_copy(update={"scope": narrow})
    corp = corp.model_copy(update={"apps": (app, *corp.apps[1:])})
    async with sandbox(world.model_copy(update={"corps": (corp,)})) as running:
        stock = Stock(running.base, SECRET)
        ids = [d["id"] for d in await run(stock.department.get)]
        assert ids == [5, 51, 52], "the parent is unseen"
        await refused(60011, stock.user.get, "shao.feng")
        stock._http.close()


async def test_token_errors(sandbox):
    for params, errcode in (
        ({}, 41002),
        ({"corpid": CORP}, 41004),
        ({"corpid": "x", "corpsecret": SECRET}, 40013),
        ({"corpid": CORP, "corpsecret": "y"}, 40001),
    ):
        assert (await raw(sandbox, "GET", "gettoken", params=params))["errcode"] == errcode
    assert (await raw(sandbox, "GET", "user/get"))["errcode"] == 41001
    told = await raw(sandbox, "GET", "user/get", params={"access_token": "x"})
    assert told["errcode"] == 40014
    assert "hint: [" in told["errmsg"] and "from ip: 127.0.0.1" in told["errmsg"]


async def test_a_token_is_the_same_until_it_ends(sandbox):
    first = await token(sandbox)
    assert await token(sandbox) == first and await token(sandbox, MINI_SECRET) != first
    await sandbox.switch("clock", seconds=7201)
    assert await token(sandbox) != first
    old = await raw(sandbox, "GET", "user/get", params={"access_token": first})
    assert old["errcode"] == 42001


async def test_frequency_limit():
    async with sandbox(planted().model_copy(update={"calls_per_minute": 3})) as running:
        stock = Stock(running.base, SECRET)
        for _ in range(3):
            await run(stock.user.get, "shen.min")
        with pytest.raises(APILimitedException):
            await run(stock.user.get, "shen.min")
        await running.switch("clock", seconds=60)
        assert await run(stock.user.get, "shen.min")
        stock._http.close()


async def test_address_list(stock, sandbox):
    await sandbox.switch("inject-error", path="gettoken", errcode=60020)
    await refused(60020, stock.user.get, "shen.min")


async def test_private_details_by_ticket(sandbox):
    given = {"access_token": await token(sandbox)}
    issued = await sandbox.switch(
        "issue-code", userid="Lu.XiaoYan", kind="web", private=True, corp_id=CORP
    )
    told = await raw(sandbox, "GET", "auth/getuserinfo", params=given | {"code": issued["code"]})
    detail = await raw(
        sandbox, "POST", "auth/getuserdetail", params=given,
        json={"user_ticket": told["user_ticket"]},
    )  # fmt: skip
    assert detail["mobile"] == "13800000001" and detail["gender"] == "0"
    bad = await raw(sandbox, "POST", "auth/getuserdetail", params=given, json={})
    assert bad["errcode"] == 84015


async def test_tickets_are_per_corp_and_per_app(stock, sandbox):
    mini = Stock(sandbox.base, MINI_SECRET)
    ours = [await run(client.jsapi.get_ticket) for client in (stock, mini)]
    agents = [await run(client.jsapi.get_agent_ticket) for client in (stock, mini)]
    assert ours[0]["ticket"] == ours[1]["ticket"]
    assert agents[0]["ticket"] != agents[1]["ticket"]
    mini._http.close()


async def test_mini_program_needs_its_own_app(sandbox):
    code = await sandbox.code("shen.min", "mini")
    params = {"access_token": await token(sandbox), "js_code": code}
    assert (await raw(sandbox, "GET", "miniprogram/jscode2session", params=params))[
        "errcode"
    ] == 40014


async def test_media(stock, sandbox):
    name = "报告.pdf"
    given = await run(stock.media.upload, "file", (name, b"%PDF-1.7 content", "application/pdf"))
    assert given["errmsg"] == "" and isinstance(given["created_at"], str)
    sent = await run(stock.message.send_file, AGENT, ["shen.min"], given["media_id"])
    assert sent["msgid"]
    params = {"access_token": await token(sandbox), "media_id": given["media_id"]}
    response = await sandbox.client.get("/cgi-bin/media/get", params=params)
    assert await response.read() == b"%PDF-1.7 content"
    await refused(40007, stock.message.send_file, AGENT, ["shen.min"], "no-such-media")
    await refused(44001, stock.media.upload, "file", ("a.txt", b"1", "text/plain"))


async def test_addresses(stock):
    assert await run(stock.misc.get_wechat_ips) == ["127.0.0.1"]
