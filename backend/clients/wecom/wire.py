"""The synchronous client of one app of one corp: wechatpy's, with our own token handling, time
limits and one retry; and the endpoints that wechatpy 1.8.18 does not have."""

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from requests.adapters import HTTPAdapter
from wechatpy.client.api.base import BaseWeChatAPI
from wechatpy.enterprise import WeChatClient
from wechatpy.enterprise.client import api
from wechatpy.exceptions import WeChatClientException

from backend.clients.wecom.corps import App, Corp
from backend.clients.wecom.failures import BUSY, DEAD_TOKEN, Garbled
from backend.clients.wecom.tokens import Shelf

TIMEOUT = (3.0, 8.0)
MARGIN = 300
PAUSES = (0.3, 0.9)
MOST_IDS = 10_000


class Login(BaseWeChatAPI):  # type: ignore[misc]
    """Who is behind a code (documents 91023, 91507)."""

    def visitor(self, path: str, code: str) -> Any:
        return self._get(path, params={"code": code})

    def mini_session(self, code: str) -> Any:
        params = {"js_code": code, "grant_type": "authorization_code"}
        return self._get("miniprogram/jscode2session", params=params)


class Departments(api.WeChatDepartment):  # type: ignore[misc]
    """The two calls that replace the slow department/list (documents 95350, 95351)."""

    def ids(self) -> Any:
        return self._get("department/simplelist")["department_id"]

    def one(self, department: int) -> Any:
        return self._get("department/get", params={"id": department})["department"]


class Users(api.WeChatUser):  # type: ignore[misc]
    """All userids with the contact-sync secret, which gets nothing else (document 96067)."""

    def ids(self) -> Iterable[tuple[str, int]]:
        cursor = ""
        while True:
            page = self._post("user/list_id", data={"cursor": cursor, "limit": MOST_IDS})
            yield from ((row["userid"], row["department"]) for row in page["dept_user"])
            cursor = page.get("next_cursor") or ""
            if not cursor:
                return


class Messages(api.WeChatMessage):  # type: ignore[misc]
    """Taking back and updating what was sent (documents 94867, 94888)."""

    def recall(self, msgid: str) -> Any:
        return self._post("message/recall", data={"msgid": msgid})

    def revoke(self, msgid: str, users: list[str]) -> Any:
        """The recall of some private deployments: by person."""
        listed = [{"userid": user, "msgid": [msgid]} for user in users]
        return self._post("message/revoke", data={"jobid": msgid, "revokelist": listed})

    def update_card(
        self, agent_id: int, response_code: str, users: list[str], card: dict[str, Any]
    ) -> Any:
        """Put another card in the place of the one that these people have before them."""
        body = {
            "userids": users,
            "agentid": agent_id,
            "response_code": response_code,
            "template_card": card,
        }
        return self._post("message/update_template_card", data=body)


class Client(WeChatClient):  # type: ignore[misc]
    """One app of one corp. Thread-safe; kept for the life of the process.

    wechatpy's own ways are replaced where they were found wanting: its token fetch ignores the
    API address and the time limit, its retry recurses without end, its token key leaks part of
    the secret, and nothing keeps twenty threads from fetching twenty tokens.
    """

    login = Login()
    department = Departments()
    user = Users()
    message = Messages()

    def __init__(self, corp: Corp, app: App, shelf: Shelf, threads: int) -> None:
        secret = app.secret.get_secret_value()
        super().__init__(corp.corp_id, secret, session=shelf, timeout=TIMEOUT, auto_retry=False)
        self.API_BASE_URL = corp.api_base + corp.api_path_prefix
        self.agent_id = app.agent_id
        self._shelf = shelf
        self._connect(corp, threads)

    def _connect(self, corp: Corp, threads: int) -> None:
        http = self._http
        http.trust_env = False  # proxies and certificates are settings of the corp
        http.verify = str(corp.ca_bundle) if corp.ca_bundle else corp.verify_tls
        http.headers.update(corp.extra_headers)
        if corp.proxy:
            http.proxies = {"http": corp.proxy, "https": corp.proxy}
        adapter = HTTPAdapter(pool_maxsize=threads)
        http.mount("https://", adapter)
        http.mount("http://", adapter)

    @property
    def access_token_key(self) -> str:
        return f"{self.corp_id}:{self.agent_id}:access_token"

    @property
    def access_token(self) -> str:
        return self._shelf.get(self.access_token_key) or self._renewed(stale=None)

    def fetch_access_token(self) -> str:
        return self._renewed(stale=self._shelf.get(self.access_token_key))

    def _renewed(self, stale: str | None) -> str:
        """A token other than the stale one; whoever comes second finds it already there."""
        with self._shelf.alone(self.access_token_key):
            held = self._shelf.get(self.access_token_key)
            if held and held != stale:
                return held
            params = {"corpid": self.corp_id, "corpsecret": self.secret}
            send = partial(self._http.get, self.API_BASE_URL + "gettoken", timeout=TIMEOUT)
            given = self._patiently(lambda: self._granted(send(params=params)))
            token, seconds = str(given["access_token"]), int(given.get("expires_in") or 7200)
            self._shelf.set(self.access_token_key, token, max(60, seconds - MARGIN))
            return token

    def _granted(self, response: Any) -> dict[str, Any]:
        response.raise_for_status()
        given = self._handle_result(response)
        if not given.get("access_token"):
            raise Garbled
        return given  # type: ignore[no-any-return]

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        """One call; once more with a new token when the old one is dead, then no more."""
        token = self.access_token
        call = partial(self._once, method, url_or_endpoint, kwargs)
        try:
            return self._patiently(lambda: call(token))
        except WeChatClientException as refused:
            if refused.errcode not in DEAD_TOKEN:
                raise
        fresh = self._renewed(stale=token)
        return self._patiently(lambda: call(fresh))

    def _once(self, method: str, endpoint: str, given: dict[str, Any], token: str) -> Any:
        sent = dict(given)
        sent["params"] = {**(given.get("params") or {}), "access_token": token}
        if isinstance(given.get("data"), dict):
            sent["headers"] = {"Content-Type": "application/json; charset=utf-8"}
        return super()._request(method, endpoint, **sent)

    def _patiently(self, call: Callable[[], Any]) -> Any:
        """A busy system is asked again after a moment, twice."""
        for pause in PAUSES:
            try:
                return call()
            except WeChatClientException as refused:
                if refused.errcode not in BUSY:
                    raise
            time.sleep(pause)
        return call()

    def _decode_result(self, res: Any) -> dict[str, Any]:
        """JSON objects only; gateways answer with pages, and some write errcode as text."""
        result = super()._decode_result(res)
        if not isinstance(result, dict):
            raise Garbled
        try:
            result["errcode"] = int(result.get("errcode") or 0)
        except (TypeError, ValueError):
            raise Garbled from None
        return result
