"""The corps this deployment serves and how each is reached; everything that a private 政务微信
deployment changes is a setting here. Secrets may be files: `secret_file: /run/secrets/x`."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("an address starts with https:// (or http:// for a sandbox)")
    return text.rstrip("/")


def _aes_key(key: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9A-Za-z]{43}", key.get_secret_value()):
        raise ValueError("EncodingAESKey has 43 letters and digits")
    return key


Address = Annotated[str, AfterValidator(_web_address)]


class _Given(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, given: Any) -> Any:
        """`token_file: path` stands for `token`, as with Docker secrets."""
        if not isinstance(given, dict):
            return given
        values = dict(given)
        for name in [name for name in given if name.endswith("_file")]:
            path = Path(str(values.pop(name)))
            if not path.is_file():
                raise ValueError(f"{name}: there is no file {path}")
            values[name.removesuffix("_file")] = path.read_text(encoding="utf-8").strip()
        return values


class Callback(_Given):
    """What the admin console shows under 接收消息服务器配置: Token and EncodingAESKey."""

    token: SecretStr = Field(min_length=1, max_length=32)
    aes_key: Annotated[SecretStr, AfterValidator(_aes_key)]


class App(_Given):
    """One application of a corp (自建应用): its id, secret and, where it has one, callback."""

    agent_id: int
    secret: SecretStr = Field(min_length=1)
    callback: Callback | None = None


class Corp(_Given):
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
    extra_headers: dict[str, str] = {}
    verify_tls: bool = True
    ca_bundle: Path | None = None
    proxy: Address | None = None
    callback_receiveid: str | None = None
    domain_proofs: dict[str, str] = Field(
        {}, description="WW_verify_….txt → its content, served at the web root for 可信域名"
    )

    @property
    def receiveid(self) -> str:
        return self.corp_id if self.callback_receiveid is None else self.callback_receiveid

    @property
    def apps(self) -> tuple[App, ...]:
        return tuple(app for app in (self.app, self.mini, self.contacts) if app)


class _Corps(_Given):
    corps: tuple[Corp, ...]


def read(path: Path) -> tuple[Corp, ...]:
    """The corps of a YAML file. ValueError names the file, the field and what was expected; it
    never quotes a value, which may be a secret."""
    try:
        found = _Corps.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).corps
    except ValidationError as error:
        issues = error.errors(include_input=False, include_url=False)
        told = [f"{'.'.join(map(str, issue['loc']))}: {issue['msg']}" for issue in issues]
        raise ValueError(f"{path.name}: {'; '.join(told)}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise ValueError(f"{path.name}: not YAML{where}") from None
    ids = [corp.corp_id for corp in found]
    if len(set(ids)) != len(ids):
        raise ValueError(f"{path.name}: a corp_id stands twice")
    return found
