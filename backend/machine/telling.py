"""Progress in plain words: one line per step, with the seconds it took.

On a terminal the line of the running step is rewritten in place; elsewhere (CI, a file) each
step is said when it begins and when it ends. Standard library only.
"""

import shutil
import sys
import time
from types import TracebackType
from typing import Self

BEAT = 30.0  # seconds between signs of life where lines cannot be rewritten
WIDTH = 44


def say(line: str = "") -> None:
    """One line for the person at the terminal; a closed terminal is no reason to fall over."""
    try:
        sys.stdout.write(f"{line}\n".encode(_encoding(), "replace").decode(_encoding()))
        sys.stdout.flush()
    except (BrokenPipeError, OSError):
        pass


def complain(text: str) -> None:
    """Lines about what went wrong, on standard error."""
    sys.stderr.write(f"{text}\n".encode(_encoding(), "replace").decode(_encoding()))
    sys.stderr.flush()


def _encoding() -> str:
    return sys.stdout.encoding or "utf-8"


class Step:
    """One step of a longer story. Use as a context manager; `note` says how far it has come."""

    def __init__(self, title: str, *, quiet: bool = False) -> None:
        self.title, self.quiet = title, quiet
        self.begun = self.beaten = time.monotonic()
        self.live = sys.stdout.isatty() and not quiet
        self.outcome = ""

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun

    def __enter__(self) -> Self:
        if not self.live and not self.quiet:
            say(f"  · {self.title} …")
        return self

    def note(self, text: str = "") -> None:
        """How far the step has come; cheap enough to be called ten times a second."""
        if self.live:
            line = f"  · {self.title:<{WIDTH}} {self.seconds:6.0f} s  {text}"
            sys.stdout.write(f"\r\x1b[2K{line[: _columns()]}")
            sys.stdout.flush()
        elif not self.quiet and time.monotonic() - self.beaten > BEAT:
            self.beaten = time.monotonic()
            say(f"  · {self.title} … {self.seconds:.0f} s  {text}".rstrip())

    def done(self, outcome: str) -> None:
        """What came of it, shown behind the seconds."""
        self.outcome = outcome

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.live:
            sys.stdout.write("\r\x1b[2K")
        if not self.quiet:
            mark = "✗" if kind else "✓"
            say(f"  {mark} {self.title:<{WIDTH}} {self.seconds:6.1f} s  {self.outcome}".rstrip())


def _columns() -> int:
    return shutil.get_terminal_size().columns - 1
