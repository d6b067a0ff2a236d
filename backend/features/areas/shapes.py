"""Areas as other slices and the front ends see them."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated, Literal, Protocol
from uuid import UUID

from pydantic import Field

from backend.core.scope import Scope
from backend.core.shape import Shape

Code = Annotated[str, Field(pattern=r"^\d{12}$")]
Kind = Literal["district", "street", "committee"]


class AreaName(Shape):
    code: str
    name: str


class Area(Shape):
    """A district, street or committee. Valid from the first day up to, not including, the last."""

    code: str
    name: str
    kind: Kind
    kind_label: str
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    succeeded_by: tuple[str, ...] = ()


class OnDay(Shape):
    on: date | None = None


class NewArea(Shape):
    code: Code
    name: Annotated[str, Field(min_length=2, max_length=40)]
    kind_label: Literal["居委会", "村委会"] = "居委会"


class Move(Shape):
    """A building that goes to another committee when its own is split."""

    building: UUID
    to: Code


class NewAreaChange(Shape):
    """`gone` (on the wire: from) are the codes that end on the day, `made` (to) the new ones."""

    kind: Literal["split", "merge", "rename", "retire", "create"]
    on: date
    gone: tuple[Code, ...] = Field((), alias="from")
    made: tuple[NewArea, ...] = Field((), alias="to")
    moves: Annotated[tuple[Move, ...], Field(max_length=5000)] = ()


class Buildings(Protocol):
    """The port to the buildings that stand in committees; the registers fill it."""

    async def standing(self, scope: Scope, committees: Collection[str]) -> frozenset[UUID]: ...


class AreaChange(Shape):
    """Nobody (`by`) recorded what had been published before this system was filled."""

    id: UUID
    kind: str
    on: date
    gone: tuple[AreaName, ...]
    made: tuple[AreaName, ...]
    moves: tuple[Move, ...]
    street: AreaName
    by: str | None
    at: datetime | None

    @property
    def ref(self) -> str:
        return f"area_change:{self.id}"

    @property
    def facts(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "on": str(self.on),
            "gone": [area.code for area in self.gone],
            "made": [area.code for area in self.made],
        }
