"""Who is behind an access token. Asked on every request, so answers are kept for two seconds: that
is the longest that somebody who was locked out by another process can still get in."""

import time
from collections import OrderedDict
from uuid import UUID

from backend.core.access import Actor
from backend.features.accounts import tokens
from backend.features.accounts.store import sessions

FRESH_SECONDS = 2.0
_KEPT = 4096

_known: OrderedDict[UUID, tuple[float, Actor | None]] = OrderedDict()


async def identify(token: str) -> Actor | None:
    """The actor of an access token, with today's roles; None when it is not or no longer good."""
    claims = tokens.claims_of(token)
    return await of_session(claims.session) if claims else None


async def of_session(session: UUID) -> Actor | None:
    """Who is signed in by a session, with today's roles; None when it is over."""
    at, actor = _known.get(session, (0.0, None))
    if at and time.monotonic() - at < FRESH_SECONDS:
        return actor
    actor = await sessions.living(session)
    _known[session] = (time.monotonic(), actor)
    _known.move_to_end(session)
    if len(_known) > _KEPT:
        _known.popitem(last=False)
    return actor


def forget() -> None:
    """Ask the database again for everybody; called when sessions end in this process."""
    _known.clear()
