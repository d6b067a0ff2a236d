"""Registers as other slices and the front ends see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as given
from datetime import date, datetime
from typing import Annotated, Any, Protocol
from uuid import UUID

from pydantic import Field

from backend.core.scope import Scope
from backend.core.shape import Shape
from backend.features.areas.shapes import AreaName
from backend.web.paging import Page


@dataclass(frozen=True, slots=True)
class Incoming:
    """A row of a feed, mapped to elements and found sound. `values` holds every element that the
    feed maps, None where it says nothing; `refs` name rows by the ids of their sources."""

    source_id: str
    digest: bytes
    as_of: datetime
    values: Mapping[str, Any]
    refs: Mapping[str, str] = given(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row, or one value of it, was not taken over."""

    source_id: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a page of rows."""

    added: int = 0
    changed: int = 0
    same: int = 0
    refused: tuple[Refusal, ...] = ()


class Find(Page):
    """The query of a list of people: words, numbers or tails, a tag, a committee."""

    q: Annotated[str, Field(max_length=60)] | None = None
    tag: Annotated[str, Field(max_length=20)] | None = None
    area: Annotated[str, Field(pattern=r"^\d{12}$")] | None = None


class PersonLine(Shape):
    """A person in a list; number, phone and address as far as the reader may see them."""

    id: UUID
    name: str
    sex_label: str
    age: int | None
    id_no: str
    phone: str
    address: str
    tags: tuple[str, ...]
    residence_label: str


class OfCommittee(Shape):
    """The query of a list of buildings: which committee."""

    area: Annotated[str, Field(pattern=r"^\d{12}$")]


class BuildingLine(Shape):
    """A building (号) and how many live there today."""

    id: UUID
    estate: str
    road: str
    lane: str | None
    number: str
    address: str
    houses: int
    households: int
    people: int


class People(Shape):
    rows: tuple[PersonLine, ...]
    total: int
    next: str | None


class CodeLabel(Shape):
    code: str
    label: str


class Value(Shape):
    """One value of a person or house with its provenance. `differs` is what the source says where
    a committee says otherwise; `stale` that it is too old to be reused unasked."""

    key: str
    label: str
    value: Any
    text: str
    level: int
    masked: bool
    source_label: str
    as_of: date | None
    by: str | None
    stale: bool
    type: str
    codes: tuple[CodeLabel, ...] | None
    editable: bool
    differs: str | None


class Member(Shape):
    id: UUID
    name: str
    relation_label: str
    age: int | None
    tags: tuple[str, ...]


class Household(Shape):
    id: UUID
    hh_no: str
    head: str | None
    members: tuple[Member, ...]


class HouseName(Shape):
    id: UUID
    address: str


class Mention(Shape):
    """How often a ledger speaks of a person."""

    ledger: str
    title: str
    count: int
    last_at: date | None


class Visit(Shape):
    id: UUID
    at: datetime
    result: str
    by: str


class Person(Shape):
    id: UUID
    name: str
    area: AreaName
    fields: tuple[Value, ...]
    household: Household | None
    house: HouseName | None
    tags: tuple[str, ...]
    ledgers: tuple[Mention, ...]
    changed: Annotated[tuple[str, ...], Field(exclude=True)] = ()

    @property
    def ref(self) -> str:
        return f"person:{self.id}"

    @property
    def facts(self) -> dict[str, object]:
        return {"fields": list(self.changed)}


class HouseLine(Shape):
    id: UUID
    address: str
    occupancy_label: str
    people: int
    households: int


class Houses(Shape):
    rows: tuple[HouseLine, ...]
    total: int
    next: str | None


class House(Shape):
    id: UUID
    address: str
    area: AreaName
    fields: tuple[Value, ...]
    households: tuple[Household, ...]
    visits: tuple[Visit, ...]


class Reveal(Shape):
    field: Annotated[str, Field(max_length=40)]
    reason: Annotated[str, Field(min_length=2, max_length=200)]


class Revealed(Shape):
    """A value opened; the trace says who opened which field of whom and why, not the value."""

    field: str
    value: str
    person: Annotated[UUID, Field(exclude=True)]
    reason: Annotated[str, Field(exclude=True)]

    @property
    def ref(self) -> str:
        return f"person:{self.person}"

    @property
    def facts(self) -> dict[str, object]:
        return {"field": self.field, "reason": self.reason}


class Change(Shape):
    """What a value was, what it became, who said so; as far as the reader may see it."""

    id: UUID
    field: str
    label: str
    before: str
    after: str
    source_label: str
    by: str | None
    as_of: date
    at: datetime


class Somebody(Shape):
    """One side of a conflict; who lives elsewhere is named by committee only."""

    id: UUID | None
    name: str
    area: AreaName


class Conflict(Shape):
    """Two open records that cannot both be right: `id_no` means one number, two people."""

    id: UUID
    kind: str
    found_at: datetime
    people: tuple[Somebody, Somebody]


class NewValues(Shape):
    """Values that somebody has found out, by element, in stored form."""

    values: Annotated[dict[str, Any], Field(min_length=1, max_length=40)]
    note: Annotated[str, Field(max_length=200)] | None = None


class Sources(dict[str, str]):
    """The port that names sources: the key of a feed → what people call it (公安返还)."""


class Mentions(Protocol):
    """The port to what other slices know of people and houses; ledgers fill it."""

    async def of_person(self, scope: Scope, person: UUID) -> list[Mention]: ...

    async def visits(self, scope: Scope, house: UUID) -> list[Visit]: ...


class Outline(Shape):
    """A committee on the map: its ring and its buildings, longitude and latitude (GCJ-02)."""

    area: AreaName
    ring: tuple[tuple[float, float], ...]
    middle: tuple[float, float]
    buildings: tuple[tuple[float, float], ...]
