"""Changing the contacts: through the API with a contact-sync secret, or as an administrator of the
corp would in the admin console, which is told to every callback address (change_contact)."""

from collections.abc import Iterable
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from backend.sandbox.wecom import seed
from backend.sandbox.wecom.refusal import Refusal, answer
from backend.sandbox.wecom.request import APP, CORP, body, number
from backend.sandbox.wecom.world import Corp

BAD_NAME = set('\\:?"<>|')
MANY = 200


def hire(corp: Corp, given: dict[str, Any]) -> seed.Member:
    """A new member; who quit before may come back under the same userid."""
    try:
        member = seed.Member.model_validate(given)
    except ValidationError:
        raise Refusal(40003 if "userid" not in given else 40058) from None
    old = corp.members.get(member.key)
    if old is not None and old.status != 5:
        raise Refusal(60102)
    _check(corp, member)
    corp.members[member.key] = member
    return member


def amend(corp: Corp, userid: str, given: dict[str, Any]) -> seed.Member:
    """Other values for a member; `userid` itself may change too."""
    old = corp.members.get(userid.lower())
    if old is None or old.status == 5:
        raise Refusal(60111)
    values = old.model_dump() | given
    if "department" in given:  # who leads what, and where one belongs, is said anew then
        values = values | {"main_department": None, "is_leader_in_dept": ()} | given
    try:
        member = seed.Member.model_validate(values)
    except ValidationError:
        raise Refusal(40058) from None
    if member.key != old.key and member.key in corp.members:
        raise Refusal(60102)
    _check(corp, member, was=old.key)
    del corp.members[old.key]
    corp.members[member.key] = member
    return member


def leave(corp: Corp, userid: str) -> seed.Member:
    """The member is deleted from the corp."""
    gone = corp.members.pop(userid.lower(), None)
    if gone is None or gone.status == 5:
        raise Refusal(60111)
    return gone


def _check(corp: Corp, member: seed.Member, was: str = "") -> None:
    if not member.department or set(member.department) - corp.departments.keys():
        raise Refusal(60123)
    twins = (m for m in corp.members.values() if member.mobile and m.mobile == member.mobile)
    if any(twin.key not in (member.key, was) for twin in twins):
        raise Refusal(60104)


def event(kind: str, corp: Corp, member: seed.Member, at: float, **more: str) -> dict[str, Any]:
    """The change_contact event of a member, in full; the pusher cuts it down to ids."""
    told = {
        "ToUserName": corp.corp_id,
        "FromUserName": "sys",
        "CreateTime": str(int(at)),
        "MsgType": "event",
        "Event": "change_contact",
        "ChangeType": kind,
        "UserID": member.userid,
    }
    if kind == "delete_user":
        return told
    return told | {
        "Name": member.name,
        "Department": ",".join(map(str, member.department)),
        "MainDepartment": str(member.main_department or member.department[0]),
        "Position": member.position,
        "Mobile": member.mobile,
        "Gender": member.gender,
        "Status": str(member.status),
        **more,
    }


def _may_write(request: web.Request) -> Corp:
    """Only the contact-sync secret may change contacts."""
    if request[APP].kind != "contact_sync":
        raise Refusal(48002)
    return request[CORP]


def _known(given: dict[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key in fields}


async def user_create(request: web.Request) -> web.Response:
    hire(_may_write(request), _known(await body(request), seed.Member.model_fields))
    return answer("created")


async def user_update(request: web.Request) -> web.Response:
    given = await body(request)
    changes = _known(given, seed.Member.model_fields)
    if given.get("new_userid"):
        changes["userid"] = given["new_userid"]
    else:
        changes.pop("userid", None)
    amend(_may_write(request), str(given.get("userid", "")), changes)
    return answer("updated")


async def user_delete(request: web.Request) -> web.Response:
    leave(_may_write(request), request.query.get("userid", ""))
    return answer("deleted")


async def user_batchdelete(request: web.Request) -> web.Response:
    corp, users = _may_write(request), (await body(request)).get("useridlist") or []
    if not isinstance(users, list) or not users:
        raise Refusal(40063)
    if len(users) > MANY:
        raise Refusal(40032)
    for user in users:
        leave(corp, str(user))
    return answer("deleted")


def _department(corp: Corp, given: dict[str, Any]) -> seed.Department:
    try:
        department = seed.Department.model_validate(given)
    except ValidationError:
        raise Refusal(60009) from None
    if BAD_NAME & set(department.name):
        raise Refusal(60009)
    if department.parentid not in corp.departments:
        raise Refusal(60004)
    siblings = (d for d in corp.departments.values() if d.parentid == department.parentid)
    if any(d.name == department.name and d.id != department.id for d in siblings):
        raise Refusal(60008)
    return department


async def department_create(request: web.Request) -> web.Response:
    corp = _may_write(request)
    given = _known(await body(request), seed.Department.model_fields)
    given["id"] = given.get("id") or max(corp.departments, default=0) + 1
    if given["id"] in corp.departments:
        raise Refusal(60008)
    department = _department(corp, given)
    corp.departments[department.id] = department
    return answer("created", id=department.id)


async def department_update(request: web.Request) -> web.Response:
    corp = _may_write(request)
    given = _known(await body(request), seed.Department.model_fields)
    old = corp.departments.get(given.get("id", 0))
    if old is None:
        raise Refusal(60003)
    corp.departments[old.id] = _department(corp, old.model_dump() | given)
    return answer("updated")


async def department_delete(request: web.Request) -> web.Response:
    corp, wanted = _may_write(request), number(request.query.get("id"), 60123)
    if wanted not in corp.departments:
        raise Refusal(60003)
    if any(wanted in member.department for member in corp.members.values()):
        raise Refusal(60005)
    if any(d.parentid == wanted for d in corp.departments.values()):
        raise Refusal(60006)
    del corp.departments[wanted]
    return answer("deleted")


ROUTES = [
    web.post("/cgi-bin/user/create", user_create),
    web.post("/cgi-bin/user/update", user_update),
    web.get("/cgi-bin/user/delete", user_delete),
    web.post("/cgi-bin/user/batchdelete", user_batchdelete),
    web.post("/cgi-bin/department/create", department_create),
    web.post("/cgi-bin/department/update", department_update),
    web.get("/cgi-bin/department/delete", department_delete),
]
