"""Emergencies as they go over the wire: the switch, calls, lists, loans and reports."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from backend.core.shape import Shape
from backend.features.areas.shapes import AreaName, Code
from backend.features.duty.shapes import Moment, Rev
from backend.web.paging import Page

Reason = Annotated[str, Field(min_length=2, max_length=300)]
LevelCode = Annotated[str, Field(max_length=8)]
NeedState = Literal["listed", "reached", "unreached", "moving", "moved", "back"]

NEED_STATES: dict[str, str] = {
    "listed": "待联系",
    "reached": "已联系，平安",
    "unreached": "联系不上",
    "moving": "需要转移",
    "moved": "已转移安置",
    "back": "已返回",
}


class LevelEffects(Shape):
    """A level and, in sentences, what switching to it does."""

    code: str
    mode: str
    label: str
    effects: tuple[str, ...]


class Overview(Shape):
    """What the switch offers. `now` is the emergency that lasts."""

    kinds: tuple[str, ...]
    levels: tuple[LevelEffects, ...]
    now: UUID | None


class Begin(Shape):
    """Away from 平时. A `drill` (演练) is said to be one everywhere; people, lists and reports are
    as in earnest, but limits of orders and routine reports go on as before."""

    level: LevelCode
    kind: Annotated[str, Field(max_length=20)]
    reason: Reason
    drill: bool = False


class Turn(Shape):
    """To another level."""

    rev: Rev
    level: LevelCode
    reason: Reason


class End(Shape):
    """Back to 平时; `summary` goes into the closing report."""

    rev: Rev
    summary: Annotated[str, Field(min_length=2, max_length=1000)]


class Said(Shape):
    """A report to the district, or a remark for the time line. `at` is now unless told."""

    what: Literal["oral", "written", "note"]
    words: Annotated[str, Field(min_length=2, max_length=500)]
    at: Moment | None = None


class First(Shape):
    """A first report (首报): until when, when it was made; `late` also while it is owed."""

    due_at: datetime | None
    at: datetime | None
    late: bool


class EmergencyStep(Shape):
    at: datetime
    what: str
    label: str
    level: str
    words: str
    by: str


class NeedCount(Shape):
    kind: str
    label: str
    people: int


class FlashLine(Shape):
    """A flash report (快报) and how many committees have handed it up."""

    task: UUID
    period: str
    label: str
    due_at: datetime | None
    total: int
    handed: int
    overdue: int


class CallLine(Shape):
    """A call on everybody. `failed` could not be sent to; `waiting` have not confirmed yet."""

    id: UUID
    words: str
    at: datetime
    until: datetime
    by: str
    total: int
    confirmed: int
    help: int
    failed: int
    waiting: int


class CalledPerson(Shape):
    id: UUID
    name: str
    area: AreaName
    state: Literal["confirmed", "waiting", "failed"]
    state_label: str
    confirmed_at: datetime | None
    how: str | None
    help_at: datetime | None
    reminded: int


class CallPage(CallLine):
    emergency: UUID
    people: tuple[CalledPerson, ...]
    did: dict[str, Any] = Field(default_factory=dict, exclude=True)

    @property
    def ref(self) -> str:
        return f"call:{self.id}"

    @property
    def facts(self) -> dict[str, object]:
        return {"emergency": str(self.emergency), **self.did}


class NewCall(Shape):
    """`minutes` until everybody should have confirmed; without `areas` the whole street."""

    words: Annotated[str, Field(min_length=2, max_length=160)]
    minutes: Annotated[int, Field(ge=5, le=240)] = 30
    areas: Annotated[tuple[Code, ...], Field(max_length=60)] = ()


class ByPhone(Shape):
    """Somebody was reached by telephone and has confirmed."""

    person: UUID


class Confirm(Shape):
    help: bool = False


class Confirmed(Shape):
    """One's own confirmation."""

    call: UUID
    at: datetime
    help: bool

    @property
    def ref(self) -> str:
        return f"call:{self.call}"

    @property
    def facts(self) -> dict[str, object]:
        return {"help": self.help}


class Loan(Shape):
    id: UUID
    area: AreaName
    what: str
    spec: str | None
    unit: str
    store_place: str
    quantity: float
    back: float
    borrower: str
    reason: str
    at: datetime
    by: str
    returned_at: datetime | None
    rev: int

    @property
    def ref(self) -> str:
        return f"loan:{self.id}"

    @property
    def facts(self) -> dict[str, object]:
        return {"what": self.what, "quantity": self.quantity, "back": self.back}


class NewLoan(Shape):
    """Out of a store (L20): of what is kept there under these names."""

    area: Code
    what: Annotated[str, Field(max_length=10)]
    spec: Annotated[str, Field(max_length=60)] | None = None
    unit: Annotated[str, Field(min_length=1, max_length=10)]
    store_place: Annotated[str, Field(min_length=1, max_length=100)]
    quantity: Annotated[float, Field(gt=0, le=100_000)]
    borrower: Annotated[str, Field(min_length=1, max_length=100)]
    reason: Annotated[str, Field(min_length=1, max_length=100)]


class Returned(Shape):
    rev: Rev
    quantity: Annotated[float, Field(gt=0, le=100_000)]


class Supply(Shape):
    """What a store holds of one thing, as the ledger of supplies (L20) adds up to."""

    area: AreaName
    what: str
    spec: str | None
    unit: str
    store_place: str
    quantity: float
    least: float | None
    expire: str | None
    keeper: str


class EmergencyLine(Shape):
    """An emergency in a list."""

    id: UUID
    street: AreaName
    kind: str
    drill: bool
    level: str
    level_label: str
    mode: str
    since: datetime
    until: datetime | None
    by: str


class Emergency(EmergencyLine):
    """An emergency, whole. `can` are the acts the asker may do now; `unmanned` the committees
    where nobody is on duty at this moment."""

    reason: str
    ended_by: str | None
    summary: str | None
    rested: int
    rev: int
    oral: First
    written: First
    listed_at: datetime | None
    needs: tuple[NeedCount, ...]
    states: dict[str, int]
    calls: tuple[CallLine, ...]
    flash: tuple[FlashLine, ...]
    unmanned: tuple[AreaName, ...]
    loans: tuple[Loan, ...]
    steps: tuple[EmergencyStep, ...]
    can: tuple[str, ...]
    did: dict[str, Any] = Field(default_factory=dict, exclude=True)

    @property
    def ref(self) -> str:
        return f"emergency:{self.id}"

    @property
    def facts(self) -> dict[str, object]:
        return {"street": self.street.code, "level": self.level, "drill": self.drill, **self.did}


class NeedFilter(Page):
    """Which people of the lists: of a committee, a list, in a state, or by words of the address."""

    area: Code | None = None
    kind: Annotated[str, Field(max_length=8)] | None = None
    state: NeedState | None = None


class NeedPerson(Shape):
    """Somebody on the lists; number and address as far as the reader may see them."""

    id: UUID
    name: str
    sex_label: str
    age: int | None
    phone: str
    address: str
    kinds: tuple[str, ...]
    state: NeedState
    state_label: str
    place: str | None
    note: str | None
    by: str | None
    changed_at: datetime | None


class NeedPage(Shape):
    rows: tuple[NeedPerson, ...]
    total: int
    next: str | None


class Mark(Shape):
    """How somebody on the list is. `place` is the shelter (安置点) of who was moved."""

    state: Literal["reached", "unreached", "moving", "moved", "back"]
    place: Annotated[str, Field(max_length=60)] | None = None
    note: Annotated[str, Field(max_length=200)] | None = None


class Marked(Shape):
    """What was written down; never in the trace who it was by name."""

    person: UUID
    state: NeedState
    state_label: str

    @property
    def ref(self) -> str:
        return f"person:{self.person}"

    @property
    def facts(self) -> dict[str, object]:
        return {"state": self.state}


class ListQuery(Shape):
    """Which paper list: of one committee, or of all; of some of the lists, or of all."""

    area: Code | None = None
    kind: Annotated[str, Field(max_length=8)] | None = None
