"""Complaints and suggestions about Jucun itself (投诉建议), which every user may send from every
screen (国办函〔2026〕12号)."""

import re
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from backend.core.shape import Shape
from backend.features.feedback.shapes import Content, Photos, Reason, Rev, Satisfied, State, Words
from backend.features.materials.shapes import FileLink
from backend.web.paging import Page

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27,}|\d{5,}", re.IGNORECASE)


class NewComplaint(Shape):
    """What is wrong. `screen` is the page it was written on, which the person can see and leave
    out; nothing else is gathered."""

    content: Content
    screen: Annotated[str, Field(max_length=200)] | None = None
    photos: Photos = ()

    @property
    def where(self) -> str | None:
        """The page without what it was about: ids and queries could point to a person."""
        if not self.screen:
            return None
        return _ID.sub("…", self.screen.partition("?")[0]).strip()[:200] or None


class MyComplaint(Shape):
    """A complaint of one's own, and what was answered."""

    id: UUID
    no: str
    rev: int
    content: str
    screen: str | None
    photos: tuple[FileLink, ...]
    state: State
    state_label: str
    sent_at: datetime
    answered_at: datetime | None
    reply: str | None
    solved: bool | None
    satisfied: Satisfied | None
    may: tuple[str, ...]
    event: dict[str, Any] = Field(default_factory=dict, exclude=True)

    @property
    def ref(self) -> str:
        return f"finding:{self.id}"

    @property
    def facts(self) -> dict[str, Any]:
        return {"no": self.no, "state": self.state} | self.event


class Complaint(MyComplaint):
    """A complaint as those see it who answer."""

    sender: str
    late: bool
    due: datetime | None


class ComplaintFilter(Page):
    state: State | None = None


class ComplaintPage(Shape):
    rows: tuple[Complaint, ...]
    total: int
    next: str | None


class ComplaintRegistered(Shape):
    rev: Rev


class ComplaintAnswered(Shape):
    rev: Rev
    words: Words


class ComplaintJudged(Shape):
    """Whether that helped."""

    rev: Rev
    solved: bool
    satisfied: Satisfied
    reason: Reason | None = None
