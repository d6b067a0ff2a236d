"""What goes out: shapes, files, problems; every refusal as RFC 9457 with an id and safe headers."""

import logging
import re

import pytest
from structlog.testing import capture_logs

from tests.web import tiny
from tests.web.conftest import told

PROBLEM = "application/problem+json"


async def test_shapes_go_out_by_the_names_of_the_contract(web):
    response = await web.post("/t/echo", json={"from": "2026-10-01"})
    body = await response.json()
    assert body["from"] == "2026-10-01" and "since" not in body
    assert response.content_type == "application/json"
    assert response.headers["Cache-Control"] == "no-store"


async def test_nothing_is_204(web):
    response = await web.put("/t/silent")
    assert response.status == 204 and await response.read() == b""


async def test_a_file_goes_out_under_its_name(web):
    response = await web.get("/t/download")
    assert (response.content_type, await response.read()) == ("application/pdf", b"%PDF")
    assert response.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''%E6%9C%88%E6%8A%A5%202026%2F10.pdf"
    )
    assert response.headers["Cache-Control"] == "private, max-age=5"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "path.unknown"),
        ("DELETE", "/t/echo", 405, "path.method"),
        ("GET", "/t/fail/bug", 500, "server.fault"),
        ("GET", "/t/fail/away", 503, "server.not_ready"),
        ("GET", "/t/fail/starting", 503, "server.not_ready"),
        ("GET", "/t/fail/data", 400, "input.bad"),
        ("GET", "/t/fail/gone", 400, "input.bad"),
        ("GET", "/t/fail/other", 404, "path.unknown"),
    ],
)
async def test_whatever_goes_wrong_is_a_problem(web, method, path, status, code):
    logging.disable(logging.CRITICAL)
    response = await web.request(method, path)
    logging.disable(logging.NOTSET)
    got, body = await told(response)
    assert (got, body["code"], body["status"]) == (status, code, status)
    assert response.content_type == PROBLEM and body["type"] == f"/problems/{code}"
    assert re.search(r"[\u4e00-\u9fff]", body["title"])
    assert "13800138000" not in str(body) and "RuntimeError" not in str(body)


async def test_a_fault_names_the_request_and_is_logged_whole(web):
    with capture_logs() as lines:
        response = await web.get("/t/fail/bug", headers={"X-Request-Id": "phone-7f3a9"})
    _, body = await told(response)
    assert "phone-7f3a9" in body["title"] and response.headers["X-Request-Id"] == "phone-7f3a9"
    assert [line["event"] for line in lines] == ["fault"]
    assert isinstance(lines[0]["exc_info"], RuntimeError)


async def test_what_a_refusal_owes_the_asker(web):
    refused = await web.delete("/t/echo")
    assert refused.headers["Allow"] == "POST"
    away = await web.get("/t/fail/away")
    assert away.headers["Retry-After"] == "5"
    anonymous = await web.get("/t/search", headers={"Authorization": "Bearer nobody"})
    assert anonymous.status == 401 and anonymous.headers["WWW-Authenticate"] == "Bearer"


async def test_a_redirect_stays_one_with_its_cookie(web):
    moved = await web.get("/t/fail/moved", allow_redirects=False)
    assert moved.status == 302 and moved.headers["Location"] == "/console/"
    assert moved.cookies["r"]["httponly"]


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer ", "Basic bob", "bob", "Bearer nobody"])
async def test_without_a_good_token_nobody_is_asking(web, token):
    status, body = await told(await web.get("/t/search", headers={"Authorization": token}))
    assert (status, body["code"], body["title"]) == (401, "session.required", "请先登录。")


async def test_permission_comes_before_the_body(web):
    """Whoever may not, learns so without sending ten megabytes or getting the form right."""
    for body in (b"{", b'{"typo": 1}'):
        status, told_ = await told(await web.post("/t/forbidden", data=body))
        assert (status, told_["code"]) == (403, "access.denied") and "不许" in told_["title"]
    anonymous = {"Authorization": "", "Idempotency-Key": "12345678"}
    assert (await web.post("/t/write", data=b"{", headers=anonymous)).status == 401


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a1b2c3d4", True),
        ("x" * 40, True),
        ("x" * 41, False),
        ("short", False),
        ("电话电话电话电话", False),
        ("a b c d e", False),
        ('"><script>', False),
    ],
)
async def test_request_ids(web, given, kept):
    headers = {"X-Request-Id": given.encode().decode("latin-1")}
    answered = (await web.get("/t/search", headers=headers)).headers["X-Request-Id"]
    assert (answered == given) == kept
    assert re.fullmatch(r"[\w-]{8,40}", answered, re.ASCII)


async def test_headers_of_safety(web):
    page = await web.get("/t/page")
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert "object-src 'none'" in page.headers["Content-Security-Policy"]
    for path in ("/t/search", "/t/page", "/t/stream", "/nowhere", "/t/download"):
        response = await web.get(path)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "X-Request-Id" in response.headers or path == "/t/stream"
        assert "Strict-Transport-Security" not in response.headers


async def test_behind_https_it_stays_https(server, gate):
    from aiohttp.test_utils import TestClient, TestServer

    async with TestClient(TestServer(tiny.app(gate, secure=True))) as client:
        response = await client.get("/t/page")
        assert "max-age" in response.headers["Strict-Transport-Security"]


async def test_a_made_up_method_makes_no_new_figure(web):
    from prometheus_client import generate_latest

    await web.request("BREW", "/t/search")
    await web.get("/t/notes/made-up-1/2")
    figures = generate_latest().decode()
    assert "BREW" not in figures and "made-up-1" not in figures
    assert 'route="/t/notes/{note}/{version}"' in figures
