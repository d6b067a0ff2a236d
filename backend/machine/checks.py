"""What `./jucun test` runs, in two lanes side by side: Python, and the front end with the browser.

Each check is a program with a log of its own. A lane goes on after a failure, so that one run
tells everything that is wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from backend.machine import front, node, places
from backend.machine.places import PYTHON, ROOT, VENV
from backend.machine.running import Command

PARTS = ("shape", "engine", "forms", "features", "outside", "front", "mini", "browser")
TESTS = ROOT / "tests"
LINT_IMPORTS = VENV / "bin" / "lint-imports"

# What has nothing to do with an outside database, and takes long.
_OF_THIS_MACHINE = {"machine", "cli", "sandbox"}
# Test folders with a part of their own; every other folder below tests/ belongs to `features`.
_OWN = {"shape", "engine", "forms", "browser", "bench", "recorded"}


@dataclass(frozen=True)
class Check:
    """One program of a part. A code in `left_out` means: not run here, the last line says why."""

    part: str
    title: str
    command: Command
    left_out: frozenset[int] = frozenset()
    runs_tests: bool = False


@dataclass(frozen=True)
class Wanted:
    """What the person asked for: parts, and pytest's -k."""

    parts: tuple[str, ...] = PARTS
    matching: str | None = None
    outside: Mapping[str, str] = field(default_factory=dict)

    def has(self, part: str) -> bool:
        return part in self.parts


def python_lane(wanted: Wanted, database: str) -> list[Check]:
    """Static checks first: they are quick and say most."""
    found = [] if wanted.matching else _static()
    found += [
        _pytest(wanted, "shape", ["shape"]),
        _pytest(wanted, "engine", ["engine"]),
        _pytest(wanted, "forms", ["forms"]),
        _pytest(wanted, "features", _features(), {"JUCUN_TEST_DATABASE_URL": database}),
    ]
    return [check for check in found if wanted.has(check.part)]


def front_lane(wanted: Wanted, database: str) -> list[Check]:
    """Packages and builds, what is checked of them, the browser; then the features once more, on
    an outside database, while the other lane is still at them on ours."""
    return [*_front(wanted, database), *_outside(wanted, database)]


def _outside(wanted: Wanted, database: str) -> list[Check]:
    if not wanted.outside or not wanted.has("outside"):
        return []
    outside = {"JUCUN_TEST_DATABASE_URL": database, **wanted.outside}
    folders = [name for name in _features() if name not in _OF_THIS_MACHINE]
    return [_pytest(wanted, "outside", folders, outside, "not kill and not minutes")]


def _front(wanted: Wanted, database: str) -> list[Check]:
    here = [part for part in ("front", "mini", "browser") if wanted.has(part)]
    if not here:
        return []
    found = [_module(here[0], "packages and builds", "backend", "build", "--all")]
    if not wanted.matching:
        found += _npm()
    if wanted.has("browser"):
        found.append(_module("browser", "Chromium", "backend.machine.chromium", left_out=75))
        browser = {"JUCUN_TEST_DATABASE_URL": database}
        found.append(_pytest(wanted, "browser", ["browser"], browser))
    return [check for check in found if wanted.has(check.part)]


def _static() -> list[Check]:
    return [
        _module("shape", "ruff", "ruff", "check", "--quiet"),
        _module("shape", "ruff format", "ruff", "format", "--check", "--quiet"),
        _program("shape", "import contracts", LINT_IMPORTS, "--no-cache", "--no-logo"),
        _module("shape", "types", "mypy"),
    ]


def _npm() -> list[Check]:
    npm = node.find()
    calls = [
        ("front", "types of shared and console", front.MINIAPP, ("run", "check")),
        ("front", "types of phone", front.PHONE, ("run", "check")),
        ("front", "shared and console: tests", front.MINIAPP, ("test",)),
        ("mini", "mini program: tests", front.MP_TEST, ("test",)),
    ]
    ours = clean() | {"JUCUN_PYTHON": str(PYTHON)}
    found = []
    for part, title, package, arguments in calls:
        command = front.command(npm, title, package, *arguments)
        command = replace(command, env={**command.env, **ours})
        found.append(Check(part, title, command, runs_tests=arguments == ("test",)))
    return found


def _module(part: str, title: str, module: str, *arguments: str, left_out: int = 0) -> Check:
    return _program(part, title, "-m", module, *arguments, left_out=left_out)


def _program(part: str, title: str, *argv: str | Path, left_out: int = 0) -> Check:
    command = Command(title, [PYTHON, *argv], env=clean())
    return Check(part, title, command, frozenset({left_out} - {0}))


def _pytest(
    wanted: Wanted,
    part: str,
    folders: list[str],
    env: Mapping[str, str] | None = None,
    marked: str = "",
) -> Check:
    argv: list[object] = [PYTHON, "-m", "pytest", "-q", "--no-header", "--durations=5"]
    if wanted.matching:
        argv += ["-k", wanted.matching]
    if marked:
        argv += ["-m", marked]
    argv += [TESTS / name for name in folders]
    # code 5: pytest found nothing that matches -k
    left_out = frozenset({5}) if wanted.matching else frozenset[int]()
    command = Command(f"tests of {part}", argv, env={**clean(), **(env or {})})
    return Check(part, f"{part}: tests", command, left_out, runs_tests=True)


def _features() -> list[str]:
    folders = (path for path in TESTS.iterdir() if any(path.rglob("test_*.py")))
    return sorted(path.name for path in folders if path.name not in _OWN)


def clean() -> dict[str, str | None]:
    """Tests never see the settings of a real deployment that the caller may have."""
    kept = {"JUCUN_VAR", "JUCUN_TEST_CHROMIUM"}
    return dict.fromkeys(name for name in places.named("JUCUN_") if name not in kept)


def log_of(check: Check) -> Path:
    name = "".join(c if c.isalnum() else "-" for c in check.title)
    return places.var() / "log" / f"test-{check.part}-{name}.log"
