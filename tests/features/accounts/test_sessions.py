"""Sessions: renewed by a token that is good once, listed, revoked, ended by idleness."""

import asyncio
from datetime import timedelta

import jwt
import pytest

from backend.core import clock
from backend.core.db import sql
from backend.features.accounts import tokens
from tests.features.accounts.browser import DESK

REFRESH = "/api/sign-in/refresh"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) wxwork/4.1.30 MicroMessenger/7.0.1"


async def entered(http, contacts, userid="Lu.XiaoYan"):
    """The tokens of a mini program, which holds its refresh token itself."""
    code = await contacts.code(userid, "mini")
    return await (await http.post("/api/sign-in/mini", json={"code": code})).json()


async def renewed(http, token):
    response = await http.post(REFRESH, json={"refresh_token": token})
    return response.status, await response.json()


def bearer(given):
    return {"Authorization": f"Bearer {given['access_token']}"}


async def test_it_works(http, roster, contacts):
    first = await entered(http, contacts)
    status, second = await renewed(http, first["refresh_token"])
    assert status == 200 and second["refresh_token"] != first["refresh_token"]
    assert second["me"] == first["me"]
    assert (await http.get("/api/me", headers=bearer(second))).status == 200


async def test_a_token_used_twice_ends_the_session(http, roster, contacts, at):
    with at("2026-10-08 09:00"):
        first = await entered(http, contacts)
        _, second = await renewed(http, first["refresh_token"])
    with at("2026-10-08 09:03"):
        status, told = await renewed(http, first["refresh_token"])
        assert status == 401 and told["code"] == "session.reused"
        status, told = await renewed(http, second["refresh_token"])
        assert status == 401 and told["code"] == "session.over", "the thief's and the owner's"
    await ended_by_reuse()


async def ended_by_reuse():
    (row,) = await sql("select reason from session")
    assert row["reason"] == "reused"
    (row,) = await sql("select actor, facts from audit where verb = 'account.end_session'")
    assert row["actor"] == "陆小燕" and row["facts"]["reason"] == "reused"


async def test_an_answer_that_was_lost_is_given_again(http, roster, contacts, at):
    """On the stairs: the token was replaced, and nobody heard of the new one."""
    with at("2026-10-08 09:00:00"):
        given = await entered(http, contacts)
        _, lost = await renewed(http, given["refresh_token"])
    with at("2026-10-08 09:01:30"):
        status, again = await renewed(http, given["refresh_token"])
        assert (status, again["refresh_token"]) == (200, lost["refresh_token"])
        assert (await http.get("/api/me", headers=bearer(again))).status == 200
        status, after = await renewed(http, again["refresh_token"])
        assert status == 200 and after["refresh_token"] != again["refresh_token"]
    assert len(await sql("select 1 from session where revoked_at is null")) == 1


async def test_it_is_given_again_only_once(http, roster, contacts, at):
    with at("2026-10-08 09:00"):
        given = await entered(http, contacts)
        outcomes = [(await renewed(http, given["refresh_token"]))[0] for _ in range(3)]
    assert outcomes == [200, 200, 401]
    await ended_by_reuse()


async def test_every_rotation_has_a_grace_of_its_own(http, roster, contacts, at):
    with at("2026-10-08 09:00"):
        given = await entered(http, contacts)
        for _ in range(3):
            held = given["refresh_token"]
            await renewed(http, held)
            status, given = await renewed(http, held)
            assert status == 200


async def test_an_older_one_ends_the_session_at_once(http, roster, contacts, at):
    with at("2026-10-08 09:00"):
        first = await entered(http, contacts)
        _, second = await renewed(http, first["refresh_token"])
        await renewed(http, second["refresh_token"])
        assert (await renewed(http, first["refresh_token"]))[0] == 401
    await ended_by_reuse()


async def test_another_device_gets_no_second_answer(http, roster, contacts, at):
    with at("2026-10-08 09:00"):
        given = await entered(http, contacts)
        await renewed(http, given["refresh_token"])
        body = {"refresh_token": given["refresh_token"]}
        stolen = await http.post(REFRESH, json=body, headers={"User-Agent": IPHONE})
        assert stolen.status == 401
    await ended_by_reuse()


async def test_who_stole_the_token_first_is_found_out(http, roster, contacts, at):
    """The thief renews, the owner minutes later: both are signed out."""
    with at("2026-10-08 09:00"):
        given = await entered(http, contacts)
        _, thief = await renewed(http, given["refresh_token"])
    with at("2026-10-08 09:10"):
        assert (await renewed(http, given["refresh_token"]))[0] == 401
        assert (await renewed(http, thief["refresh_token"]))[0] == 401
        assert (await http.get("/api/me", headers=bearer(thief))).status == 401


async def test_two_at_once_get_the_same_answer(http, roster, contacts):
    given = await entered(http, contacts)
    both = await asyncio.gather(*(renewed(http, given["refresh_token"]) for _ in range(2)))
    assert [status for status, _ in both] == [200, 200]
    (token,) = {told["refresh_token"] for _, told in both}
    assert (await renewed(http, token))[0] == 200


async def test_three_at_once_are_one_too_many(http, roster, contacts):
    given = await entered(http, contacts)
    all_ = await asyncio.gather(*(renewed(http, given["refresh_token"]) for _ in range(3)))
    assert sorted(status for status, _ in all_) == [200, 200, 401]
    await ended_by_reuse()


@pytest.mark.parametrize("made_up", ["", "x", "A" * 76, "=" * 80, "é" * 20])
async def test_a_made_up_token_ends_nothing(http, roster, contacts, made_up):
    given = await entered(http, contacts)
    status, _ = await renewed(http, made_up)
    assert status == 401
    forged = given["refresh_token"][:-4] + "AAAA"
    status, told = await renewed(http, forged)
    assert status == 401 and told["code"] == "session.over"
    assert (await renewed(http, given["refresh_token"]))[0] == 200


async def test_without_any_token(http):
    status, told = await renewed(http, None)
    assert status == 401 and told["code"] == "session.required"


@pytest.mark.parametrize(("days", "status"), [(6, 200), (8, 401)])
async def test_idle_sessions_end(http, roster, contacts, days, status):
    given = await entered(http, contacts)
    with clock.pretend_everywhere(clock.now() + timedelta(days=days)):
        assert (await renewed(http, given["refresh_token"]))[0] == status


async def test_no_session_is_older_than_a_month(http, roster, contacts):
    given, start = await entered(http, contacts), clock.now()
    for day in (6, 12, 18, 24, 29):
        with clock.pretend_everywhere(start + timedelta(days=day)):
            _, given = await renewed(http, given["refresh_token"])
    with clock.pretend_everywhere(start + timedelta(days=31)):
        assert (await renewed(http, given["refresh_token"]))[0] == 401


async def test_an_access_token_lasts_a_quarter_of_an_hour(http, roster, contacts):
    given = await entered(http, contacts)
    with clock.pretend_everywhere(clock.now() + timedelta(minutes=14)):
        assert (await http.get("/api/me", headers=bearer(given))).status == 200
    with clock.pretend_everywhere(clock.now() + timedelta(minutes=16)):
        assert (await http.get("/api/me", headers=bearer(given))).status == 401


async def test_only_our_signature_counts(http, roster, contacts):
    given = await entered(http, contacts)
    claims = jwt.decode(given["access_token"], options={"verify_signature": False})
    for key, how in (("another key of thirty-two bytes!", "HS256"), (None, "none")):
        forged = jwt.encode(claims, key, algorithm=how)
        headers = {"Authorization": f"Bearer {forged}"}
        assert (await http.get("/api/me", headers=headers)).status == 401


async def test_devices(browser, another):
    await browser.enter("Lu.XiaoYan")
    await another.enter("Lu.XiaoYan", DESK)
    mine, other = await (await another.get("/api/me/sessions")).json()
    assert mine["current"] and not other["current"] and other["device"] == "企业微信 · iPhone"
    assert (await another.delete(f"/api/me/sessions/{other['id']}")).status == 204
    assert (await browser.get("/api/me")).status == 401, "at once"
    assert (await browser.post(REFRESH)).status == 401
    assert len(await (await another.get("/api/me/sessions")).json()) == 1


async def test_nobody_ends_the_sessions_of_others(browser, another):
    await browser.enter("Lu.XiaoYan")
    await another.enter("gu.jianping")
    (mine,) = await (await browser.get("/api/me/sessions")).json()
    assert (await another.delete(f"/api/me/sessions/{mine['id']}")).status == 404
    assert (await browser.get("/api/me")).status == 200


async def test_signing_out(browser):
    await browser.enter("Lu.XiaoYan")
    response = await browser.post("/api/sign-out")
    assert response.status == 204 and "jucun_refresh" in response.headers["Set-Cookie"]
    assert (await browser.get("/api/me")).status == 401
    assert (await browser.post(REFRESH)).status == 401
    (row,) = await sql("select reason from session")
    assert row["reason"] == "signed_out"


async def test_anonymous(as_):
    for path in ("/api/me", "/api/me/sessions"):
        assert (await as_(None).get(path)).status == 401
    assert (await as_(None).post("/api/sign-out")).status == 401


async def test_the_person_is_in_the_database_only_by_hash(http, roster, contacts):
    given = await entered(http, contacts)
    (row,) = await sql("select * from session")
    assert given["refresh_token"].encode() not in b"".join(
        value for value in row.values() if isinstance(value, bytes)
    )
    session, hashed = tokens.read_refresh(given["refresh_token"])
    assert (session, hashed) == (row["id"], row["token_hash"])
