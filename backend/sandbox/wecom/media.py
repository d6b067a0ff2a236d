"""Temporary material (素材): uploaded once, good for three days, usable by all apps of the corp."""

import secrets

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from backend.sandbox.wecom.refusal import Refusal, answer
from backend.sandbox.wecom.request import WORLD

DAYS_KEPT = 3
LIMITS = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}
LEAST = 5


async def _file(request: web.Request) -> tuple[str, bytes]:
    """The part named `media` of a multipart body."""
    if not request.content_type.startswith("multipart/"):
        raise Refusal(44001)
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "media":
            return part.filename or "", bytes(await part.read())
    raise Refusal(44001)


async def upload(request: web.Request) -> web.Response:
    """errmsg is empty and created_at a string, as in the documentation."""
    kind, world = request.query.get("type", ""), request.app[WORLD]
    if kind not in LIMITS:
        raise Refusal(40004)
    name, content = await _file(request)
    if len(content) <= LEAST:
        raise Refusal(44001)
    if len(content) > LIMITS[kind]:
        raise Refusal(45002)
    media_id = secrets.token_urlsafe(48)
    world.media[media_id] = (kind, name, content, world.now())
    return answer("", type=kind, media_id=media_id, created_at=str(int(world.now())))


async def get(request: web.Request) -> web.StreamResponse:
    world = request.app[WORLD]
    held = world.media.get(request.query.get("media_id", ""))
    if held is None or held[3] < world.now() - DAYS_KEPT * 86_400:
        raise Refusal(40007)
    response = web.Response(body=held[2], content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{held[1]}"'
    return response


async def uploadimg(request: web.Request) -> web.Response:
    name, content = await _file(request)
    if len(content) <= LEAST:
        raise Refusal(44001)
    world, media_id = request.app[WORLD], secrets.token_urlsafe(24)
    world.media[media_id] = ("image", name, content, float("inf"))
    return answer("", url=str(request.url.origin() / "sandbox" / "image" / media_id))


async def image(request: web.Request) -> web.StreamResponse:
    held = request.app[WORLD].media.get(request.match_info["media"])
    if held is None or held[0] != "image":
        raise web.HTTPNotFound
    return web.Response(body=held[2], content_type="image/png")


ROUTES = [
    web.post("/cgi-bin/media/upload", upload),
    web.get("/cgi-bin/media/get", get),
    web.post("/cgi-bin/media/uploadimg", uploadimg),
    web.get("/sandbox/image/{media}", image),
]
