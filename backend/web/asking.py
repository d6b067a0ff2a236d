"""Where a request keeps who is asking. Its own file, so that all of web/ can look there."""

from aiohttp import web

from backend.core.access import Actor

ACTOR = web.RequestKey("actor", Actor)
