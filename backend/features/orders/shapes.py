"""Orders as they go over the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from backend.core.shape import Shape
from backend.features.areas.shapes import AreaName
from backend.features.materials.shapes import FileLink

Stage = Literal[
    "collected",
    "filed",
    "dispatched",
    "handling",
    "answered",
    "verifying",
    "closed",
    "refused",
    "merged",
]
Source = Literal["01", "02", "03", "04", "05", "06", "07", "08", "09", "99"]
AppealType = Literal["1", "2", "3", "4", "5", "6", "9"]
Urge = Literal["一般", "紧急", "特急"]
Severity = Literal["A", "B", "C"]
Result = Literal["已解决", "部分解决", "解释说明", "无法解决", "诉求过高"]
Asked = Literal["无", "申请中", "批准", "驳回"]
UnitKind = Literal["committee", "property", "enforcement", "station", "section", "other"]
DueState = Literal["none", "fine", "soon", "late", "stopped", "unknown"]

Title = Annotated[str, Field(min_length=2, max_length=100)]
Words = Annotated[str, Field(min_length=1, max_length=1000)]
Reason = Annotated[str, Field(min_length=2, max_length=500)]
Spot = Annotated[str, Field(max_length=200)]
Lng = Annotated[float, Field(ge=73, le=136)]
Lat = Annotated[float, Field(ge=3, le=54)]
Photos = Annotated[tuple[UUID, ...], Field(max_length=9)]


class Labelled(Shape):
    key: str
    label: str


class Unit(Shape):
    """Who handles orders. `people` is how many are at work there; none means nobody is told."""

    id: UUID
    key: str
    name: str
    kind: UnitKind
    kind_label: str
    area: AreaName
    categories: tuple[str, ...]
    people: int
    live: bool

    @property
    def ref(self) -> str:
        return f"unit:{self.id}"


class UnitName(Shape):
    id: UUID
    name: str
    kind: UnitKind


class OrderDue(Shape):
    """The clock that runs out first: what for, when, and how it stands."""

    kind: str | None
    label: str | None
    at: datetime | None
    state: DueState


class OrderLine(Shape):
    """One order in a list, on the board, on the map's card."""

    id: UUID
    no: str
    rev: int
    title: str
    source: Source
    source_label: str
    category: str | None
    category_label: str | None
    urge: Urge
    severity: Severity
    stage: Stage
    stage_label: str
    area: AreaName
    place: str
    unit: UnitName | None
    handler: str | None
    received_at: datetime
    due: OrderDue
    asks: tuple[str, ...]
    """What waits for a decision: back extend pause appeal."""
    may: tuple[str, ...]


class OrderPage(Shape):
    rows: tuple[OrderLine, ...]
    total: int
    next: str | None


class BoardColumn(Shape):
    stage: Stage
    stage_label: str
    count: int
    late: int
    cards: tuple[OrderLine, ...]


class Board(Shape):
    columns: tuple[BoardColumn, ...]


class MapPoint(Shape):
    id: UUID
    no: str
    title: str
    lng: float
    lat: float
    stage: Stage
    urge: Urge
    category: str | None
    due_state: DueState


class OrderMap(Shape):
    points: tuple[MapPoint, ...]
    more: bool
    """Whether there are more points than are shown."""


class OrderStep(Shape):
    """One thing that happened. `note` stays in the house, `words` may be told to the public."""

    act: str
    label: str
    from_stage: Stage | None
    to_stage: Stage
    by: str
    unit: str | None
    at: datetime
    recorded_at: datetime
    note: str | None
    words: str | None
    photos: tuple[FileLink, ...]
    facts: dict[str, str]


class OrderClock(Shape):
    """A limit: `share` of it is used up (1 and more is late); `state` is how it ended or stands.
    Within `guard` of its start the place must be made safe, or the act stopped (先行处置)."""

    kind: str
    label: str
    limit: str
    started_at: datetime
    due_at: datetime | None
    met_at: datetime | None
    state: Literal["running", "stopped", "unknown", "met", "late", "missed", "void"]
    share: float | None
    guard: str | None = None
    guard_at: datetime | None = None


class OrderPart(Shape):
    place: int
    unit: UnitName
    task: str
    state: Literal["waiting", "open", "done"]
    opened_at: datetime | None
    done_at: datetime | None
    done_by: str | None
    did: str | None


class OrderEntry(Shape):
    """A ledger entry that the order has written."""

    id: UUID
    ledger: str
    title: str
    no: str
    at: datetime
    live: bool


class Similar(Shape):
    """An order that may be the same matter, and why."""

    id: UUID
    no: str
    title: str
    stage: Stage
    stage_label: str
    place: str
    received_at: datetime
    score: float
    metres: int | None
    reasons: tuple[str, ...]


class OrderLink(Shape):
    id: UUID
    no: str
    title: str
    stage: Stage
    stage_label: str
    how: Literal["main", "duplicate", "parent", "child", "repeat"]


class Guess(Shape):
    """A category that the words speak for: how probable, and which words."""

    category: str
    label: str
    probability: float
    words: tuple[str, ...]


class Ask(Shape):
    """What a unit asks for and somebody has to decide."""

    kind: Literal["back", "extend", "pause", "appeal"]
    label: str
    reason: str
    unit: UnitName | None
    days: int | None
    by: str
    at: datetime


class Caller(Shape):
    """Who is behind an order, masked; the telephone is opened by POST …/caller."""

    name: str | None
    phone: str | None
    hidden: bool
    before: int
    """How many other orders came from the same number within a year."""


class OpenedCaller(Shape):
    """The caller in clear. Who asked for secrecy keeps their name."""

    id: UUID
    name: str | None
    phone: str | None
    hidden: bool
    reason: str

    @property
    def ref(self) -> str:
        return f"order:{self.id}"

    @property
    def facts(self) -> dict[str, object]:
        return {"reason": self.reason}


class BulkDone(Shape):
    """What was dispatched in one go."""

    orders: tuple[UUID, ...]
    sent: dict[str, str] = Field(exclude=True)

    @property
    def ref(self) -> str:
        return f"orders:{self.orders[0]}"

    @property
    def facts(self) -> dict[str, object]:
        return {"sent": self.sent}


class Proposal(Shape):
    """What is proposed while somebody writes a report; a person decides."""

    categories: tuple[Guess, ...]
    severity: Severity
    limit: str
    area: AreaName | None
    grid: str | None
    building_id: UUID | None
    found_how: str | None
    units: tuple[UnitName, ...]
    similar: tuple[Similar, ...]


class Order(Shape):
    """One order with everything its reader may see now."""

    id: UUID
    no: str
    rev: int
    area: AreaName
    source: Source
    source_label: str
    system_no: str
    appeal_type: AppealType
    appeal_label: str
    category: str | None
    category_label: str | None
    category_path: tuple[str, ...]
    guesses: tuple[Guess, ...]
    severity: Severity
    urge: Urge
    title: str
    content: str
    caller: Caller | None
    reporter: str | None
    place: str
    house_id: UUID | None
    building_id: UUID | None
    lng: float | None
    lat: float | None
    grid: str | None
    stage: Stage
    stage_label: str
    unit: UnitName | None
    handler_id: UUID | None
    handler: str | None
    own: bool
    photos: tuple[FileLink, ...]
    photos_after: tuple[FileLink, ...]
    received_at: datetime
    filed_at: datetime | None
    dispatched_at: datetime | None
    signed_at: datetime | None
    contacted_at: datetime | None
    finished_at: datetime | None
    verified_at: datetime | None
    called_at: datetime | None
    closed_at: datetime | None
    measure: str | None
    reply: str | None
    result: Result | None
    handle: Literal["自行处置", "协调处置"] | None
    verifier: str | None
    solved: bool | None
    satisfied: str | None
    returned: int
    redo: int
    reopened: int
    back: Asked
    extend: Asked
    pause: Asked
    appeal: Asked
    asks: tuple[Ask, ...]
    designated: bool
    public: bool
    due: OrderDue
    clocks: tuple[OrderClock, ...]
    steps: tuple[OrderStep, ...]
    parts: tuple[OrderPart, ...]
    entries: tuple[OrderEntry, ...]
    links: tuple[OrderLink, ...]
    similar: tuple[Similar, ...]
    may: tuple[str, ...]
    event: dict[str, Any] = Field(default_factory=dict, exclude=True)
    """What just happened, for the trace and its reactions; no level 3 value."""

    @property
    def ref(self) -> str:
        return f"order:{self.id}"

    @property
    def facts(self) -> dict[str, object]:
        return {"no": self.no, "stage": self.stage, "rev": self.rev} | self.event
