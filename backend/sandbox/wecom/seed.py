"""What a sandbox starts from: corps with their apps, departments, members and tags, read from one
YAML or JSON file. Field names are those of the WeCom API."""

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

# hundreds of members: libyaml reads them ten times quicker, where PyYAML was built with it
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Seed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Callback(_Seed):
    """Where an app wants its events pushed. `ids_only` is the rule since 2022-08-15: events say
    who changed, not what."""

    url: str
    token: str = Field(pattern=r"^[0-9A-Za-z]{1,32}$")
    aes_key: str = Field(pattern=r"^[0-9A-Za-z]{43}$")
    ids_only: bool = True


class Visibility(_Seed):
    """The visible scope (可见范围) of an app."""

    users: tuple[str, ...] = ()
    parties: tuple[int, ...] = (1,)
    tags: tuple[int, ...] = ()


class App(_Seed):
    """One application with a secret of its own. `legacy_fields` marks one created before
    2022-06-20, which still gets mobiles; `ids_only` a contact-sync secret used from a new address,
    which gets nothing but ids."""

    agent_id: int
    name: str
    secret: str = Field(min_length=8)
    kind: Literal["self", "miniprogram", "contact_sync"] = "self"
    scope: Visibility = Visibility()
    trusted_domain: str = ""
    wx_appid: str = ""
    home_url: str = ""
    legacy_fields: bool = False
    ids_only: bool = True
    callback: Callback | None = None


class Department(_Seed):
    id: int = Field(ge=1)
    name: str = Field(min_length=1, max_length=64)
    name_en: str = ""
    parentid: int = 0
    order: int = 0
    department_leader: tuple[str, ...] = ()


class Member(_Seed):
    userid: str = Field(pattern=r"^[0-9A-Za-z_\-@.]{1,64}$")
    name: str
    department: tuple[int, ...] = (1,)
    main_department: int | None = None
    is_leader_in_dept: tuple[int, ...] = ()
    position: str = ""
    alias: str = ""
    mobile: str = ""
    gender: Annotated[Literal["0", "1", "2"], BeforeValidator(str)] = "0"
    email: str = ""
    telephone: str = ""
    status: Literal[1, 2, 4, 5] = 1

    @property
    def key(self) -> str:
        """userids are compared without regard to case."""
        return self.userid.lower()


class Tag(_Seed):
    tagid: int
    tagname: str
    users: tuple[str, ...] = ()
    parties: tuple[int, ...] = ()


class Corp(_Seed):
    corp_id: str
    name: str
    apps: tuple[App, ...]
    departments: tuple[Department, ...]
    members: tuple[Member, ...] = ()
    tags: tuple[Tag, ...] = ()


class Template(_Seed):
    """A subscription message of a mini program: its id, title, and keys with what they show."""

    id: str
    title: str
    keys: dict[str, str]


class Holder(_Seed):
    """Somebody with WeChat on the phone, as one mini program knows them."""

    openid: str
    name: str


class Program(_Seed):
    """An ordinary mini program. With `always`, people have agreed to every message for good."""

    appid: str
    name: str
    secret: str = Field(min_length=8)
    templates: tuple[Template, ...] = ()
    people: tuple[Holder, ...] = ()
    always: bool = False


class World(_Seed):
    corps: tuple[Corp, ...]
    programs: tuple[Program, ...] = ()
    token_ttl: int = 7200
    calls_per_minute: int = 10_000


def load(path: Path) -> World:
    """Read a state file; ValueError names the file and the fields that are wrong."""
    try:
        return World.model_validate(yaml.load(path.read_text("utf-8"), LOADER))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ValueError(f"{path}: {wrong}") from None
    except yaml.YAMLError as error:
        raise ValueError(f"{path}: {error}") from None
