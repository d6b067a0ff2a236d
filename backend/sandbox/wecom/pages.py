"""What a person sees of the sandbox: an overview, the outbox as phones would show it, the contacts
with the buttons of an administrator, and the pushed callbacks."""

import json
from datetime import datetime
from html import escape
from pathlib import Path

from aiohttp import web

from backend.core.clock import SHANGHAI
from backend.sandbox.wecom import changes, html, seed
from backend.sandbox.wecom.bubble import bubble
from backend.sandbox.wecom.pusher import PUSHER
from backend.sandbox.wecom.refusal import Refusal
from backend.sandbox.wecom.request import WORLD
from backend.sandbox.wecom.world import Corp, Sent, World

SHOWN = 60
_STYLE = Path(__file__).with_name("style.css")
_STATUS = {1: "已激活", 2: "已禁用", 4: "未激活", 5: "已退出"}
_STATES = {"duplicate": "重复，未再显示", "recalled": "已撤回"}


def _page(title: str, body: str) -> web.Response:
    return web.Response(text=html.page(title, body), content_type="text/html")


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, SHANGHAI).strftime("%m-%d %H:%M:%S")


async def style(_: web.Request) -> web.FileResponse:
    return web.FileResponse(_STYLE)


async def overview(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    parts = [html.card(html.heading("企业微信沙箱", "模仿企业微信的接口，供演示和测试使用。"))]
    for corp in world.corps.values():
        apps = "".join(
            f"<tr><td>{escape(app.name)}</td><td>{app.agent_id}</td><td>{_KINDS[app.kind]}</td>"
            f"<td>{escape(app.trusted_domain) or '—'}</td></tr>"
            for app in corp.apps.values()
        )
        parts.append(
            html.card(
                f"<h1>{escape(corp.name)} <span class='dim'>{escape(corp.corp_id)}</span></h1>"
                f'<p class="hint">{len(corp.members)} 人 · {len(corp.departments)} 个部门</p>'
                f"<table><tr><th>应用</th><th>agentid</th><th>类型</th><th>可信域名</th></tr>"
                f"{apps}</table>"
            )
        )
    parts += [html.card(_program(one)) for one in world.planted.programs]
    return _page("企业微信沙箱", "".join(parts))


def _program(program: seed.Program) -> str:
    templates = "、".join(template.title for template in program.templates) or "—"
    return (
        f"<h1>{escape(program.name)} <span class='dim'>{escape(program.appid)}</span></h1>"
        f'<p class="hint">微信小程序（企业外的人） · {len(program.people)} 人</p>'
        f"<table><tr><th>订阅消息</th><td>{escape(templates)}</td></tr></table>"
    )


_KINDS = {"self": "自建应用", "miniprogram": "小程序", "contact_sync": "通讯录同步"}


async def outbox(request: web.Request) -> web.Response:
    """Newest first; `?userid=` for one person's phone."""
    world, user = request.app[WORLD], request.query.get("userid", "").lower()
    sent = [one for one in reversed(world.outbox) if not user or user in map(str.lower, one.to)]
    head = html.heading("消息", f"共 {len(sent)} 条，最新的在上面。")
    cards = [html.card(_message(world, one, user)) for one in sent[:SHOWN]]
    return _page("消息", html.card(head) + ("".join(cards) or html.empty("还没有发出消息")))


def _message(world: World, sent: Sent, user: str) -> str:
    """One message; with a `user` as on their phone, else as on its first receiver's."""
    app, called = _sender(world, sent)
    reader = next((one for one in sent.to if one.lower() == user), (sent.to or [""])[0])
    back = f"/outbox?userid={reader}" if user else "/outbox"
    names = "、".join(
        f'<a href="/outbox?userid={escape(user)}">{escape(called.get(user.lower(), user))}</a>'
        for user in sent.to[:20]
    )
    more = f" 等 {len(sent.to)} 人" if len(sent.to) > 20 else ""
    state = f'<span class="tag bad">{_STATES[sent.state]}</span>' if sent.state in _STATES else ""
    flood = f'<p class="dim">超出频率未送达：{len(sent.dropped_for)} 人</p>'
    return (
        f'<div class="message"><div><b>{escape(app)}</b> {state}'
        f'<p class="dim">{_when(sent.at)} 发给 {names}{more}</p>'
        f"{flood if sent.dropped_for else ''}</div>{bubble(sent, reader, back)}</div>"
    )


def _sender(world: World, sent: Sent) -> tuple[str, dict[str, str]]:
    """The app's name, and what its people are called: a corp's, or those of a mini program."""
    if corp := world.corps.get(sent.corp_id):
        called = {key: member.name for key, member in corp.members.items()}
        return corp.apps[sent.agent_id].name, called
    program = next(one for one in world.planted.programs if one.appid == sent.corp_id)
    return program.name, {one.openid.lower(): one.name for one in program.people}


async def contacts(request: web.Request) -> web.Response:
    world, find = request.app[WORLD], request.query.get("find", "")
    parts = [html.card(html.heading("通讯录", _HINT), html.search(find, {}))]
    for corp in world.corps.values():
        found = html.matching(corp, list(corp.members.values()), find)
        rows = "".join(f"<li>{_row(corp, member.userid)}</li>" for member in found[:SHOWN])
        people = f'<ul class="people">{rows}</ul>' if rows else html.empty("没有这样的人")
        rest = len(found) - SHOWN
        more = f'<p class="dim">还有 {rest} 人，请用查找。</p>' if rest > 0 else ""
        parts.append(html.card(f"<h2>{escape(corp.name)}</h2>", people, more))
    return _page("通讯录", "".join(parts))


_HINT = "删除或停用一个人，会像真的管理后台那样立刻推送给居村通。"


def _row(corp: Corp, userid: str) -> str:
    member = corp.members[userid.lower()]
    look = "good" if member.status == 1 else "bad"
    fields = {"corp_id": corp.corp_id, "userid": member.userid}
    switch = ("停用", "2") if member.status == 1 else ("启用", "1")
    buttons = html.post_button("/contacts/status", switch[0], fields | {"status": switch[1]})
    buttons += " " + html.post_button("/contacts/leave", "删除（离职）", fields, "danger")
    status = f'<span class="tag {look}">{_STATUS[member.status]}</span>'
    return f'<div class="row">{html.person(corp, member)}{status}<span>{buttons}</span></div>'


async def change(request: web.Request) -> web.Response:
    """Somebody leaves, or is disabled or enabled again, in the admin console."""
    form, world = await request.post(), request.app[WORLD]
    corp = world.corps.get(str(form.get("corp_id")))
    userid = str(form.get("userid"))
    if corp is None:
        raise web.HTTPNotFound
    try:
        if request.path.endswith("/leave"):
            event = changes.event("delete_user", corp, changes.leave(corp, userid), world.now())
        else:
            member = changes.amend(corp, userid, {"status": int(str(form.get("status")))})
            event = changes.event("update_user", corp, member, world.now())
    except Refusal:
        raise web.HTTPNotFound from None
    await request.app[PUSHER].to_contact_listeners(corp, event)
    raise web.HTTPSeeOther("/contacts")


async def pushes(request: web.Request) -> web.Response:
    rows = "".join(
        f"<tr><td>{escape(str(push.event.get('Event')))} "
        f"{escape(str(push.event.get('ChangeType', '')))}</td>"
        f"<td><pre>{escape(json.dumps(push.event, ensure_ascii=False))}</pre></td>"
        f"<td>{push.status or escape(push.problem or '')}</td><td>{push.tries}</td></tr>"
        for push in request.app[WORLD].pushes
    )
    table = f"<table><tr><th>事件</th><th>内容</th><th>应答</th><th>次数</th></tr>{rows}</table>"
    head = html.heading("回调", "推送给应用的事件，最新的在上面。")
    return _page("回调", html.card(head, table if rows else html.empty("还没有推送")))


ROUTES = [
    web.get("/", overview),
    web.get("/sandbox/style.css", style),
    web.get("/outbox", outbox),
    web.get("/contacts", contacts),
    web.post("/contacts/leave", change),
    web.post("/contacts/status", change),
    web.get("/pushes", pushes),
]
