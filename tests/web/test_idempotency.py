"""Sent twice, done once: also at the same moment, and never for somebody else."""

import asyncio

import pytest

from backend.core import clock
from backend.core.db import sql
from backend.web import idempotency
from tests.web.conftest import told

KEY = "5f0c9c9e-1c4b-4c7e"


def keyed(key=KEY, who="bob"):
    return {"Idempotency-Key": key, "Authorization": f"Bearer {who}"}


async def count():
    found = await sql("select (select count(*) from area) a, (select count(*) from audit) b")
    return found[0]["a"], found[0]["b"]


async def test_the_same_answer_and_one_act(web):
    first = await web.post("/t/write", json={"text": "x"}, headers=keyed())
    again = await web.post("/t/write", json={"text": "x"}, headers=keyed())
    assert await told(first) == await told(again) and first.status == 201
    assert again.headers["Idempotent-Replay"] == "true" and "Idempotent-Replay" not in first.headers
    assert again.content_type == first.content_type == "application/json"
    assert await count() == (1, 1)


async def test_without_a_key_it_is_done_twice(web):
    for _ in range(2):
        assert (await web.post("/t/write", json={"text": "x"})).status == 201
    assert await count() == (2, 2) and await sql("select 1 from answer") == []


async def test_twins_really_at_once(web, gate):
    """All are at work before the first has finished; the key lets only one of them stay."""
    twins = [
        asyncio.create_task(web.post("/t/write", json={"text": "wait"}, headers=keyed()))
        for _ in range(3)
    ]
    for _ in twins:
        await gate.entered.acquire()
    gate.open.set()
    answers = [await told(await twin) for twin in twins]
    assert answers[0] == answers[1] == answers[2] and answers[0][0] == 201
    assert await count() == (1, 1)


async def test_a_twin_of_a_failure_runs_itself(web, gate):
    refused = await web.post("/t/write", json={"text": "refuse"}, headers=keyed())
    assert refused.status == 422 and await count() == (0, 0)
    assert await sql("select 1 from answer") == []
    again = await web.post("/t/write", json={"text": "fine"}, headers=keyed())
    assert again.status == 201 and await count() == (1, 1)


async def test_the_key_is_its_owners(web):
    mine = await told(await web.post("/t/write", json={"text": "x"}, headers=keyed()))
    theirs = await told(await web.post("/t/write", json={"text": "x"}, headers=keyed(who="dora")))
    assert mine[1]["id"] != theirs[1]["id"] and await count() == (2, 2)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/t/write", {"text": "other"}),
        ("POST", "/t/write?a=1", {"text": "x"}),
        ("PUT", "/t/silent", {}),
    ],
)
async def test_the_key_is_its_requests(web, method, path, body):
    await web.post("/t/write", json={"text": "x"}, headers=keyed())
    status, problem = await told(await web.request(method, path, json=body, headers=keyed()))
    assert (status, problem["code"]) == (422, "idempotency.mismatch")
    assert (await count())[0] == 1


@pytest.mark.parametrize("key", ["short", "x" * 65, "has blank in", "电话" * 5, "a'; drop--b"])
async def test_a_key_that_is_none(web, key):
    headers = keyed(key.encode().decode("latin-1"))
    status, problem = await told(await web.post("/t/write", json={"text": "x"}, headers=headers))
    assert (status, problem["code"]) == (400, "idempotency.bad_key") and await count() == (0, 0)


async def test_an_answer_that_is_nothing(web):
    for _ in range(2):
        response = await web.put("/t/silent", headers=keyed())
        assert response.status == 204 and await response.read() == b""
    assert response.headers["Idempotent-Replay"] == "true" and (await count())[1] == 1


async def test_an_act_that_keeps_something_and_says_no(web):
    answers = [await web.post("/t/write", json={"text": "keep"}, headers=keyed()) for _ in range(2)]
    assert [a.status for a in answers] == [409, 409]
    assert [a.content_type for a in answers] == ["application/problem+json"] * 2
    assert await told(answers[0]) == await told(answers[1]) and await count() == (1, 1)


async def test_files_are_left_out(web):
    for _ in range(2):
        response = await web.post("/t/printed", headers=keyed())
        assert response.content_type == "application/pdf"
    assert await sql("select 1 from answer") == [] and (await count())[1] == 2


async def test_what_is_kept_can_be_read_by_nobody_who_has_the_table(web):
    await web.post("/t/write", json={"text": "13800138000"}, headers=keyed())
    row = (await sql("select * from answer"))[0]
    assert b"13800138000" not in bytes(row["body"]) and row["body"].startswith(b"k1.")


@pytest.mark.parametrize("most", [10, 2048], ids=["packed", "as it is"])
async def test_an_answer_is_the_same_however_it_is_kept(web, monkeypatch, most):
    monkeypatch.setattr(idempotency, "_LONG", most)
    first, again = [await web.post("/t/write", json={"text": "x"}, headers=keyed()) for _ in "12"]
    assert await told(first) == await told(again) and first.status == 201


def test_a_long_answer_is_packed():
    body = b'["' + b"x" * 5000 + b'"]'
    assert len(idempotency._packed(body)) < 100 and idempotency._packed(b'["x"]') == b'["x"]'


async def test_answers_are_kept_for_a_week(web):
    from datetime import timedelta

    await web.post("/t/write", json={"text": "x"}, headers=keyed())
    assert await idempotency.forget() == 0
    with clock.pretend_everywhere(clock.now() + timedelta(days=8)):
        assert await idempotency.forget() == 1
