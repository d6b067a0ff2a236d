"""Ledgers and their entries as they go over the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from backend.core.shape import Shape
from backend.features.areas.shapes import AreaName, Code
from backend.web.paging import Page

Text = Annotated[str, Field(min_length=1, max_length=500)]


class LedgerLine(Shape):
    """A ledger in the list of ledgers."""

    code: str
    title: str
    asker: str
    entries: int
    last_at: datetime | None
    recordable: bool


class Filter(Page):
    """Which rows of a ledger: by day, committee and words."""

    since: date | None = Field(None, alias="from")
    until: date | None = Field(None, alias="to")
    area: Code | None = None
    q: Annotated[str, Field(max_length=60)] | None = None


class Column(Shape):
    key: str
    label: str
    width: float


class LedgerRow(Shape):
    id: UUID
    cells: dict[str, str]
    at: datetime | None
    by: str | None
    state: Literal["good", "corrected", "reversal"]
    person: UUID | None
    house: UUID | None


class LedgerPage(Shape):
    columns: tuple[Column, ...]
    rows: tuple[LedgerRow, ...]
    total: int
    next: str | None


class PlainColumn(Shape):
    key: str
    label: str


class PlainRow(Shape):
    """`link` is where the row can be looked at: /people/{id} or /ledgers/{code}/entries/{id}."""

    id: str
    area: str
    link: str | None
    cells: dict[str, str]


class Rows(Shape):
    """Rows behind a figure."""

    columns: tuple[PlainColumn, ...]
    rows: tuple[PlainRow, ...]
    total: int
    next: str | None


class Named(Shape):
    id: UUID
    name: str


class Place(Shape):
    id: UUID
    address: str


class Held(Shape):
    """What is known for a field of a new entry; values of level 3–4 are masked."""

    value: Any = None
    source: str
    source_label: str
    as_of: date | None = None
    how: str | None = None
    stale: bool = False


class Subjects(Shape):
    person: Named | None
    house: Place | None
    household: UUID | None


class About(Shape):
    """The query of a blank entry: whom or which house it is about."""

    person: UUID | None = None
    house: UUID | None = None


class Blank(Shape):
    """A new entry ready to be filled: what is known, and what is asked."""

    definition: dict[str, Any]
    known: dict[str, Held]
    asked: tuple[str, ...]
    subject: Subjects


class NewEntry(Shape):
    form_version: Annotated[int, Field(ge=1)]
    person: UUID | None = None
    house: UUID | None = None
    answers: Annotated[dict[str, Any], Field(max_length=200)]
    reasons: Annotated[dict[str, Text], Field(max_length=200)] = {}
    photos: Annotated[tuple[UUID, ...], Field(max_length=9)] = ()


class Correction(Shape):
    answers: Annotated[dict[str, Any], Field(max_length=200)]
    reasons: Annotated[dict[str, Text], Field(max_length=200)] = {}
    reason: Text


class EntryValue(Shape):
    key: str
    label: str
    value: Any
    text: str
    level: int
    masked: bool
    source_label: str


class Photo(Shape):
    id: UUID
    url: str
    thumb_url: str


class Entry(Shape):
    """One entry, whole. `wrote_by` says what wrote it: a visit, a return, an order."""

    id: UUID
    ledger: str
    title: str
    no: str
    at: datetime
    by: str
    area: AreaName
    fields: tuple[EntryValue, ...]
    photos: tuple[Photo, ...]
    person: Named | None
    house: Place | None
    wrote_by: str
    corrects: UUID | None
    corrected_by: UUID | None
    reason: str | None

    @property
    def ref(self) -> str:
        return f"entry:{self.id}"

    @property
    def facts(self) -> dict[str, object]:
        return {"ledger": self.ledger, "no": self.no, "corrects": self.corrects}
