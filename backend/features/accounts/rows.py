"""One row of the roster's spreadsheet, turned into a person or refused with a sentence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from backend.core.access import Actor
from backend.core.ids import new_id
from backend.features.accounts.placing import default_roles
from backend.features.accounts.roles import LABELS, PLACES
from backend.features.accounts.shapes import STATUS_LABELS, Staff
from backend.features.areas.shapes import Area

_USERID = re.compile(r"[0-9A-Za-z_\-@.]{1,64}")
_BETWEEN = re.compile(r"[、，,;；/\s]+")
_ROLES = {label: key for key, label in LABELS.items()} | {key: key for key in LABELS}
_ROLES |= {"书记": "lead", "主任": "lead", "数据专员": "street_admin", "条线干部": "worker"}
_STATUS = {label: key for key, label in STATUS_LABELS.items()}


class RowRefused(Exception):
    """Why a row was not taken over, and which field of it is to blame."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Desk:
    """Who imports, into which corps, beside whom, and into which areas they may."""

    actor: Actor
    corps: tuple[str, ...]
    known: Mapping[tuple[str, str], Staff]
    areas: Sequence[Area]


def person_of(values: Mapping[str, str], desk: Desk) -> Staff:
    """The person as they are to be; what the sheet does not say stays as it was."""
    userid, name = values["userid"], values["name"]
    if not _USERID.fullmatch(userid):
        raise RowRefused("userid", "账号没有填写，或含有不允许的字符（只能是字母、数字和 _-@.）。")
    if not 1 <= len(name) <= 64:
        raise RowRefused("name", "姓名没有填写，或太长。")
    corp_id = _corp(values.get("corp_id", ""), desk)
    old = desk.known.get((corp_id, userid.lower()))
    _make_sure(old, desk)
    area = _area(values, old, desk)
    roles = _roles(values.get("roles", ""), old, area)
    duties = _list(values.get("duties", "")) or (old.duties if old else ())
    person = old or Staff(new_id(), corp_id, userid, name, area.code, roles)
    changed = replace(person, name=name, area=area.code, roles=roles, duties=duties)
    return _with_status(changed, values.get("status", ""))


def _corp(given: str, desk: Desk) -> str:
    if given in desk.corps:
        return given
    if not given and len(desk.corps) == 1:
        return desk.corps[0]
    raise RowRefused("corp_id", "请写明企业的 ID，或检查它是否已经接入。")


def _make_sure(old: Staff | None, desk: Desk) -> None:
    if old is None:
        return
    if not desk.actor.scope.covers(old.area):
        raise RowRefused("userid", "这个人在别处的名册里，请先由那里或由区里调整。")
    if old.id == desk.actor.id:
        raise RowRefused("userid", "不能修改自己的岗位和状态，请由其他管理员办理。")


def _area(values: Mapping[str, str], old: Staff | None, desk: Desk) -> Area:
    code, name = values.get("area", ""), values.get("area_name", "")
    if not code and not name:
        code = old.area if old else ""
    found = [one for one in desk.areas if code in ("", one.code) and name in ("", one.name)]
    if not code and not name:
        raise RowRefused("area", "请写明所在区域（代码或名称）。")
    if not found:
        raise RowRefused("area", "没有这个区域，或者它不在您的管辖范围内。")
    if len(found) > 1:
        raise RowRefused("area", f"叫“{name}”的区域不止一个，请写代码。")
    return found[0]


def _roles(given: str, old: Staff | None, area: Area) -> tuple[str, ...]:
    named = _list(given)
    unknown = [name for name in named if name not in _ROLES]
    if unknown:
        raise RowRefused(
            "roles", f"没有“{unknown[0]}”这个岗位，可以写：{'、'.join(LABELS.values())}。"
        )
    roles = tuple(dict.fromkeys(_ROLES[name] for name in named))
    if not roles:
        roles = (
            old.roles if old and old.area == area.code else default_roles(area.kind, leads=False)
        )
    if not roles:
        raise RowRefused("roles", f"{area.name}的人请写明岗位。")
    for role in roles:
        if PLACES[role] != area.kind:
            raise RowRefused("roles", f"“{LABELS[role]}”这个岗位不能放在{area.name}。")
    return roles


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in _BETWEEN.split(text) if part)


def _with_status(person: Staff, given: str) -> Staff:
    if not given:
        return person
    if given not in _STATUS:
        raise RowRefused("status", f"状态应为{'、'.join(_STATUS)}之一。")
    status = _STATUS[given]
    return replace(person, status=status, barred=status == "disabled")
