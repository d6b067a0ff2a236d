"""Feeds as the console sees them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from backend.core.shape import Shape


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
    """What became of the rows of a push."""

    seen: int
    added: int
    changed: int
    same: int
    refused: int
    run: Annotated[Run, Field(exclude=True)]

    @property
    def ref(self) -> str:
        return self.run.ref

    @property
    def facts(self) -> dict[str, object]:
        return {"feed": self.run.feed} | self.model_dump(exclude={"run"})


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
