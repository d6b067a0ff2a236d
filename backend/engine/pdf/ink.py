"""The content of one page (or form) as PDF operators. Places are in points from the lower left."""

from collections.abc import Iterator
from contextlib import contextmanager

from backend.engine.pdf.glyphs.embed import EmbeddedFont

# The middle of a Chinese character stands this high above the base line, in em.
MIDDLE = 0.38


class Ink:
    """Collects operators. Text is shown in the order in which it is read."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def raw(self, operators: bytes) -> None:
        """Operators made elsewhere."""
        self._parts.append(operators)

    def text(self, x: float, y: float, text: str, font: EmbeddedFont, size: float) -> None:
        """One line of text, its base line beginning at (x, y)."""
        if text:
            shown = show(font, text, size)
            self._parts.append(b"BT 1 0 0 1 %.2f %.2f Tm %b ET" % (x, y, shown))

    def text_right(self, x: float, y: float, text: str, font: EmbeddedFont, size: float) -> None:
        """One line that ends at x."""
        self.text(x - font.typeface.measure(text, size), y, text, font, size)

    def text_center(self, x: float, y: float, text: str, font: EmbeddedFont, size: float) -> None:
        """One line with its middle at x."""
        self.text(x - font.typeface.measure(text, size) / 2, y, text, font, size)

    def gray(self, value: float) -> None:
        """Colour of what follows, text and rules: 0 black, 1 white."""
        self._parts.append(b"%.2f g %.2f G" % (value, value))

    def fill(self, x: float, y: float, width: float, height: float) -> None:
        """A filled rectangle, (x, y) being its lower left corner."""
        self._parts.append(b"%.2f %.2f %.2f %.2f re f" % (x, y, width, height))

    def rules(self, weight: float, *lines: tuple[float, float, float, float]) -> None:
        """Straight lines (x0, y0, x1, y1) of one weight."""
        path = b" ".join(b"%.2f %.2f m %.2f %.2f l" % line for line in lines)
        self._parts.append(b"%.2f w %b S" % (weight, path))

    def place(self, name: str, matrix: tuple[float, float, float, float, float, float]) -> None:
        """A form or a picture, through a transformation."""
        self._parts.append(b"q %.4f %.4f %.4f %.4f %.2f %.2f cm" % matrix)
        self._parts.append(b"/%b Do Q" % name.encode("ascii"))

    @contextmanager
    def artifact(self, subtype: str) -> Iterator[None]:
        """What stands on the page without belonging to its text: Header, Footer, Watermark."""
        kind = subtype.encode("ascii")
        self._parts.append(b"/Artifact <</Type /Pagination /Subtype /%b>> BDC" % kind)
        yield
        self._parts.append(b"EMC")

    def to_bytes(self) -> bytes:
        return b"\n".join(self._parts)


def show(font: EmbeddedFont, text: str, size: float) -> bytes:
    """Operators that select the font and show the text, run by run through the chain of faces."""
    return b" ".join(
        b"/%b %.2f Tf <%b> Tj" % (font.resource(face).encode("ascii"), size, run.hex().encode())
        for face, run in font.runs(text)
    )
