"""The two tokens of a session: a short access token (JWT) that any process can check by itself, and
a refresh token that is good once.

A refresh token follows from the one before it and our key. So when an answer was lost on its way,
the same question has the same answer, and the session goes on: within GRACE, once, and from the
same device. Any other reuse means that two hold the token, and ends the session.
"""

import base64
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import jwt

from backend.core import clock, crypto

ACCESS = timedelta(minutes=15)
IDLE = timedelta(days=7)
ABSOLUTE = timedelta(days=30)
# an officer opens it now and then, on a phone of their own, and sees nothing of anybody else's
OFFICER_IDLE = timedelta(days=60)
OFFICER_ABSOLUTE = timedelta(days=180)
# Four times as long as a phone waits for an answer before it says that there is no network.
GRACE = timedelta(minutes=2)
_REMEMBERED = 4096
_RANDOM, _MAC = 24, 16


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says."""

    session: UUID
    until: float


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session may rest, and when it is over at the latest."""

    idle: timedelta
    until: datetime


def access_token(holder: UUID, session: UUID) -> str:
    """A signed statement, good for a quarter of an hour, that this session is signed in."""
    moment = clock.now()
    claims = {"sub": str(holder), "sid": str(session), "iat": moment, "exp": moment + ACCESS}
    return jwt.encode(claims, crypto.secret_for("jwt"), algorithm="HS256")


# Checking a signature costs more than reading a whole form, so good tokens are remembered.
_verified: OrderedDict[str, Claims] = OrderedDict()


def claims_of(token: str) -> Claims | None:
    """What a token says; None when it is not ours or has run out."""
    claims = _verified.get(token) or _verify(token)
    if claims is None or claims.until <= clock.now().timestamp():
        return None
    _verified[token] = claims
    _verified.move_to_end(token)
    if len(_verified) > _REMEMBERED:
        _verified.popitem(last=False)
    return claims


def _verify(token: str) -> Claims | None:
    # the time is compared by our own clock, which tests and the demo can set
    try:
        said = jwt.decode(
            token,
            crypto.secret_for("jwt"),
            algorithms=["HS256"],
            options={"verify_exp": False, "verify_iat": False, "require": ["exp", "sid"]},
        )
        return Claims(UUID(str(said["sid"])), float(said["exp"]))
    except (jwt.PyJWTError, ValueError):
        return None


def refresh_token(session: UUID) -> tuple[str, bytes]:
    """The first refresh token of a session, and the hash under which it is kept."""
    return _token(session.bytes + secrets.token_bytes(_RANDOM))


def next_token(session: UUID, token: str) -> tuple[str, bytes]:
    """The token after this one, which only we can tell, and its hash."""
    return _token(session.bytes + crypto.mac("refresh.next", token.encode())[:_RANDOM])


def _token(body: bytes) -> tuple[str, bytes]:
    token = base64.urlsafe_b64encode(body + _sign(body)).decode()
    return token, _hash(token)


def read_refresh(token: str) -> tuple[UUID, bytes] | None:
    """Session and hash of a refresh token; None when we never gave it out.

    The MAC tells a token that was good once, whose reuse ends the session, from one that somebody
    made up, which must not end anything.
    """
    try:
        raw = base64.urlsafe_b64decode(token)
    except ValueError:
        return None
    body, mac = raw[:-_MAC], raw[-_MAC:]
    if len(body) != 16 + _RANDOM or not crypto.same(mac, _sign(body)):
        return None
    return UUID(bytes=body[:16]), _hash(token)


def browser_secret() -> tuple[str, bytes]:
    """A value for a cookie that binds a sign-in to the browser that began it, and its hash."""
    value = secrets.token_urlsafe(32)
    return value, _hash(value)


def is_browser(value: str, held: bytes) -> bool:
    return crypto.same(_hash(value), held)


def fresh_state() -> str:
    """A state for the authorize page, which allows letters and digits only."""
    return secrets.token_hex(20)


def _sign(body: bytes) -> bytes:
    return crypto.mac("refresh", body)[:_MAC]


def _hash(token: str) -> bytes:
    return crypto.sm3(token.encode())
