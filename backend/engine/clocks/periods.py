"""Reporting periods (month, quarter, half, year, and the two hours of a flash report 快报): keys,
Chinese labels, days, neighbours."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

Span = Literal["month", "quarter", "half", "year", "flash"]

MONTHS_IN: dict[Span, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
HOURS = 2  # from one flash report to the next
A_DAY = 24 // HOURS
KEY = re.compile(r"(?P<year>[1-9]\d{3})(?:-(?P<month>\d\d)|Q(?P<quarter>\d)|H(?P<half>\d))?")
FLASH = re.compile(r"(?P<day>[1-9]\d{3}-\d\d-\d\d)T(?P<hour>\d\d)")
QUARTER_NAMES = "一二三四"
HALF_NAMES = "上下"


@dataclass(frozen=True, order=True)
class Period:
    """The `number`-th `span` of `year`, counted from 1 (a year is always number 1).

    A flash report stands for its day up to the hour at which it is due, an even one.
    """

    year: int
    span: Span
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self._most:
            raise ValueError(f"{self.year} has no {self.span} number {self.number}")

    @property
    def key(self) -> str:
        """'2026-10', '2026Q3', '2026H1', '2026' or '2026-10-08T14'."""
        if self.span == "flash":
            return f"{self.start}T{self.hour:02d}"
        if self.span == "month":
            return f"{self.year}-{self.number:02d}"
        if self.span == "quarter":
            return f"{self.year}Q{self.number}"
        if self.span == "half":
            return f"{self.year}H{self.number}"
        return str(self.year)

    @property
    def label(self) -> str:
        """'2026年10月', '2026年第三季度', '2026年上半年', '2026年' or '10月8日14时'."""
        if self.span == "flash":
            return f"{self.start.month}月{self.start.day}日{self.hour}时"
        if self.span == "month":
            return f"{self.year}年{self.number}月"
        if self.span == "quarter":
            return f"{self.year}年第{QUARTER_NAMES[self.number - 1]}季度"
        if self.span == "half":
            return f"{self.year}年{HALF_NAMES[self.number - 1]}半年"
        return f"{self.year}年"

    @property
    def hour(self) -> int:
        """Up to which hour of its day a flash report speaks; 0 for all others."""
        return (self.number - 1) % A_DAY * HOURS if self.span == "flash" else 0

    @property
    def start(self) -> date:
        """The first day."""
        if self.span == "flash":
            return date(self.year, 1, 1) + timedelta(days=(self.number - 1) // A_DAY)
        return date(self.year, (self.number - 1) * MONTHS_IN[self.span] + 1, 1)

    @property
    def end(self) -> date:
        """The last day, also the cut-off (24:00 of it)."""
        if self.span == "flash":
            return self.start
        return self.next.start - timedelta(days=1)

    @property
    def next(self) -> "Period":
        """The period that follows."""
        return self._moved(1)

    @property
    def previous(self) -> "Period":
        """The period before."""
        return self._moved(-1)

    @property
    def year_ago(self) -> "Period":
        """The same period of the year before (同期)."""
        if self.span == "flash":
            return self._moved(-A_DAY * 365)
        return Period(self.year - 1, self.span, self.number)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def _most(self) -> int:
        if self.span == "flash":
            return A_DAY * (date(self.year + 1, 1, 1) - date(self.year, 1, 1)).days
        return 12 // MONTHS_IN[self.span]

    def _moved(self, steps: int) -> "Period":
        if self.span == "flash":
            moment = datetime.combine(self.start, time(self.hour)) + timedelta(hours=HOURS * steps)
            return flash_at(moment)
        per_year = 12 // MONTHS_IN[self.span]
        years, index = divmod(self.number - 1 + steps, per_year)
        return Period(self.year + years, self.span, index + 1)


def parse_period(key: str) -> Period:
    """The period with this key; ValueError says what a key looks like."""
    if flash := FLASH.fullmatch(key):
        hour = int(flash["hour"])
        if hour >= 24 or hour % HOURS:
            raise ValueError(f"{key!r} is no flash report: its hour is even, below 24")
        return flash_at(datetime.combine(date.fromisoformat(flash["day"]), time(hour)))
    found = KEY.fullmatch(key)
    if found is None:
        raise ValueError(f"{key!r} is no period: write 2026-10, 2026Q3, 2026H1 or 2026")
    year = int(found["year"])
    spans: tuple[Span, ...] = ("month", "quarter", "half")
    for span in spans:
        if found[span] is not None:
            return Period(year, span, int(found[span]))
    return Period(year, "year", 1)


def flash_at(moment: datetime) -> Period:
    """The flash report due at a moment, or at the next even hour after it."""
    hours = moment.hour + (moment.minute + moment.second + moment.microsecond > 0)
    due = datetime.combine(moment.date(), time()) + timedelta(hours=-(-hours // HOURS) * HOURS)
    days = (due.date() - date(due.year, 1, 1)).days
    return Period(due.year, "flash", days * A_DAY + due.hour // HOURS + 1)


def period_of(span: Span, day: date) -> Period:
    """The period of this span that contains `day`."""
    return Period(day.year, span, (day.month - 1) // MONTHS_IN[span] + 1)


def last_closed(span: Span, today: date) -> Period:
    """The latest period of this span whose last day lies before `today`."""
    return period_of(span, today).previous
