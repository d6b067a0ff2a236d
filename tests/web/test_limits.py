"""Who asks too often is told when to come again; everybody else does not notice."""

from types import SimpleNamespace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from backend.clients.redis import Redis
from backend.web import limits
from backend.web.asking import ACTOR
from backend.web.limits import Limit, Shares, address_of, limited
from backend.web.middleware import observe
from tests.cast import CAST


class Counted:
    """An allowance that grants until it is used up, and counts how often it is asked."""

    def __init__(self, most):
        self.left, self.asked = most, 0

    async def take(self, key, most, seconds, want=1):
        self.asked += 1
        granted = min(want, self.left)
        self.left -= granted
        return granted or -7.2


async def test_a_process_takes_shares_and_asks_seldom():
    allowance = Counted(240)
    shares = Shares(allowance)
    waits = [await shares.wait(Limit("x", 240, 60), "bob") for _ in range(241)]
    assert waits[:240] == [0] * 240 and waits[240] == 7.2
    assert allowance.asked == 21


async def test_an_unused_share_does_not_last(monkeypatch):
    shares = Shares(allowance := Counted(100))
    monkeypatch.setattr(limits, "_SHARE_SECONDS", 0)
    for _ in range(3):
        assert await shares.wait(Limit("x", 100, 60), "bob") == 0
    assert allowance.asked == 3 and allowance.left == 85


async def test_many_strangers_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(limits, "_MOST_KEYS", 10)
    shares = Shares(Counted(10**6))
    for n in range(95):
        await shares.wait(Limit("x", 100, 60), str(n))
    assert len(shares._held) <= 10


@pytest.fixture
async def asker():
    """A server with the real middleware and the substitute Redis; a token is a name."""
    redis = Redis(None)

    @web.middleware
    async def identify(request, handler):
        name = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if actor := CAST.get(name):
            request[ACTOR] = actor
        return await handler(request)

    async def fine(_):
        return web.Response(text="fine")

    app = web.Application(middlewares=[observe, identify, limited(redis, proxies=1)])
    app.router.add_route("*", "/{path:.*}", fine)
    async with TestClient(TestServer(app)) as client:

        async def ask(method, path, who=None, address="1.1.1.1"):
            headers = {"X-Forwarded-For": f"9.9.9.9, {address}"}
            if who:
                headers["Authorization"] = f"Bearer {who}"
            return await client.request(method, path, headers=headers)

        yield ask
    await redis.close()


async def until_refused(ask, *what, most=400, **options):
    for n in range(most):
        response = await ask(*what, **options)
        if response.status == 429:
            return n, response
    return most, None


async def test_sign_on_is_counted_by_address(asker, monkeypatch):
    assert limits.SIGN_ON.most / limits.SIGN_ON.seconds >= 50  # a district at half past eight
    monkeypatch.setattr(limits, "SIGN_ON", Limit("sign-on", 120, 60))
    count, refusal = await until_refused(asker, "POST", "/api/sign-in/mini")
    assert 120 <= count <= 130
    told = await refusal.json()
    assert (told["code"], told["title"]) == ("limit.reached", "操作太频繁，请稍候再试。")
    assert 1 <= int(refusal.headers["Retry-After"]) == told["retry_after"] <= 60
    assert (await asker("POST", "/api/sign-in/mini", address="2.2.2.2")).status == 200
    assert (await asker("GET", "/api/sign-in/corps")).status == 429


async def test_writing_is_counted_by_person(asker):
    count, _ = await until_refused(asker, "PUT", "/api/returns/1/draft", "alice")
    assert 240 <= count <= 260
    assert (await asker("PUT", "/api/returns/1/draft", "bob")).status == 200
    assert (await asker("GET", "/api/returns/1", "alice")).status == 200


async def test_revealing_has_an_allowance_of_its_own(asker):
    count, _ = await until_refused(asker, "POST", "/api/people/1/reveal", "alice")
    assert 30 <= count <= 35
    assert (await asker("POST", "/api/people/1/values", "alice")).status == 200


async def test_reading_and_callbacks_are_free(asker):
    assert (await until_refused(asker, "GET", "/api/due", "alice"))[1] is None
    assert (await until_refused(asker, "POST", "/wecom/callback/a/b"))[1] is None


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("1.1.1.1", 0, "127.0.0.1"),
        ("1.1.1.1", 1, "1.1.1.1"),
        ("made-up, 1.1.1.1", 1, "1.1.1.1"),
        ("made-up, 1.1.1.1, 10.0.0.1", 2, "1.1.1.1"),
        ("1.1.1.1", 2, "127.0.0.1"),
        (None, 1, "127.0.0.1"),
        ("x" * 500, 1, "x" * 64),
    ],
)
def test_whose_address_it_is(forwarded, proxies, address):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = SimpleNamespace(headers=headers, remote="127.0.0.1")
    assert address_of(request, proxies) == address
