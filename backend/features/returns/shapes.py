"""Tasks and returns as they go over the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from backend.core.shape import Shape
from backend.features.areas.shapes import AreaName, Code

State = Literal["draft", "checking", "submitted", "returned", "approved"]
Todo = Literal["fill", "fix", "check", "review", "none"]
Text = Annotated[str, Field(min_length=1, max_length=500)]
Note = Annotated[str, Field(max_length=500)]

STATE_LABELS: dict[str, str] = {
    "draft": "待填报",
    "checking": "待复核",
    "submitted": "已上报",
    "returned": "已退回",
    "approved": "已审定",
}


class Due(Shape):
    """One line of the due list: what, for which period, until when, and how much is left.

    A flash report is due at a moment (`due_at`). What is `paused` can wait for the end of the
    emergency, and will get another day then.
    """

    return_id: UUID
    task_id: UUID
    form: str
    title: str
    kind: str
    period: str
    period_label: str
    due_on: date
    due_at: datetime | None
    paused: bool
    days_left: int
    overdue: bool
    area: AreaName
    state: State
    state_label: str
    todo: Todo
    asked_left: int
    fields_total: int
    returned_fields: int


class Known(Shape):
    """What the system holds for a field: the value, where it is from, and as of when."""

    value: Any = None
    source: str
    source_label: str
    as_of: date | None = None
    how: str | None = None
    rows: int | None = None
    drill: bool = False
    formula: str | None = None
    caliber: str | None = None
    previous: Any = None
    parts: dict[str, Any] = Field(default_factory=dict, exclude=True)
    others: dict[str, Any] = Field(default_factory=dict, exclude=True)


class Issue(Shape):
    """What is wrong with a field, or (kind warning) what a reason must answer."""

    field: str
    code: str
    message: str
    kind: Literal["error", "warning"]


class Remark(Shape):
    field: str
    label: str
    remark: str
    by: str
    at: datetime
    version: int


class Change(Shape):
    field: str
    label: str
    before: Any
    after: Any


class Step(Shape):
    what: str
    label: str
    by: str
    at: datetime
    note: str | None


class FormName(Shape):
    code: str
    title: str
    version: int
    kind: str


class Return(Shape):
    """One committee's return as its reader may see it now."""

    id: UUID
    task_id: UUID
    form: FormName
    definition: dict[str, Any]
    period: str
    period_label: str
    period_start: date
    period_end: date
    cut_off: date
    due_on: date
    due_at: datetime | None
    paused: bool
    overdue: bool
    area: AreaName
    state: State
    state_label: str
    version: int
    rev: int
    answers: dict[str, Any]
    reasons: dict[str, str]
    known: dict[str, Known]
    figures: dict[str, Any]
    asked: tuple[str, ...]
    open: tuple[str, ...]
    remarks: tuple[Remark, ...]
    issues: tuple[Issue, ...]
    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    can: tuple[str, ...]
    digest: str | None

    @property
    def ref(self) -> str:
        return f"return:{self.id}"

    @property
    def facts(self) -> dict[str, object]:
        return {"form": self.form.code, "period": self.period, "version": self.version}


class Draft(Shape):
    """What a person has given so far. `rev` is the draft's number they started from."""

    rev: Annotated[int, Field(ge=0)]
    form_version: Annotated[int, Field(ge=1)]
    answers: Annotated[dict[str, Any], Field(max_length=400)] = {}
    reasons: Annotated[dict[str, Text], Field(max_length=400)] = {}


class Saved(Shape):
    """A stored draft: its new number and what is still wrong with it."""

    id: UUID
    rev: int
    saved_at: datetime
    asked_left: int
    issues: tuple[Issue, ...]
    figures: dict[str, Any]

    @property
    def ref(self) -> str:
        return f"return:{self.id}"


class Receipt(Shape):
    """A return that was handed in: its new state, and the digest of the version now frozen."""

    id: UUID
    form: str
    period: str
    state: State
    state_label: str
    version: int
    rev: int
    digest: str

    @property
    def ref(self) -> str:
        return f"return:{self.id}"

    @property
    def facts(self) -> dict[str, object]:
        return {"form": self.form, "period": self.period, "version": self.version}


class SentBackField(Shape):
    field: Annotated[str, Field(max_length=40)]
    remark: Text


class SendBack(Shape):
    remarks: Annotated[tuple[SentBackField, ...], Field(min_length=1, max_length=100)]
    note: Note | None = None


class Decision(Shape):
    note: Note | None = None


class Version(Shape):
    n: int
    answers: dict[str, Any]
    figures: dict[str, Any]
    submitted_by: str
    submitted_at: datetime
    digest: str
    state: str
    state_label: str


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
    """What the clock's round has opened."""

    tasks: int
    returns: int

    @property
    def facts(self) -> dict[str, object]:
        return {"tasks": self.tasks, "returns": self.returns}


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
