"""A return as the slice's own code handles it: the row, with its task's dates."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Sheet:
    """`open` is None while all fields may be edited, else the fields a send-back has opened."""

    id: UUID
    task_id: UUID
    area: str
    form: str
    version: int
    period: str
    state: str
    n: int
    rev: int
    answers: dict[str, Any]
    reasons: dict[str, str]
    known: dict[str, dict[str, Any]]
    open: list[str] | None
    asked_left: int
    saved_at: datetime | None
    submitted_at: datetime | None
    digest: str | None
    opened_on: date
    cut_off: date
    due_on: date
    due_at: datetime | None
    paused: bool
    late: bool

    @property
    def editable(self) -> bool:
        return self.state in ("draft", "returned")
