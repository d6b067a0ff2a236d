"""Where things lie on this machine, and the surroundings that children of ours are given.

Uses the standard library only: it runs before the environment exists, and so before settings.py.
"""

# ruff: noqa: TID251 - children need the whole environment, not our settings

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def var() -> Path:
    """The folder for everything that this machine keeps; JUCUN_VAR, or var/ in the clone."""
    return Path(os.environ.get("JUCUN_VAR") or ROOT / "var").absolute()


def given(name: str) -> str | None:
    """A variable of the caller's surroundings, None when it is missing or empty."""
    return os.environ.get(name) or None


def surroundings(extra: Mapping[str, str | None]) -> dict[str, str]:
    """The variables for a child process: ours, with `extra` on top; None takes one away."""
    merged = {**os.environ, **extra}
    return {name: value for name, value in merged.items() if value is not None}


def named(prefix: str) -> list[str]:
    """The names of the caller's variables that begin like this."""
    return [name for name in os.environ if name.startswith(prefix)]


def folder(path: Path) -> Path:
    """The folder, made if need be."""
    path.mkdir(parents=True, exist_ok=True)
    return path


def shown(path: Path) -> str:
    """A path as a person wants to read it: within the clone without the clone's own path."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def adopt(variables: Mapping[str, str]) -> None:
    """Take over variables that the caller has not set."""
    for name, value in variables.items():
        os.environ.setdefault(name, value)
