"""Signing in inside WeCom, at the desk and in the mini program; and everybody who may not."""

from datetime import timedelta

import pytest
from yarl import URL

from backend.core import clock
from backend.core.db import sql
from tests.features.accounts.browser import DESK, H5
from tests.wecom import AGENT, CORP


async def sessions():
    return await sql("select way, device from session")


@pytest.mark.parametrize("way", [H5, DESK])
async def test_it_works(browser, way):
    assert await browser.sign_in("Lu.XiaoYan", way) == "/m/#/pages/due"
    tokens = await browser.refresh()
    me = tokens["me"]
    assert tokens["refresh_token"] is None, "a browser's is a cookie that no script can read"
    assert tokens["expires_in"] == 900
    assert (me["name"], me["corp_id"], me["userid"]) == ("陆小燕", CORP, "Lu.XiaoYan")
    assert me["roles"] == [{"key": "worker", "label": "社工"}] and "return.submit" in me["verbs"]
    assert me["area"]["name"] == "源园居委会" and me["duties"] == ["老龄"]
    assert [a["name"] for a in me["area_path"]] == ["普陀区", "曹杨新村街道", "源园居委会"]
    assert await (await browser.get("/api/me")).json() == me
    assert await sessions() == [{"way": way.split("/")[-1], "device": "企业微信 · iPhone"}]


async def test_the_mini_program(http, roster, contacts):
    code = await contacts.code("LU.xiaoyan", "mini")
    response = await http.post("/api/sign-in/mini", json={"code": code})
    tokens = await response.json()
    assert response.status == 200 and "Set-Cookie" not in response.headers
    assert tokens["me"]["userid"] == "Lu.XiaoYan" and tokens["refresh_token"]
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await http.get("/api/due", headers=headers)).status == 200
    again = await http.post("/api/sign-in/mini", json={"code": code})
    assert again.status == 401 and (await again.json())["code"] == "wecom.code_invalid"


async def test_the_corps_to_choose_from(http):
    assert await (await http.get("/api/sign-in/corps")).json() == [
        {"corp_id": CORP, "name": "普陀区"}
    ]


async def test_the_page_of_wecom(browser):
    inside, desk = await browser.begin(H5), await browser.begin(DESK)
    assert inside.path == "/connect/oauth2/authorize" and inside.fragment == "wechat_redirect"
    assert inside.query["state"].isalnum() and inside.query["scope"] == "snsapi_base"
    assert desk.path == "/wwlogin/sso/login" and desk.query["login_type"] == "CorpApp"
    assert desk.query["agentid"] == str(AGENT)
    assert (await browser.session.get(inside)).status == 200, "the sandbox trusts our address"


async def test_the_trace_names_the_person(browser, roster):
    await browser.sign_in("Lu.XiaoYan")
    (row,) = await sql("select * from audit where verb = 'account.sign_in'")
    assert (row["actor"], row["actor_id"]) == ("陆小燕", roster["Lu.XiaoYan"])
    assert row["facts"] == {"device": "企业微信 · iPhone", "way": "h5"}


@pytest.mark.parametrize(
    ("userid", "problem"),
    [
        ("nobody.known", "account.outsider"),
        ("qian.hui", "account.disabled"),
        ("shao.feng", "account.without_role"),
        ("", "sign_in.declined"),
    ],
)
async def test_who_may_not(browser, userid, problem):
    where = await browser.sign_in(userid, next="/console/?a=1#/tasks")
    assert where == f"/console/?a=1&problem={problem}#/tasks"
    assert await sessions() == []
    assert (await browser.post("/api/sign-in/refresh")).status == 401


async def test_somebody_who_is_not_in_the_roster(browser, contacts, as_):
    await contacts.switch("member/join", corp_id=CORP, userid="New.One", name="新人")
    assert await browser.sign_in("New.One") == "/m/?problem=account.unknown#/pages/due"
    code = await contacts.code("New.One", "mini")
    response = await browser.post("/api/sign-in/mini", {"code": code})
    told = await response.json()
    assert response.status == 403
    assert told["title"] == "您还不在居村通的名册里，请联系街道数据专员。"
    strangers = await (await as_("dora").get("/api/staff/strangers")).json()
    assert [(s["corp_id"], s["userid"], s["times"]) for s in strangers] == [(CORP, "new.one", 2)]
    assert (await as_("alice").get("/api/staff/strangers")).status == 403


async def test_a_sign_in_cannot_be_finished_by_another_browser(browser, another):
    back = await browser.choose(await browser.begin(), "Lu.XiaoYan")
    assert await another.arrive(back) == "/?problem=sign_in.expired"
    assert await browser.arrive(back) == "/?problem=sign_in.expired", "it is used up"
    assert await sessions() == []


async def test_a_state_is_good_once_and_not_for_long(browser):
    back = await browser.choose(await browser.begin(), "Lu.XiaoYan")
    with clock.pretend_everywhere(clock.now() + timedelta(minutes=11)):
        assert await browser.arrive(back) == "/?problem=sign_in.expired"
    await browser.arrive(await browser.choose(await browser.begin(), "Lu.XiaoYan"))
    assert await browser.arrive(back) == "/?problem=sign_in.expired"
    made_up = URL(str(back)).update_query(state="0" * 40)
    assert await browser.arrive(made_up) == "/?problem=sign_in.expired"


async def test_what_else_wecom_sends_along_is_ignored(browser):
    back = await browser.choose(await browser.begin(), "Lu.XiaoYan")
    assert await browser.arrive(back.update_query(appid=CORP, more="x")) == "/m/#/pages/due"


async def test_a_used_code(browser):
    back = await browser.choose(await browser.begin(), "Lu.XiaoYan")
    next_state = (await browser.begin()).query["state"]
    await browser.arrive(back.update_query(state=next_state))
    again = (await browser.begin()).query["state"]
    where = await browser.arrive(back.update_query(state=again))
    assert where == "/m/?problem=wecom.code_invalid#/pages/due"


@pytest.mark.parametrize(
    "foreign",
    ["//evil.test/", "https://evil.test/", "/\\evil.test", "javascript:alert(1)", "/a\nb"],
)
async def test_next_leads_to_our_own_pages_only(browser, foreign):
    response = await browser.get(H5, corp_id=CORP, next=foreign)
    told = await response.json()
    assert response.status == 400 and told["fields"][0]["field"] == "next"
    assert await sql("select 1 from sign_in_state") == []


async def test_a_corp_we_do_not_serve(browser):
    response = await browser.get(H5, corp_id="ww-nobody")
    assert response.status == 404 and (await response.json())["code"] == "wecom.corp_unknown"
    response = await browser.post("/api/sign-in/mini", {"code": "x", "corp_id": "ww-nobody"})
    assert response.status == 404


async def test_wecom_is_down(browser, contacts):
    back = await browser.choose(await browser.begin(), "Lu.XiaoYan")
    await contacts.switch("inject-error", path="auth/getuserinfo", status=502)
    assert await browser.arrive(back) == "/m/?problem=wecom.unreachable#/pages/due"


async def test_bad_input(http, roster):
    for body in ({}, {"code": ""}, {"code": "x" * 601}, {"code": "x", "more": 1}):
        response = await http.post("/api/sign-in/mini", json=body)
        assert response.status == 400 and (await response.json())["fields"]
    response = await http.get("/api/sign-in/h5")
    assert response.status == 400


async def test_cookies_are_out_of_the_reach_of_scripts(browser):
    response = await browser.get(H5, corp_id=CORP, next="/m/")
    begun = response.headers["Set-Cookie"]
    assert "HttpOnly" in begun and "SameSite=Lax" in begun and "Path=/api/sign-in" in begun
    back = await browser.choose(URL(response.headers["Location"]), "Lu.XiaoYan")
    async with browser.session.get(back, allow_redirects=False) as response:
        held = response.headers["Set-Cookie"]
    assert "HttpOnly" in held and "SameSite=Strict" in held and "Path=/api/sign-in" in held


async def test_the_proof_of_the_domain(http):
    response = await http.get("/WW_verify_abc123.txt")
    assert (response.status, await response.text()) == (200, "abc123")
    assert (await http.get("/WW_verify_other.txt")).status == 404
