"""A small WeCom world for tests: the sandbox it is planted in, and our settings for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import yaml
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from backend.clients import wecom
from backend.sandbox.wecom import seed
from backend.sandbox.wecom.request import WORLD
from backend.sandbox.wecom.server import application
from backend.sandbox.wecom.world import World
from tests import wechat

CORP, OTHER = "wwputuo0000000001", "wwchangfeng000002"
AGENT, MINI, CONTACTS = 1000002, 1000003, 2000002
SECRET, MINI_SECRET = "app-secret-of-the-tests", "mini-secret-of-the-tests"
CONTACTS_SECRET = "contacts-secret-of-tests"
TOKEN, AES_KEY = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"

DEPARTMENTS = (
    seed.Department(id=1, name="普陀区"),
    seed.Department(id=5, name="曹杨新村街道", parentid=1, order=20),
    seed.Department(id=51, name="源园居委会", parentid=5, order=9),
    seed.Department(id=52, name="花溪园居委会", parentid=5, order=8),
    seed.Department(id=6, name="长风新村街道", parentid=1, order=10),
)
MEMBERS = (
    seed.Member(userid="Lu.XiaoYan", name="陆小燕", department=(51,), mobile="13800000001"),
    seed.Member(userid="gu.jianping", name="顾建平", department=(51,), is_leader_in_dept=(1,)),
    seed.Member(userid="qian.hui", name="钱慧", department=(52, 51), main_department=52),
    seed.Member(userid="shen.min", name="沈敏", department=(5,), position="数据专员"),
    seed.Member(userid="shao.feng", name="邵峰", department=(6,)),
)


def listening(url: str | None) -> seed.Callback | None:
    return seed.Callback(url=url, token=TOKEN, aes_key=AES_KEY) if url else None


def planted(
    host: str = "jucun.test", callback_url: str | None = None, app_url: str | None = None
) -> seed.World:
    """One district corp with its apps, and a second corp with one person. The addresses are told
    of changes in the contacts, and of buttons pressed on the app's cards."""
    apps = (
        seed.App(
            agent_id=AGENT, name="居村通", secret=SECRET, trusted_domain=host,
            callback=listening(app_url),
        ),
        seed.App(
            agent_id=MINI, name="居村通小程序", secret=MINI_SECRET, kind="miniprogram",
            trusted_domain=host,
        ),
        seed.App(
            agent_id=CONTACTS, name="通讯录同步", secret=CONTACTS_SECRET, kind="contact_sync",
            callback=listening(callback_url),
        ),
    )  # fmt: skip
    other = seed.Corp(
        corp_id=OTHER,
        name="长风",
        apps=(seed.App(agent_id=MINI, name="小程序", secret=MINI_SECRET, kind="miniprogram"),),
        departments=(seed.Department(id=1, name="长风"),),
        members=(seed.Member(userid="fang.fang", name="方芳"),),
    )
    corp = seed.Corp(
        corp_id=CORP, name="普陀区", apps=apps, departments=DEPARTMENTS, members=MEMBERS
    )
    return seed.World(corps=(corp, other), programs=(wechat.PROGRAM,))


def planted_for(host: str) -> seed.World:
    """The world of a server at `host`: it is trusted, and told of all there is to tell."""
    address = f"http://{host}/wecom/callback/{CORP}"
    return planted(host, f"{address}/{CONTACTS}", f"{address}/{AGENT}")


def app(agent_id: int, secret: str, *, callback: bool = False) -> wecom.App:
    given = wecom.Callback(token=SecretStr(TOKEN), aes_key=SecretStr(AES_KEY))
    return wecom.App(
        agent_id=agent_id, secret=SecretStr(secret), callback=given if callback else None
    )


def corp(base: str, **changed: Any) -> wecom.Corp:
    """Our settings for the district corp, its servers at `base`."""
    given: dict[str, Any] = {
        "corp_id": CORP,
        "name": "普陀区",
        "area": "310107000000",
        "app": app(AGENT, SECRET),
        "mini": app(MINI, MINI_SECRET),
        "contacts": app(CONTACTS, CONTACTS_SECRET, callback=True),
        "api_base": base,
        "oauth_authorize_url": f"{base}/connect/oauth2/authorize",
        "sso_login_url": f"{base}/wwlogin/sso/login",
    }
    return wecom.Corp(**given | changed)


def write_corps(path: Path, base: str) -> None:
    """The corps file of a server whose WeCom is the sandbox at `base`."""
    callback = {"token": TOKEN, "aes_key": AES_KEY}
    corp_settings = {
        "corp_id": CORP,
        "name": "普陀区",
        "area": "310107000000",
        "app": {"agent_id": AGENT, "secret": SECRET, "callback": callback},
        "mini": {"agent_id": MINI, "secret": MINI_SECRET},
        "contacts": {"agent_id": CONTACTS, "secret": CONTACTS_SECRET, "callback": callback},
        "api_base": base,
        "oauth_authorize_url": f"{base}/connect/oauth2/authorize",
        "sso_login_url": f"{base}/wwlogin/sso/login",
        "domain_proofs": {"WW_verify_abc123.txt": "abc123"},
    }
    written = {"corps": [corp_settings], "wechat": wechat.settings(base)}
    path.write_text(yaml.safe_dump(written, allow_unicode=True), "utf-8")


class Sandbox:
    """A running sandbox: its address, its world, and its switches."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.base = str(client.make_url("")).rstrip("/")

    @property
    def world(self) -> World:
        return self.client.app[WORLD]

    async def switch(self, name: str, /, **given: Any) -> Any:
        """POST /_sandbox/<name>; the answer must be good."""
        response = await self.client.post(f"/_sandbox/{name}", json=given)
        assert response.status == 200, await response.text()
        return await response.json()

    async def wx_code(self, openid: str, appid: str = wechat.APPID) -> str:
        """What wx.login of the ordinary mini program gives."""
        given = await self.switch("issue-code", kind="wx", appid=appid, openid=openid)
        return given["code"]

    async def code(self, userid: str, kind: str = "web", corp_id: str = CORP) -> str:
        given = await self.switch("issue-code", userid=userid, kind=kind, corp_id=corp_id)
        return given["code"]


@asynccontextmanager
async def sandbox(planted_world: seed.World | None = None) -> AsyncIterator[Sandbox]:
    """A sandbox on a free port of this machine."""
    async with TestClient(TestServer(application(planted_world or planted()))) as client:
        yield Sandbox(client)
