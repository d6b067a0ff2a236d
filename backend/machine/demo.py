"""`./jucun demo`: everything of a district on one machine, started in order and ended together."""

import json
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.machine import front, places, ports, postgres, running
from backend.machine.children import Children
from backend.machine.places import PYTHON
from backend.machine.postgres import Server
from backend.machine.running import Command
from backend.machine.telling import Step, complain, say

WANTED = {"server": 8080, "wecom": 8081, "street": 8082}


@dataclass(frozen=True)
class Site:
    """Where this demo lives: its folder, and the ports of its three servers."""

    folder: Path
    server: int
    wecom: int
    street: int

    @property
    def data(self) -> Path:
        return places.var() / "pg"

    @property
    def loaded(self) -> Path:
        """Written when the district has been loaded whole."""
        return self.folder / "loaded"

    def variables(self, database_url: str) -> dict[str, str]:
        """The settings of everything that belongs to this demo."""
        return {
            "JUCUN_ENV": "demo",
            "JUCUN_VAR": str(places.var()),
            "JUCUN_DATABASE_URL": database_url,
            "JUCUN_LISTEN": f"127.0.0.1:{self.server}",
            "JUCUN_PUBLIC_URL": at(self.server),
            "JUCUN_KEYS_FILE": str(self.folder / "keys.json"),
            "JUCUN_CORPS_FILE": str(self.folder / "corps.yaml"),
            "JUCUN_FEEDS_FILE": str(self.folder / "feeds.yaml"),
            "JUCUN_FORMS_EXTRA": json.dumps([*self._more_forms(), str(self.folder / "forms")]),
        }

    def _more_forms(self) -> list[str]:
        """Folders of the one who tries a form of their own; the demo's only has calendars."""
        given: list[str] = json.loads(places.given("JUCUN_FORMS_EXTRA") or "[]")
        return [one for one in given if one != str(self.folder / "forms")]


def at(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def run(*, fresh: bool) -> int:
    """Start everything, tell where it is, and stay until asked to end. The exit code."""
    running.heed_signals()
    folder = places.folder(places.var() / "demo")
    with running.only_one(folder / "lock") as first:
        if not first:
            return _already_running(folder)
        say("\n居村通 Jucun\n")
        front.ensure()
        site = Site(folder, **ports.choose(WANTED, folder / "ports.json"))
        if fresh or not site.loaded.exists():
            _forget(site)
        _live(site)
        say("  Everything that was started here has ended. The data is kept.")
    return 0


def _forget(site: Site) -> None:
    """Throw away the demo's data: database, files and keys; what a broken-off loading left too."""
    site.loaded.unlink(missing_ok=True)
    postgres.discard(site.data)
    shutil.rmtree(places.var() / "files", ignore_errors=True)
    for name in ("keys.json", "street.jsonl", "invitation"):
        (site.folder / name).unlink(missing_ok=True)


def _live(site: Site) -> None:
    children = Children()
    with postgres.cluster(site.data) as database:
        children.adopt("PostgreSQL", database.process, database.log)
        try:
            _start(site, database, children)
            _welcome(site)
            children.watch()
        except running.Interrupted:
            say("\n  Ending …")
        finally:
            children.end()


def _start(site: Site, database: Server, children: Children) -> None:
    variables = site.variables(database.url(postgres.DATABASE))
    _remember(site, variables)
    ours = _Programs(site, variables)
    with Step("database and keys") as step:
        running.run(step, ours.plant, ours.migrate, log=_log("prepare"))
        step.done(f"PostgreSQL {postgres.RELEASE}")
    children.start(ours.wecom)
    children.start(ours.street)
    if not site.loaded.exists():
        with Step("the demo district") as step:
            children.wait_for(step, at(site.wecom))
            children.wait_for(step, at(site.street))
            running.run(step, ours.load, log=_log("load"), watch=_last)
        site.loaded.touch()
    with Step("server, worker and sandboxes") as step:
        children.start(ours.server)
        children.start(ours.worker)
        for address in (f"{at(site.server)}/readyz", at(site.wecom), at(site.street)):
            children.wait_for(step, address)


class _Programs:
    """The commands a demo consists of, all with the same settings."""

    def __init__(self, site: Site, variables: dict[str, str]) -> None:
        self.variables = variables
        neighbours = ["--wecom", at(site.wecom), "--street", at(site.street)]
        self.plant = self._module("plant", "backend.sandbox.demo.planting", *neighbours)
        self.load = self._module("load", "backend.sandbox.demo.load", "--with-past")
        self.migrate = self._module("migrate", "backend", "migrate")
        self.server = self._module("server", "backend", "serve")
        self.worker = self._module("worker", "backend", "work")
        self.wecom = self._sandbox("wecom", site.wecom, site.folder / "wecom.yaml")
        pushed = ("--push-to", at(site.server))
        self.street = self._sandbox("street", site.street, site.folder / "street.jsonl", *pushed)

    def _sandbox(self, name: str, port: int, state: Path, *more: str) -> Command:
        given = ("--port", str(port), "--state", str(state), "--i-am-a-sandbox", *more)
        return self._module(f"sandbox-{name}", f"backend.sandbox.{name}", *given)

    def _module(self, name: str, *argv: str) -> Command:
        return Command(name, [PYTHON, "-m", *argv], env=self.variables)


def _log(name: str) -> Path:
    return places.var() / "log" / f"demo-{name}.log"


def _last(log: str) -> str:
    lines = log.strip().splitlines()
    return lines[-1] if lines else ""


def _remember(site: Site, variables: dict[str, str]) -> None:
    """For commands that are given beside the running demo; see backend/cli/parts.py:at_hand."""
    (site.folder / "variables.json").write_text(json.dumps(variables), encoding="utf-8")


def _already_running(folder: Path) -> int:
    chosen = json.loads((folder / "ports.json").read_text(encoding="utf-8"))
    complain(f"  The demo of this clone is already running: {at(chosen['server'])}")
    complain("  End it with Ctrl-C where it was started, then try again.")
    return 1


def _welcome(site: Site) -> None:
    """Addresses, and who can sign in."""
    say()
    for title, address in (
        ("Phone (H5)", f"{at(site.server)}/m/"),
        ("Console", f"{at(site.server)}/console/"),
        ("WeCom sandbox", f"{at(site.wecom)}/"),
        ("  its outbox of messages", f"{at(site.wecom)}/outbox"),
    ):
        say(f"  {title:<28}{address}")
    letter = site.folder / "invitation"
    if letter.exists():
        path = letter.read_text(encoding="utf-8")
        say(f"  {'Be an experience officer':<28}{at(site.server)}{path}")
    say()
    people = json.loads((site.folder / "people.json").read_text(encoding="utf-8"))
    _table([("name", "role", "area", "userid"), *map(_row, people)])
    say()
    say("  Sign in by choosing a person on the page of the WeCom sandbox; there are no passwords.")
    say("  Ctrl-C ends everything.")
    say()


def _row(person: dict[str, str]) -> tuple[str, ...]:
    return person["name"], person["role"], person["area"], person["userid"]


def _table(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(_width(cell) for cell in column) + 3 for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, strict=True)
        say("  " + "".join(cell + " " * (width - _width(cell)) for cell, width in cells).rstrip())


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
