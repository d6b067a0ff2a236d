"""A finding as the store hands it over; people's own words are still sealed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Held:
    """One finding or complaint as it is now."""

    id: UUID
    area: str
    no: str
    kind: str
    officer_id: UUID | None
    staff_id: UUID | None
    sender: str
    scene: str
    content: str
    answers: str | None
    screen: str | None
    place: str
    building_id: UUID | None
    lng: float | None
    lat: float | None
    handy: int | None
    useful: int | None
    liked: int | None
    mission_id: UUID | None
    photos: list[str]
    state: str
    decision: str | None
    reason: str | None
    order_id: UUID | None
    reply: str | None
    summary: str | None
    public: bool
    shown_before: list[str]
    shown_after: list[str]
    sent_at: datetime
    register_due: datetime | None
    registered_at: datetime | None
    decide_due: datetime | None
    decided_at: datetime | None
    answered_at: datetime | None
    judged_at: datetime | None
    solved: bool | None
    satisfied: str | None
    judgement: str | None
    unsolved: int
    rev: int
    updated_at: datetime

    @property
    def record(self) -> str:
        """What its pictures are used by: the finding, or the order that it has become."""
        return f"order:{self.order_id}" if self.order_id else f"finding:{self.id}"

    @property
    def due(self) -> datetime | None:
        """By when the street must do its next step towards the officer."""
        if self.state == "sent":
            return self.register_due
        return self.decide_due if self.state == "registered" else None
