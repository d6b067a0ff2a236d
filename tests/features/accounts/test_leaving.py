"""Who leaves the corp is locked out by the callback before it is answered; the rest is re-read."""

import pytest

from backend.core.db import sql
from backend.features.accounts import whoever
from backend.sandbox.wecom.crypto import Envelope
from tests.cast import CAOYANG, HUAXI, YUANYUAN
from tests.wecom import AES_KEY, CONTACTS, CORP, MINI, TOKEN

CALLBACK = f"/wecom/callback/{CORP}/{CONTACTS}"


async def status(userid):
    found = await sql("select * from staff where userid_key = :key", key=userid.lower())
    return found[0] if found else None


async def change(contacts, what, **given):
    told = await contacts.switch(f"member/{what}", corp_id=CORP, **given)
    assert [push["status"] for push in told["pushes"]] == [200], told


async def test_it_works(browser, contacts):
    await browser.enter("Lu.XiaoYan")
    assert (await browser.get("/api/me")).status == 200
    await change(contacts, "leave", userid="Lu.XiaoYan")
    assert (await browser.get("/api/me")).status == 401, "at once"
    assert (await browser.post("/api/sign-in/refresh")).status in (401, 403)
    assert (await status("lu.xiaoyan"))["status"] == "left"
    (session,) = await sql("select reason from session")
    assert session["reason"] == "left"
    (row,) = await sql("select facts from audit where verb = 'staff.lock'")
    assert row["facts"] == {"sessions": 1}


async def test_another_process_notices_within_two_seconds(browser, contacts, monkeypatch):
    await browser.enter("Lu.XiaoYan")
    await browser.get("/api/me")
    monkeypatch.setattr(whoever, "forget", lambda: None)  # as if the callback came elsewhere
    await change(contacts, "leave", userid="Lu.XiaoYan")
    assert (await browser.get("/api/me")).status == 200
    monkeypatch.setattr(whoever, "FRESH_SECONDS", 0.0)  # as if two seconds had gone by
    assert (await browser.get("/api/me")).status == 401


async def test_disabled_in_the_contacts(browser, contacts, work):
    await browser.enter("Lu.XiaoYan")
    await change(contacts, "change", userid="Lu.XiaoYan", status=2)
    await work()
    assert (await status("Lu.XiaoYan"))["status"] == "disabled"
    assert (await browser.get("/api/me")).status == 401
    await change(contacts, "change", userid="Lu.XiaoYan", status=1)
    await work()
    assert (await status("Lu.XiaoYan"))["status"] == "active", "the contacts had disabled them"


async def test_what_an_administrator_barred_stays_barred(roster, contacts, work):
    await change(contacts, "change", userid="qian.hui", name="钱小慧")
    await work()
    row = await status("qian.hui")
    assert (row["status"], row["name"]) == ("disabled", "钱小慧")


async def test_a_new_userid_is_the_same_person(browser, contacts, work, roster):
    await change(contacts, "change", userid="Lu.XiaoYan", new_userid="Lu.YanYan")
    await work()
    row = await status("lu.yanyan")
    assert row["id"] == roster["Lu.XiaoYan"] and await status("Lu.XiaoYan") is None
    assert await browser.sign_in("Lu.YanYan") == "/m/#/pages/due"


async def test_moving_takes_no_rights_along(roster, contacts, work, as_):
    await as_("frank").get("/api/areas")
    await synced(work)
    await change(contacts, "change", userid="gu.jianping", department=[52])
    await work()
    row = await status("gu.jianping")
    assert (row["area"], row["roles"]) == (HUAXI, ["worker"]), "a lead no longer"
    await change(contacts, "change", userid="gu.jianping", department=[5])
    await work()
    row = await status("gu.jianping")
    assert (row["area"], row["roles"]) == (CAOYANG, []), "in a street nothing is taken for granted"


async def synced(work):
    from backend.core import jobs

    await jobs.enqueue("accounts.sync", corp_id=CORP)
    await work()


async def test_a_newcomer_joins_by_callback(roster, contacts, work):
    await synced(work)
    await change(contacts, "join", userid="new.one", name="新人", department=[51])
    await work()
    row = await status("new.one")
    assert (row["area"], row["roles"], row["source"]) == (YUANYUAN, ["worker"], "wecom")


async def test_out_of_the_apps_sight_is_out(roster, contacts, work):
    await contacts.switch("inject-error", path="user/get", errcode=60011)
    await change(contacts, "change", userid="Lu.XiaoYan", department=[52])
    await work()
    assert (await status("Lu.XiaoYan"))["status"] == "left"


async def test_wecom_is_down_meanwhile(roster, contacts, work):
    await contacts.switch("inject-error", path="user/get", errcode=45009)
    await change(contacts, "change", userid="Lu.XiaoYan", name="陆燕")
    await work()
    (job,) = await sql("select state from job where name = 'accounts.reread'")
    assert job["state"] == "queued", "to be tried again"
    assert (await status("Lu.XiaoYan"))["name"] == "陆小燕"


def pushed(event, nonce="1", receive_id=CORP, timestamp=None):
    import time

    envelope = Envelope(TOKEN, AES_KEY, receive_id)
    when, sealed = timestamp or str(int(time.time())), envelope.seal(event)
    signature = envelope.sign(when, nonce, sealed)
    query = {"msg_signature": signature, "timestamp": when, "nonce": nonce}
    return query, f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"


LEFT = (
    "<xml><Event>change_contact</Event><ChangeType>delete_user</ChangeType>"
    "<UserID>shen.min</UserID></xml>"
)


async def test_a_replay_does_nothing(http, roster):
    query, body = pushed(LEFT)
    assert (await http.post(CALLBACK, params=query, data=body)).status == 200
    await sql("update staff set status = 'active' where userid_key = 'shen.min'")
    response = await http.post(CALLBACK, params=query, data=body)
    assert (response.status, await response.text()) == (200, "success")
    assert (await status("shen.min"))["status"] == "active"


@pytest.mark.parametrize(
    "given",
    [
        pushed(LEFT, timestamp="1700000000"),
        pushed(LEFT, receive_id="ww-somebody-else"),
        ({}, "<xml></xml>"),
        (pushed(LEFT)[0], "not xml"),
    ],
    ids=["old", "not for us", "unsigned", "garbage"],
)
async def test_bad_pushes_leave_no_trace(http, roster, given):
    query, body = given
    response = await http.post(CALLBACK, params=query, data=body)
    told = await response.json()
    assert response.status == 403 and told["code"] == "wecom.callback_refused"
    assert (await status("shen.min"))["status"] == "active"
    assert await sql("select 1 from wecom_callback") == [] and await sql("select 1 from job") == []


async def test_only_apps_with_a_callback_are_addresses(http):
    query, body = pushed(LEFT)
    for path in (f"/wecom/callback/{CORP}/{MINI}", f"/wecom/callback/ww-other/{CONTACTS}"):
        assert (await http.post(path, params=query, data=body)).status == 403


async def test_the_address_is_checked(contacts, roster):
    given = await contacts.switch("check-callback", corp_id=CORP, agent_id=CONTACTS)
    assert given["good"]


async def test_other_events_are_taken_and_ignored(http, roster):
    query, body = pushed("<xml><Event>enter_agent</Event></xml>")
    assert (await http.post(CALLBACK, params=query, data=body)).status == 200
    (row,) = await sql("select verb from audit")
    assert row["verb"] == "staff.callback"
