"""`./jucun test`: runs the checks, tells each with its duration, and closes with one tally."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from backend.machine import checks, places, postgres, running
from backend.machine.checks import Check, Wanted
from backend.machine.tally import Tally, count
from backend.machine.telling import say

NEEDING_DATABASE = ("features", "outside", "browser")
SHOWN = 120  # lines of a failed check's log


@dataclass
class Lane:
    """Checks that run one after the other."""

    waiting: list[Check]
    check: Check | None = None
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0

    @property
    def busy(self) -> bool:
        return self.check is not None or bool(self.waiting)


@dataclass
class Outcome:
    """What has come of the checks so far."""

    tally: Tally = field(default_factory=Tally)
    failed: list[Check] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def run(wanted: Wanted) -> int:
    """Run what is wanted; the exit code. Raises Interrupted when asked to end."""
    began = time.monotonic()
    with _database(wanted) as database:
        lanes = [
            Lane(checks.python_lane(wanted, database)),
            Lane(checks.front_lane(wanted, database)),
        ]
        outcome = Outcome()
        try:
            _drive(lanes, outcome)
        finally:
            for lane in lanes:
                if lane.process:
                    running.end(lane.process, grace=5)
    _tell(outcome, time.monotonic() - began)
    return 1 if outcome.tally.failed else 0


@contextmanager
def _database(wanted: Wanted) -> Iterator[str]:
    """The embedded PostgreSQL for the parts that need one; its data is thrown away."""
    if not any(wanted.has(part) for part in NEEDING_DATABASE):
        yield ""
        return
    data = places.var() / "test" / "pg"
    with running.alone(places.folder(data.parent) / "lock", "another test run is going on"):
        postgres.discard(data)
        try:
            with postgres.cluster(data, careless=True) as server:
                yield server.url("postgres")
        finally:
            postgres.discard(data)


def _drive(lanes: list[Lane], outcome: Outcome) -> None:
    ticker = Ticker()
    while any(lane.busy for lane in lanes):
        for lane in lanes:
            if lane.process and lane.process.poll() is not None:
                ticker.clear()
                _finish(lane, outcome)
            if lane.check is None and lane.waiting:
                _begin(lane)
        ticker.show(lanes)
        running.pause()


def _begin(lane: Lane) -> None:
    check = lane.waiting.pop(0)
    log = checks.log_of(check)
    log.unlink(missing_ok=True)
    lane.check, lane.begun = check, time.monotonic()
    lane.process = running.start(check.command, log)


def _finish(lane: Lane, outcome: Outcome) -> None:
    check, process = lane.check, lane.process
    if check is None or process is None:
        return
    lane.check = lane.process = None
    report, code = running.read(checks.log_of(check)), process.returncode
    if code in check.left_out:
        _leave_out(lane, check, outcome, report)
        return
    tally = count(report, code, runs_tests=check.runs_tests)
    outcome.tally += tally
    if tally.failed:
        outcome.failed.append(check)
    seconds = time.monotonic() - lane.begun
    say(f"  {'✗' if tally.failed else '✓'} {check.title:<44} {seconds:6.1f} s  {tally}")


def _leave_out(lane: Lane, check: Check, outcome: Outcome, report: str) -> None:
    """This check, and those of its part that would follow, cannot run on this machine."""
    reason = (report.strip().splitlines() or ["nothing here"])[-1]
    outcome.tally += Tally(skipped=1)
    outcome.left_out.append(f"{check.part} tests are left out, because {reason}")
    lane.waiting = [other for other in lane.waiting if other.part != check.part]
    say(f"  - {check.title:<44}           left out")


class Ticker:
    """On a terminal, one line below the finished checks says what is running now."""

    def __init__(self) -> None:
        self.live = sys.stdout.isatty()

    def show(self, lanes: list[Lane]) -> None:
        if self.live:
            now = time.monotonic()
            parts = [f"{x.check.title} {now - x.begun:.0f} s" for x in lanes if x.check]
            sys.stdout.write(f"\r\x1b[2K  · {'  ·  '.join(parts)}"[:150])
            sys.stdout.flush()

    def clear(self) -> None:
        if self.live:
            sys.stdout.write("\r\x1b[2K")


def _tell(outcome: Outcome, seconds: float) -> None:
    for check in outcome.failed:
        log = checks.log_of(check)
        say(f"\n── {check.title} ── {places.shown(log)}")
        say("\n".join(_last(log, SHOWN)))
    say()
    for sentence in outcome.left_out:
        say(f"  {sentence}.")
    if outcome.failed:
        say(f"  Failed: {', '.join(check.title for check in outcome.failed)}.")
    say(f"  {int(seconds // 60)} min {seconds % 60:.0f} s in all.")
    say()
    say(str(outcome.tally))


def _last(log: Path, lines: int) -> list[str]:
    return running.read(log).rstrip().splitlines()[-lines:]
