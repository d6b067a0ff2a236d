"""The live state of the sandbox: who is in which corp, which tokens, codes and tickets are good,
which faults were ordered, and what was sent."""

import secrets
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from backend.sandbox.wecom import seed
from backend.sandbox.wecom.refusal import Refusal

CODE_SECONDS = 300
TICKET_SECONDS = 7200
USER_TICKET_SECONDS = 1800
CARD_SECONDS = 72 * 3600


@dataclass(slots=True)
class Corp:
    """A corp whose people and departments may change while the sandbox runs."""

    corp_id: str
    name: str
    apps: dict[int, seed.App]
    departments: dict[int, seed.Department]
    members: dict[str, seed.Member]
    tags: dict[int, seed.Tag]

    @classmethod
    def of(cls, planted: seed.Corp) -> "Corp":
        return cls(
            planted.corp_id,
            planted.name,
            {app.agent_id: app for app in planted.apps},
            {department.id: department for department in planted.departments},
            {member.key: member for member in planted.members},
            {tag.tagid: tag for tag in planted.tags},
        )

    def below(self, department: int) -> set[int]:
        """A department and everything under it."""
        children: dict[int, list[int]] = {}
        for one in self.departments.values():
            children.setdefault(one.parentid, []).append(one.id)
        found, rest = set[int](), [department]
        while rest:
            here = rest.pop()
            if here in self.departments and here not in found:
                found.add(here)
                rest += children.get(here, [])
        return found

    def scope(self, app: seed.App) -> set[int]:
        """The departments an app may see."""
        if app.kind == "contact_sync":
            return set(self.departments)
        parties = set(app.scope.parties)
        for tag in app.scope.tags:
            parties |= set(self.tags[tag].parties) if tag in self.tags else set()
        return {one for party in parties for one in self.below(party)}

    def visible(self, app: seed.App) -> Iterator[seed.Member]:
        """The members an app may see; who quit is gone."""
        departments = self.scope(app)
        users = {user.lower() for user in app.scope.users}
        for tag in app.scope.tags:
            users |= {user.lower() for user in self.tags[tag].users} if tag in self.tags else set()
        for member in self.members.values():
            if member.status != 5 and (member.key in users or departments & set(member.department)):
                yield member

    def sees(self, app: seed.App, userid: str) -> seed.Member | None:
        return next((m for m in self.visible(app) if m.key == userid.lower()), None)


@dataclass(slots=True)
class Pass:
    """An access token, or a ticket, and for whom it is good."""

    value: str
    corp_id: str
    agent_id: int
    until: float
    killed_as: int | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A one-use login code: what kind of login, of whom, until when. One of the ordinary WeChat
    (kind wx) has an appid for the corp and an openid for the person."""

    kind: str
    corp_id: str
    userid: str
    until: float
    private: bool = False


@dataclass(slots=True)
class Fault:
    """Something that shall go wrong: for calls whose path holds `path`, `times` times."""

    path: str
    errcode: int | None = None
    status: int | None = None
    seconds: float = 0.0
    times: int = 1


@dataclass(slots=True)
class Sent:
    """One message as it stands in the outbox."""

    msgid: str
    corp_id: str
    agent_id: int
    at: float
    to: list[str]
    body: dict[str, Any]
    state: str = "sent"
    dropped_for: list[str] = field(default_factory=list)
    # who → the card they see now, once it was changed
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CardCode:
    """A response_code: it changes the card of one message, once."""

    msgid: str
    until: float


@dataclass(slots=True)
class Push:
    """One event pushed, or tried to be pushed, to a callback address."""

    corp_id: str
    agent_id: int
    event: dict[str, Any]
    tries: int = 0
    status: int | None = None
    problem: str | None = None


@dataclass(slots=True)
class Plain:
    """What the sandbox remembers of mini programs besides codes and the outbox."""

    tokens: dict[str, Pass] = field(default_factory=dict)
    consents: Counter[tuple[str, str]] = field(default_factory=Counter)

    def agree(self, openid: str, template: str, times: int) -> None:
        """The person tapped 允许: so many messages of a template may come."""
        self.consents[openid, template] += times


class World:
    """Everything the sandbox remembers."""

    def __init__(self, planted: seed.World) -> None:
        self.planted = planted
        self.lead = 0.0
        self.reset()

    def reset(self) -> None:
        """Back to the state file."""
        self.corps = {corp.corp_id: Corp.of(corp) for corp in self.planted.corps}
        self.tokens: dict[str, Pass] = {}
        self.tickets: dict[tuple[str, int, str], Pass] = {}
        self.codes: dict[str, Code] = {}
        self.user_tickets: dict[str, Code] = {}
        self.faults: list[Fault] = []
        self.outbox: list[Sent] = []
        self.card_codes: dict[str, CardCode] = {}
        self.pushes: deque[Push] = deque(maxlen=200)
        self.media: dict[str, tuple[str, str, bytes, float]] = {}
        self.calls: Counter[str] = Counter()
        self.plain = Plain()
        self._minute: Counter[tuple[str, str, int]] = Counter()

    def now(self) -> float:
        """Seconds since 1970, moved on by what the tester ordered."""
        return time.time() + self.lead

    def corp(self, corp_id: str) -> Corp:
        if corp_id not in self.corps:
            raise Refusal(40013)
        return self.corps[corp_id]

    def token(self, corp_id: str, secret: str) -> Pass:
        """The token of the app with this secret: the same one until it has run out."""
        corp = self.corp(corp_id)
        app = next((a for a in corp.apps.values() if a.secret == secret), None)
        if app is None:
            raise Refusal(40001)
        for old in self.tokens.values():
            mine = (old.corp_id, old.agent_id) == (corp_id, app.agent_id)
            if mine and old.killed_as is None and old.until > self.now():
                return old
        until = self.now() + self.planted.token_ttl
        fresh = Pass(secrets.token_urlsafe(96), corp_id, app.agent_id, until)
        self.tokens[fresh.value] = fresh
        return fresh

    def bearer(self, token: str) -> tuple[Corp, seed.App]:
        """Whose token this is."""
        held = self.tokens.get(token)
        if held is None:
            raise Refusal(40014)
        if held.killed_as is not None:
            raise Refusal(held.killed_as)
        if held.until <= self.now():
            raise Refusal(42001)
        corp = self.corps[held.corp_id]
        return corp, corp.apps[held.agent_id]

    def kill_tokens(self, errcode: int) -> int:
        """Make every token die now; calls then answer with this code."""
        alive = [t for t in self.tokens.values() if t.killed_as is None]
        for token in alive:
            token.killed_as = errcode
        return len(alive)

    def ticket(self, corp_id: str, agent_id: int, kind: str) -> Pass:
        """A JS-SDK ticket: one per corp, or one per app."""
        key = (corp_id, agent_id if kind == "agent_config" else 0, kind)
        held = self.tickets.get(key)
        if held is None or held.until <= self.now():
            until = self.now() + TICKET_SECONDS
            held = self.tickets[key] = Pass(secrets.token_urlsafe(64), corp_id, agent_id, until)
        return held

    def issue(self, kind: str, corp_id: str, userid: str, *, private: bool = False) -> str:
        """A fresh login code of a kind: web, or mini."""
        value = secrets.token_urlsafe(32)
        self.codes[value] = Code(kind, corp_id, userid, self.now() + CODE_SECONDS, private)
        return value

    def redeem(self, kind: str, value: str) -> Code:
        """Use up a login code."""
        code = self.codes.pop(value, None)
        if code is None or code.kind != kind or code.until <= self.now():
            raise Refusal(40029)
        return code

    def user_ticket(self, code: Code) -> str:
        value = secrets.token_urlsafe(64)
        until = self.now() + USER_TICKET_SECONDS
        self.user_tickets[value] = Code("ticket", code.corp_id, code.userid, until)
        return value

    def card_code(self, sent: Sent) -> str:
        """A fresh response_code for the card of a message."""
        value = secrets.token_urlsafe(48)
        self.card_codes[value] = CardCode(sent.msgid, self.now() + CARD_SECONDS)
        return value

    def redeem_card(self, value: str) -> Sent:
        """Use up a response_code."""
        code = self.card_codes.pop(value, None)
        if code is None or code.until <= self.now():
            raise Refusal(60140)
        return next(sent for sent in self.outbox if sent.msgid == code.msgid)

    def count(self, corp_id: str, path: str) -> None:
        """The frequency limit: so many calls of one API in one minute per corp."""
        minute = int(self.now() // 60)
        self._minute[corp_id, path, minute] += 1
        if self._minute[corp_id, path, minute] > self.planted.calls_per_minute:
            raise Refusal(45009)

    def ordered_fault(self, path: str) -> Fault | None:
        """The next fault ordered for this path; each is used as often as it was ordered."""
        for fault in self.faults:
            if fault.path in path and fault.times > 0:
                fault.times -= 1
                return fault
        return None
