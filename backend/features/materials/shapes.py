"""Materials as other slices and the front ends see them."""

from typing import Literal
from uuid import UUID

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


class Added(Shape):
    """What the trace keeps of an upload."""

    id: UUID
    area: str

    @property
    def ref(self) -> str:
        return f"material:{self.id}"


class Size(Shape):
    size: Kind = "full"
