"""The front end: npm packages installed and screens built, each only when something has changed."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from backend.machine import node, places, running
from backend.machine.node import Node
from backend.machine.places import ROOT
from backend.machine.running import Command
from backend.machine.telling import Step

MINIAPP = ROOT / "miniapp"
PHONE = MINIAPP / "phone"
MP_TEST = MINIAPP / "mp-test"
FONTS = ROOT / "templates" / "fonts"

LEFT_OUT = {"node_modules", "dist", "test", "tests"}


@dataclass(frozen=True)
class Build:
    """A thing that an npm script makes out of sources; `output` must hold `proof` afterwards."""

    title: str
    package: Path
    script: tuple[str, ...]
    sources: tuple[Path, ...]
    output: Path
    proof: str

    @property
    def stamp(self) -> Path:
        # within node_modules: other packages make another output
        return self.package / "node_modules" / ".jucun" / self.output.name


CONSOLE_BUILD = Build(
    "console",
    MINIAPP,
    ("run", "build", "-w", "console"),
    (MINIAPP / "console", MINIAPP / "shared"),
    MINIAPP / "console" / "dist",
    "index.html",
)
H5_BUILD = Build(
    "phone (H5)",
    PHONE,
    ("run", "build"),
    (PHONE, MINIAPP / "shared"),
    PHONE / "dist" / "build" / "h5",
    "index.html",
)
MINI_PROGRAM_BUILD = Build(
    "phone (mini program)",
    PHONE,
    ("run", "build:mp"),
    (PHONE, MINIAPP / "shared"),
    PHONE / "dist" / "build" / "mp-weixin",
    "app.json",
)

SCREENS = (CONSOLE_BUILD, H5_BUILD)
SERVED = (MINIAPP, PHONE, FONTS)


def ensure() -> None:
    """Everything the server serves and prints with: both screens and the fonts."""
    if all(_installed(package) for package in SERVED) and all(_fresh(b) for b in SCREENS):
        return
    with running.alone(places.var() / "front.lock", "another jucun is building the screens"):
        install(*SERVED)
        build(*SCREENS)


def install(*packages: Path) -> None:
    """`npm ci` where the lock file or the Node has changed, side by side."""
    missing = [package for package in packages if not _installed(package)]
    if not missing:
        return
    npm = node.find()
    with Step("packages of the front end") as step:
        _run(step, npm, *((package, ("ci",)) for package in missing), log="npm-install")
        for package in missing:
            _packages_stamp(package).parent.mkdir(exist_ok=True)
            _packages_stamp(package).write_text(_lock_digest(package), encoding="utf-8")
        step.done(f"Node {npm.version.removeprefix('v')}")


def build(*builds: Build) -> None:
    """Run the builds whose sources have changed, side by side."""
    stale = {each: _sources_digest(each) for each in builds if not _fresh(each)}
    if not stale:
        return
    npm = node.find()
    with Step(" and ".join(each.title for each in stale)) as step:
        _run(step, npm, *((each.package, each.script) for each in stale), log="npm-build")
        for each, digest in stale.items():
            if not (each.output / each.proof).is_file():
                raise running.Failed(f"the build left no {places.shown(each.output)}/{each.proof}")
            each.stamp.write_text(digest, encoding="utf-8")


def command(npm: Node, name: str, package: Path, *arguments: str) -> Command:
    """An npm call in a package."""
    return Command(name, [*npm.npm, *arguments], cwd=package, env=npm.env)


def _run(step: Step, npm: Node, *calls: tuple[Path, tuple[str, ...]], log: str) -> None:
    commands = [
        command(npm, f"npm {' '.join(arguments)} in {places.shown(package)}", package, *arguments)
        for package, arguments in calls
    ]
    running.run(step, *commands, log=places.var() / "log" / f"{log}.log")


def _packages_stamp(package: Path) -> Path:
    return package / "node_modules" / ".jucun" / "packages"


def _installed(package: Path) -> bool:
    return _read(_packages_stamp(package)) == _lock_digest(package)


def _fresh(build: Build) -> bool:
    proof = build.output / build.proof
    return proof.is_file() and _read(build.stamp) == _sources_digest(build)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _lock_digest(package: Path) -> str:
    return hashlib.sha256((package / "package-lock.json").read_bytes()).hexdigest()


def _sources_digest(build: Build) -> str:
    """One digest over names and contents of all sources of a build and its lock file."""
    digest = hashlib.sha256()
    for path in (build.package / "package-lock.json", *_sources(build.sources)):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources(folders: tuple[Path, ...]) -> list[Path]:
    found: list[Path] = []
    for folder in folders:
        for at, names, files in os.walk(folder):
            names[:] = sorted(set(names) - LEFT_OUT)
            found += [Path(at) / name for name in sorted(files)]
    return found
