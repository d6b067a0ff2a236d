"""Who is asking: bearer token → Actor, through a port that app.py fills from accounts."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from backend.core.access import Actor
from backend.web.asking import ACTOR

Whoever = Callable[[str], Awaitable[Actor | None]]


def identify(whoever: Whoever) -> Middleware:
    """A middleware that names the actor. A missing or dead token leaves the request anonymous."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer" and (actor := await whoever(token)):
            request[ACTOR] = actor
        return await handler(request)

    return middleware
