"""The visible watermark: a line or two tiled over the page as outlines, behind everything else.

Drawn as paths and marked as an artifact, so that it never comes up in a search or a copied text.
"""

from math import cos, radians, sin

from backend.engine.pdf.glyphs.outline import glyph_path
from backend.engine.pdf.glyphs.typeface import MISSING, Typeface
from backend.engine.pdf.ink import Ink
from backend.engine.pdf.look import MarkLook

LEADING = 1.5
ANGLE = radians(26)
GAP_X, GAP_Y = 70.0, 84.0


def tile(typeface: Typeface, text: str, look: MarkLook) -> tuple[bytes, float, float]:
    """Operators for one tile with its width and height, the origin at its lower left."""
    ink = Ink()
    ink.gray(look.gray)
    leading = look.size * LEADING
    lines = text.split("\n")
    for number, line in enumerate(reversed(lines)):
        ink.raw(b"q 1 0 0 1 0 %.2f cm" % (number * leading))
        ink.raw(_outlined(typeface, line, look.size))
        ink.raw(b"f Q")
    width = max(typeface.measure(line, look.size) for line in lines)
    return ink.to_bytes(), width, len(lines) * leading


def pattern(name: str, tile_size: tuple[float, float], page: tuple[float, float]) -> bytes:
    """Operators that lay the tile called `name` over a page, every other row shifted."""
    ink = Ink()
    step_x, step_y = tile_size[0] * cos(ANGLE) + GAP_X, tile_size[0] * sin(ANGLE) + GAP_Y
    turn = (cos(ANGLE), sin(ANGLE), -sin(ANGLE), cos(ANGLE))
    row, y = 0, -step_y / 2
    while y < page[1]:
        x = -step_x / 2 if row % 2 else GAP_X / 2
        while x < page[0]:
            ink.place(name, (*turn, x, y))
            x += step_x
        row, y = row + 1, y + step_y
    return ink.to_bytes()


def _outlined(typeface: Typeface, line: str, size: float) -> bytes:
    x, parts = 0.0, []
    for char in line:
        face, glyph = typeface.find(char)
        if face != MISSING:
            parts.append(glyph_path(typeface.faces[face], glyph, x, size / 1000))
        x += typeface.width(char) * size / 1000
    return b"\n".join(part for part in parts if part)
