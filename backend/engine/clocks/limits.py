"""Time limits of orders in the three units of GB/T 30428 part 8: when one runs out, how much of it
is used up, and what a stop of the clock (挂起) gives back. Every moment is aware."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from fractions import Fraction
from itertools import count
from typing import Final, Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from backend.engine.clocks.calendar import ONE_DAY, Calendar

Unit = Literal["紧急工作时", "工作时", "工作日"]
Pause = tuple[datetime, datetime | None]  # from, to; None while the clock still stands
Span = tuple[timedelta, timedelta]  # from, to, counted from midnight

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
ALARMS: Final = (0.5, 0.8, 1.0)
ONE_HOUR = timedelta(hours=1)
HOURS_A_DAY = 24
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Limit:
    """So many 紧急工作时 (run day and night), 工作时 (run in working hours) or 工作日."""

    amount: float
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 < self.amount < 10_000:
            raise ValueError(f"a limit is more than nothing and less than 10000, not {self.amount}")
        if self.unit not in UNITS:
            raise ValueError(f"{self.unit!r} is no unit of time: write one of {', '.join(UNITS)}")

    def __str__(self) -> str:
        return f"{self.amount:g}{self.unit}"

    @property
    def around_the_clock(self) -> "Limit":
        """The same limit in an emergency (应急), when it runs day and night."""
        hours = self.amount * HOURS_A_DAY if self.unit == "工作日" else self.amount
        return Limit(hours, "紧急工作时")


@dataclass(frozen=True)
class Hours:
    """Working hours, each timetable in force `since` a day, so that a change rewrites no history.

    `timetables` is in ascending order; the first also holds for all days before it.
    """

    timetables: tuple[tuple[date, tuple[Span, ...]], ...]
    zone: tzinfo = SHANGHAI

    def on(self, day: date) -> list[tuple[datetime, datetime]]:
        """From when to when is worked on `day`, if it is a working day."""
        known = [spans for since, spans in self.timetables if since <= day]
        midnight = datetime.combine(day, time(), self.zone)
        spans = known[-1] if known else self.timetables[0][1]
        return [(midnight + begins, midnight + ends) for begins, ends in spans]


class _Window(NamedTuple):
    """The clock runs from `begins` to `ends`; one unit of it lasts `unit` here."""

    begins: datetime
    ends: datetime
    unit: timedelta

    @property
    def worth(self) -> Fraction:
        return Fraction((self.ends - self.begins) // _TICK, self.unit // _TICK)


def due(
    start: datetime, limit: Limit, calendar: Calendar, hours: Hours, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """When `limit` runs out that began at `start`; None while the clock stands still before that.

    工作日: the day of receipt is not counted, and the last ends with its working hours. A stop
    gives back just the running time that lay in it. Raises UnknownYearError, never guesses.
    """
    return at_share(start, limit, 1, calendar, hours, pauses)


def at_share(
    start: datetime,
    limit: Limit,
    part: float,
    calendar: Calendar,
    hours: Hours,
    pauses: Iterable[Pause] = (),
) -> datetime | None:
    """When this share of the limit (0.5, 0.8, 1) is used up; None while the clock stands still."""
    if part <= 0:
        raise ValueError(f"a share is more than nothing, not {part}")
    left = Fraction(limit.amount) * Fraction(str(part))
    for window in _running(start, limit.unit, calendar, hours, _merged(pauses)):
        if window.worth >= left:
            ticks = left * (window.unit // _TICK)
            return window.begins + round(ticks) * _TICK
        left -= window.worth
    return None


def share(
    start: datetime,
    limit: Limit,
    now: datetime,
    calendar: Calendar,
    hours: Hours,
    pauses: Iterable[Pause] = (),
) -> float:
    """The share of the limit that is used up at `now`: 0 before it runs, above 1 when overdue."""
    worth = Fraction(0)
    stops = _merged([*pauses, (now, None)])
    for window in _running(start, limit.unit, calendar, hours, stops):
        worth += window.worth
    return float(worth / Fraction(limit.amount))


def _running(
    start: datetime, unit: Unit, calendar: Calendar, hours: Hours, stops: Sequence[Pause]
) -> Iterator[_Window]:
    """The windows in which the clock runs, in order; endless unless it still stands."""
    start = start.astimezone(hours.zone)
    for window in _windows(start, unit, calendar, hours):
        last = stops[-1] if stops else None
        if last and last[1] is None and last[0] <= window.begins:
            return
        yield from _without(window, stops)


def _windows(start: datetime, unit: Unit, calendar: Calendar, hours: Hours) -> Iterator[_Window]:
    """The windows of an unstopped clock: hours of the clock, working hours, or working days."""
    for number in count():
        day = start.date() + number * ONE_DAY
        if unit == "紧急工作时":
            midnight = datetime.combine(day, time(), hours.zone)
            yield _Window(max(start, midnight), midnight + ONE_DAY, ONE_HOUR)
            continue
        if (unit == "工作日" and number == 0) or not calendar.is_working(day):
            continue
        spans = hours.on(day)
        whole = sum((ends - begins for begins, ends in spans), timedelta())
        for begins, ends in spans:
            if ends > start:
                length = whole if unit == "工作日" else ONE_HOUR
                yield _Window(max(start, begins), ends, length)


def _without(window: _Window, stops: Sequence[Pause]) -> Iterator[_Window]:
    """What is left of a window when the stops are cut out of it."""
    begins = window.begins
    for stopped, resumed in stops:
        if stopped >= window.ends:
            break
        if stopped > begins:
            yield window._replace(begins=begins, ends=stopped)
        begins = max(begins, resumed or window.ends)
    if begins < window.ends:
        yield window._replace(begins=begins)


def _merged(pauses: Iterable[Pause]) -> list[Pause]:
    """The stops in order, those that touch as one, empty ones left out."""
    merged: list[Pause] = []
    for stopped, resumed in sorted(pauses, key=lambda pause: pause[0]):
        if resumed is not None and resumed <= stopped:
            continue
        if merged and (merged[-1][1] is None or stopped <= merged[-1][1]):
            first, last = merged.pop()
            ends = None if last is None or resumed is None else max(last, resumed)
            merged.append((first, ends))
        else:
            merged.append((stopped, resumed))
    return merged
