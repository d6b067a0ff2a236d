"""Tasks as they go over the wire: how far their committees are, the street's figures, urging."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from backend.core.shape import Shape
from backend.features.areas.shapes import AreaName, Code
from backend.features.ledgers.shapes import Rows
from backend.features.returns.shapes import State
from backend.web.paging import Page


class Counts(Shape):
    total: int
    draft: int
    checking: int
    submitted: int
    returned: int
    approved: int
    overdue: int


class Task(Shape):
    """A form × period of one street, with how far its committees are."""

    id: UUID
    form: str
    title: str
    kind: str
    period: str
    period_label: str
    area: AreaName
    opened_on: date
    cut_off: date
    due_on: date
    due_at: datetime | None
    paused: bool
    overdue: bool
    state: str
    counts: Counts

    @property
    def ref(self) -> str:
        return f"task:{self.id}"

    @property
    def facts(self) -> dict[str, object]:
        return {"form": self.form, "period": self.period, "area": self.area.code}


class TaskReturn(Shape):
    """How far a committee is. `urged` says that all with whom it lies were reminded today."""

    return_id: UUID
    area: AreaName
    state: State
    state_label: str
    version: int
    submitted_at: datetime | None
    asked_left: int
    returned_fields: int
    overdue: bool
    changed_since_look: bool
    urged: bool


class MergedField(Shape):
    key: str
    label: str
    unit: str | None
    value: Any
    how: str


class Merged(Shape):
    """The street's figures, computed from the returns that have been handed up."""

    of: int
    counted: int
    fields: tuple[MergedField, ...]


class Within(Page):
    """Which rows behind a merged figure: those of one committee, or of all."""

    area: Code | None = None


class Contribution(Shape):
    """What one committee handed up for a figure, and how many rows stand behind it now."""

    return_id: UUID
    area: AreaName
    value: Any
    rows: int


class BehindMerged(Rows):
    """What stands behind a merged figure. `drill` says whether rows can be shown at all."""

    key: str
    label: str
    unit: str | None
    how: str
    caliber: str | None
    formula: str | None
    drill: bool
    committees: tuple[Contribution, ...]


class TaskPage(Task):
    returns: tuple[TaskReturn, ...]
    merged: Merged


class NewTask(Shape):
    form: Annotated[str, Field(max_length=12)]
    period: Annotated[str, Field(max_length=8)]
    areas: tuple[Code, ...] | None = None
    due_on: date | None = None


class TaskFilter(Shape):
    state: Literal["open", "closed", "all"] = "open"


class Opened(Shape):
    """What the clock's round has opened, and how many it could not for want of a calendar."""

    tasks: int
    returns: int
    undated: int

    @property
    def facts(self) -> dict[str, object]:
        return {"tasks": self.tasks, "returns": self.returns, "undated": self.undated}


class Undated(Shape):
    """A report that the clock cannot open on its day, because its due year has no calendar."""

    form: str
    title: str
    period: str
    period_label: str
    opens_on: date


class Outlook(Shape):
    """What is ahead: the first year whose working days are not known, and what waits for them."""

    missing_year: int | None
    reports: tuple[Undated, ...]


class Urge(Shape):
    """Whom to remind: those of some committees of a task, or of all."""

    areas: Annotated[tuple[Code, ...], Field(min_length=1, max_length=400)] | None = None


class Urged(Shape):
    """How many people will be told, how many had been told today, and where nobody can be.

    `at_night` says that messages wait for the morning.
    """

    task: UUID
    form: str
    period: str
    told: int
    already: int
    silent: tuple[AreaName, ...]
    at_night: bool

    @property
    def ref(self) -> str:
        return f"task:{self.task}"

    @property
    def facts(self) -> dict[str, object]:
        return {
            "form": self.form,
            "period": self.period,
            "told": self.told,
            "already": self.already,
        }


class Reminded(Shape):
    """How many people were told that something is nearly due."""

    told: int

    @property
    def facts(self) -> dict[str, object]:
        return {"told": self.told}


class Rested(Shape):
    """How many routine tasks of a street were put to rest, or go on."""

    tasks: int

    @property
    def facts(self) -> dict[str, object]:
        return {"tasks": self.tasks}


class Flashed(Shape):
    """A flash report that was asked for; `new` of so many committees just now."""

    task: UUID
    form: str
    period: str
    area: str
    new: int

    @property
    def ref(self) -> str:
        return f"task:{self.task}"

    @property
    def facts(self) -> dict[str, object]:
        return {"form": self.form, "period": self.period, "area": self.area}
