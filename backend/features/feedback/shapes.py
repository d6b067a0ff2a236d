"""Findings as they go over the wire: for the officer who sent one, and for the street."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from backend.core.shape import Shape
from backend.features.areas.shapes import AreaName, Code
from backend.features.materials.shapes import FileLink
from backend.web.paging import Page

State = Literal["sent", "registered", "working", "declined", "answered", "appealed", "settled"]
Decision = Literal["adopted", "partly", "declined"]
Satisfied = Literal["满意", "基本满意", "不满意"]
Kind = Literal["finding", "order"]


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("没有填写")
    return text.strip()


Content = Annotated[str, Field(min_length=2, max_length=2000), AfterValidator(_said)]
Words = Annotated[str, Field(min_length=2, max_length=1000), AfterValidator(_said)]
Reason = Annotated[str, Field(min_length=2, max_length=500), AfterValidator(_said)]
Note = Annotated[str, Field(min_length=1, max_length=1000)]
Scene = Annotated[str, Field(min_length=1, max_length=16)]
Spot = Annotated[str, Field(max_length=200)]
Lng = Annotated[float, Field(ge=73, le=136)]
Lat = Annotated[float, Field(ge=3, le=54)]
Score = Annotated[int, Field(ge=1, le=5)]
Photos = Annotated[tuple[UUID, ...], Field(max_length=9)]
Rev = Annotated[int, Field(ge=0)]


class SceneName(Shape):
    key: str
    label: str


class Subscription(Shape):
    """A message that an officer may agree to get; the mini program asks by the template's id."""

    name: str
    template_id: str


class MissionAnswer(Shape):
    """An answer to a question of a mission."""

    key: Annotated[str, Field(min_length=1, max_length=24)]
    value: Annotated[str, Field(min_length=1, max_length=500)]


class NewFinding(Shape):
    """What an officer has found: where (on the map or by address), what, and how it was.

    `handy` 好用, `useful` 管用, `liked` 爱用 go from 1 to 5; a point is GCJ-02.
    """

    scene: Scene
    content: Content
    place: Spot = ""
    lng: Lng | None = None
    lat: Lat | None = None
    photos: Photos = ()
    handy: Score | None = None
    useful: Score | None = None
    liked: Score | None = None
    mission: UUID | None = None
    answers: Annotated[tuple[MissionAnswer, ...], Field(max_length=20)] = ()


class FindingJudgement(Shape):
    """The officer's word on the result; that it is not solved needs a reason."""

    rev: Rev
    solved: bool
    satisfied: Satisfied
    reason: Reason | None = None


class NearbyQuery(Shape):
    """Where known cases are looked for: a point, or an address."""

    lng: Lng | None = None
    lat: Lat | None = None
    place: Spot = ""


class KnownCase(Shape):
    """A case that is known already, in public words."""

    id: UUID
    kind: Kind
    title: str
    area: AreaName
    state_label: str
    metres: int | None
    since: date
    reply: str | None
    photos: tuple[FileLink, ...]
    following: bool


class CaseFollowed(Shape):
    id: UUID
    kind: Kind
    following: bool

    @property
    def ref(self) -> str:
        return f"{self.kind}:{self.id}"


class PublicStep(Shape):
    """Something that happened, as the officer sees it: no names of staff, no notes."""

    act: str
    label: str
    at: datetime
    words: str | None


class FindingLine(Shape):
    """A finding in a list."""

    id: UUID
    no: str
    rev: int
    scene: str
    scene_label: str
    place: str
    area: AreaName
    state: State
    state_label: str
    decision: Decision | None
    decision_label: str | None
    mission: UUID | None
    sent_at: datetime
    due: datetime | None
    """By when the street must register or decide; none once it has."""
    late: bool


class MyFinding(FindingLine):
    """An officer's own finding with everything that they may see of what became of it."""

    content: str
    answers: tuple[MissionAnswer, ...]
    lng: float | None
    lat: float | None
    handy: int | None
    useful: int | None
    liked: int | None
    photos: tuple[FileLink, ...]
    mission_title: str | None
    reason: str | None
    order_stage: str | None
    reply: str | None
    before: tuple[FileLink, ...]
    after: tuple[FileLink, ...]
    answered_at: datetime | None
    solved: bool | None
    satisfied: Satisfied | None
    judgement: str | None
    steps: tuple[PublicStep, ...]
    may: tuple[str, ...]
    event: dict[str, Any] = Field(default_factory=dict, exclude=True)

    @property
    def ref(self) -> str:
        return f"finding:{self.id}"

    @property
    def facts(self) -> dict[str, Any]:
        return {"no": self.no, "state": self.state, "scene": self.scene} | self.event


class FindingFilter(Page):
    """`todo`: what waits for the street; `late`: what it owes an answer beyond the limit."""

    view: Literal["todo", "all"] = "todo"
    state: State | None = None
    scene: Scene | None = None
    mission: UUID | None = None
    area: Code | None = None
    late: bool | None = None
    q: Annotated[str, Field(max_length=24)] | None = None


class FindingEntry(FindingLine):
    """A line of the street's list."""

    sender: str
    field_label: str | None
    order_no: str | None
    public: bool


class FindingPage(Shape):
    rows: tuple[FindingEntry, ...]
    total: int
    next: str | None


class FindingStep(PublicStep):
    by: str
    note: str | None


class FindingOrder(Shape):
    """The order behind a finding: how far it is, and what its unit would have the public told."""

    id: UUID
    no: str
    stage: str
    stage_label: str
    reply: str | None
    result: str | None
    photos_after: tuple[FileLink, ...]


class FindingView(MyFinding):
    """A finding as the street sees it."""

    sender: str
    officer: UUID | None
    field_label: str | None
    building_id: UUID | None
    order: FindingOrder | None
    summary: str | None
    public: bool
    registered_at: datetime | None
    decided_at: datetime | None
    judged_at: datetime | None
    unsolved: int
    steps: tuple[FindingStep, ...]


class FindingRegistered(Shape):
    """Taken note of. What is known better can be said in the same tap."""

    rev: Rev
    note: Note | None = None
    scene: Scene | None = None
    area: Code | None = None


class FindingDecided(Shape):
    """Adopted, partly, or not: with a reason in words for the officer unless it is adopted.

    With an `order` it goes into the pool under a short title, or to a unit at once.
    """

    rev: Rev
    decision: Decision
    reason: Reason | None = None
    note: Note | None = None
    order: bool = True
    title: Annotated[str, Field(min_length=2, max_length=60)] | None = None
    category: Annotated[str, Field(max_length=16)] | None = None
    urge: Literal["一般", "紧急", "特急"] = "一般"
    unit: UUID | None = None


class FindingAnswered(Shape):
    """What is said to the officer, apart from what is noted in the house. Pictures are covered
    copies: of the officer's own (before), of the order's (after)."""

    rev: Rev
    words: Words
    before: Photos = ()
    after: Photos = ()
    note: Note | None = None


class FindingPublished(Shape):
    """A summary in public words: what other officers nearby and the quarter's list get to read."""

    rev: Rev
    public: bool
    summary: Annotated[str, Field(min_length=4, max_length=200)] | None = None
    photos: Photos = ()


class FindingReopened(Shape):
    """The street's word when somebody says a second time that it is not solved."""

    rev: Rev
    again: bool
    words: Words


class FindingNoted(Shape):
    note: Note
