"""Reporting periods (month, quarter, half, year): keys, Chinese labels, days, neighbours."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Span = Literal["month", "quarter", "half", "year"]

MONTHS_IN: dict[Span, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
KEY = re.compile(r"(?P<year>[1-9]\d{3})(?:-(?P<month>\d\d)|Q(?P<quarter>\d)|H(?P<half>\d))?")
QUARTER_NAMES = "一二三四"
HALF_NAMES = "上下"


@dataclass(frozen=True, order=True)
class Period:
    """The `number`-th `span` of `year`, counted from 1 (a year is always number 1)."""

    year: int
    span: Span
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12 // MONTHS_IN[self.span]:
            raise ValueError(f"{self.year} has no {self.span} number {self.number}")

    @property
    def key(self) -> str:
        """'2026-10', '2026Q3', '2026H1' or '2026'."""
        if self.span == "month":
            return f"{self.year}-{self.number:02d}"
        if self.span == "quarter":
            return f"{self.year}Q{self.number}"
        if self.span == "half":
            return f"{self.year}H{self.number}"
        return str(self.year)

    @property
    def label(self) -> str:
        """'2026年10月', '2026年第三季度', '2026年上半年' or '2026年'."""
        if self.span == "month":
            return f"{self.year}年{self.number}月"
        if self.span == "quarter":
            return f"{self.year}年第{QUARTER_NAMES[self.number - 1]}季度"
        if self.span == "half":
            return f"{self.year}年{HALF_NAMES[self.number - 1]}半年"
        return f"{self.year}年"

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, (self.number - 1) * MONTHS_IN[self.span] + 1, 1)

    @property
    def end(self) -> date:
        """The last day, also the cut-off (24:00 of it)."""
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
        return Period(self.year - 1, self.span, self.number)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def _moved(self, steps: int) -> "Period":
        per_year = 12 // MONTHS_IN[self.span]
        years, index = divmod(self.number - 1 + steps, per_year)
        return Period(self.year + years, self.span, index + 1)


def parse_period(key: str) -> Period:
    """The period with this key; ValueError says what a key looks like."""
    found = KEY.fullmatch(key)
    if found is None:
        raise ValueError(f"{key!r} is no period: write 2026-10, 2026Q3, 2026H1 or 2026")
    year = int(found["year"])
    spans: tuple[Span, ...] = ("month", "quarter", "half")
    for span in spans:
        if found[span] is not None:
            return Period(year, span, int(found[span]))
    return Period(year, "year", 1)


def period_of(span: Span, day: date) -> Period:
    """The period of this span that contains `day`."""
    return Period(day.year, span, (day.month - 1) // MONTHS_IN[span] + 1)


def last_closed(span: Span, today: date) -> Period:
    """The latest period of this span whose last day lies before `today`."""
    return period_of(span, today).previous
