"""Long lists come in pages: an opaque cursor that names the last row seen, and a limit.

A cursor carries our MAC: its keys go into statements as they are, so one that we did not make,
or that belongs to another list, is bad input.
"""

import base64
from typing import Annotated, Any

import orjson
from pydantic import Field

from backend.core import crypto, problems
from backend.core.problems import FieldIssue
from backend.core.shape import Shape

_MAC = 8


class Page(Shape):
    """The query of a paged list; slices extend it with their filters."""

    cursor: Annotated[str, Field(max_length=600)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


def cursor_of(*keys: Any, of: str = "") -> str:
    """The cursor behind a row whose sort keys are `keys`, in the list called `of`."""
    body = orjson.dumps(keys, default=str)
    return base64.urlsafe_b64encode(_mac(of, body) + body).decode().rstrip("=")


def keys_of(cursor: str, count: int, of: str = "") -> list[Any]:
    """The sort keys inside a cursor of the same list."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raise _not_ours() from None
    mac, body = raw[:_MAC], raw[_MAC:]
    if not crypto.same(mac, _mac(of, body)):
        raise _not_ours()
    keys: list[Any] = orjson.loads(body)
    if len(keys) != count:
        raise _not_ours()
    return keys


def _not_ours() -> problems.Problem:
    say = "cursor：翻页位置已失效，请从第一页看起"
    return problems.bad_input(fields=[FieldIssue("cursor", "cursor.invalid", say)])


def _mac(of: str, body: bytes) -> bytes:
    return crypto.mac("cursor", of.encode(), body)[:_MAC]
