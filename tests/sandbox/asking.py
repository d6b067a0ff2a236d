"""Asking the sandbox: by wechatpy's own client, or raw to see the answer as it stands."""

import asyncio

import pytest
from wechatpy.enterprise import WeChatClient
from wechatpy.exceptions import WeChatClientException

from tests.wecom import CORP, SECRET


class Stock(WeChatClient):
    """wechatpy as it is; its token address is hard-coded, so that one is turned too."""

    def __init__(self, base, secret):
        self.API_BASE_URL = f"{base}/cgi-bin/"
        super().__init__(CORP, secret, timeout=5)

    def fetch_access_token(self):
        params = {"corpid": self.corp_id, "corpsecret": self.secret}
        return self._fetch_access_token(self.API_BASE_URL + "gettoken", params)


def run(call, *args, **kwargs):
    return asyncio.to_thread(call, *args, **kwargs)


async def refused(errcode, call, *args, **kwargs):
    with pytest.raises(WeChatClientException) as caught:
        await run(call, *args, **kwargs)
    assert caught.value.errcode == errcode
    return caught.value


async def raw(sandbox, method, path, **given):
    response = await sandbox.client.request(method, f"/cgi-bin/{path}", **given)
    assert response.status == 200
    return await response.json()


async def token(sandbox, secret=SECRET):
    given = await raw(sandbox, "GET", "gettoken", params={"corpid": CORP, "corpsecret": secret})
    return given["access_token"]
