"""What people ask and send. `rev` is the number of the order that they looked at."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from backend.core.shape import Shape
from backend.features.areas.shapes import Code
from backend.features.orders.shapes import (
    AppealType,
    Lat,
    Lng,
    Photos,
    Reason,
    Result,
    Severity,
    Source,
    Spot,
    Stage,
    Title,
    Urge,
    Words,
)
from backend.web.paging import Page

Satisfied = Literal["满意", "基本满意", "不满意", "未接通"]
PauseReason = Literal["等待当事人", "天气", "上级"]
Rev = Annotated[int, Field(ge=0)]
Category = Annotated[str, Field(max_length=16)]
Content = Annotated[str, Field(min_length=2, max_length=2000)]
Days = Annotated[int, Field(ge=1, le=30)]


class Incoming(Shape):
    """An order on its way in, from whatever source. Exactly once by `system` and `system_no`.

    `area` is a committee, or the street when nobody knows; what is left out is found from the
    words and the place. With a `unit` it is dispatched at once.
    """

    system: Annotated[str, Field(min_length=1, max_length=24)]
    system_no: Annotated[str, Field(min_length=1, max_length=80)]
    source: Source
    area: Code
    title: Title
    content: Content
    place: Spot = ""
    appeal_type: AppealType = "9"
    category: Category | None = None
    severity: Severity | None = None
    urge: Urge = "一般"
    caller_name: Annotated[str, Field(max_length=50)] | None = None
    caller_phone: Annotated[str, Field(max_length=20)] | None = None
    hide_name: bool = False
    house_id: UUID | None = None
    building_id: UUID | None = None
    lng: Lng | None = None
    lat: Lat | None = None
    grid: str | None = None
    photos: Photos = ()
    received_at: datetime | None = None
    unit: UUID | None = None
    reported_by: UUID | None = None
    reporter: str | None = None
    officer_id: UUID | None = None
    public: bool = False


class Finding(Shape):
    """Something that a person of the committee or street has found. `own`: they deal with it."""

    title: Title
    content: Content
    place: Annotated[str, Field(min_length=2, max_length=200)]
    source: Literal["02", "04", "05", "06", "07", "08", "99"] = "04"
    category: Category | None = None
    severity: Severity | None = None
    urge: Urge = "一般"
    area: Code | None = None
    house_id: UUID | None = None
    building_id: UUID | None = None
    lng: Lng | None = None
    lat: Lat | None = None
    photos: Photos = ()
    caller_name: Annotated[str, Field(max_length=50)] | None = None
    caller_phone: Annotated[str, Field(pattern=r"^[\d+\- ]{5,20}$")] | None = None
    own: bool = False


class NewUnit(Shape):
    """A unit of a street. `key` is the duty (条线) that its people carry in the roster."""

    area: Code
    key: Annotated[str, Field(min_length=1, max_length=24)]
    name: Annotated[str, Field(min_length=2, max_length=80)]
    kind: Literal["property", "enforcement", "station", "section", "other"]
    categories: Annotated[tuple[str, ...], Field(max_length=200)] = ()
    live: bool = True


class OrderFilter(Page):
    """`mine`: with my unit and not ended, by due time; `pool`: all of my street that is not ended;
    `committee`: my committee's, newest first; `all`: ended ones too, newest first."""

    view: Literal["mine", "pool", "committee", "all"] = "mine"
    stage: Stage | None = None
    source: Source | None = None
    category: Annotated[str, Field(max_length=16)] | None = None
    unit: UUID | None = None
    area: Code | None = None
    overdue: bool | None = None
    asks: Literal["back", "extend", "pause", "appeal"] | None = None
    q: Annotated[str, Field(max_length=60)] | None = None


class BoardFilter(Shape):
    area: Code | None = None
    source: Source | None = None
    category: Annotated[str, Field(max_length=16)] | None = None
    unit: UUID | None = None
    overdue: bool | None = None
    q: Annotated[str, Field(max_length=60)] | None = None


class MapFilter(BoardFilter):
    """What of the map is looked at: a box, else all of the area. Ended orders on demand."""

    west: Lng | None = None
    south: Lat | None = None
    east: Lng | None = None
    north: Lat | None = None
    ended: bool = False


class Wording(Shape):
    """What a report is about, for a proposal of its class, place, unit and limits."""

    words: Annotated[str, Field(max_length=2000)] = ""
    place: Spot = ""
    lng: Lng | None = None
    lat: Lat | None = None
    source: Source = "04"


class Act(Shape):
    rev: Rev


class Noted(Act):
    """An act with a word in the house, or without."""

    note: Annotated[str, Field(max_length=1000)] | None = None


class Filed(Noted):
    """Taken up; what the centre knows better can be said in the same tap."""

    category: Category | None = None
    severity: Severity | None = None
    urge: Urge | None = None


class Refused(Act):
    """Not taken up. `words` are what the reporter is told."""

    reason: Reason
    words: Words | None = None


class Corrected(Act):
    """A better class or place; only what is given changes."""

    category: Category | None = None
    severity: Severity | None = None
    urge: Urge | None = None
    appeal_type: AppealType | None = None
    area: Code | None = None
    place: Spot | None = None
    building_id: UUID | None = None
    house_id: UUID | None = None
    lng: Lng | None = None
    lat: Lat | None = None
    public: bool | None = None


class Dispatched(Noted):
    unit: UUID


class Bulk(Shape):
    """Many orders to a unit each, in one go: all of them, or none."""

    orders: Annotated[tuple["BulkLine", ...], Field(min_length=1, max_length=200)]


class BulkLine(Shape):
    order: UUID
    rev: Rev
    unit: UUID


class SentBack(Act):
    """Not ours: why, and which unit is the right one."""

    reason: Reason
    unit: UUID


class Decided(Act):
    """The centre's word on what a unit asked for; `unit` when an order goes elsewhere."""

    grant: bool
    unit: UUID | None = None
    note: Annotated[str, Field(max_length=1000)] | None = None


class Happened(Shape):
    """Something that adds to an order and changes nothing in it: `rev` may be behind.

    `at` is when it happened, for what was noted without network.
    """

    rev: Rev | None = None
    at: datetime | None = None
    note: Words
    photos: Photos = ()


class Contacted(Shape):
    """The caller was contacted first (先行联系): how, and what came of it."""

    rev: Rev | None = None
    at: datetime | None = None
    way: Literal["电话", "上门", "短信", "面谈", "其他"] = "电话"
    reached: bool = True
    note: Annotated[str, Field(max_length=1000)] | None = None


class Helped(Shape):
    rev: Rev | None = None
    note: Words


class Assigned(Noted):
    to: UUID


class Joined(Act):
    """Other units take part: one after the other (串联) or side by side (并联)."""

    way: Literal["serial", "parallel"]
    parts: Annotated[tuple["JoinedPart", ...], Field(min_length=1, max_length=8)]


class JoinedPart(Shape):
    unit: UUID
    task: Annotated[str, Field(min_length=2, max_length=300)]


class PartDone(Act):
    did: Words
    photos: Photos = ()


class Extended(Act):
    """More time, asked for before it runs out: so many working days in all."""

    days: Days
    reason: Reason


class Paused(Act):
    reason: PauseReason
    note: Words


class Finished(Act):
    """Done: what was done (internal), and what the public is told, written apart."""

    result: Result
    measure: Words
    reply: Words
    handle: Literal["自行处置", "协调处置"] = "自行处置"
    at: datetime | None = None
    photos: Photos = ()


class Verified(Act):
    """Checked on the spot or by the pictures; what is not right goes back to be done again."""

    passed: bool
    note: Annotated[str, Field(max_length=1000)] | None = None
    photos: Photos = ()


class CalledBack(Act):
    """What the caller said. Not reached, neither solved nor satisfied is known."""

    satisfied: Satisfied
    solved: bool | None = None
    note: Annotated[str, Field(max_length=1000)] | None = None


class Reopened(Act):
    """Whether it is done again, or the result stays as it is."""

    again: bool
    reason: Reason


class MergedInto(Act):
    """This order is the same matter as another one, which goes on for both."""

    into: UUID


class Split(Act):
    """Several matters in one: each further one becomes an order of its own."""

    parts: Annotated[tuple["SplitPart", ...], Field(min_length=1, max_length=8)]


class SplitPart(Shape):
    title: Title
    content: Content
    category: Category | None = None
    unit: UUID | None = None


class Opened(Shape):
    """Why somebody needs the caller's number."""

    reason: Reason = "先行联系"
