"""What machines ask: is the process alive, can it do its work, its figures, and the contract."""

from collections.abc import Callable
from typing import Any

import orjson
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from backend.core.db import sql

# /readyz and /metrics are for inside: the reverse proxy does not pass them on (docker/).


def health(contract: Callable[[], dict[str, Any]]) -> list[web.RouteDef]:
    """The routes; `contract` gives the OpenAPI document, made when it is first asked for."""
    told: list[bytes] = []

    async def openapi(_: web.Request) -> web.Response:
        if not told:
            told.append(orjson.dumps(contract()))
        return web.Response(body=told[0], content_type="application/json")

    return [
        web.get("/healthz", _alive),
        web.get("/readyz", _ready),
        web.get("/metrics", _figures),
        web.get("/api/openapi.json", openapi),
    ]


async def _alive(_: web.Request) -> web.Response:
    """The process answers; nothing else is asked, so a slow database does not get it killed."""
    return web.json_response({"alive": True})


async def _ready(_: web.Request) -> web.Response:
    """The database answers. While it does not, a proxy should send people elsewhere."""
    try:
        await sql("select 1")
    except Exception:
        return web.json_response({"ready": False}, status=503)
    return web.json_response({"ready": True})


async def _figures(_: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
