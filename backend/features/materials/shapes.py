"""Materials as other slices and the front ends see them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from backend.core.shape import Shape

Kind = Literal["full", "thumb"]


class FileLink(Shape):
    """Addresses of both sizes that an <img> can load for some minutes without further ado."""

    id: UUID
    url: str
    thumb_url: str


class Uploaded(FileLink):
    width: int
    height: int


class CoverBox(Shape):
    """A part of a picture to be covered, in shares (0–1) from its upper left corner."""

    x: Annotated[float, Field(ge=0, lt=1)]
    y: Annotated[float, Field(ge=0, lt=1)]
    width: Annotated[float, Field(gt=0, le=1)]
    height: Annotated[float, Field(gt=0, le=1)]


class Cover(Shape):
    """Faces, plates and whatever else nobody outside may see. None is an answer too: somebody has
    looked, and there is nothing to cover."""

    boxes: Annotated[tuple[CoverBox, ...], Field(max_length=40)]


class Released(Uploaded):
    """The covered copy, which may be shown to anybody."""

    copy_of: UUID
    covered: int


class Added(Shape):
    """What the trace keeps of an upload."""

    id: UUID
    area: str

    @property
    def ref(self) -> str:
        return f"material:{self.id}"


class Copied(Added):
    """What the trace keeps of a covered copy."""

    copy_of: UUID
    covered: int

    @property
    def facts(self) -> dict[str, object]:
        return {"copy_of": str(self.copy_of), "covered": self.covered}


class Size(Shape):
    size: Kind = "full"
