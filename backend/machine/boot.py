"""The first half of `./jucun`: makes the environment with a bare Python, then becomes the second.

Run as a file by the shell script beside the README; imports nothing that has to be installed.
"""

import os
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])

from backend.machine import places, running, telling, venv  # noqa: E402


def main(arguments: list[str]) -> int:
    testing = "test" in arguments[:1]
    locks = (venv.DEV,) if testing else (venv.RUN,)
    running.heed_signals()
    try:
        places.folder(places.var() / "log")
        _prepare(locks)
    except running.Interrupted:
        telling.complain("  Ended before the environment was complete; the next start goes on.")
        return 130
    except running.Failed as failure:
        telling.complain(f"  {failure}")
        return 1
    except OSError as error:
        telling.complain(f"  {error.filename or 'a file'} cannot be used: {error.strerror}.")
        telling.complain("  Use a clone that belongs to you; JUCUN_VAR moves var/ elsewhere.")
        return 1
    _become(arguments)
    return 0


def _prepare(locks: tuple[str, ...]) -> None:
    if venv.ready(*locks):
        return
    lock = places.var() / "environment.lock"
    with running.alone(lock, "another jucun is preparing this clone"):
        venv.ensure(*locks)


def _become(arguments: list[str]) -> None:
    # -P: a folder called `backend` where the person happens to stand must not be imported
    python = str(places.PYTHON)
    surroundings = places.surroundings({"PYTHONPATH": str(places.ROOT)})
    os.execve(python, [python, "-P", "-m", "backend", *arguments], surroundings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
