"""The working-day calendar of the State Council: data, never a guess. A year that nobody has
entered yet is refused, because holidays are only announced in the autumn before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class UnknownYearError(LookupError):
    """The calendar of `year` has not been entered, so a working day in it cannot be named."""

    def __init__(self, year: int, known: Iterable[int]) -> None:
        super().__init__(year, tuple(sorted(known)))
        self.year = year
        self.known = tuple(sorted(known))

    def __str__(self) -> str:
        years = ", ".join(map(str, self.known)) or "none"
        return (
            f"no working-day calendar for {self.year} (known: {years});"
            f" add forms/calendar/{self.year}.yaml"
        )


@dataclass(frozen=True)
class Calendar:
    """Which days are worked. `off` maps each holiday to its name, `work` are the make-up days."""

    years: frozenset[int]
    off: Mapping[date, str]
    work: frozenset[date]

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked; raises UnknownYearError outside the entered years."""
        if day.year not in self.years:
            raise UnknownYearError(day.year, self.years)
        if day in self.work:
            return True
        return day.weekday() < SATURDAY and day not in self.off

    def on_or_after(self, day: date) -> date:
        """`day` itself when it is worked, else the next working day."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def on_or_before(self, day: date) -> date:
        """`day` itself when it is worked, else the last working day before it."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def plus(self, day: date, working_days: int) -> date:
        """The day `working_days` after `day`; the day of receipt is not counted.

        `plus(day, 0)` is `day`, worked or not. Negative counts are refused with ValueError.
        """
        if working_days < 0:
            raise ValueError(f"cannot count {working_days} working days forward")
        for _ in range(working_days):
            day = self.on_or_after(day + ONE_DAY)
        return day

    def between(self, first: date, last: date) -> int:
        """Working days after `first` up to `last` inclusive; negative when `last` is earlier."""
        if last < first:
            return -self.between(last, first)
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return sum(map(self.is_working, days))
