"""What goes out: shapes as JSON, nothing as 204, files as files."""

import inspect
from collections.abc import Callable
from functools import reduce
from operator import or_
from types import UnionType
from typing import Any, Union, get_args, get_origin
from urllib.parse import quote

import orjson
from aiohttp import web
from pydantic import TypeAdapter

from backend.core.files import Download
from backend.core.problems import Problem

Write = Callable[[Any], web.StreamResponse]


def writer(annotation: Any, status: int) -> Write:
    """How a use case's result becomes a response, chosen once from its return annotation."""
    if annotation is None:
        return lambda _: web.Response(status=204)
    if annotation is Download:
        return _file
    if inspect.isclass(annotation) and issubclass(annotation, web.StreamResponse):
        return _as_is
    shape = TypeAdapter(without_problem(annotation))

    def write(result: Any) -> web.StreamResponse:
        if isinstance(result, Problem):
            return rendered(result)
        # by alias, as the contract (openapi.py) says it
        body = shape.dump_json(result, by_alias=True)
        return web.Response(body=body, status=status, content_type="application/json")

    return write


def without_problem(annotation: Any) -> Any:
    """The shape in `Shape | Problem`: an act may keep something and still answer with a problem."""
    if get_origin(annotation) not in (Union, UnionType):
        return annotation
    return reduce(or_, (part for part in get_args(annotation) if part is not Problem))


def rendered(problem: Problem) -> web.Response:
    """A problem as application/problem+json (RFC 9457)."""
    headers = {"Content-Type": "application/problem+json"}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if wait := problem.details.get("retry_after"):
        headers["Retry-After"] = str(wait)
    body = orjson.dumps(problem.body(), default=str)
    return web.Response(body=body, status=problem.status, headers=headers)


def _as_is(response: Any) -> web.StreamResponse:
    return response  # type: ignore[no-any-return]


def _file(file: Download) -> web.StreamResponse:
    way = "inline" if file.inline else "attachment"
    kept = f"private, max-age={file.cache_seconds}" if file.cache_seconds else "no-store"
    headers = {
        "Content-Type": file.media_type,
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(file.name, safe='')}",
        "Cache-Control": kept,
    }
    return web.Response(body=file.body, headers=headers)
