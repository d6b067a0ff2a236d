"""What the platform holds, sorted by time of change, and what is done to it while it runs."""

import json
from bisect import bisect_right, insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from backend.core import clock
from backend.sandbox.district.calls import day_of_calls
from backend.sandbox.district.devices import day_of_signals, devices
from backend.sandbox.district.places import Building, Committee
from backend.sandbox.district.town import Town
from backend.sandbox.district.world import Plan, towns
from backend.sandbox.street.changes import make
from backend.sandbox.street.order_words import (
    call_row,
    device_row,
    event_row,
    find_row,
    signal_row,
)
from backend.sandbox.street.words import Row, building_row, house_row, moment_of, person_row

Key = tuple[str, str]  # (time of change, id)
Coming = tuple[str, str, "Stream", Any]  # time of change, id, where it will stand, the thing
_STAMP = "%Y%m%d%H%M%S"


@dataclass
class Stream:
    """One kind of row: how to write it, and where each stands in the order of change."""

    write: Callable[[Any], Row]
    order: list[Key] = field(default_factory=list)
    things: dict[str, Any] = field(default_factory=dict)

    def fill(self, things: Sequence[tuple[str, str, Any]]) -> None:
        self.order = sorted((updated, name) for name, updated, _ in things)
        self.things = {name: (updated, thing) for name, updated, thing in things}

    def put(self, name: str, updated: str, thing: Any) -> None:
        """A row that has changed, or is new."""
        if name in self.things:
            self.order.remove((self.things[name][0], name))
        self.things[name] = (updated, thing)
        insort(self.order, (updated, name))

    def latest(self, name: str = "") -> Any:
        """The thing of a name, or the last one; None when there is none."""
        if name:
            found = self.things.get(name)
            return found[1] if found else None
        return self.things[self.order[-1][1]][1] if self.order else None

    def rows(self, names: Sequence[str]) -> list[Row]:
        """The rows of these names, as far as they are here."""
        return [self.write(self.things[name][1]) for name in names if name in self.things]

    def after(self, cursor: Key, size: int) -> tuple[list[Row], Key, bool]:
        """The rows behind a cursor: (rows, next cursor, whether there is more)."""
        start = bisect_right(self.order, cursor)
        keys = self.order[start : start + size]
        rows = [self.write(self.things[name][1]) for _, name in keys]
        return rows, keys[-1] if keys else cursor, start + size < len(self.order)


class Shelf:
    """The district up to yesterday (such registers lag a day), orders and signals up to now, and
    what was ordered by hand.
    """

    def __init__(self, plan: Plan, among: Sequence[Committee], state: Path | None = None) -> None:
        self.plan, self.among, self.state = plan, among, state
        self.people, self.houses = Stream(person_row), Stream(house_row)
        self.buildings = Stream(lambda pair: building_row(*pair))
        self.calls, self.finds, self.events = Stream(call_row), Stream(find_row), Stream(event_row)
        self.devices, self.signals = Stream(device_row), Stream(signal_row)
        self.coming: list[Coming] = []
        self.changes: list[Row] = []
        self.towns: dict[str, Town] = {}
        self.build(plan.today)
        if state and state.exists():
            for line in state.read_text(encoding="utf-8").splitlines()[1:]:
                self._make(json.loads(line))

    @property
    def streams(self) -> dict[str, Stream]:
        return {
            "rk": self.people,
            "fw": self.houses,
            "ld": self.buildings,
            "gd": self.calls,
            "xc": self.finds,
            "yj": self.events,
            "sb": self.devices,
            "bj": self.signals,
        }

    def build(self, today: date) -> None:
        """Registers as of the end of the day before `today`, orders and signals up to now."""
        self.plan = replace(self.plan, today=today)
        made = towns(replace(self.plan, today=today - timedelta(days=1)), self.among)
        self.towns = {town.committee.code: town for town in made}
        everywhere = self.towns.values()
        self.people.fill([(p.id, p.updated, p) for t in everywhere for p in t.people])
        self.houses.fill([(h.id, h.updated, h) for t in everywhere for h in t.houses])
        self.buildings.fill(
            [(b.id, _founded(b), (b, _founded(b))) for t in everywhere for b in t.buildings]
        )
        self._month(today)
        ordered, self.changes = self.changes, []
        for change in ordered:
            self._make(change)

    def _month(self, today: date) -> None:
        """What the pool and the sensors have to tell; what is still to come waits for its hour."""
        for stream in (self.calls, self.finds, self.events, self.signals):
            stream.fill([])
        found = {
            code: devices(town, self.plan.people_in(code), self.plan.since)
            for code, town in self.towns.items()
        }
        every = [device for these in found.values() for device in these]
        self.devices.fill([(d.id, f"{d.installed:%Y%m%d}090000", d) for d in every])
        self.coming = []
        for code, town in self.towns.items():
            for day in _days(today, self.plan.orders_days):
                for call in day_of_calls(town, day, self.plan.people_in(code)):
                    self.coming.append((call.updated, call.id, self.of(call.way), call))
            for day in _days(today, self.plan.signals_days):
                for device in found[code]:
                    for one in day_of_signals(town, device, day):
                        self.coming.append((one.updated, one.id, self.signals, one))
        self.coming.sort(key=lambda one: one[:2], reverse=True)
        self.ripen()

    def of(self, way: str) -> Stream:
        return {"hotline": self.calls, "patrol": self.finds, "emergency": self.events}[way]

    def town_of(self, code: str) -> Town:
        if code not in self.towns:
            raise LookupError(f"no committee {code!r}")
        return self.towns[code]

    def ripen(self) -> None:
        """What has come to pass by now can be asked for."""
        now = clock.now().strftime(_STAMP)
        while self.coming and self.coming[-1][0] <= now:
            updated, name, stream, thing = self.coming.pop()
            stream.put(name, updated, thing)

    def change(self, order: Row) -> list[str]:
        """Make something happen today; returns the ids of the rows that changed."""
        change = {**order, "stamp": self._moment(), "turn": len(self.changes)}
        changed = self._make(change)
        if self.state:
            with self.state.open("a", encoding="utf-8") as file:
                file.write(json.dumps(change, ensure_ascii=False) + "\n")
        return changed

    def _moment(self) -> str:
        """Now, but never the same second twice: nobody could tell what came after a cursor."""
        now = clock.now()
        if self.changes:
            now = max(now, moment_of(self.changes[-1]["stamp"]) + timedelta(seconds=1))
        return now.strftime(_STAMP)

    def _make(self, change: Row) -> list[str]:
        changed = make(self, change)
        self.changes.append(change)
        return changed


def _days(today: date, back: int) -> Iterator[date]:
    return (today - timedelta(days=n) for n in range(back, -1, -1))


def _founded(building: Building) -> str:
    return f"20200101{building.built % 24:02d}0000"
