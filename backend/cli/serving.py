"""The two programs that run for long: the server, one process per core, and the worker."""

import asyncio
import signal

from aiohttp import web

from backend import app
from backend.cli import parts, verdicts
from backend.core import logs
from backend.machine import running
from backend.machine.places import PYTHON
from backend.machine.running import Command, Failed
from backend.settings import Settings

GRACE = 8.0  # seconds for requests in hand, less than what supervisors wait


def serve() -> None:
    """Serve until asked to end. Several processes share the port; the kernel spreads the load."""
    with parts.at_hand() as settings:
        _demand(settings)
        if settings.processes > 1:
            _share(settings)
        else:
            _serve_alone(settings)


def _demand(settings: Settings) -> None:
    """In production, wrong settings are told before the first request and not by it."""
    logs.start(settings.log_level)
    if settings.env == "production":
        verdicts.demand(settings)


def _serve_alone(settings: Settings) -> None:
    host, port = settings.address
    try:
        web.run_app(
            app.build(settings),
            host=host,
            port=port,
            reuse_port=True,
            shutdown_timeout=GRACE,
            access_log=None,  # web/middleware.py writes a scrubbed line per request
            print=None,
        )
    except OSError as error:
        raise Failed(f"JUCUN_LISTEN={settings.listen}: {error.strerror or error}") from None


def _share(settings: Settings) -> None:
    """One child per process; when one ends by itself the others end too, and so do we."""
    running.heed_signals()
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    env = {"JUCUN_PROCESSES": "1", "JUCUN_DATABASE_URL": url}
    command = Command("server process", [PYTHON, "-m", "backend", "serve"], env=env)
    children = [running.start(command, None) for _ in range(settings.processes)]
    try:
        while all(child.poll() is None for child in children):
            running.pause()
        raise Failed("a server process has ended; its last log lines tell why")
    except running.Interrupted:
        pass
    finally:
        for child in children:
            running.ask_to_end(child)
        for child in children:
            running.end(child, grace=GRACE + 2)


def work() -> None:
    """Work until asked to end; what is in hand is finished first."""
    with parts.at_hand() as settings:
        _demand(settings)
        asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    async with app.worker(settings) as worker:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, worker.stopping.set)
        await worker.run()
