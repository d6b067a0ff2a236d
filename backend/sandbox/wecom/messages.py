"""Sending, updating and recalling application messages; what is sent lands in the outbox."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from backend.sandbox.wecom import cards, seed
from backend.sandbox.wecom.refusal import Refusal, answer
from backend.sandbox.wecom.request import APP, CORP, WORLD, body
from backend.sandbox.wecom.world import Corp, Sent, World

MOST_USERS, MOST_PARTIES = 1000, 100
TEXT_BYTES = 2048
RECALL_SECONDS = 24 * 3600
PER_MINUTE, PER_HOUR = 30, 1000


@dataclass(frozen=True, slots=True)
class Sender:
    """The app that sends, in its corp, and what it has sent so far."""

    world: World
    corp: Corp
    app: seed.App

    @classmethod
    def of(cls, request: web.Request) -> "Sender":
        return cls(request.app[WORLD], request[CORP], request[APP])

    @property
    def sent(self) -> list[Sent]:
        me = (self.corp.corp_id, self.app.agent_id)
        return [one for one in self.world.outbox if (one.corp_id, one.agent_id) == me]

    def find(self, **match: str) -> Sent | None:
        ((name, value),) = match.items()
        return next((one for one in self.sent if value and getattr(one, name) == value), None)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a message reaches, and which of the named recipients were no good."""

    users: list[str]
    bad_users: list[str]
    bad_parties: list[str]
    bad_tags: list[str]


def _names(given: dict[str, Any], key: str, most: int, errcode: int) -> list[str]:
    names = [one for one in str(given.get(key) or "").split("|") if one]
    if len(names) > most:
        raise Refusal(errcode)
    return names


def reach(sender: Sender, given: dict[str, Any]) -> Reach:
    """Resolve touser, toparty and totag inside the app's visible scope."""
    users = _names(given, "touser", MOST_USERS, 40032)
    parties = _names(given, "toparty", MOST_PARTIES, 82002)
    tags = _names(given, "totag", MOST_PARTIES, 82003)
    if not users and not parties and not tags:
        raise Refusal(82001)
    corp, app = sender.corp, sender.app
    visible = {member.key: member for member in corp.visible(app)}
    if users == ["@all"]:
        return Reach([m.userid for m in visible.values()], [], [], [])
    found = {user.lower() for user in users if user.lower() in visible}
    scope = corp.scope(app)
    good_parties = {int(p) for p in parties if p.isdigit() and int(p) in scope}
    below = {one for party in good_parties for one in corp.below(party)}
    found |= {key for key, member in visible.items() if below & set(member.department)}
    good_tags = {tag for tag in tags if tag.isdigit() and int(tag) in corp.tags}
    for tag in good_tags:
        found |= {u.lower() for u in corp.tags[int(tag)].users if u.lower() in visible}
    return Reach(
        [visible[key].userid for key in visible if key in found],
        [user.lower() for user in users if user.lower() not in visible],
        [party for party in parties if not party.isdigit() or int(party) not in good_parties],
        [tag for tag in tags if tag not in good_tags],
    )


def _long(value: Any, most: int, *, count_bytes: bool = False) -> bool:
    text = str(value or "")
    return len(text.encode() if count_bytes else text) > most


def _text(part: dict[str, Any]) -> None:
    content = str(part.get("content") or "")
    if not content:
        raise Refusal(44004)
    part["content"] = content.encode()[:TEXT_BYTES].decode("utf-8", "ignore")


def _markdown(part: dict[str, Any]) -> None:
    if not part.get("content"):
        raise Refusal(44004)
    if _long(part["content"], TEXT_BYTES, count_bytes=True):
        raise Refusal(45002)


def _textcard(part: dict[str, Any]) -> None:
    if not part.get("title") or not part.get("description") or not part.get("url"):
        raise Refusal(40063)
    if _long(part["title"], 128) or _long(part["description"], 512):
        raise Refusal(45002)
    if _long(part["url"], 2048, count_bytes=True) or _long(part.get("btntxt"), 4):
        raise Refusal(45002)
    if not str(part["url"]).startswith(("http://", "https://")):
        raise Refusal(40058)


def _news(part: dict[str, Any]) -> None:
    articles = part.get("articles") or []
    if not 1 <= len(articles) <= 8:
        raise Refusal(40058)
    if not all(article.get("title") for article in articles):
        raise Refusal(40063)


_LIMITS: dict[str, Callable[[dict[str, Any]], None]] = {
    "text": _text,
    "markdown": _markdown,
    "textcard": _textcard,
    "news": _news,
}
_MEDIA = {"image", "voice", "video", "file"}


def _check(sender: Sender, given: dict[str, Any]) -> None:
    kind = str(given.get("msgtype") or "")
    part = given.get(kind)
    if kind not in {*_LIMITS, *_MEDIA, "template_card"}:
        raise Refusal(40008)
    if not isinstance(part, dict):
        raise Refusal(40063)
    if kind == "template_card":
        cards.check(part, callback=sender.app.callback is not None)
    elif kind in _LIMITS:
        _LIMITS[kind](part)
    elif part.get("media_id") not in sender.world.media:
        raise Refusal(40007)


def _duplicate(sender: Sender, given: dict[str, Any]) -> bool:
    """With enable_duplicate_check the same body within the interval is not shown again."""
    if not given.get("enable_duplicate_check"):
        return False
    interval = min(int(given.get("duplicate_check_interval") or 1800), 4 * 3600)
    since, text = sender.world.now() - interval, json.dumps(given, sort_keys=True)
    recent = (one for one in sender.sent if one.at >= since)
    return any(json.dumps(one.body, sort_keys=True) == text for one in recent)


def _flooded(sender: Sender, user: str) -> bool:
    """More than 30 a minute or 1000 an hour to one member: silently dropped."""
    now = sender.world.now()
    times = [one.at for one in sender.sent if user in one.to]
    minute = sum(at > now - 60 for at in times)
    return minute >= PER_MINUTE or sum(at > now - 3600 for at in times) >= PER_HOUR


def _task_taken(sender: Sender, given: dict[str, Any]) -> bool:
    task = (given.get("template_card") or {}).get("task_id")
    cards_sent = (one.body.get("template_card") for one in sender.sent)
    return bool(task) and any(card and card.get("task_id") == task for card in cards_sent)


async def send(request: web.Request) -> web.Response:
    """One message to many; bad recipients are named, all bad is an error."""
    sender, given = Sender.of(request), await body(request)
    if sender.app.kind == "contact_sync":
        raise Refusal(48002)
    if str(given.get("agentid")) != str(sender.app.agent_id):
        raise Refusal(301002)
    _check(sender, given)
    reached = reach(sender, given)
    bad = {
        "invaliduser": "|".join(reached.bad_users),
        "invalidparty": "|".join(reached.bad_parties),
        "invalidtag": "|".join(reached.bad_tags),
        "unlicenseduser": "",
    }
    if not reached.users:
        raise Refusal(81013, **bad)
    repeated = _duplicate(sender, given)
    if not repeated and _task_taken(sender, given):
        raise Refusal(42014)
    sent = _post(sender, reached.users, given)
    sent.state = "duplicate" if repeated else "sent"
    asks = cards.interactive(given.get("template_card") or {})
    code = {"response_code": sender.world.card_code(sent)} if asks else {}
    return answer(**bad, msgid=sent.msgid, **code)


def _post(sender: Sender, users: list[str], given: dict[str, Any]) -> Sent:
    who, at = (sender.corp.corp_id, sender.app.agent_id), sender.world.now()
    sent = Sent(secrets.token_urlsafe(32), *who, at, [], given)
    sent.dropped_for = [user for user in users if _flooded(sender, user)]
    sent.to = [user for user in users if user not in sent.dropped_for]
    sender.world.outbox.append(sent)
    return sent


async def recall(request: web.Request) -> web.Response:
    """Within 24 hours, only the app's own messages."""
    sent = Sender.of(request).find(msgid=str((await body(request)).get("msgid") or ""))
    if sent is None or sent.at < request.app[WORLD].now() - RECALL_SECONDS:
        raise Refusal(40058)
    sent.state = "recalled"
    return answer()


async def revoke(request: web.Request) -> web.Response:
    """The recall of some private deployments: a list of message ids per person."""
    given = await body(request)
    wanted = {msgid for one in given.get("revokelist") or [] for msgid in one.get("msgid") or []}
    for msgid in wanted:
        if sent := Sender.of(request).find(msgid=str(msgid)):
            sent.state = "recalled"
    return answer()


async def update_template_card(request: web.Request) -> web.Response:
    """The response_code is good once, for 72 hours; bad users come as a list here."""
    given = await body(request)
    if str(given.get("agentid")) != str(request[APP].agent_id):
        raise Refusal(301002)
    if replaced := given.get("template_card"):
        cards.check(replaced, callback=request[APP].callback is not None, fresh=False)
    sent = request.app[WORLD].redeem_card(str(given.get("response_code") or ""))
    known = {user.lower() for user in sent.to}
    users = [str(user) for user in given.get("userids") or []]
    for user in known if given.get("atall") else known & {user.lower() for user in users}:
        before = sent.cards.get(user) or sent.body["template_card"]
        greyed = {"replace_text": str((given.get("button") or {}).get("replace_name") or "")}
        sent.cards[user] = replaced or before | greyed
    return answer(invaliduser=[user for user in users if user.lower() not in known])


ROUTES = [
    web.post("/cgi-bin/message/send", send),
    web.post("/cgi-bin/message/recall", recall),
    web.post("/cgi-bin/message/revoke", revoke),
    web.post("/cgi-bin/message/update_template_card", update_template_card),
]
