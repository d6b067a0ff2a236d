"""The programs of a running demo: started in order, watched together, ended in reverse.

When one of them ends by itself the others are ended too, and the reason is told.
"""

import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from backend.machine import places, running
from backend.machine.running import Command, Failed
from backend.machine.telling import Step

START_LIMIT = 60.0


class Children:
    """What was started, and the logs they write."""

    def __init__(self) -> None:
        self.watched: list[tuple[str, subprocess.Popen[bytes], Path]] = []
        self.ours: list[subprocess.Popen[bytes]] = []

    def start(self, command: Command) -> None:
        log = places.var() / "log" / f"{command.name}.log"
        log.unlink(missing_ok=True)
        process = running.start(command, log)
        self.ours.append(process)
        self.adopt(command.name, process, log)

    def adopt(self, name: str, process: subprocess.Popen[bytes], log: Path) -> None:
        """Watch a program that somebody else started and will end."""
        self.watched.append((name, process, log))

    def wait_for(self, step: Step, url: str) -> None:
        """Until a started server answers this address, and not with a fault."""
        until = time.monotonic() + START_LIMIT
        while not answers(url):
            self.check()
            if time.monotonic() > until:
                raise Failed(f"{url} did not answer within {START_LIMIT:.0f} s")
            step.note("waiting for its first answer")
            running.pause()

    def check(self) -> None:
        """Raises Failed, with the end of its log, when one of them has ended."""
        for name, process, log in self.watched:
            if (code := process.poll()) is not None:
                raise Failed(f"{name} {running.last_words(code, log)}")

    def watch(self) -> None:
        """Until somebody asks us to end, or one of them ends by itself."""
        while True:
            self.check()
            running.pause()

    def end(self) -> None:
        """End what was started here, all at once, newest first; insist after ten seconds."""
        for process in reversed(self.ours):
            running.ask_to_end(process)
        until = time.monotonic() + 10
        for process in reversed(self.ours):
            while process.poll() is None and time.monotonic() < until:
                if running.asked_twice():
                    until = 0.0
                time.sleep(0.05)
            running.end(process, grace=0.0)


def answers(url: str) -> bool:
    """Whether a server answers this address, and not with a fault."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError as answer:
        return answer.code < 500  # a sandbox without a front page answers, too
    except OSError:
        return False
