"""The callback address of WeCom. Of a change in the contacts leavers are locked out before the
answer is given; all other changes are only a hint to look again, for since 2022 they carry nothing
but ids. What else is pushed is heard by the slices above."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from backend.clients.wecom import Opened, Wecom
from backend.core import jobs
from backend.core.access import SYSTEM, Actor, act
from backend.features.accounts import whoever
from backend.features.accounts.actions import roster
from backend.features.accounts.shapes import Heard
from backend.features.accounts.store import contacts, staff

SYNC_DELAY = 60.0  # departments are moved one after the other: wait for the last


async def greet(request: web.Request, corp_id: str, agent_id: int, wecom: Wecom) -> web.Response:
    """WeCom checks the address: the decrypted echo, as it is."""
    return web.Response(text=wecom.greet(corp_id, agent_id, request.query))


async def take(
    request: web.Request, corp_id: str, agent_id: int, wecom: Wecom, heard: Heard
) -> web.Response:
    """An event was pushed. It is answered when its effect is written; a replay has none."""
    opened = wecom.open_callback(corp_id, agent_id, request.query, await request.read())
    if deal := heard.get(opened.text("Event")):
        await deal(SYSTEM, opened)
    else:
        await _deal(SYSTEM, opened)
        whoever.forget()
    return web.Response(text="success")


async def _dealt(actor: Actor, opened: Opened) -> None:
    if not await contacts.first_time(opened.mark):
        return
    if opened.text("Event") == "change_contact":
        deal = _CHANGES.get(opened.text("ChangeType"))
        if deal is not None:
            await deal(opened)


_deal = act("staff.callback", "通讯录变更")(_dealt)


async def _left(opened: Opened) -> None:
    await roster.lock(SYSTEM, opened.corp_id, opened.text("UserID"))


async def _changed(opened: Opened) -> None:
    userid, fresh = opened.text("UserID"), opened.text("NewUserID")
    if fresh:
        await staff.rename(opened.corp_id, userid, fresh)
    await jobs.enqueue(
        "accounts.reread", key=opened.mark, corp_id=opened.corp_id, userid=fresh or userid
    )


async def _rearranged(opened: Opened) -> None:
    key = f"{opened.corp_id}:departments"
    await jobs.enqueue("accounts.sync", key=key, delay=SYNC_DELAY, corp_id=opened.corp_id)


_CHANGES: dict[str, Callable[[Opened], Awaitable[None]]] = {
    "delete_user": _left,
    "create_user": _changed,
    "update_user": _changed,
    "create_party": _rearranged,
    "update_party": _rearranged,
    "delete_party": _rearranged,
}
