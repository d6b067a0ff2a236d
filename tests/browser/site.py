"""A whole small district as processes: database, both sandboxes, server and worker, as in the demo.

One street with its twenty committees, a few hundred people each way pulled through the real feeds,
on the first working day after the quarter's end.
"""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import Popen
from typing import Any

import aiohttp
from aiohttp.test_utils import unused_port

from backend.core.clock import SHANGHAI
from backend.machine import children, places, running
from backend.machine.running import Command

STARTS = datetime(2026, 10, 8, 9, 30, tzinfo=SHANGHAI)
STREET, PEOPLE = "310107005", 160  # committees of 曹杨新村街道, and people in each
_PATIENCE = 90.0


class Broken(Exception):
    """A program of the site did not do what it should; the end of its log says why."""


@dataclass(frozen=True)
class Site:
    """Where the programs are, and what day it is there."""

    folder: Path
    database_url: str
    began: datetime = field(default_factory=lambda: datetime.now(SHANGHAI))
    server: int = field(default_factory=unused_port)
    wecom: int = field(default_factory=unused_port)
    street: int = field(default_factory=unused_port)

    @property
    def lead(self) -> timedelta:
        """How far this site is ahead of the machine's clock, or behind it."""
        return STARTS - self.began

    @property
    def url(self) -> str:
        return at(self.server)

    @property
    def demo(self) -> Path:
        """Keys, corps and feeds, as the demo plants them."""
        return self.folder / "demo"

    def variables(self) -> dict[str, str | None]:
        """The settings of everything here, and nothing of the caller's own."""
        return dict.fromkeys(places.named("JUCUN_")) | {
            "JUCUN_ENV": "demo",
            "JUCUN_VAR": str(self.folder),
            "JUCUN_DATABASE_URL": self.database_url,
            "JUCUN_LISTEN": f"127.0.0.1:{self.server}",
            "JUCUN_PUBLIC_URL": self.url,
            "JUCUN_KEYS_FILE": str(self.demo / "keys.json"),
            "JUCUN_CORPS_FILE": str(self.demo / "corps.yaml"),
            "JUCUN_FEEDS_FILE": str(self.demo / "feeds.yaml"),
        }

    def run(self, *argv: str) -> str:
        """One of our commands, given beside the running site; what it says."""
        done = subprocess.run(
            _ahead(self, "backend", *argv),
            cwd=places.ROOT,
            env=places.surroundings(self.variables()),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    async def wecom_switch(self, name: str, /, **given: Any) -> Any:
        """What an administrator of the corp does (`given`), or what was sent so far."""
        url = f"{at(self.wecom)}/_sandbox/{name}"
        async with aiohttp.ClientSession() as session:
            call = session.post(url, json=given) if given else session.get(url)
            async with call as answer:
                assert answer.status == 200, await answer.text()
                return await answer.json()


def _ahead(site: Site, module: str, *argv: object) -> list[object]:
    """A program of ours on the day of the site."""
    moment = datetime.now(SHANGHAI) + site.lead
    return [sys.executable, "-m", "tests.browser.ahead", moment.isoformat(), module, *argv]


def at(port: int) -> str:
    return f"http://127.0.0.1:{port}"


@contextmanager
def open_site(folder: Path, database_url: str, *more: str) -> Iterator[Site]:
    """The site, started in order and loaded through its own doors; everything ends with it.

    `more` is said to the demo's loader.
    """
    site = Site(folder, database_url)
    wecom, street = at(site.wecom), at(site.street)
    state, pretence = site.demo / "wecom.yaml", "--i-am-a-sandbox"
    places.folder(site.demo)
    programs = _Programs(site)
    try:
        programs.done("backend.sandbox.demo.planting", "--wecom", wecom, "--street", street)
        programs.start("backend.sandbox.wecom", "--port", site.wecom, "--state", state, pretence)
        small = ("--only", STREET, "--people-full", PEOPLE)
        programs.start("backend.sandbox.street", "--port", site.street, *small, pretence)
        programs.done("backend", "migrate")
        programs.wait_for(wecom, street)
        _move_on(wecom, site.lead)
        programs.done("backend.sandbox.demo.load", *more)
        programs.start("backend", "serve")
        programs.start("backend", "work")
        programs.wait_for(f"{site.url}/m/")
        yield site
    finally:
        programs.end()


def _move_on(wecom: str, lead: timedelta) -> None:
    """The sandbox of WeCom has a clock of its own; what it signs must be of the site's day."""
    body = json.dumps({"seconds": lead.total_seconds()}).encode()
    with urllib.request.urlopen(f"{wecom}/_sandbox/clock", body, timeout=5) as answer:
        answer.read()


class _Programs:
    """The processes of a site, each on its day and with a log of its own; they die with us."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.alive: dict[str, Popen[bytes]] = {}

    def start(self, module: str, *argv: object) -> str:
        """The name under which it now runs."""
        name = f"{module}-{argv[0]}" if module == "backend" else module
        command = Command(name, _ahead(self.site, module, *argv), env=self.site.variables())
        self.alive[name] = running.start(command, self._log(name))
        return name

    def done(self, module: str, *argv: object) -> None:
        """A program that ends by itself, and well."""
        name = self.start(module, *argv)
        code = self.alive[name].wait(_PATIENCE)
        del self.alive[name]
        if code:
            raise Broken(f"{name} {running.last_words(code, self._log(name))}")

    def wait_for(self, *urls: str) -> None:
        """Until all of them answer, and not with a fault."""
        until = time.monotonic() + _PATIENCE
        for url in urls:
            while not children.answers(url):
                for name, process in self.alive.items():
                    if (code := process.poll()) is not None:
                        raise Broken(f"{name} {running.last_words(code, self._log(name))}")
                if time.monotonic() > until:
                    raise Broken(f"{url} does not answer")
                running.pause()

    def _log(self, name: str) -> Path:
        return self.site.folder / "log" / f"{name}.log"

    def end(self) -> None:
        for process in self.alive.values():
            running.ask_to_end(process)
        for process in self.alive.values():
            running.end(process)
