"""The built screens are found and kept as long as may be; nothing beside them is given out."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from backend.web import static
from backend.web.middleware import dressing, observe

PHONE_AGENT = "Mozilla/5.0 (Linux; Android 13; CET-AL00) Mobile Safari/537.36 wxwork/4.1.30"
DESK_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 wxwork/4.1.30"


@pytest.fixture
async def served(tmp_path):
    """A phone with a page, a hashed script and a service worker; a desk that is not built yet."""
    phone = tmp_path / "phone"
    (phone / "assets").mkdir(parents=True)
    (phone / "index.html").write_text("<!DOCTYPE html><title>居村通</title>", encoding="utf-8")
    (phone / "assets" / "index-rIT39g2Z.js").write_text("export {}", encoding="utf-8")
    (phone / "sw.js").write_text("self", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (phone / "assets" / "leads-out").symlink_to(tmp_path / "secret.txt")
    app = web.Application(middlewares=[observe])
    app.on_response_prepare.append(dressing(secure=False))
    app.add_routes(static.screens(phone, tmp_path / "desk"))
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_it_works(served):
    page = await served.get("/m/")
    assert (page.status, page.content_type) == (200, "text/html")
    assert "居村通" in await page.text()
    assert page.headers["Cache-Control"] == "no-cache"
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    script = await served.get("/m/assets/index-rIT39g2Z.js")
    assert (script.status, script.content_type) == (200, "text/javascript")
    assert script.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    worker = await served.get("/m/sw.js")
    assert worker.headers["Cache-Control"] == "no-cache"


async def test_a_page_that_has_not_changed_is_not_sent_again(served):
    first = await served.get("/m/")
    again = await served.get("/m/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")


@pytest.mark.parametrize(
    ("agent", "path", "to"),
    [
        (PHONE_AGENT, "/", "/m/"),
        (DESK_AGENT, "/", "/console/"),
        (DESK_AGENT, "/?problem=a.left&x=%E5%B1%85", "/console/?problem=a.left&x=%E5%B1%85"),
        (PHONE_AGENT, "/m", "/m/"),
        (PHONE_AGENT, "/console?a=1", "/console/?a=1"),
    ],
)  # fmt: skip
async def test_everybody_comes_to_the_screen_that_fits(served, agent, path, to):
    answer = await served.get(path, headers={"User-Agent": agent}, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (302, to)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/m/assets/index-old.js",
        "/m/assets",
        "/m/assets/leads-out",
        "/m/..%2fsecret.txt",
        "/m/%2fetc%2fpasswd",
        "/m/%00",
        "/m/" + "a" * 300,
    ],
)
async def test_what_is_not_a_file_of_the_build_does_not_exist(served, path):
    from yarl import URL

    answer = await served.get(URL(path, encoded=True))
    assert (answer.status, (await answer.json())["code"]) == (404, "path.unknown")


async def test_screens_that_are_not_built_say_so(served):
    answer = await served.get("/console/")
    assert (answer.status, (await answer.json())["code"]) == (503, "path.not_built")
