"""What has to be there before the demo can start: key ring, corps on both sides, feed addresses,
and working days for years whose holidays the product does not know yet.

`python -m backend.sandbox.demo.planting --wecom URL --street URL` is a step of `./jucun demo`.
Addresses change when a port is taken, so everything but the keys is written anew at every start.
"""

import argparse
import json
import secrets
import string
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from backend import settings
from backend.core import clock
from backend.core.crypto import Keys
from backend.features.accounts.roles import LABELS
from backend.sandbox.demo.cast import KNOWN, OFFICERS, Colleague, Place, everybody, places
from backend.settings import HOME

CORP_ID = "ww310107demo0001"
CORP_NAME = "普陀区（演示）"
DISTRICT = "310107000000"
APP, MINI, CONTACTS = 1000002, 1000003, 2000002
APPID = "wx310107demo0001"
# The subscription messages chosen in the mini program's console: title, and keys with their labels.
SUBSCRIPTIONS = {
    "finding_registered": ("反馈登记", {"thing1": "反馈", "phrase2": "状态", "date3": "答复期限"}),
    "finding_decided": ("采纳结果", {"thing1": "反馈", "phrase2": "结果", "thing3": "说明"}),
    "finding_answered": ("处理答复", {"thing1": "反馈", "phrase2": "状态", "thing3": "提示"}),
    "case_answered": ("关注进展", {"thing1": "关注", "phrase2": "状态", "thing3": "提示"}),
}
STREET_CLIENT = {"client": "jucun", "secret": "sandbox-secret"}

DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the demo's own server and its two neighbours answer."""

    server: str
    wecom: str
    street: str


def plant(folder: Path, at: Addresses) -> None:
    """Write keys.json (once), wecom.yaml, corps.yaml, feeds.yaml, people.json and calendars."""
    if not (folder / "keys.json").exists():
        Keys.fresh().write(folder / "keys.json")
    agents = {agent: _secret(32) for agent in (APP, MINI, CONTACTS)}
    callback = {"token": _secret(16), "aes_key": _secret(43)}
    secret = _secret(32)
    theirs, ours = _their_corp(at, agents, callback), _our_corp(at, agents, callback)
    _write(folder / "wecom.yaml", {"corps": [theirs], "programs": [_their_program(secret)]})
    _write(folder / "corps.yaml", {"corps": [ours], "wechat": _our_program(at, secret)})
    # one sandbox stands for all three systems
    systems = {name: {"url": at.street, **STREET_CLIENT} for name in ("street", "pool", "iot")}
    _write(folder / "feeds.yaml", systems)
    people = json.dumps(_shown(), ensure_ascii=False, indent=1)
    (folder / "people.json").write_text(people, encoding="utf-8")
    plant_calendars(folder / "forms" / "calendar", clock.today().year)


def plant_calendars(folder: Path, year: int) -> None:
    """Years up to the next one that nobody has entered: five-day weeks, no holidays."""
    folder.mkdir(parents=True, exist_ok=True)
    for unknown in range(year - 1, year + 2):
        if not (HOME / "forms" / "calendar" / f"{unknown}.yaml").exists():
            plain = {"year": unknown, "notice": "演示用：双休，不含节假日"}
            _write(folder / f"{unknown}.yaml", plain | {"holidays": [], "examples": []})


def _secret(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _write(path: Path, content: dict[str, Any]) -> None:
    path.touch(mode=0o600)
    path.write_text(yaml.dump(content, Dumper=DUMPER, allow_unicode=True), encoding="utf-8")


def _our_corp(at: Addresses, agents: dict[int, str], callback: dict[str, str]) -> dict[str, Any]:
    """The corp in our settings: a private deployment whose servers are the sandbox."""
    return {
        "corp_id": CORP_ID,
        "name": CORP_NAME,
        "area": DISTRICT,
        "app": {"agent_id": APP, "secret": agents[APP], "callback": callback},
        "mini": {"agent_id": MINI, "secret": agents[MINI]},
        "contacts": {"agent_id": CONTACTS, "secret": agents[CONTACTS], "callback": callback},
        "api_base": at.wecom,
        "oauth_authorize_url": f"{at.wecom}/connect/oauth2/authorize",
        "sso_login_url": f"{at.wecom}/wwlogin/sso/login",
    }


def _our_program(at: Addresses, secret: str) -> dict[str, Any]:
    """The mini program of the experience officers in our settings."""
    templates = {name: _template(name) for name in SUBSCRIPTIONS}
    return {"appid": APPID, "secret": secret, "templates": templates, "api_base": at.wecom}


def _their_program(secret: str) -> dict[str, Any]:
    """The same as the sandbox keeps it: everybody has agreed to every message."""
    templates = [
        {"id": _template(name), "title": title, "keys": keys}
        for name, (title, keys) in SUBSCRIPTIONS.items()
    ]
    return {
        "appid": APPID,
        "name": "曹杨体验官",
        "secret": secret,
        "templates": templates,
        "people": [{"openid": one.openid, "name": one.name} for one in OFFICERS],
        "always": True,
    }


def _template(name: str) -> str:
    return f"demo-{name}"


def _their_corp(at: Addresses, agents: dict[int, str], callback: dict[str, str]) -> dict[str, Any]:
    """The same corp as the sandbox keeps it, with departments and members."""
    departments = {place.code: number for number, place in enumerate(places(), 1)}
    host = urlsplit(at.server).netloc
    return {
        "corp_id": CORP_ID,
        "name": CORP_NAME,
        "apps": [
            _app(
                APP,
                "居村通",
                agents,
                trusted_domain=host,
                home_url=f"{at.server}/m/",
                callback={"url": f"{at.server}/wecom/callback/{CORP_ID}/{APP}", **callback},
            ),
            _app(MINI, "居村通小程序", agents, kind="miniprogram", trusted_domain=host),
            _app(
                CONTACTS,
                "通讯录同步",
                agents,
                kind="contact_sync",
                callback={"url": f"{at.server}/wecom/callback/{CORP_ID}/{CONTACTS}", **callback},
            ),
        ],
        "departments": [_department(place, departments) for place in places()],
        "members": [_member(one, departments) for one in everybody()],
    }


def _app(agent: int, name: str, agents: dict[int, str], **given: Any) -> dict[str, Any]:
    return {"agent_id": agent, "name": name, "secret": agents[agent], **given}


def _department(place: Place, numbers: dict[str, int]) -> dict[str, Any]:
    above = {"district": None, "street": DISTRICT, "committee": f"{place.code[:9]}000"}[place.kind]
    return {
        "id": numbers[place.code],
        "name": place.name,
        "parentid": numbers[above] if above else 0,
    }


def _member(one: Colleague, numbers: dict[str, int]) -> dict[str, Any]:
    return {
        "userid": one.userid,
        "name": one.name,
        "department": [numbers[one.area]],
        "is_leader_in_dept": [int(one.leads)],
        "position": one.position,
        "gender": one.sex,
    }


def _shown() -> list[dict[str, str]]:
    """The table of who can sign in, in the words of the screens."""
    named = {place.code: place.name for place in places()}
    return [
        {"name": one.name, "userid": one.userid, "area": named[one.area], "role": _role(one)}
        for one in KNOWN
    ]


def _role(one: Colleague) -> str:
    roles = one.roles or (("lead",) if one.leads else ("worker",))
    return "、".join(LABELS[role] for role in roles)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wecom", required=True, help="address of the WeCom sandbox")
    parser.add_argument("--street", required=True, help="address of the street sandbox")
    given = parser.parse_args()
    here = settings.read()
    plant(here.var / "demo", Addresses(here.url, given.wecom, given.street))


if __name__ == "__main__":
    main()
