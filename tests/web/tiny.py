"""A slice of nothing but corners: one endpoint for each thing that the HTTP edge can do."""

import asyncio
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import asyncpg
from aiohttp import web
from pydantic import Field

from backend.core import problems
from backend.core.access import Actor, act, look
from backend.core.db import place, sql
from backend.core.files import Download, Upload
from backend.core.ports import Ports
from backend.core.scope import EVERYWHERE
from backend.core.shape import Shape
from backend.features.areas.tables import AreaRow
from backend.web.endpoint import get, post, put
from backend.web.middleware import dressing, observe
from backend.web.paging import Page, cursor_of, keys_of
from backend.web.session import identify
from tests.cast import CAST


class Clerk(Shape):
    name: Annotated[str, Field(min_length=2, max_length=4)]
    age: Annotated[int, Field(ge=0, le=150)] = 30


class Note(Shape):
    text: Annotated[str, Field(max_length=20)] = ""
    n: int = 0
    ok: bool = False
    on: date | None = None
    at: datetime | None = None
    id: UUID | None = None
    money: Decimal | None = None
    kind: Literal["甲", "乙"] = "甲"
    clerks: tuple[Clerk, ...] = ()
    answers: dict[str, Any] = {}  # noqa: RUF012
    since: date | None = Field(None, alias="from")


class Search(Page):
    q: str = ""
    kinds: tuple[Literal["甲", "乙"], ...] = ()
    on: date | None = None
    most: int = 10


class Stored(Shape):
    id: UUID
    text: str

    @property
    def ref(self) -> str:
        return f"note:{self.id}"


class Gate:
    """A port: lets the tests hold an act in the middle."""

    def __init__(self) -> None:
        self.open, self.entered = asyncio.Event(), asyncio.Semaphore(0)


@look("tiny.read", "看")
async def echo(actor: Actor, body: Note) -> Note:
    return body


@look("tiny.read", "看")
async def search(actor: Actor, query: Search) -> Search:
    return query


@look("tiny.read", "看")
async def paged(actor: Actor, query: Page) -> list[str]:
    keys = keys_of(query.cursor, 2, of="tiny") if query.cursor else ["start", 0]
    return [str(keys), cursor_of(keys[0], keys[1] + 1, of="tiny")]


@look("tiny.read", "看")
async def one(actor: Actor, note: UUID, version: int) -> str:
    return f"{note} {version}"


@look("tiny.read", "看")
async def upload(actor: Actor, upload: Upload) -> dict[str, Any]:
    return {"name": upload.name, "kind": upload.media_type, "size": len(upload.body)}


@look("tiny.read", "看")
async def download(actor: Actor) -> Download:
    return Download("月报 2026/10.pdf", "application/pdf", b"%PDF", cache_seconds=5)


@act("tiny.write", "写")
async def write(actor: Actor, body: Note, gate: Gate) -> Stored | problems.Problem:
    made = uuid4()
    ended = {"name": body.text, "kind": "k", "kind_label": "l", "valid_to": date(2026, 1, 1)}
    await place(EVERYWHERE, AreaRow, area="310107005001", id=made, **ended)
    gate.entered.release()
    if body.text == "wait":
        await gate.open.wait()
    if body.text == "refuse":
        raise problems.reason_needed()
    if body.text == "keep":
        return problems.draft_conflict(draft={"id": str(made)})
    return Stored(id=made, text=body.text)


@act("tiny.write", "写")
async def silent(actor: Actor) -> None:
    """Nothing to say."""


@act("tiny.write", "写")
async def printed(actor: Actor) -> Download:
    return Download("a.pdf", "application/pdf", b"%PDF")


@look("tiny.forbidden", "不许")
async def forbidden(actor: Actor, body: Note) -> None:
    raise AssertionError("never reached")


async def fail(kind: str) -> None:
    """Whatever can go wrong."""
    match kind:
        case "bug":
            raise RuntimeError("陆小燕 13800138000")
        case "away":
            raise ConnectionRefusedError
        case "starting":
            raise asyncpg.CannotConnectNowError
        case "data":
            await sql("select :n::int", n=2**40)
        case "moved":
            answer = web.HTTPFound("/console/")
            answer.set_cookie("r", "1", httponly=True)
            raise answer
        case "gone":
            raise web.HTTPGone
    raise web.HTTPForbidden


async def stream(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    await response.write(b"data: 1\n\n")
    return response


async def page() -> web.Response:
    return web.Response(text="<html>", content_type="text/html")


ENDPOINTS = [
    post("/t/echo", echo),
    get("/t/search", search),
    get("/t/paged", paged),
    get("/t/notes/{note}/{version}", one),
    post("/t/upload", upload, upload_mb=1),
    get("/t/download", download),
    post("/t/write", write, status=201),
    put("/t/silent", silent),
    post("/t/printed", printed),
    post("/t/forbidden", forbidden),
    get("/t/fail/{kind}", fail, public=True),
    get("/t/stream", stream, public=True),
    get("/t/page", page, public=True),
]

ACTORS = {
    name: Actor(
        actor.id, actor.name, frozenset({"tiny.read", "tiny.write"}), actor.scope, actor.area
    )
    for name, actor in CAST.items()
}


async def whoever(token: str) -> Actor | None:
    return ACTORS.get(token)


def app(gate: Gate, *, secure: bool = False) -> web.Application:
    ports = Ports({Gate: gate})
    built = web.Application(middlewares=[observe, identify(whoever)], client_max_size=1 << 20)
    built.on_response_prepare.append(dressing(secure=secure))
    built.add_routes([web.route(e.method, e.path, e.handler(ports)) for e in ENDPOINTS])
    return built
