"""The sandbox as one aiohttp application."""

from aiohttp import web

from backend.sandbox.wecom import (
    admin,
    authorize,
    changes,
    contacts,
    login,
    media,
    messages,
    pages,
    plain,
    presses,
    seed,
)
from backend.sandbox.wecom.pusher import PUSHER, Pusher
from backend.sandbox.wecom.request import WORLD, imitate
from backend.sandbox.wecom.world import World

MOST_BYTES = 24 << 20


def application(planted: seed.World) -> web.Application:
    """A fresh sandbox in the given state."""
    app = web.Application(middlewares=[imitate, admin.only_here], client_max_size=MOST_BYTES)
    app[WORLD] = World(planted)
    app[PUSHER] = Pusher(app[WORLD])
    for part in (
        login,
        contacts,
        changes,
        messages,
        media,
        authorize,
        pages,
        presses,
        plain,
        admin,
    ):
        app.add_routes(part.ROUTES)
    return app
