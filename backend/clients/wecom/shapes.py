"""What the gateway takes and gives; nothing of wechatpy or of the wire."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is behind a code: a member has a userid, anybody else only an openid."""

    corp_id: str
    userid: str | None
    openid: str | None = None


@dataclass(frozen=True, slots=True)
class MiniSession:
    """Who opened the mini program. The session key decrypts what wx.qy gives; it stays here."""

    corp_id: str
    userid: str
    session_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Department:
    """A department; the root has parent 0, and with a limited scope a parent may be unseen."""

    id: int
    name: str
    parent: int
    order: int


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a corp. `status`: 1 active, 2 disabled, 4 not activated, 5 quit."""

    userid: str
    name: str
    departments: tuple[int, ...]
    main_department: int | None
    position: str
    leads: tuple[int, ...]
    status: int

    @property
    def key(self) -> str:
        """userids are compared without regard to case."""
        return self.userid.lower()


@dataclass(frozen=True, slots=True)
class Message:
    """An application message. `body` is msgtype and its part, as in document 90236.

    `duplicate_seconds` suppresses an identical message within that time (at most four hours).
    """

    to: tuple[str, ...]
    body: dict[str, Any]
    duplicate_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a message: recall needs msgid, updating a card the response code."""

    msgid: str
    invalid: tuple[str, ...] = ()
    unlicensed: tuple[str, ...] = ()
    response_code: str | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """The query of a callback: signature, timestamp, nonce, and on the URL check an echo."""

    msg_signature: str
    timestamp: str
    nonce: str
    echostr: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A verified, decrypted event of a corp's app. `mark` is the same for the same delivery."""

    corp_id: str
    agent_id: int
    event: dict[str, Any]
    mark: str

    def text(self, name: str) -> str:
        """An element's text; empty when it is not there."""
        value = self.event.get(name)
        return value if isinstance(value, str) else ""
