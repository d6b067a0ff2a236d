"""Shifts and their log as they go over the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from backend.core.clock import SHANGHAI
from backend.core.shape import Shape
from backend.features.areas.shapes import AreaName, Code

ShiftName = Literal["日班", "夜班", "24小时"]
Phone = Annotated[str, Field(pattern=r"^[0-9+\-（）() ]{5,20}$")]
Rev = Annotated[int, Field(ge=0)]


def _here(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


Moment = Annotated[datetime, AfterValidator(_here)]
State = Literal["planned", "now", "offered", "due", "handed"]

STATES: dict[str, str] = {
    "planned": "未到班",
    "now": "当班",
    "offered": "待接班签字",
    "due": "已到点，待交接",
    "handed": "已交接",
}


class OnRoster(Shape):
    id: UUID | None
    label: str


class ModeNow(Shape):
    """The mode of a street; `level` is empty in ordinary times."""

    name: Literal["平时", "预警", "应急"]
    level: str
    label: str
    since: datetime | None
    emergency: UUID | None
    drill: bool


class Shift(Shape):
    """A shift in a list. `can` are the acts the asker may do now: log, offer, take, drop."""

    id: UUID
    area: AreaName
    day: date
    shift: ShiftName
    starts_at: datetime
    ends_at: datetime
    leader: OnRoster
    people: tuple[OnRoster, ...]
    phone: str
    state: State
    state_label: str
    lines: int
    taker: OnRoster | None
    signed_at: datetime | None
    rev: int
    can: tuple[str, ...]


class LogLine(Shape):
    """What was reported. `late`: it went on to the street after more than half an hour."""

    id: UUID
    at: datetime
    source: str
    content: str
    handled: str | None
    reported_at: datetime | None
    late: bool
    order: UUID | None
    by: str


class ShiftPage(Shift):
    """A shift with its log and its hand-over. `entry` is the row of the duty log (L21)."""

    weather: str | None
    patrol: str | None
    handover: str | None
    offered_by: OnRoster | None
    offered_at: datetime | None
    log: tuple[LogLine, ...]
    entry: UUID | None
    did: dict[str, Any] = Field(default_factory=dict, exclude=True)

    @property
    def ref(self) -> str:
        return f"shift:{self.id}"

    @property
    def facts(self) -> dict[str, object]:
        return {"area": self.area.code, "day": str(self.day), "shift": self.shift, **self.did}


class OnDuty(Shape):
    """Who is on duty now, nearest first; `mine` is the shift of the asker, `waiting` those whose
    hand-over they may sign."""

    mode: ModeNow
    shifts: tuple[Shift, ...]
    mine: UUID | None
    waiting: tuple[UUID, ...]


class PlannedShift(Shape):
    area: Code
    day: date
    shift: ShiftName
    leader: UUID
    people: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=6)]
    phone: Phone


class Roster(Shape):
    """Shifts to be planned, or planned otherwise, all or none."""

    shifts: Annotated[tuple[PlannedShift, ...], Field(min_length=1, max_length=400)]


class Planned(Shape):
    """What became of a roster."""

    shifts: int
    area: str

    @property
    def ref(self) -> str:
        return f"roster:{self.area}"

    @property
    def facts(self) -> dict[str, object]:
        return {"shifts": self.shifts}


class RosterQuery(Shape):
    """At most two months; today's week unless told."""

    since: date | None = Field(None, alias="from")
    until: date | None = Field(None, alias="to")
    area: Code | None = None


class NewLine(Shape):
    """`at` is now unless told; `line` names one that is being completed."""

    at: Moment | None = None
    source: Annotated[str, Field(min_length=1, max_length=60)]
    content: Annotated[str, Field(min_length=2, max_length=500)]
    handled: Annotated[str, Field(max_length=500)] | None = None
    reported_at: Moment | None = None
    order: UUID | None = None


class LineDone(Shape):
    """What was done about a line, and when it went on to the street."""

    handled: Annotated[str, Field(max_length=500)] | None = None
    reported_at: Moment | None = None


class Offer(Shape):
    """The hand-over in words, before the taker signs."""

    rev: Rev
    handover: Annotated[str, Field(min_length=1, max_length=300)]
    patrol: Annotated[str, Field(max_length=200)] | None = None
    weather: Annotated[str, Field(max_length=60)] | None = None


class Take(Shape):
    rev: Rev
