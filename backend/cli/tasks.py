"""The commands that do one thing and end."""

import asyncio
from pathlib import Path

import orjson

from backend import app
from backend.cli import parts
from backend.clients.wecom import Wecom
from backend.core import logs
from backend.core.access import SYSTEM
from backend.core.crypto import Keys
from backend.core.files import Upload
from backend.core.problems import Problem
from backend.features.accounts.actions import importing
from backend.features.accounts.shapes import StaffImport
from backend.features.connectors import actions as connectors
from backend.features.connectors import store as feed_store
from backend.features.connectors.feeds import Feeds
from backend.features.connectors.shapes import Run
from backend.machine import running
from backend.machine.places import PYTHON, ROOT
from backend.machine.running import Command, Failed
from backend.machine.telling import say
from backend.settings import Settings


def _database(settings: Settings) -> str:
    return settings.database_url.get_secret_value() if settings.database_url else ""


def staff(file: Path) -> None:
    """The roster from a spreadsheet, in the name of the system: how the first roles are given."""
    if not file.is_file():
        raise Failed(f"There is no file {file}.")
    upload = Upload(file.name, "application/octet-stream", file.read_bytes())
    with parts.at_hand() as settings:
        taken = asyncio.run(_staff(settings, upload))
    for row in taken.refused:
        say(f"  row {row.row}: {row.message}")
    say(f"{taken.added} added, {taken.changed} changed, {len(taken.refused)} refused.")


async def _staff(settings: Settings, upload: Upload) -> StaffImport:
    ports = app.ports_of(settings)
    async with app.opened(settings, ports):
        try:
            return await importing.take(SYSTEM, upload, ports[Wecom])
        except Problem as problem:
            raise Failed(problem.title) from None


def openapi() -> None:
    say(orjson.dumps(app.openapi(), option=orjson.OPT_INDENT_2).decode())


def keys(file: Path, *, rotate: bool) -> None:
    """A new key ring; with `rotate`, a further key in an existing one. Never overwrites a key."""
    if rotate:
        ring = Keys.read(file).rotated()
        ring.write(file)
        say(f"{file}: {ring.active} seals from the next start on; the older keys still open.")
        return
    if file.exists():
        raise Failed(f"{file} is there already. What it sealed can be opened with nothing else.")
    Keys.fresh().write(file)
    say(f"{file}: keep a copy of it apart from the backups of the database.")


def pull(feed: str) -> None:
    """Pull a feed with a worker of our own, and tell what came."""
    with parts.at_hand() as settings:
        run = asyncio.run(_pulled(settings, feed))
    counts = f"{run.added} added, {run.changed} changed, {run.same} the same"
    say(f"{feed}: {run.seen} rows, {counts}, {run.refused} refused.")
    if run.problem:
        raise Failed(run.problem)


async def _pulled(settings: Settings, feed: str) -> Run:
    logs.start("WARNING")
    async with app.worker(settings) as worker:
        try:
            run = await connectors.pull(SYSTEM, worker.ports[Feeds], feed)
        except Problem as problem:
            raise Failed(problem.title) from None
        working = asyncio.create_task(worker.run())
        while run.state == "running" and not working.done():
            await asyncio.sleep(0.5)
            run = (await feed_store.runs(feed, 1))[0]
        worker.stopping.set()
        await working
    return run


def bench(name: str, options: list[str]) -> None:
    """Run tests/bench/NAME.py as a program of its own, against the database at hand."""
    folder = ROOT / "tests" / "bench"
    known = sorted(path.stem for path in folder.glob("[a-z]*.py"))
    if name not in known:
        raise Failed(f"There is no benchmark {name}. There are: {', '.join(known) or 'none'}.")
    running.heed_signals()
    with parts.at_hand() as settings:
        env = {"JUCUN_TEST_DATABASE_URL": _database(settings)}
        argv = [PYTHON, "-m", f"tests.bench.{name}", *options]
        process = running.start(Command(name, argv, env=env), None)
        try:
            while process.poll() is None:
                running.pause()
        finally:
            running.end(process)
    if process.returncode:
        raise Failed(f"the benchmark {name} ended with code {process.returncode}")
