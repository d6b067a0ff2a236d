"""Missions (体验任务) as they go over the wire: "please walk …"."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from backend.core.shape import Shape
from backend.features.areas.shapes import AreaName
from backend.features.feedback.shapes import Lat, Lng, Rev, Words

MissionState = Literal["draft", "open", "ended"]
MISSION_STATES: dict[str, str] = {"draft": "草稿", "open": "进行中", "ended": "已结束"}


class MissionPlace(Shape):
    """Somewhere to go; a point is GCJ-02."""

    name: Annotated[str, Field(min_length=2, max_length=60)]
    lng: Lng | None = None
    lat: Lat | None = None


class MissionQuestion(Shape):
    """What is asked there. `score` is answered by 1 to 5, `choice` by one of the options."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,24}$")]
    label: Annotated[str, Field(min_length=2, max_length=80)]
    kind: Literal["text", "score", "choice"] = "text"
    options: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=30)], ...],
                       Field(max_length=8)] = ()  # fmt: skip

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.kind == "choice") != (len(self.options) > 1):
            raise ValueError("选择题要有至少两个选项，其他题没有选项")
        return self


class NewMission(Shape):
    """A mission to be published later, or changed while it is a draft."""

    title: Annotated[str, Field(min_length=4, max_length=60)]
    words: Words
    starts_on: date
    ends_on: date
    places: Annotated[tuple[MissionPlace, ...], Field(max_length=20)] = ()
    questions: Annotated[tuple[MissionQuestion, ...], Field(max_length=10)] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError("结束日期不能早于开始日期")
        keys = [question.key for question in self.questions]
        if len(set(keys)) != len(keys):
            raise ValueError("有两道题的编号相同")
        return self


class ChangedMission(NewMission):
    rev: Rev


class AtRev(Shape):
    rev: Rev


class Mission(Shape):
    """A mission as its street sees it."""

    id: UUID
    rev: int
    area: AreaName
    title: str
    words: str
    starts_on: date
    ends_on: date
    places: tuple[MissionPlace, ...]
    questions: tuple[MissionQuestion, ...]
    state: MissionState
    state_label: str
    by: str
    published_at: datetime | None
    taken: int
    findings: int

    @property
    def ref(self) -> str:
        return f"mission:{self.id}"

    @property
    def facts(self) -> dict[str, Any]:
        return {"title": self.title, "state": self.state}


class OpenMission(Shape):
    """A mission as an officer sees it: how many others take part is nobody's business."""

    id: UUID
    title: str
    words: str
    starts_on: date
    ends_on: date
    places: tuple[MissionPlace, ...]
    questions: tuple[MissionQuestion, ...]
    taken: bool
    findings: int
    open: bool

    @property
    def ref(self) -> str:
        return f"mission:{self.id}"
