"""What a reaction is told: who did what to what."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Event:
    """An audit row seen as an event. `subject` is `kind:uuid`, as the use case named it."""

    id: UUID
    verb: str
    subject: str
    actor_id: UUID | None
    actor: str
    area: str
    facts: dict[str, Any]

    @property
    def subject_id(self) -> UUID:
        return UUID(self.subject.partition(":")[2])
