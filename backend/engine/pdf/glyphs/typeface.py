"""A chain of faces that together can write every character: the style's own, then spares."""

from collections.abc import Iterable, Mapping

from backend.engine.pdf.glyphs.face import Face

# Marks that change how the character before is drawn in fonts that know how; ours print without.
IGNORED = frozenset(
    [*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0)), *"\u200b\u200c\u200d"]
)
MISSING = -1


class Typeface:
    """Widths and glyphs by character. `prefer` sends characters to a later face first."""

    def __init__(self, faces: Iterable[Face], prefer: Mapping[str, int]) -> None:
        self.faces = tuple(faces)
        self.prefer = dict(prefer)
        self.widths: dict[str, float] = {}
        self._found: dict[str, tuple[int, int]] = {}

    def find(self, char: str) -> tuple[int, int]:
        """(face, glyph) that draws `char`; (MISSING, 0) when no face of the chain can."""
        found = self._found.get(char)
        if found is None:
            found = self._found[char] = self._search(char)
        return found

    def width(self, char: str) -> float:
        """Advance of one character in 1/1000 em."""
        width = self.widths.get(char)
        if width is None:
            face, glyph = self.find(char)
            width = 0.0 if char in IGNORED else self.faces[max(face, 0)].advance(glyph)
            self.widths[char] = width
        return width

    def measure(self, text: str, size: float) -> float:
        """Width of a line of text in points."""
        try:
            units = sum(map(self.widths.__getitem__, text))
        except KeyError:
            units = sum(map(self.width, text))
        return units * size / 1000

    def _search(self, char: str) -> tuple[int, int]:
        code = ord(char)
        order = range(len(self.faces))
        first = self.prefer.get(char)
        for number in order if first is None else (first, *order):
            glyph = self.faces[number].glyph_of(code)
            if glyph:
                return number, glyph
        return MISSING, 0
