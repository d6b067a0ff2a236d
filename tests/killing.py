"""Killing a real worker between any two steps: it speaks to PostgreSQL through a wire with a fuse.

No hook in the product: every message of the worker to the database is a step, and the wire sends
SIGKILL at the one that is named, before the message has arrived or before its answer has.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from backend.core import db

Moment = Literal["before", "after"]
_SILENT = 0.3  # seconds without an answer: the message had none, the worker dies all the same


@dataclass
class Fuse:
    """Counts steps from the first message that holds `spark`; burns through after `steps`."""

    spark: bytes
    steps: int
    moment: Moment
    victim: int | None = None
    lit: bool = False
    burnt: asyncio.Event = field(default_factory=asyncio.Event)

    def burns(self, message: bytes) -> bool:
        self.lit = self.lit or self.spark in message
        if not self.lit or self.burnt.is_set():
            return False
        self.steps -= 1
        return self.steps < 0

    def kill(self) -> None:
        if self.victim is not None:
            with suppress(ProcessLookupError):
                os.kill(self.victim, signal.SIGKILL)
        self.burnt.set()


class Wire:
    """A port that passes everything on to PostgreSQL, until the fuse burns."""

    def __init__(self, url: str) -> None:
        self.to = db.credentials(url)
        self.fuse: Fuse | None = None
        self.open_lines = 0
        self.server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        assert self.server is not None
        port = self.server.sockets[0].getsockname()[1]
        secret = f":{quote(self.to['password'])}" if self.to["password"] else ""
        name, database = quote(self.to["user"]), self.to["database"]
        return f"postgresql://{name}{secret}@127.0.0.1:{port}/{database}?sslmode=disable"

    async def open(self) -> None:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def close(self) -> None:
        assert self.server is not None
        self.server.close()

    async def quiet(self) -> None:
        """Wait until PostgreSQL has done all that the dead had still asked for."""
        while self.open_lines:  # noqa: ASYNC110 - many lines, and none of them is a loop's own
            await asyncio.sleep(0.01)

    async def _serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if self.to["host"].startswith("/"):
            socket = f"{self.to['host']}/.s.PGSQL.{self.to['port']}"
            far, out = await asyncio.open_unix_connection(socket)
        else:
            far, out = await asyncio.open_connection(self.to["host"], self.to["port"])
        self.open_lines += 1
        answers = asyncio.create_task(self._answers(far, back))
        try:
            with suppress(OSError):
                await self._messages(near, out)
            answers.cancel()
            await asyncio.wait([answers])
            with suppress(OSError):
                out.write_eof()
                while await far.read(1 << 16):
                    pass
        finally:
            self.open_lines -= 1
            out.close()
            back.close()

    async def _messages(self, near: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        while message := await near.read(1 << 16):
            fuse = self.fuse
            burns = fuse is not None and fuse.burns(message)
            if burns and fuse and fuse.moment == "before":
                fuse.kill()
                return
            out.write(message)
            await out.drain()
            if burns and fuse:
                with suppress(TimeoutError):
                    await asyncio.wait_for(fuse.burnt.wait(), _SILENT)
                fuse.kill()
                return

    async def _answers(self, far: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while answer := await far.read(1 << 16):
                if self.fuse and self.fuse.steps < 0:
                    self.fuse.kill()  # it has happened, and nobody will hear of it
                    return
                back.write(answer)
                await back.drain()


@dataclass
class Workers:
    """Lives of a worker, one after the other."""

    nursery: asyncio.subprocess.Process
    wire: Wire
    living: set[int] = field(default_factory=set)

    async def live(self, fuse: Fuse | None = None) -> int:
        """Start a worker; with a fuse, wait until it is dead. Its process id."""
        assert self.nursery.stdin and self.nursery.stdout
        self.wire.fuse = fuse
        self.nursery.stdin.write(b"\n")
        worker = int(await self.nursery.stdout.readline())
        self.living.add(worker)
        if fuse is not None:
            fuse.victim = worker
        return worker

    async def end(self, worker: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
        await gone(worker)
        self.living.discard(worker)
        if not self.living:
            await self.wire.quiet()


async def first(
    *waits: Awaitable[Any], patience: float, waiting: Callable[[], Awaitable[Any]]
) -> None:
    """Until one of them has come to pass; after `patience` seconds, what is `waiting` is told."""
    tasks = [asyncio.ensure_future(each) for each in waits]
    done, pending = await asyncio.wait(tasks, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    assert done, f"neither killed nor finished: {await waiting()}"


async def gone(worker: int) -> None:
    """Wait until a process is no more."""
    with suppress(ProcessLookupError):
        while True:
            os.kill(worker, 0)
            await asyncio.sleep(0.01)


@asynccontextmanager
async def workers(url: str, variables: Mapping[str, str]) -> AsyncIterator[Workers]:
    """A nursery whose workers have these settings and reach the database over a wire."""
    wire = Wire(url)
    await wire.open()
    env = dict(variables) | {"JUCUN_DATABASE_URL": wire.url}
    nursery = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.nursery",
        env=env,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    found = Workers(nursery, wire)
    try:
        yield found
    finally:
        for worker in [*found.living]:
            await found.end(worker)
        nursery.kill()
        await nursery.wait()
        await wire.close()
