"""A use case becomes an endpoint: its signature is the whole HTTP contract.

`actor` is the signed-in person, `body` the JSON body, `query` the query string, `upload` the
file of a multipart form, `request` the raw request (cookies only); a type among the ports is
handed in; anything else is a path segment. The return annotation is the response. All of it is
checked at start-up: a segment nobody reads or a parameter without a source refuses to start.
"""

import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from pydantic import TypeAdapter

from backend.core import problems
from backend.core.access import Actor, UseCase
from backend.core.files import Download
from backend.core.ports import Ports
from backend.web import reading
from backend.web.asking import ACTOR
from backend.web.idempotency import once
from backend.web.writing import Write, writer

Call = Callable[..., Awaitable[Any]]
Reader = Callable[[web.Request], Awaitable[Any]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method and path, and the use case (or public function) behind it."""

    method: str
    path: str
    call: Call
    status: int = 200
    public: bool = False
    upload_mb: int = 10

    @property
    def run(self) -> Call:
        return self.call.run if isinstance(self.call, UseCase) else self.call

    @property
    def verb(self) -> str | None:
        return self.call.verb if isinstance(self.call, UseCase) else None

    @property
    def name(self) -> str:
        """`areas.change`, `returns.filling.submit`: where it stands; the operationId."""
        parts = self.run.__module__.split(".features.")[-1].split(".")
        return ".".join([*(part for part in parts if part != "actions"), self.run.__name__])

    @property
    def signature(self) -> inspect.Signature:
        return inspect.signature(self.run, eval_str=True)

    @property
    def segments(self) -> set[str]:
        return set(re.findall(r"{(\w+)", self.path))

    def handler(self, ports: Ports) -> Handler:
        """The aiohttp handler; every reader and the writer are made here, once."""
        self._make_sure()
        readers = {name: self._reader(p, ports) for name, p in self.signature.parameters.items()}
        write = writer(self.signature.return_annotation, self.status)
        answer = _answer(self.call, readers, write)
        if isinstance(self.call, UseCase):
            if self.repeatable:
                within = _answer(self.call.within, readers, write)
                answer = once(answer, within, self.name, lazily=self.call.lazily)
            answer = _admitted(self.call.verb, answer)
        return answer

    def _make_sure(self) -> None:
        """What can be wrong with an endpoint is said when the server starts, not when it runs."""
        parameters = self.signature.parameters
        where = f"{self.method} {self.path}"
        if unread := self.segments - parameters.keys():
            raise TypeError(f"{where}: nobody reads {unread}")
        if isinstance(self.call, UseCase) == self.public:
            raise TypeError(f"{where}: needs a verb, or to be public and have none")
        if self.method in ("GET", "HEAD") and {"body", "upload"} & parameters.keys():
            raise TypeError(f"{where}: has no body to read")
        if self.signature.return_annotation is inspect.Signature.empty:
            raise TypeError(f"{where}: does not say what it answers")

    @property
    def repeatable(self) -> bool:
        """Whether an Idempotency-Key counts: for acts with JSON both ways, not for files."""
        files = (
            self.signature.return_annotation is Download or "upload" in self.signature.parameters
        )
        acts = isinstance(self.call, UseCase) and self.call.writes
        return acts and self.method != "GET" and not files

    def _reader(self, p: inspect.Parameter, ports: Ports) -> Reader:
        by_name: dict[str, Callable[[], Reader]] = {
            "actor": lambda: _actor,
            "request": lambda: _request,
            "upload": lambda: reading.upload(self.upload_mb),
            "body": lambda: reading.body(TypeAdapter(p.annotation)),
            "query": lambda: reading.query(p.annotation),
        }
        if p.name in by_name:
            return by_name[p.name]()
        if p.name in self.segments:
            return reading.segment(p.name, TypeAdapter(p.annotation))
        if p.annotation not in ports:
            raise TypeError(f"{self.path}: no source for {p}")
        return _port(ports[p.annotation])


def _answer(call: Call, readers: dict[str, Reader], write: Write) -> Handler:
    """Read everything, do it, write the answer."""

    async def handle(request: web.Request) -> web.StreamResponse:
        given = {name: await read(request) for name, read in readers.items()}
        return write(await call(**given))

    return handle


def _admitted(verb: str, answer: Handler) -> Handler:
    """Before anything is read: is somebody signed in, and may they?"""

    async def handle(request: web.Request) -> web.StreamResponse:
        actor = request.get(ACTOR)
        if actor is None:
            raise problems.sign_in()
        actor.require(verb)
        return await answer(request)

    return handle


def get(path: str, call: Call, **options: Any) -> Endpoint:
    return Endpoint("GET", path, call, **options)


def post(path: str, call: Call, **options: Any) -> Endpoint:
    return Endpoint("POST", path, call, **options)


def put(path: str, call: Call, **options: Any) -> Endpoint:
    return Endpoint("PUT", path, call, **options)


def delete(path: str, call: Call, **options: Any) -> Endpoint:
    return Endpoint("DELETE", path, call, **options)


async def _actor(request: web.Request) -> Actor:
    return request[ACTOR]


async def _request(request: web.Request) -> web.Request:
    return request


def _port(thing: Any) -> Reader:
    async def read(_: web.Request) -> Any:
        return thing

    return read
