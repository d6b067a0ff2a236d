"""What may be asked of a download."""

from datetime import date
from typing import Annotated

from pydantic import Field

from backend.core.shape import Shape
from backend.features.areas.shapes import Code


class Span(Shape):
    """Which rows of a ledger to print: by day, committee and words."""

    since: date | None = Field(None, alias="from")
    until: date | None = Field(None, alias="to")
    area: Code | None = None
    q: Annotated[str, Field(max_length=60)] | None = None
