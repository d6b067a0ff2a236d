"""An order as the store hands it over, and how far somebody reaches among orders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core.scope import Scope


@dataclass(frozen=True, slots=True)
class Reach:
    """`mine` are the units somebody works for; without `whole` nothing else is in sight."""

    scope: Scope
    mine: frozenset[UUID]
    whole: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What goes into a step: a note for the house, words for the public, pictures, and when."""

    note: str | None = None
    words: str | None = None
    photos: tuple[UUID, ...] = ()
    at: datetime | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """One order as it is now; `content` and the caller are sealed tokens."""

    id: UUID
    area: str
    no: str
    source: str
    system: str
    system_no: str
    appeal_type: str
    category: str | None
    severity: str
    urge: str
    title: str
    content: str
    caller_name: str | None
    caller_phone: str | None
    phone_bi: bytes | None
    hide_name: bool
    place: str
    house_id: UUID | None
    building_id: UUID | None
    lng: float | None
    lat: float | None
    grid: str | None
    guess: dict[str, Any]
    photos: list[str]
    photos_after: list[str]
    stage: str
    unit_id: UUID | None
    handler_id: UUID | None
    handler: str | None
    own: bool
    reported_by: UUID | None
    reporter: str | None
    officer_id: UUID | None
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
    result: str | None
    handle: str | None
    verifier: str | None
    solved: bool | None
    satisfied: str | None
    returned: int
    redo: int
    reopened: int
    posted: int
    back: str
    extend: str
    pause: str
    appeal: str
    asked: dict[str, Any]
    designated: bool
    duplicate_of: UUID | None
    parent_id: UUID | None
    public: bool
    due_at: datetime | None
    due_kind: str | None
    rev: int
    updated_at: datetime
    # what hangs on it
    unit_name: str | None
    unit_kind: str | None
    unit_area: str | None
    handle_due: datetime | None
    parts_open: bool
    children_open: bool
    part_units: list[UUID]

    @property
    def reported(self) -> bool:
        """Whether there is a caller, who is contacted first and called back at the end."""
        return self.caller_phone is not None
