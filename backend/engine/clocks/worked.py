"""Working hours between two moments, for figures such as the average time an order took: every
worked span of the calendar with the hours worked before it, so that SQL can look a moment up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from backend.engine.clocks.calendar import ONE_DAY, Calendar
from backend.engine.clocks.limits import ONE_HOUR, Hours


@dataclass(frozen=True)
class WorkedHours:
    """`begins[i]` to `ends[i]` is worked, after `before[i]` hours since `first`.

    Nothing is known before `first` and from `last` on: no calendar has been entered there.
    """

    first: datetime
    last: datetime
    begins: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    before: tuple[float, ...]

    def parameters(self) -> dict[str, Any]:
        """What the SQL function `worked` needs, by the names that statements use."""
        return {
            "worked_begins": list(self.begins),
            "worked_ends": list(self.ends),
            "worked_before": list(self.before),
            "worked_first": self.first,
            "worked_last": self.last,
        }


def worked_hours(calendar: Calendar, hours: Hours) -> WorkedHours:
    """All worked spans of the years that the calendar knows without a gap up to the newest."""
    newest = max(calendar.years)
    oldest = newest
    while oldest - 1 in calendar.years:
        oldest -= 1
    spans = [
        span for day in _days(oldest, newest) if calendar.is_working(day) for span in hours.on(day)
    ]
    before, so_far = [], 0.0
    for begins, ends in spans:
        before.append(so_far)
        so_far += (ends - begins) / ONE_HOUR
    return WorkedHours(
        first=datetime.combine(date(oldest, 1, 1), time(), hours.zone),
        last=datetime.combine(date(newest + 1, 1, 1), time(), hours.zone),
        begins=tuple(begins for begins, _ in spans),
        ends=tuple(ends for _, ends in spans),
        before=tuple(before),
    )


def _days(oldest: int, newest: int) -> Iterator[date]:
    day = date(oldest, 1, 1)
    while day.year <= newest:
        yield day
        day += ONE_DAY
