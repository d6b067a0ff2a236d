"""Devices, alarms and warnings as they go over the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from backend.core.shape import Shape
from backend.features.areas.shapes import AreaName, Code
from backend.web.paging import Page

DeviceState = Literal["在用", "停用", "检修", "报废", "待核"]
AlarmState = Literal["open", "real", "false", "ended"]
Level = Annotated[int, Field(ge=1, le=9)]
Rev = Annotated[int, Field(ge=0)]
Kind = Annotated[str, Field(max_length=12)]
Place = Annotated[str, Field(min_length=2, max_length=200)]
Number = Annotated[str, Field(pattern=r"^[\w.:-]{2,64}$")]
Note = Annotated[str, Field(max_length=200)]
Lng = Annotated[float, Field(ge=73, le=136)]
Lat = Annotated[float, Field(ge=3, le=54)]
Bound = Annotated[float, Field(ge=-1e6, le=1e6)]


class LevelLine(Shape):
    """One level of a signal: reached by values `at_least` or `at_most`, after so many minutes."""

    level: int
    label: str
    at_least: float | None
    at_most: float | None
    minutes: float


class SignalKind(Shape):
    """What a kind of device can say; `orders_from` is the level from which it is an order."""

    key: str
    label: str
    unit: str
    levels: tuple[LevelLine, ...]
    orders_from: int | None


class DeviceKind(Shape):
    key: str
    label: str
    offline_hours: int
    signals: tuple[SignalKind, ...]


class FalseReason(Shape):
    key: str
    advice: str
    words: str


class SensorKinds(Shape):
    """The measures in force (体征指标), for filters and for judging."""

    levels: tuple[str, ...]
    kinds: tuple[DeviceKind, ...]
    reasons: tuple[FalseReason, ...]


class Usage(Shape):
    """What a device was good for lately. `rate` is the share of false ones among those judged;
    `advice` and its words say what to do with a device that stands out."""

    days: int
    signals: int
    alarms: int
    judged: int
    false: int
    rate: float | None
    reasons: dict[str, int]
    advice: str | None
    words: str | None


class DeviceLine(Shape):
    """A device in a list. `away` says that it has been silent for longer than its kind may be."""

    id: UUID
    rev: int
    no: str
    kind: str
    kind_label: str
    state: DeviceState
    away: bool
    paused_until: date | None
    area: AreaName
    place: str
    lng: float | None
    lat: float | None
    heard_at: datetime | None
    battery: int | None
    open_alarms: int


class DevicePage(Shape):
    rows: tuple[DeviceLine, ...]
    total: int
    next: str | None


class DeviceFilter(Page):
    kind: Kind | None = None
    state: DeviceState | None = None
    away: bool | None = None
    area: Code | None = None
    q: Annotated[str, Field(max_length=60)] | None = None


class AdjustLine(Shape):
    """A device that stands out, the worst first, and what to do about it."""

    device: DeviceLine
    usage: Usage


class OrderOf(Shape):
    """The order that an alarm or warning became."""

    id: UUID
    no: str
    stage: str


class AlarmLine(Shape):
    id: UUID
    rev: int
    device: UUID
    no: str
    kind: str
    kind_label: str
    signal_label: str
    level: int
    level_label: str
    state: AlarmState
    state_label: str
    area: AreaName
    place: str
    first_at: datetime
    last_at: datetime
    count: int
    worst: float | None
    bound: float | None
    unit: str
    recovered_at: datetime | None
    order: OrderOf | None


class AlarmPage(Shape):
    rows: tuple[AlarmLine, ...]
    total: int
    next: str | None


class AlarmFilter(Page):
    state: AlarmState | None = None
    kind: Kind | None = None
    area: Code | None = None
    device: UUID | None = None
    level: Annotated[int, Field(ge=1, le=9)] | None = None


class SignalLine(Shape):
    at: datetime
    label: str
    value: float | None
    words: str | None


class Alarm(Shape):
    """An alarm with its last signals."""

    line: AlarmLine
    ended_at: datetime | None
    past: bool
    reason: str | None
    note: str | None
    judge: str | None
    judged_at: datetime | None
    may: tuple[str, ...]
    signals: tuple[SignalLine, ...]
    event: Annotated[dict[str, Any], Field(exclude=True)] = {}

    @property
    def ref(self) -> str:
        return f"alarm:{self.line.id}"

    @property
    def facts(self) -> dict[str, object]:
        return self.event


class TunedLevel(Shape):
    level: Level
    at_least: Bound | None = None
    at_most: Bound | None = None
    minutes: Annotated[float, Field(ge=0, le=10_080)] = 0


class Tuned(Shape):
    """Levels of a device's own for one signal; none puts those of its kind back."""

    signal: Annotated[str, Field(max_length=24)]
    levels: Annotated[tuple[TunedLevel, ...], Field(max_length=6)]


class Device(Shape):
    """A device with its levels, what it was good for, and its last alarms."""

    line: DeviceLine
    source: str
    model: str | None
    installed_on: date | None
    building: UUID | None
    grid: str | None
    note: str | None
    tuned: tuple[Tuned, ...]
    signals: tuple[SignalKind, ...]
    usage: Usage
    alarms: tuple[AlarmLine, ...]
    changed: Annotated[tuple[str, ...], Field(exclude=True)] = ()

    @property
    def ref(self) -> str:
        return f"device:{self.line.id}"

    @property
    def facts(self) -> dict[str, object]:
        return {"no": self.line.no, "changed": list(self.changed)}


class NewDevice(Shape):
    """A device that no platform tells of. `no` is its number; its signals come under it."""

    no: Number
    kind: Kind
    place: Place
    area: Code
    lng: Lng | None = None
    lat: Lat | None = None
    model: Annotated[str, Field(max_length=60)] | None = None
    installed_on: date | None = None
    note: Note | None = None


class DeviceChange(Shape):
    """What the street knows better than the platform; only what is given changes, and no feed
    writes over it. `paused_until`: away in hospital, a kitchen being rebuilt."""

    rev: Rev
    kind: Kind | None = None
    state: Literal["在用", "停用", "检修", "报废"] | None = None
    area: Code | None = None
    place: Place | None = None
    lng: Lng | None = None
    lat: Lat | None = None
    model: Annotated[str, Field(max_length=60)] | None = None
    installed_on: date | None = None
    paused_until: date | None = None
    note: Note | None = None
    tuned: Annotated[tuple[Tuned, ...], Field(max_length=12)] | None = None


class Judgement(Shape):
    """Whether an alarm was real. A false one needs a reason, from which the advice follows."""

    rev: Rev
    real: bool
    reason: Annotated[str, Field(max_length=12)] | None = None
    note: Annotated[str, Field(max_length=500)] | None = None


class WarningReason(Shape):
    """One thing that speaks for a warning: where it is from, what it says, when."""

    of: Literal["alarm", "order", "visit"]
    id: UUID
    at: datetime
    words: str
    points: int


class WarningLine(Shape):
    id: UUID
    rev: int
    danger: str
    label: str
    state: Literal["open", "closed"]
    area: AreaName
    place: str
    points: int
    raised_at: datetime
    last_at: datetime
    reasons: tuple[WarningReason, ...]
    order: OrderOf | None
    closed_at: datetime | None
    closed_by: str | None
    note: str | None

    @property
    def ref(self) -> str:
        return f"warning:{self.id}"

    @property
    def facts(self) -> dict[str, object]:
        return {"danger": self.danger, "state": self.state}


class Raised(Shape):
    """Warnings that are new, for the trace."""

    warnings: tuple[UUID, ...]

    @property
    def ref(self) -> str:
        return f"warnings:{self.warnings[0]}"

    @property
    def facts(self) -> dict[str, object]:
        return {"warnings": [str(one) for one in self.warnings]}


class WarningPage(Shape):
    rows: tuple[WarningLine, ...]
    total: int
    next: str | None


class WarningFilter(Page):
    state: Literal["open", "closed"] | None = None
    area: Code | None = None


class WarningEnd(Shape):
    """What was found and done; then the warning is over, and new signs raise a new one."""

    rev: Rev
    note: Annotated[str, Field(min_length=2, max_length=500)]
