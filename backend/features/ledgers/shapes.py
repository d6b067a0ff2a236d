"""Ledgers and their entries as they go over the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from backend.core.shape import Shape
from backend.features.areas.shapes import AreaName, Code
from backend.web.paging import Page

Text = Annotated[str, Field(min_length=1, max_length=500)]


Subjected = Literal["home", "perhaps", "shop", "nothing"]


class LedgerLine(Shape):
    """A ledger in the list of ledgers. `written`: it has entries, and does not follow from the
    registers. `about`: what is chosen before one is recorded: somebody's home, perhaps one, a
    shop, or nothing."""

    code: str
    title: str
    asker: str
    entries: int
    last_at: datetime | None
    recordable: bool
    written: bool
    about: Subjected


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
    """`link` is where the row can be looked at: /people/{id}, /ledgers/{code}/entries/{id}, or
    /orders/{id} for what still goes on."""

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
    """The query of a blank entry: whom or which house it is about, or which entry it is like."""

    person: UUID | None = None
    house: UUID | None = None
    like: UUID | None = None


class Blank(Shape):
    """A new entry ready to be filled: what is known, what is asked, and who may have been there."""

    definition: dict[str, Any]
    known: dict[str, Held]
    asked: tuple[str, ...]
    subject: Subjects
    colleagues: tuple[Named, ...]


class NewEntry(Shape):
    """`photos` are all pictures; where a form has several fields for them (现场, 整改后), the
    answers say which is which. `like` is an earlier entry about the same shop, `done_for`
    the order that this was done for. With `order` it becomes one, if the form offers that."""

    form_version: Annotated[int, Field(ge=1)]
    person: UUID | None = None
    house: UUID | None = None
    answers: Annotated[dict[str, Any], Field(max_length=200)]
    reasons: Annotated[dict[str, Text], Field(max_length=200)] = {}
    photos: Annotated[tuple[UUID, ...], Field(max_length=27)] = ()
    like: UUID | None = None
    done_for: UUID | None = None
    order: bool = False


class Correction(Shape):
    """What was written wrongly, or what has come of it since (复查)."""

    answers: Annotated[dict[str, Any], Field(max_length=200)]
    reasons: Annotated[dict[str, Text], Field(max_length=200)] = {}
    reason: Text
    photos: Annotated[tuple[UUID, ...], Field(max_length=27)] = ()
    order: bool = False


class EntryValue(Shape):
    key: str
    label: str
    value: Any
    text: str
    level: int
    masked: bool
    source_label: str


class Photo(Shape):
    """A picture; `label` is the field it belongs to (现场照片, 整改后照片)."""

    id: UUID
    url: str
    thumb_url: str
    label: str


class Entry(Shape):
    """One entry, whole. `wrote_by` says what wrote it: a visit, a return, an order. `order` is
    the one whose number it carries, for whoever may see that."""

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
    order: UUID | None
    corrects: UUID | None
    corrected_by: UUID | None
    reason: str | None

    @property
    def ref(self) -> str:
        return f"entry:{self.id}"

    @property
    def facts(self) -> dict[str, object]:
        case = next((field.value for field in self.fields if field.key == "case_no"), None)
        return {"ledger": self.ledger, "no": self.no, "corrects": self.corrects, "order": case}
