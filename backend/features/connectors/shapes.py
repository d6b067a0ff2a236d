"""Feeds as the console sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.core.shape import Shape
from backend.features.registers.shapes import Taken


class Run(Shape):
    """One pull: `seen` = `added` + `changed` + `same` + `refused`."""

    id: UUID
    feed: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    cursor: str
    seen: int
    added: int
    changed: int
    same: int
    refused: int
    problem: str | None

    @property
    def ref(self) -> str:
        return f"feed_run:{self.id}"

    @property
    def facts(self) -> dict[str, object]:
        counts = ("seen", "added", "changed", "same", "refused")
        told: dict[str, object] = {"feed": self.feed, "state": self.state, "problem": self.problem}
        return told | {name: getattr(self, name) for name in counts}


class NewPull(Shape):
    """`anew` starts at the source's first row again: unchanged ones only cost a comparison."""

    anew: bool = False


class Pushed(Shape):
    """What became of the rows of a push: taken over, here already, or kept aside."""

    seen: int
    taken: int
    same: int
    refused: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """Pushes that were written together: the day's run, the counts, and the answer to each."""

    run: Run
    seen: int
    taken: Taken
    answers: Mapping[str, Pushed]

    @property
    def ref(self) -> str:
        return self.run.ref

    @property
    def facts(self) -> dict[str, object]:
        counts = {name: getattr(self.taken, name) for name in ("added", "changed", "same")}
        told = {"feed": self.run.feed, "pushes": len(self.answers), "seen": self.seen}
        return told | counts | {"refused": len(self.taken.refused)}


class FeedLine(Shape):
    key: str
    title: str
    running: bool
    last: Run | None


class Quarantined(Shape):
    """A row that was not taken over (or one value of it), masked; `field` in Chinese."""

    id: UUID
    source_id: str
    reason: str
    field: str
    row: dict[str, str]
    at: datetime
