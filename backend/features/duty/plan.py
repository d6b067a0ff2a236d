"""The street's plan (预案), forms/duty/plan.yaml: shifts, levels and what they switch over, lists.

A port that app.py fills; a mistake in the file stops the start and names the field.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from backend.core.clock import SHANGHAI
from backend.core.shape import Shape
from backend.features.areas.modes import Mode

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
FILE = Path("duty") / "plan.yaml"


class ShiftKind(Shape):
    """A shift of the day; one that ends before it begins ends on the next day."""

    code: Literal["日班", "夜班", "24小时"]
    begins: Clock = Field(alias="from")
    ends: Clock = Field(alias="to")

    def on(self, day: date) -> tuple[datetime, datetime]:
        """From when to when it is stood on a day."""
        first, last = (
            datetime.combine(day, time.fromisoformat(text), SHANGHAI)
            for text in (self.begins, self.ends)
        )
        return first, last if last > first else last + timedelta(days=1)


class Level(Shape):
    """A level of warning (预警) or response (应急), and what it switches over."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z]{1,8}$")]
    mode: Literal["预警", "应急"]
    label: str
    clocks: bool
    pauses: bool
    awake: bool
    flash: bool

    def as_mode(self, *, drill: bool) -> Mode:
        """What the slices below go by. An exercise touches nobody's limits, reports or sleep."""
        switches = (self.clocks, self.pauses, self.awake)
        return Mode(self.mode, self.code, *(on and not drill for on in switches))


class Need(Shape):
    """A list that somebody can stand in; `care` says that it is about their health."""

    code: str
    label: str
    care: bool = False


class Flash(Shape):
    form: str
    oral_minutes: Annotated[int, Field(ge=1)]
    written_minutes: Annotated[int, Field(ge=1)]


class Plan(Shape):
    """All of it. Levels ascend."""

    shifts: Annotated[tuple[ShiftKind, ...], Field(min_length=1)]
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    kinds: Annotated[tuple[str, ...], Field(min_length=1)]
    flash: Flash
    supplies: str
    log: str
    in_need: tuple[Need, ...]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for names in (
            [one.code for one in self.shifts],
            [one.code for one in self.levels],
            [one.code for one in self.in_need],
            self.kinds,
        ):
            if len(set(names)) != len(names):
                raise ValueError(f"something stands twice among {', '.join(names)}")
        return self

    @classmethod
    def read(cls, folders: Sequence[Path]) -> Self:
        """The plan of the last folder that has one: a street's own goes before the product's."""
        path = [folder / FILE for folder in folders if (folder / FILE).is_file()][-1]
        try:
            return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except ValidationError as error:
            issue = error.errors(include_url=False)[0]
            where = ".".join(map(str, issue["loc"]))
            raise ValueError(f"{path.name}: {where}: {issue['msg']}") from None

    def shift(self, code: str) -> ShiftKind | None:
        return next((one for one in self.shifts if one.code == code), None)

    def level(self, code: str) -> Level | None:
        return next((one for one in self.levels if one.code == code), None)

    def label(self, code: str) -> str:
        """What a level is called; of one that the plan no longer has, its code."""
        found = self.level(code)
        return found.label if found else code

    @property
    def care(self) -> frozenset[str]:
        """The lists that are about somebody's health."""
        return frozenset(one.code for one in self.in_need if one.care)
