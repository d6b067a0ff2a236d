"""How often somebody may ask: sign-on by address, everything that writes by person.

Each process takes a small share of an allowance at a time, so most requests cost nothing. Who
asks too often gets a 429 that says when to come again.
"""

import math
import re
import time
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from backend.core import problems
from backend.web.asking import ACTOR

_CALLBACKS = "/wecom/"  # one neighbour, who signs what it says and comes in bursts
_PUSHES = re.compile(r"/api/feeds/[^/]+/push")
_SHARE_SECONDS = 5.0
_MOST_KEYS = 20_000


@dataclass(frozen=True, slots=True)
class Limit:
    """So many within so many seconds, for what is called `name`."""

    name: str
    most: int
    seconds: int

    @property
    def share(self) -> int:
        """How many one process takes at once; few enough that the others are not starved."""
        return max(1, self.most // 20)


# A whole district may sit behind one address, and comes at half past eight; codes and refresh
# tokens cannot be guessed, so this only keeps a flood away. A person saves a draft every few
# seconds.
SIGN_ON = Limit("sign-on", 3000, 60)
WRITING = Limit("writing", 240, 60)
REVEALING = Limit("revealing", 30, 60)
STRANGER = Limit("stranger", 240, 60)
# A system pushes alarms by the batch and signs each; the limit keeps a flood of forgeries away.
PUSHING = Limit("pushing", 6000, 60)


class Allowance(Protocol):
    """The port behind it; clients/redis.py is one."""

    async def take(self, key: str, most: int, seconds: int, want: int = 1) -> float: ...


class Shares:
    """What this process has taken and not yet used."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._held: dict[str, tuple[int, float]] = {}

    async def wait(self, limit: Limit, who: str) -> float:
        """0 when allowed; else the seconds after which it will be."""
        key, now = f"{limit.name}:{who}", time.monotonic()
        left, until = self._held.get(key, (0, 0.0))
        if left and now < until:
            self._held[key] = left - 1, until
            return 0
        granted = await self._allowance.take(key, limit.most, limit.seconds, limit.share)
        if granted < 1:
            return -granted
        if len(self._held) >= _MOST_KEYS:
            self._held.clear()
        self._held[key] = int(granted) - 1, now + _SHARE_SECONDS
        return 0


def limited(allowance: Allowance, *, proxies: int) -> Middleware:
    """A middleware behind `identify`: it must know who asks."""
    shares = Shares(allowance)

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        found = _limit_of(request, proxies)
        if found and (wait := await shares.wait(*found)):
            raise problems.too_many(retry_after=math.ceil(wait))
        return await handler(request)

    return middleware


def _limit_of(request: web.Request, proxies: int) -> tuple[Limit, str] | None:
    actor = request.get(ACTOR)
    if request.path.startswith("/api/sign-in"):
        return SIGN_ON, address_of(request, proxies)
    if request.method in ("GET", "HEAD", "OPTIONS") or request.path.startswith(_CALLBACKS):
        return None
    if _PUSHES.fullmatch(request.path):
        return PUSHING, address_of(request, proxies)
    if actor is None:
        return STRANGER, address_of(request, proxies)
    limit = REVEALING if request.path.endswith("/reveal") else WRITING
    return limit, str(actor.id)


def address_of(request: web.Request, proxies: int) -> str:
    """Whose address it is, when so many reverse proxies of ours stand in front.

    Each of them appends whom it heard from; what stands further left the asker may have made up.
    """
    heard = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if len(heard) >= proxies > 0 and heard[-proxies]:
        return heard[-proxies][:64]
    return request.remote or "unknown"
