"""The pages on which one picks a person, the switches for testers, and pushed events."""

from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from backend.sandbox.wecom.crypto import Envelope
from tests.wecom import AES_KEY, AGENT, CONTACTS, CORP, TOKEN, planted, sandbox

INSIDE = {
    "appid": CORP,
    "redirect_uri": "http://jucun.test/back?x=1",
    "response_type": "code",
    "scope": "snsapi_base",
    "state": "st4te",
    "agentid": str(AGENT),
}
DESK = INSIDE | {"login_type": "CorpApp"}


async def get(sandbox, path, **query):
    response = await sandbox.client.get(path, params=query, allow_redirects=False)
    return response, await response.text()


async def test_inside_wecom(sandbox):
    response, page = await get(sandbox, "/connect/oauth2/authorize", **INSIDE)
    assert response.status == 200 and "陆小燕" in page and "源园居委会" in page
    response, _ = await get(sandbox, "/sandbox/pick", **INSIDE, userid="shen.min")
    back = urlsplit(response.headers["Location"])
    query = parse_qs(back.query)
    assert response.status == 302 and back.netloc == "jucun.test"
    assert query["state"] == ["st4te"] and query["x"] == ["1"] and query["code"]
    assert sandbox.world.codes[query["code"][0]].userid == "shen.min"


async def test_refusing_gives_the_state_only(sandbox):
    response, _ = await get(sandbox, "/sandbox/pick", **INSIDE, userid="")
    assert parse_qs(urlsplit(response.headers["Location"]).query).keys() == {"state", "x"}


async def test_at_the_desk(sandbox):
    for path in ("/wwlogin/sso/login", "/wwopen/sso/qrConnect"):
        response, page = await get(sandbox, path, **DESK)
        assert response.status == 200 and "选择扫码的人" in page and "<svg" in page


async def test_searching(sandbox):
    _, page = await get(sandbox, "/wwlogin/sso/login", **DESK, find="花溪园")
    assert "钱慧" in page and "陆小燕" not in page
    _, page = await get(sandbox, "/wwlogin/sso/login", **DESK, find="<script>")
    assert "没有这样的人" in page and "<script>" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": "http://evil.test/"},
        {"redirect_uri": "http://jucun.test:81/"},
        {"appid": "ww-nobody"},
        {"agentid": "7"},
        {"response_type": "token"},
        {"scope": "all"},
    ],
    ids=str,
)
async def test_wrong_links(sandbox, wrong):
    response, page = await get(sandbox, "/connect/oauth2/authorize", **INSIDE | wrong)
    assert response.status == 400 and "参数错误" in page
    if not wrong.keys() & {"scope", "response_type"}:
        response, _ = await get(sandbox, "/sandbox/pick", **INSIDE | wrong, userid="shen.min")
        assert response.status == 400 and not sandbox.world.codes


async def test_switches_say_what_is_wrong(sandbox):
    for name, given in (
        ("issue-code", {"userid": "a", "kind": "x"}),
        ("expire-token", {"errcode": 1}),
        ("inject-error", {"where": "x"}),
        ("push-event", {}),
    ):
        response = await sandbox.client.post(f"/_sandbox/{name}", json=given)
        assert response.status == 400 and (await response.json())["problem"]
    given = {"corp_id": CORP, "userid": "nobody"}
    response = await sandbox.client.post("/_sandbox/member/leave", json=given)
    assert response.status == 422 and (await response.json())["errcode"] == 60111


class Receiver:
    """A callback address that keeps what it was sent, after failing as often as told."""

    def __init__(self, failing=0):
        self.failing, self.events, self.envelope = failing, [], Envelope(TOKEN, AES_KEY, CORP)

    async def check(self, request):
        q = request.query
        args = (q["echostr"], q["msg_signature"], q["timestamp"], q["nonce"])
        return web.Response(text=self.envelope.open(*args))

    async def take(self, request):
        if self.failing:
            self.failing -= 1
            return web.Response(status=500)
        q, text = request.query, await request.text()
        sealed = text.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
        args = (sealed, q["msg_signature"], q["timestamp"], q["nonce"])
        self.events.append(self.envelope.open(*args))
        return web.Response(text="success")

    def server(self):
        app = web.Application()
        app.add_routes([web.get("/cb", self.check), web.post("/cb", self.take)])
        return TestServer(app)


@pytest.fixture
async def receiver():
    return Receiver()


@pytest.fixture
async def telling(receiver):
    """A sandbox that tells the receiver of changes in the contacts."""
    async with receiver.server() as server:
        world = planted(callback_url=str(server.make_url("/cb")))
        async with sandbox(world) as running:
            yield running


async def test_leaving_is_pushed(telling, receiver):
    told = await telling.switch("member/leave", corp_id=CORP, userid="LU.xiaoyan")
    assert told["pushes"][0]["status"] == 200 and told["pushes"][0]["tries"] == 1
    assert "<UserID><![CDATA[Lu.XiaoYan]]></UserID>" in receiver.events[0]
    assert (
        "delete_user" in receiver.events[0]
        and "Lu.XiaoYan" not in telling.world.corps[CORP].members
    )


async def test_changes_are_pushed_as_ids_only(telling, receiver):
    await telling.switch("member/join", corp_id=CORP, userid="new", name="新人", department=[51])
    await telling.switch("member/change", corp_id=CORP, userid="new", name="改名", department=[52])
    await telling.switch("member/change", corp_id=CORP, userid="new", new_userid="newer")
    joined, moved, renamed = receiver.events
    assert "create_user" in joined and "新人" not in joined
    assert "<Department>52</Department>" in moved and "改名" not in moved
    assert "<NewUserID><![CDATA[newer]]></NewUserID>" in renamed
    assert "<UserID><![CDATA[new]]></UserID>" in renamed


async def test_a_push_is_tried_again(telling, receiver):
    receiver.failing = 2
    told = await telling.switch("member/leave", corp_id=CORP, userid="shen.min")
    assert told["pushes"][0]["tries"] == 3 and len(receiver.events) == 1
    receiver.failing = 9
    told = await telling.switch("member/leave", corp_id=CORP, userid="shao.feng")
    assert told["pushes"][0]["tries"] == 4 and told["pushes"][0]["status"] == 500
    page = await (await telling.client.get("/pushes")).text()
    assert "delete_user" in page and "500" in page


async def test_the_address_is_checked(telling):
    given = {"corp_id": CORP, "agent_id": CONTACTS}
    assert (await telling.switch("check-callback", **given))["good"]
    assert not (await telling.switch("check-callback", corp_id=CORP, agent_id=AGENT))["good"]


async def test_any_event_can_be_pushed(telling, receiver):
    event = {"Event": "open_approval_change", "Items": {"Item": [{"A": "1"}, {"A": "]]>"}]}}
    await telling.switch("push-event", corp_id=CORP, agent_id=CONTACTS, event=event)
    assert receiver.events == [
        "<xml><Event><![CDATA[open_approval_change]]></Event><Items><Item><A>1</A></Item>"
        "<Item><A><![CDATA[]]]]><![CDATA[>]]></A></Item></Items></xml>"
    ]


async def test_the_contacts_page_lets_people_go(telling, receiver):
    page = await (await telling.client.get("/contacts?find=陆小燕")).text()
    assert "删除（离职）" in page and "沈敏" not in page
    form = {"corp_id": CORP, "userid": "Lu.XiaoYan", "status": "2"}
    response = await telling.client.post("/contacts/status", data=form, allow_redirects=False)
    assert response.status == 303 and "update_user" in receiver.events[0]
    await telling.client.post("/contacts/leave", data=form)
    assert "delete_user" in receiver.events[1]
    gone = await telling.client.post("/contacts/leave", data=form)
    assert gone.status == 404


async def test_reset(sandbox):
    await sandbox.switch("member/leave", corp_id=CORP, userid="shen.min")
    await sandbox.switch("reset")
    assert "shen.min" in sandbox.world.corps[CORP].members
    assert "普陀区" in await (await sandbox.client.get("/")).text()
