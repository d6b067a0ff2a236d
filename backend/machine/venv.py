"""The environment: .venv made from the locked, hashed requirements, with nothing but venv and pip.

Runs before anything is installed, so it uses the standard library only.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig

from backend.machine import places, running
from backend.machine.places import PYTHON, ROOT, VENV
from backend.machine.running import Command, Failed
from backend.machine.telling import Step

RUN = "requirements.txt"
DEV = "requirements-dev.txt"  # holds everything in RUN too, at the same versions
NODE = "requirements-node.txt"

STAMP = VENV / "jucun.json"


def ready(*locks: str) -> bool:
    """Whether .venv holds exactly what these lock files ask for. Takes milliseconds."""
    stamp = _stamp()
    return bool(stamp) and all(stamp["locks"].get(lock) == _digest(lock) for lock in locks)


def ensure(*locks: str) -> None:
    """Make or mend .venv until it holds what these lock files ask for."""
    if ready(*locks):
        return
    with Step("environment") as step:
        if not _usable():
            _create(step)
        for lock in locks:
            if not ready(lock):
                _install(step, lock)
        step.done(f"Python {sys.version_info.major}.{sys.version_info.minor}")


def _stamp() -> dict[str, dict[str, str]]:
    """What .venv was filled from; nothing when it was moved or its Python has been replaced."""
    try:
        stamp: dict[str, dict[str, str]] = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if stamp.get("made") == _made() and "locks" in stamp else {}


def _made() -> dict[str, str]:
    return {"at": str(VENV), "python": str(PYTHON.resolve()), "runs": str(PYTHON.exists())}


def _digest(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def _usable() -> bool:
    """An environment that was made here, or by hand, and can install packages."""
    if STAMP.exists() and not _stamp():
        return False
    kept = [path.parts[-4] for path in VENV.glob("lib/python3.*/site-packages/pip/__init__.py")]
    return PYTHON.exists() and any(int(name.removeprefix("python3.")) >= 11 for name in kept)


def _create(step: Step) -> None:
    if VENV.exists():
        if not (VENV / "pyvenv.cfg").exists() and any(VENV.iterdir()):
            raise Failed(f"{VENV} is there but is no Python environment. Move it away, then retry.")
        shutil.rmtree(VENV)
    step.note("making .venv")
    venv = [sys.executable, "-m", "venv"]
    if _has("ensurepip") or _install_debian_venv(step):
        _run(step, Command("python -m venv", [*venv, VENV]))
    elif _has("pip"):
        _run(step, Command("python -m venv", [*venv, "--without-pip", VENV]))
        packages = [sys.executable, "-m", "pip", "--python", PYTHON]
        _run(step, Command("pip install pip", [*packages, "install", "-q", "pip"]))
    else:
        raise Failed(_no_pip())


def _has(module: str) -> bool:
    # Debian ships `ensurepip` without its wheels until python3-venv is installed.
    probe = f"import {module}" if module == "pip" else f"import {module}; {module}.version()"
    command = [sys.executable, "-c", probe]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _install_debian_venv(step: Step) -> bool:
    """As root on Debian or Ubuntu, Python's own venv package is one apt-get away."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    package = f"python{sysconfig.get_python_version()}-venv"
    step.note(f"installing {package}")
    try:
        apt_install(step, package)
    except Failed:
        return False
    return _has("ensurepip")


def apt_install(step: Step, *packages: str) -> None:
    """Install Debian packages; needs root. Raises Failed with the end of the log."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    log = places.var() / "log" / "apt.log"
    running.run(step, Command("apt-get update", ["apt-get", "update"], env=quiet), log=log)
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    running.run(step, Command("apt-get install", install, env=quiet), log=log)


def _no_pip() -> str:
    version = sysconfig.get_python_version()
    return (
        f"{sys.executable} can neither make an environment nor run pip.\n"
        f"      On Debian and Ubuntu: sudo apt install python{version}-venv\n"
        "      Elsewhere: install the venv and pip of this Python, then run the command again."
    )


def _install(step: Step, lock: str) -> None:
    total = (ROOT / lock).read_text(encoding="utf-8").count("==")
    pip = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"]
    command = Command(
        f"pip install -r {lock}",
        [*pip, "--disable-pip-version-check", "--progress-bar", "off", "-r", ROOT / lock],
    )

    def watch(log: str) -> str:
        if "Installing collected packages" in log:
            return f"unpacking {total} packages"
        seen = log.count("Collecting ") + log.count("Requirement already satisfied")
        return f"fetching package {min(seen, total)} of {total}"

    _run(step, command, watch)
    locks = {**_stamp().get("locks", {}), lock: _digest(lock)}
    if lock == DEV:
        locks[RUN] = _digest(RUN)
    STAMP.write_text(json.dumps({"made": _made(), "locks": locks}), encoding="utf-8")


def _run(step: Step, command: Command, watch: running.Watch | None = None) -> None:
    running.run(step, command, log=places.var() / "log" / "environment.log", watch=watch)
