"""Boards as they go over the wire. Every figure comes with the text in which it is shown, since
what leaves a street may hide it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from backend.core.shape import Shape
from backend.features.areas.shapes import AreaName, Code
from backend.features.orders.shapes import OrderLine

By = Literal["area", "street", "class", "category", "unit", "place", "week", "source"]


class BoardSpan(Shape):
    """Which days, both included; the last thirty when nothing is said."""

    since: date | None = Field(None, alias="from")
    until: date | None = Field(None, alias="to")


class StatisticsQuery(BoardSpan):
    by: By = "category"
    area: Code | None = None


class CallersQuery(BoardSpan):
    least: Annotated[int, Field(ge=2, le=100)] = 3


class Count(Shape):
    """A count; hidden, its value is null and it is shown as <5 or *."""

    value: int | None
    shown: str


class Rate(Shape):
    """A rate in its unit; null when nothing was counted or a part of it is hidden."""

    value: float | None
    shown: str


class Line(Shape):
    key: str
    label: str
    counts: dict[str, Count]
    rates: dict[str, Rate]


class Table(Shape):
    rows: tuple[Line, ...]
    total: Line


class CountColumn(Shape):
    key: str
    label: str


class RateColumn(Shape):
    """A rate with the names of what it divides, to be printed beside it."""

    key: str
    label: str
    unit: str
    of: str
    of_label: str
    per: str
    per_label: str
    caliber: str


class Board(Shape):
    """A street by committees or a district by streets. `veiled`: small numbers are hidden."""

    area: AreaName
    since: date
    until: date
    as_of: datetime
    covered_on: date | None
    veiled: bool
    counts: tuple[CountColumn, ...]
    rates: tuple[RateColumn, ...]
    table: Table
    weeks: Table
    classes: tuple[Line, ...]
    places: tuple[Line, ...]


class Statistics(Shape):
    by: By
    by_label: str
    since: date
    until: date
    veiled: bool
    counts: tuple[CountColumn, ...]
    rates: tuple[RateColumn, ...]
    table: Table


class OrdersNow(Shape):
    """Orders of a committee now; `next` are those with its own people that run out first."""

    open: int
    overdue: int
    due_today: int
    to_sign: int
    to_contact: int
    next: tuple[OrderLine, ...]


class Waiting(Shape):
    """What is to be done today, and what should have been done before."""

    today: int
    overdue: int


class ReturnsNow(Shape):
    open: int
    overdue: int
    next_due: date | None


class HazardsNow(Shape):
    open: int
    overdue: int


class Today(Shape):
    area: AreaName
    as_of: datetime
    orders: OrdersNow
    visits: Waiting
    returns: ReturnsNow
    hazards: HazardsNow | None


class SpotCategory(Shape):
    code: str
    label: str
    count: int


class Spot(Shape):
    """A place of some 80 m around a point where orders gather; `before` in as many days before."""

    lng: float
    lat: float
    place: str
    count: int
    before: int
    live: int
    categories: tuple[SpotCategory, ...]


class Spots(Shape):
    since: date
    until: date
    least: int
    rows: tuple[Spot, ...]


class CallerOrder(Shape):
    id: UUID
    no: str
    title: str
    category_label: str | None
    stage: str
    stage_label: str
    area: AreaName
    received_at: datetime


class RepeatedCaller(Shape):
    """Who called again and again; the number is masked and opened from an order, with a reason."""

    phone: str
    count: int
    live: int
    unsolved: int
    first_at: datetime
    last_at: datetime
    orders: tuple[CallerOrder, ...]


class Callers(Shape):
    since: date
    until: date
    least: int
    rows: tuple[RepeatedCaller, ...]


class Counted(Shape):
    """What the night's count says of itself in the trace."""

    committees: int

    @property
    def facts(self) -> dict[str, Any]:
        return {"committees": self.committees}
