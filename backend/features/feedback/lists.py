"""The quarter's lists as they go over the wire, to the street and to anybody."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from backend.core.shape import Shape
from backend.features.areas.shapes import AreaName
from backend.features.feedback.quarter import ListRow, ListTotals
from backend.features.feedback.shapes import Words
from backend.features.materials.shapes import FileLink

Quarter = Annotated[str, Field(pattern=r"^20\d\dQ[1-4]$")]


class ListLine(Shape):
    """A published list among others."""

    id: UUID
    period: str
    period_label: str
    area: AreaName
    state: Literal["published", "withdrawn"]
    published_at: datetime
    rows: int


class FindingList(Shape):
    """A quarter's list as it stands now, and whether that is what the public sees."""

    id: UUID | None
    period: str
    period_label: str
    area: AreaName
    state: Literal["draft", "published", "withdrawn"]
    state_label: str
    words: str
    by: str | None
    published_at: datetime | None
    url: str | None
    changed: bool
    """Something has happened since it was published."""
    rows: tuple[ListRow, ...]
    totals: ListTotals

    @property
    def ref(self) -> str:
        return f"finding_list:{self.id}"

    @property
    def facts(self) -> dict[str, Any]:
        return {"period": self.period, "rows": len(self.rows)}


class NewList(Shape):
    """What the street says at the head of the list."""

    words: Words


class OpenRow(Shape):
    scene_label: str
    summary: str
    area: str
    decision_label: str
    result: str
    judged_label: str
    before: tuple[FileLink, ...]
    after: tuple[FileLink, ...]


class OpenList(Shape):
    """What anybody with the link sees: public words, covered pictures, no names."""

    id: UUID
    title: str
    street: str
    period_label: str
    words: str
    published_at: datetime
    rows: tuple[OpenRow, ...]
    totals: ListTotals
