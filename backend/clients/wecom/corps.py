"""The corps this deployment serves and how each is reached; everything that a private 政务微信
deployment changes is a setting here. Secrets may be files: `secret_file: /run/secrets/x`."""

import re
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, Field, SecretStr, ValidationError

from backend.clients.given import Address, Given
from backend.clients.wechat.program import MiniProgram


def _aes_key(key: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9A-Za-z]{43}", key.get_secret_value()):
        raise ValueError("EncodingAESKey has 43 letters and digits")
    return key


class Callback(Given):
    """What the admin console shows under 接收消息服务器配置: Token and EncodingAESKey."""

    token: SecretStr = Field(min_length=1, max_length=32)
    aes_key: Annotated[SecretStr, AfterValidator(_aes_key)]


class App(Given):
    """One application of a corp (自建应用): its id, secret and, where it has one, callback."""

    agent_id: int
    secret: SecretStr = Field(min_length=1)
    callback: Callback | None = None


class Corp(Given):
    """One corp: its apps, the area it belongs to, and where its servers are.

    `app` signs people in on H5 and desk, reads contacts and sends messages; `mini` is the app the
    mini program is associated with; `contacts` the 通讯录同步 helper, whose callback tells of
    leavers and whose secret, since 2022-08-15, gives ids only.
    """

    corp_id: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1)
    area: str = Field(pattern=r"^\d{12}$", description="the street or district it belongs to")
    app: App
    mini: App | None = None
    contacts: App | None = None
    contact_source: Literal["wecom", "import"] = "wecom"

    api_base: Address = "https://qyapi.weixin.qq.com"
    api_path_prefix: str = Field("/cgi-bin/", pattern=r"^/([^/]+/)*$")
    oauth_authorize_url: Address = "https://open.weixin.qq.com/connect/oauth2/authorize"
    sso_login_url: Address = "https://login.work.weixin.qq.com/wwlogin/sso/login"
    userinfo_path: Literal["auth/getuserinfo", "user/getuserinfo"] = "auth/getuserinfo"
    recall_style: Literal["recall", "revoke"] = "recall"
    extra_headers: dict[str, str] = Field(default_factory=dict)
    verify_tls: bool = True
    ca_bundle: Path | None = None
    proxy: Address | None = None
    callback_receiveid: str | None = None
    domain_proofs: dict[str, str] = Field(
        default_factory=dict,
        description="WW_verify_….txt → its content, served at the web root for 可信域名",
    )

    @property
    def receiveid(self) -> str:
        return self.corp_id if self.callback_receiveid is None else self.callback_receiveid

    @property
    def apps(self) -> tuple[App, ...]:
        return tuple(app for app in (self.app, self.mini, self.contacts) if app)


class _Corps(Given):
    corps: tuple[Corp, ...]
    wechat: MiniProgram | None = None


def read(path: Path) -> tuple[Corp, ...]:
    """The corps of a YAML file. ValueError names the file, the field and what was expected; it
    never quotes a value, which may be a secret."""
    return _read(path).corps


def mini_program(path: Path) -> MiniProgram | None:
    """The ordinary WeChat mini program in the same file, where there is one."""
    return _read(path).wechat


def _read(path: Path) -> _Corps:
    try:
        found = _Corps.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        issues = error.errors(include_input=False, include_url=False)
        told = [f"{'.'.join(map(str, issue['loc']))}: {issue['msg']}" for issue in issues]
        raise ValueError(f"{path.name}: {'; '.join(told)}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise ValueError(f"{path.name}: not YAML{where}") from None
    ids = [corp.corp_id for corp in found.corps]
    if len(set(ids)) != len(ids):
        raise ValueError(f"{path.name}: a corp_id stands twice")
    return found
