"""When a report is due: so many days after its period, moved to a working day when on a holiday."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from backend.engine.clocks.calendar import Calendar
from backend.engine.clocks.periods import Period

RULE = re.compile(r"(?:次月|季后|半年后|年后|次年1月)(?P<day>\d{1,2})日")


@dataclass(frozen=True)
class DueRule:
    """Due on day `day` of the month after the period (次月3日 → 3), counted from 1."""

    day: int

    def __post_init__(self) -> None:
        if not 1 <= self.day <= 28:
            raise ValueError(f"a due day lies between 1 and 28, not {self.day}")

    def falls_on(self, period: Period, calendar: Calendar) -> date:
        """The due date of `period`: never earlier than the rule says, always a working day."""
        return calendar.on_or_after(period.end + timedelta(days=self.day))


def parse_due(text: str) -> DueRule:
    """The rule behind 次月3日, 季后5日, 半年后5日, 年后15日 or 次年1月15日."""
    found = RULE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no due rule: write 次月3日, 季后5日, 半年后5日 or 年后15日")
    return DueRule(int(found["day"]))
