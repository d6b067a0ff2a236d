"""What the district has laid down for orders, as one port: classes, limits, hours and calendar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from backend.engine.clocks.calendar import Calendar, UnknownYearError
from backend.engine.clocks.limits import ALARMS, Hours, Limit, Pause, at_share, share
from backend.engine.clocks.read_hours import load_hours
from backend.engine.orders.categories import (
    SEVERITIES,
    Categories,
    Severity,
    read_categories,
)
from backend.engine.orders.limits import STEPS, Limits, Timing
from backend.engine.orders.read_limits import read_limits
from backend.features.orders.classes import Classes

KINDS = {
    "file": "立案",
    "dispatch": "派遣",
    "sign": "签收",
    "contact": "先行联系",
    "handle": "办理",
    "verify": "核查",
    "rehandle": "再次办理",
}


@dataclass(frozen=True)
class Times:
    """When half, four fifths and all of a limit are used up; none while the clock stands, or
    where the calendar ends."""

    half: datetime | None
    most: datetime | None
    due: datetime | None


@dataclass(frozen=True, repr=False)
class Handbook:
    """Classes, limits, working hours and the calendar in force. `rule` tells versions of the
    calendar and the hours apart."""

    calendar: Calendar
    hours: Hours
    categories: Categories
    limits: Limits
    classes: Classes
    rule: str

    @classmethod
    def read(cls, folders: Sequence[Path], calendar: Calendar) -> "Handbook":
        """The first folder is the product's, the others the district's own."""
        hours = load_hours(folders[0] / "calendar/hours.yaml", calendar)
        categories = read_categories(folders)
        limits = read_limits(folders, categories)
        classes, rule = Classes(categories), rule_of(calendar, hours)
        return cls(calendar, hours, categories, limits, classes, rule)

    def times(self, start: datetime, limit: Limit, pauses: Iterable[Pause] = ()) -> Times:
        """The moments of a clock's alarms; none where the calendar ends. It is never guessed: the
        clock waits for the calendar, and is reckoned when that has been entered."""
        stops = list(pauses)
        try:
            half, most, due = (
                at_share(start, limit, part, self.calendar, self.hours, stops) for part in ALARMS
            )
        except UnknownYearError:
            return Times(None, None, None)
        return Times(half, most, due)

    def used(
        self, start: datetime, limit: Limit, now: datetime, pauses: Iterable[Pause]
    ) -> float | None:
        """The share of a limit that is used up; None where the calendar ends."""
        try:
            return share(start, limit, now, self.calendar, self.hours, pauses)
        except UnknownYearError:
            return None

    def label(self, category: str | None) -> str | None:
        leaf = self.categories.by_code.get(category) if category else None
        return leaf.name if leaf else category

    def path(self, category: str | None) -> tuple[str, ...]:
        """事件, 突发事件, 道路积水."""
        leaf = self.categories.by_code.get(category) if category else None
        return tuple(leaf.path.split("/")) if leaf else ()

    def severity(self, category: str | None) -> Severity:
        leaf = self.categories.by_code.get(category) if category else None
        return leaf.severity if leaf else "C"

    def limit(self, kind: str, order: Any) -> Limit:
        """The limit of a kind of clock for an order (or whatever has its attributes)."""
        if kind == "handle":
            return self._handling(order).limit
        step = next(known for known in STEPS if known == kind)
        return self.limits.of_step(step, urgent=order.urge != "一般")

    def guard(self, order: Any) -> Limit | None:
        """How soon the place must be made safe, or the act stopped, where that is asked."""
        return self._handling(order).guard

    def _handling(self, order: Any) -> Timing:
        severity = next(known for known in SEVERITIES if known == order.severity)
        return self.limits.handling(order.category, severity, order.appeal_type, order.source)


def rule_of(calendar: Calendar, hours: Hours) -> str:
    """A digest of what clocks are reckoned by."""
    said = repr(
        (hours.timetables, sorted(calendar.years), sorted(calendar.off), sorted(calendar.work))
    )
    return sha256(said.encode()).hexdigest()[:12]
