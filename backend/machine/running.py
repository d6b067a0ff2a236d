"""Running other programs: quietly, into a log, interruptible, and never outliving us.

Every child leads a session of its own, so that a Ctrl-C meant for us reaches it only through us,
and the kernel ends it when we die without saying goodbye. Standard library only.
"""

import ctypes
import fcntl
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from backend.machine import places
from backend.machine.telling import Step

PR_SET_PDEATHSIG = 1
Watch = Callable[[str], str]
_libc = ctypes.CDLL(None, use_errno=True)
_asked: list[int] = []


class Interrupted(Exception):
    """Somebody asked us to end: Ctrl-C, SIGTERM, or the terminal was closed."""


class Failed(Exception):
    """A step that could not be done, with words for the person at the terminal."""


@dataclass(frozen=True)
class Command:
    """A program to run: what it is called in messages, its arguments, place and surroundings."""

    name: str
    argv: Sequence[object]
    cwd: Path = places.ROOT
    env: Mapping[str, str | None] = field(default_factory=dict)  # None takes a variable away
    user: int | None = None  # root may start a program as somebody else
    last_signal: signal.Signals = signal.SIGTERM  # what the kernel sends it when we die


def heed_signals() -> None:
    """From now on SIGINT, SIGTERM and SIGHUP are remembered, and raised by `check`."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _remember)


def _remember(number: int, _: FrameType | None) -> None:
    _asked.append(number)


def interrupted() -> bool:
    return bool(_asked)


def asked_twice() -> bool:
    """A second Ctrl-C: the person does not want to wait."""
    return len(_asked) > 1


def check() -> None:
    if _asked:
        raise Interrupted


def pause() -> None:
    """The rest between two looks at what is running; raises Interrupted when asked to end."""
    check()
    time.sleep(0.1)


def start(command: Command, log: Path | None) -> subprocess.Popen[bytes]:
    """Start a program whose output goes to the end of `log`; without one, where ours goes."""
    ours = os.getpid()

    def in_child() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(command.last_signal))
        if os.getppid() != ours:  # we died before the kernel was told
            os._exit(1)

    with _opened(log) as out:
        return subprocess.Popen(
            [str(part) for part in command.argv],
            cwd=command.cwd,
            env=places.surroundings(command.env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT if out else None,
            start_new_session=True,
            preexec_fn=in_child,  # noqa: PLW1509 - no thread of ours is running here
            user=command.user,
            group=None if command.user is None else pwd.getpwuid(command.user).pw_gid,
            extra_groups=None if command.user is None else [],
        )


@contextmanager
def _opened(log: Path | None) -> Iterator[IO[bytes] | None]:
    if log is None:
        yield None
        return
    places.folder(log.parent)
    with log.open("ab") as out:
        yield out


def signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    """A signal to the program and everything it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def ask_to_end(process: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> None:
    if process.poll() is None:
        signal_group(process, number)


def end(process: subprocess.Popen[bytes], number: int = signal.SIGTERM, grace: float = 10) -> None:
    """Ask a program to end, insist after `grace` seconds, and sweep up what it left running."""
    if process.poll() is not None:
        return
    ask_to_end(process, number)
    with suppress(subprocess.TimeoutExpired):
        process.wait(grace)
    signal_group(process, signal.SIGKILL)
    process.wait()


def run(step: Step, *commands: Command, log: Path, watch: Watch | None = None) -> None:
    """Run programs side by side until all have ended well.

    `watch` turns what the log has so far into a note for the progress line. Raises Failed, with
    the end of the log, when one of them fails; then the others are ended too.
    """
    logs = [log.with_stem(f"{log.stem}-{n}") if n else log for n in range(len(commands))]
    for each in logs:
        each.unlink(missing_ok=True)
    running = [start(command, each) for command, each in zip(commands, logs, strict=True)]
    try:
        _wait(step, running, logs, watch)
        codes = [process.poll() for process in running]
    finally:
        for process in running:
            end(process, grace=5)
    for command, code, each in zip(commands, codes, logs, strict=True):
        if code:
            raise Failed(f"{command.name} {last_words(code, each)}")


def _wait(
    step: Step,
    running: list[subprocess.Popen[bytes]],
    logs: list[Path],
    watch: Watch | None,
) -> None:
    """Until all have ended, or one has failed."""
    while True:
        codes = [process.poll() for process in running]
        if None not in codes or any(codes):
            return
        step.note(watch("".join(read(each) for each in logs)) if watch else "")
        pause()


def read(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, indented for showing below a message."""
    kept = [line.rstrip() for line in read(log).splitlines() if line.strip()][-lines:]
    return "\n".join(f"      {line}" for line in kept)


def last_words(code: int, log: Path) -> str:
    """How a program ended and what it said last: `ended with code 1. The end of …`."""
    how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
    said = tail(log)
    return f"{how}. The end of {places.shown(log)}:\n{said}" if said else f"{how} without a word."


@contextmanager
def alone(lock: Path, why: str) -> Iterator[None]:
    """Only one process at a time does this in this clone; the next one waits, and says so."""
    handle = os.open(lock, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        if not _locked(handle):
            with Step(why) as step:
                while not _locked(handle):
                    step.note()
                    pause()
        yield
    finally:
        os.close(handle)


@contextmanager
def only_one(lock: Path) -> Iterator[bool]:
    """Whether we are the only process in this block now, in this clone."""
    handle = os.open(lock, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        yield _locked(handle)
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
