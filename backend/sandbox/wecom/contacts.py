"""Reading the contacts: departments, members and tags as an app with a limited scope sees them."""

from typing import Any

from aiohttp import web

from backend.sandbox.wecom import seed
from backend.sandbox.wecom.refusal import Refusal, answer
from backend.sandbox.wecom.request import APP, CORP, body, number

# Apps created since 2022-06-20 get none of these from any contact call.
HIDDEN = ("avatar", "gender", "mobile", "email", "biz_mail", "qr_code", "address")
PAGE = 10_000


def department_line(department: seed.Department) -> dict[str, Any]:
    return {
        "id": department.id,
        "name": department.name,
        "name_en": department.name_en,
        "department_leader": list(department.department_leader),
        "parentid": department.parentid,
        "order": department.order,
    }


def member_line(app: seed.App, member: seed.Member) -> dict[str, Any]:
    """A whole member, less what newer apps are not told."""
    leads = member.is_leader_in_dept or (0,) * len(member.department)
    line = {
        "userid": member.userid,
        "name": member.name,
        "department": list(member.department),
        "order": [0] * len(member.department),
        "position": member.position,
        "mobile": member.mobile,
        "gender": member.gender,
        "email": member.email,
        "biz_mail": "",
        "is_leader_in_dept": list(leads),
        "direct_leader": [],
        "avatar": "",
        "thumb_avatar": "",
        "telephone": member.telephone,
        "alias": member.alias,
        "address": "",
        "open_userid": "",
        "main_department": member.main_department or member.department[0],
        "extattr": {"attrs": []},
        "status": member.status,
        "qr_code": "",
        "external_position": "",
    }
    if app.legacy_fields:
        return line
    return {key: value for key, value in line.items() if key not in HIDDEN}


def _branch(request: web.Request) -> list[seed.Department]:
    """The departments in scope, from the given one down, larger order first."""
    corp, app = request[CORP], request[APP]
    wanted = corp.scope(app)
    if request.query.get("id"):
        root = number(request.query["id"], 60123)
        if root not in corp.departments:
            raise Refusal(60123)
        if root not in wanted:
            raise Refusal(60011)
        wanted &= corp.below(root)
    found = [corp.departments[one] for one in wanted]
    return sorted(found, key=lambda d: (-d.order, d.id))


async def department_list(request: web.Request) -> web.Response:
    return answer(department=[department_line(one) for one in _branch(request)])


async def department_simplelist(request: web.Request) -> web.Response:
    """Ids only, under the key `department_id`, odd as it is."""
    lines = [{"id": d.id, "parentid": d.parentid, "order": d.order} for d in _branch(request)]
    return answer(department_id=lines)


async def department_get(request: web.Request) -> web.Response:
    """One department: an object here, where department/list gives a list."""
    corp, wanted = request[CORP], number(request.query.get("id"), 60123)
    if wanted not in corp.departments:
        raise Refusal(60123)
    if wanted not in corp.scope(request[APP]):
        raise Refusal(60011)
    return answer(department=department_line(corp.departments[wanted]))


def _of_department(request: web.Request) -> list[seed.Member]:
    corp, wanted = request[CORP], number(request.query.get("department_id"), 60123)
    if wanted not in corp.departments:
        raise Refusal(60003)
    if wanted not in corp.scope(request[APP]):
        raise Refusal(60011)
    return [member for member in corp.visible(request[APP]) if wanted in member.department]


async def user_simplelist(request: web.Request) -> web.Response:
    lines = [
        {"userid": m.userid, "name": m.name, "department": list(m.department), "open_userid": ""}
        for m in _of_department(request)
    ]
    return answer(userlist=lines)


async def user_list(request: web.Request) -> web.Response:
    app = request[APP]
    return answer(userlist=[member_line(app, member) for member in _of_department(request)])


async def user_get(request: web.Request) -> web.Response:
    """One member, at the top level of the answer."""
    userid = request.query.get("userid", "")
    if not userid:
        raise Refusal(41009)
    corp, app = request[CORP], request[APP]
    known = corp.members.get(userid.lower())
    if known is None or known.status == 5:
        raise Refusal(60111)
    if corp.sees(app, userid) is None:
        raise Refusal(60011)
    return answer(**member_line(app, known))


async def user_list_id(request: web.Request) -> web.Response:
    """One row per person and department, page by page; only for the contact-sync secret."""
    corp, app = request[CORP], request[APP]
    if app.kind != "contact_sync":
        raise Refusal(48002)
    asked = await body(request)
    start = number(str(asked.get("cursor") or 0), 40058)
    limit = min(number(str(asked.get("limit") or PAGE), 40058), PAGE)
    rows = [
        {"userid": member.userid, "department": department}
        for member in corp.visible(app)
        for department in member.department
    ]
    end = start + limit
    following = str(end) if end < len(rows) else ""
    return answer(next_cursor=following, dept_user=rows[start:end])


async def user_getuserid(request: web.Request) -> web.Response:
    mobile = str((await body(request)).get("mobile") or "")
    corp, app = request[CORP], request[APP]
    found = next((m for m in corp.visible(app) if mobile and m.mobile == mobile), None)
    if found is None:
        raise Refusal(60111)
    return answer(userid=found.userid)


async def tag_list(request: web.Request) -> web.Response:
    tags = request[CORP].tags.values()
    return answer(taglist=[{"tagid": t.tagid, "tagname": t.tagname} for t in tags])


async def tag_get(request: web.Request) -> web.Response:
    corp = request[CORP]
    tag = corp.tags.get(number(request.query.get("tagid"), 40068))
    if tag is None:
        raise Refusal(40068)
    named = [corp.members[user.lower()] for user in tag.users if user.lower() in corp.members]
    lines = [{"userid": member.userid, "name": member.name} for member in named]
    return answer(tagname=tag.tagname, userlist=lines, partylist=list(tag.parties))


ROUTES = [
    web.get("/cgi-bin/department/list", department_list),
    web.get("/cgi-bin/department/simplelist", department_simplelist),
    web.get("/cgi-bin/department/get", department_get),
    web.get("/cgi-bin/user/simplelist", user_simplelist),
    web.get("/cgi-bin/user/list", user_list),
    web.get("/cgi-bin/user/get", user_get),
    web.post("/cgi-bin/user/list_id", user_list_id),
    web.post("/cgi-bin/user/getuserid", user_getuserid),
    web.get("/cgi-bin/tag/list", tag_list),
    web.get("/cgi-bin/tag/get", tag_get),
]
