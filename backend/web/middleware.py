"""What happens around every request: its id, its log line, its figures, and how a problem looks."""

import re
import time
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import ClientPayloadError, web
from aiohttp.typedefs import Handler
from prometheus_client import Counter, Histogram

from backend.core import db, logs, problems
from backend.core.audit import REQUEST
from backend.core.ids import new_id
from backend.core.problems import Problem
from backend.web.writing import rendered

log = structlog.get_logger(__name__)

_SECONDS = Histogram("jucun_request_seconds", "Time per request", ["method", "route", "status"])
_FAULTS = Counter("jucun_faults", "Requests that failed on our side", ["route"])
_SAFE_ID = re.compile(r"[\w-]{8,40}", re.ASCII)
_METHODS = {"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"}

_PAGE_HEADERS = {
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        "font-src 'self' data:; connect-src 'self'; frame-ancestors 'self'; "
        "base-uri 'self'; form-action 'self'; object-src 'none'"
    ),
}

_figures: dict[tuple[str, str, int], Histogram] = {}


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id, time it, and render whatever went wrong."""
    given = request.headers.get("X-Request-Id", "")
    name = given if _SAFE_ID.fullmatch(given) else str(new_id())
    token = REQUEST.set(name)
    start = time.perf_counter()
    try:
        response = await _answered(request, handler)
        response.headers["X-Request-Id"] = name
        _note(request, response.status, time.perf_counter() - start)
        return response
    finally:
        REQUEST.reset(token)


def dressing(*, secure: bool) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """A signal handler that puts the headers of safety on every response, streams too."""

    async def dress(_: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        kind = headers.get("Content-Type", "")
        headers["X-Content-Type-Options"] = "nosniff"
        if kind.startswith("text/html"):
            headers.update(_PAGE_HEADERS)
        elif "json" in kind and "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"  # answers hold what only the asker may see
        if secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"

    return dress


def _note(request: web.Request, status: int, took: float) -> None:
    """One observation and one log line; neither holds anything but the route's own name."""
    method = request.method if request.method in _METHODS else "OTHER"
    key = method, _route(request), status
    figure = _figures.get(key)
    if figure is None:
        figure = _figures[key] = _SECONDS.labels(*key)
    figure.observe(took)
    logs.request(*key, took)


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Problem as problem:
        return rendered(problem)
    except web.HTTPException as refusal:
        return _refused(request, refusal)
    except (ClientPayloadError, web.RequestPayloadError):
        return rendered(problems.bad_json())
    except Exception as error:
        return _failed(request, error)


def _refused(request: web.Request, refusal: web.HTTPException) -> web.StreamResponse:
    """aiohttp's own refusals as problems; its redirects as they are."""
    if refusal.status == 413:
        return rendered(problems.too_large(limit_mb=request.client_max_size >> 20))
    if refusal.status == 405:
        response = rendered(problems.wrong_method())
        response.headers["Allow"] = refusal.headers["Allow"]
        return response
    if refusal.status in (403, 404):
        return rendered(problems.no_such_page())
    if refusal.status >= 400:
        return rendered(problems.bad_input())
    moved = web.Response(status=refusal.status, headers=refusal.headers)
    moved.cookies.update(refusal.cookies)
    return moved


def _failed(request: web.Request, error: Exception) -> web.StreamResponse:
    if isinstance(error, ConnectionError) and request.transport is None:
        return rendered(problems.bad_json())  # the asker has gone; nobody reads this
    if db.away(error):
        log.error("database away", error=error)
        return rendered(problems.starting(retry_after=5))
    _FAULTS.labels(_route(request)).inc()
    log.exception("fault", method=request.method, route=_route(request), exc_info=error)
    if db.refused(error):
        # a value that no shape limits and no column can hold; the shape should
        return rendered(problems.bad_input())
    return rendered(problems.fault(request=REQUEST.get()))


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"
