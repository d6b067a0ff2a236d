"""Pressing a button of an interactive card, on the outbox page or by a tester.

The app is told with a template_card_event, and with a code that lets it change the card once
(documents 90240, 94888).
"""

from typing import Any

from aiohttp import web

from backend.sandbox.wecom.pusher import PUSHER, Pusher
from backend.sandbox.wecom.request import WORLD, body
from backend.sandbox.wecom.world import Push, Sent, World


def shown(sent: Sent, user: str) -> dict[str, Any]:
    """The card that somebody has before them now."""
    card: dict[str, Any] = sent.cards.get(user.lower()) or sent.body["template_card"]
    return card


def buttons(card: dict[str, Any]) -> list[dict[str, Any]]:
    """Those that can be pressed: none once a text stands in their place."""
    if card.get("replace_text"):
        return []
    return [one for one in card.get("button_list") or [] if one.get("type", 0) == 0]


async def press(world: World, pusher: Pusher, sent: Sent, user: str, key: str) -> Push:
    """Somebody presses a button of a card; what the app answered comes back."""
    corp, card = world.corps[sent.corp_id], sent.body["template_card"]
    event = {
        "ToUserName": corp.corp_id,
        "FromUserName": user,
        "CreateTime": str(int(world.now())),
        "MsgType": "event",
        "Event": "template_card_event",
        "EventKey": key,
        "TaskId": card.get("task_id", ""),
        "CardType": card["card_type"],
        "ResponseCode": world.card_code(sent),
        "AgentID": str(sent.agent_id),
    }
    return await pusher.push(corp, corp.apps[sent.agent_id], event)


async def click(request: web.Request) -> web.Response:
    """The button of the outbox page: pressed by the receiver whose phone is looked at."""
    form, world = await request.post(), request.app[WORLD]
    msgid, user = form.get("msgid"), str(form.get("userid") or "")
    sent = next((one for one in world.outbox if one.msgid == msgid), None)
    if sent is None or user not in sent.to:
        raise web.HTTPNotFound
    await press(world, request.app[PUSHER], sent, user, str(form.get("key")))
    raise web.HTTPSeeOther(str(form.get("back") or "/outbox"))


async def switch(request: web.Request) -> web.Response:
    """{userid, key, task_id or msgid, stale}: the newest such card of this person is pressed.

    A button that is no longer shown can only be pressed `stale`, as on a phone that was away.
    """
    given, world = await body(request), request.app[WORLD]
    user = str(given["userid"]).lower()
    sent = next((one for one in reversed(world.outbox) if _meant(one, given, user)), None)
    if sent is None:
        raise ValueError("no such card")
    keys = [one["key"] for one in buttons(shown(sent, user))]
    if given["key"] not in keys and not given.get("stale"):
        raise ValueError(f"the buttons shown are {keys}")
    named = next(one for one in sent.to if one.lower() == user)
    push = await press(world, request.app[PUSHER], sent, named, str(given["key"]))
    return web.json_response({"status": push.status, "tries": push.tries, "event": push.event})


def _meant(sent: Sent, given: dict[str, Any], user: str) -> bool:
    card = sent.body.get("template_card") or {}
    named = {"msgid": sent.msgid, "task_id": card.get("task_id")}
    asked = {key: given[key] for key in named.keys() & given.keys()}
    mine = user in map(str.lower, sent.to) and sent.state == "sent"
    return mine and bool(card.get("button_list")) and asked.items() <= named.items()


ROUTES = [
    web.post("/outbox/click", click),
    web.post("/_sandbox/press", switch),
]
