"""Forms as they go over the wire."""

from backend.core.shape import Shape


class FormLine(Shape):
    code: str
    title: str
    kind: str
    version: int
    freq: str
    asker: str
