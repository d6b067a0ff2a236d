"""How signals become alarms: a level that lasts opens one, repetition adds to it, and after its end
it is quiet for a while. Pure: what stood before and what was heard in, what stands now out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from backend.engine.sensors.measures import Measure


@dataclass(frozen=True, slots=True)
class Heard:
    """A signal: when, and with what value."""

    at: datetime
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """What is remembered of a device's signal between alarms: since when it has been at which
    level, how often it has been heard there without its being an alarm yet, and its last word."""

    since: tuple[datetime | None, ...] = ()
    waiting: int = 0
    last_at: datetime | None = None
    last_value: float | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm as it stands; `ended_at` once a person or time has closed it.

    `past`: all of it lies so far back that nobody is sent any more.
    """

    level: int
    first_at: datetime
    last_at: datetime
    count: int
    worst: float | None
    ended_at: datetime | None = None
    recovered_at: datetime | None = None
    past: bool = False


@dataclass
class Fold:
    """The state of one device's signal while its words are heard one after the other."""

    measure: Measure
    watch: Watch
    alarms: list[Alarm]  # the last one known, if any, and those that are new
    history: datetime  # what was said before is past
    belongs: list[int | None] = field(default_factory=list)

    def hear(self, heard: Iterable[Heard]) -> "Fold":
        """Hear signals in the order of their time; `belongs` tells to which alarm each went."""
        for one in heard:
            self._hear(one)
        return self

    def _hear(self, one: Heard) -> None:
        rank, reached = self._reached(one)
        if rank == 0:
            self._recovered(one)
        elif self._joins(one, reached):
            self._add(one, reached)
        elif reached:
            self._open(one, reached)
        else:
            self.watch = replace(self.watch, waiting=self.watch.waiting + 1)
            rank = 0  # no alarm yet
        self.belongs.append(len(self.alarms) - 1 if rank else None)

    def _reached(self, one: Heard) -> tuple[int, int]:
        """The level of a value, and the level that has lasted long enough to be an alarm."""
        watch, measure = self.watch, self.measure
        rank = measure.rank(one.value)
        if watch.last_at is not None and one.at < watch.last_at:
            # told late: it says nothing of how long anything has lasted
            at_once = [s.level for s in measure.steps if s.minutes == 0 and s.meets(one.value)]
            return rank, max(at_once, default=0)
        most = max((step.level for step in measure.steps), default=0)
        before = watch.since + (None,) * (most - len(watch.since))
        since = tuple((before[level] or one.at) if level < rank else None for level in range(most))
        self.watch = Watch(since, watch.waiting if rank else 0, one.at, one.value)
        lasted = [s.level for s in measure.steps if _lasts(since[s.level - 1], s.minutes, one.at)]
        return rank, max(lasted, default=0)

    def _open_now(self) -> bool:
        return bool(self.alarms) and self.alarms[-1].ended_at is None

    def _joins(self, one: Heard, reached: int) -> bool:
        """Whether a signal adds to the last alarm: one that is open, or one that has just ended."""
        if not self.alarms:
            return False
        last = self.alarms[-1]
        if last.ended_at is None:
            return True
        quiet = last.ended_at + timedelta(minutes=self.measure.quiet)
        return last.first_at <= one.at <= quiet and reached <= last.level

    def _add(self, one: Heard, reached: int) -> None:
        last = self.alarms[-1]
        self.alarms[-1] = replace(
            last,
            level=max(last.level, reached),
            last_at=max(last.last_at, one.at),
            count=last.count + 1,
            worst=self.measure.worse(last.worst, one.value),
            recovered_at=None,
            ended_at=one.at if last.past and last.ended_at else last.ended_at,
        )

    def _open(self, one: Heard, reached: int) -> None:
        since = self.watch.since[reached - 1] if reached <= len(self.watch.since) else None
        first = min(since or one.at, one.at)
        past = one.at < self.history
        fresh = Alarm(reached, first, one.at, self.watch.waiting + 1, one.value)
        self.alarms.append(replace(fresh, past=past, ended_at=one.at if past else None))
        self.watch = replace(self.watch, waiting=0)

    def _recovered(self, one: Heard) -> None:
        if self._open_now() and self.alarms[-1].recovered_at is None:
            self.alarms[-1] = replace(self.alarms[-1], recovered_at=one.at)


def _lasts(since: datetime | None, minutes: float, now: datetime) -> bool:
    return since is not None and now - since >= timedelta(minutes=minutes)
