"""Glyph outlines as PDF path operators: text that is seen, but not found, copied or selected."""

import struct
from collections.abc import Iterator

from backend.engine.pdf.glyphs.face import Face
from backend.engine.pdf.glyphs.subset import ARGS_ARE_WORDS, components

ON_CURVE, X_SHORT, Y_SHORT, REPEAT, X_SAME, Y_SAME = 1, 2, 4, 8, 16, 32
ARGS_ARE_XY = 2

Place = tuple[float, float]
Point = tuple[float, float, bool]
Contour = list[Point]


def glyph_path(face: Face, glyph: int, x: float, scale: float) -> bytes:
    """Path operators for one glyph, in 1/1000 em times `scale`, its origin at (x, 0)."""
    unit = scale * 1000 / face.units
    parts: list[bytes] = []
    for contour in contours(face, glyph):
        points = [(x + px * unit, py * unit, on) for px, py, on in contour]
        parts += _closed_path(points)
    return b"\n".join(parts)


def contours(face: Face, glyph: int) -> list[Contour]:
    """The closed contours of a glyph in font units; composites are taken apart."""
    outline = face.outline_data(glyph)
    if len(outline) < 10:
        return []
    parts = list(components(outline))
    if not parts:
        return _simple(outline)
    found: list[Contour] = []
    for at, part, flags in parts:
        dx, dy = _offset(outline, at + 2, flags)
        moved = contours(face, part)
        found += [[(px + dx, py + dy, on) for px, py, on in contour] for contour in moved]
    return found


def _offset(outline: bytes, at: int, flags: int) -> tuple[int, int]:
    if not flags & ARGS_ARE_XY:
        return 0, 0
    layout = ">hh" if flags & ARGS_ARE_WORDS else ">bb"
    dx, dy = struct.unpack_from(layout, outline, at)
    return dx, dy


def _simple(outline: bytes) -> list[Contour]:
    count = struct.unpack_from(">h", outline)[0]
    ends = struct.unpack_from(f">{count}H", outline, 10)
    at = 10 + 2 * count
    at += 2 + struct.unpack_from(">H", outline, at)[0]
    total = ends[-1] + 1
    flags: list[int] = []
    while len(flags) < total:
        flag = outline[at]
        at += 1
        repeats = 1
        if flag & REPEAT:
            repeats += outline[at]
            at += 1
        flags += [flag] * repeats
    at, xs = _coordinates(outline, at, flags, X_SHORT, X_SAME)
    _, ys = _coordinates(outline, at, flags, Y_SHORT, Y_SAME)
    points = [(x, y, bool(flag & ON_CURVE)) for x, y, flag in zip(xs, ys, flags, strict=True)]
    starts = [0, *(end + 1 for end in ends[:-1])]
    return [points[start : end + 1] for start, end in zip(starts, ends, strict=True)]


def _coordinates(
    outline: bytes, at: int, flags: list[int], short: int, same: int
) -> tuple[int, list[float]]:
    value, values = 0, []
    for flag in flags:
        if flag & short:
            value += outline[at] if flag & same else -outline[at]
            at += 1
        elif not flag & same:
            value += struct.unpack_from(">h", outline, at)[0]
            at += 2
        values.append(float(value))
    return at, values


def _closed_path(points: Contour) -> Iterator[bytes]:
    """Quadratic TrueType curves as the cubic ones that PDF has."""
    start = next((i for i, point in enumerate(points) if point[2]), None)
    if start is None:  # only control points: begin half-way between two of them
        (ax, ay, _), (bx, by, _) = points[-1], points[0]
        points = [((ax + bx) / 2, (ay + by) / 2, True), *points]
        start = 0
    ring = [*points[start:], *points[: start + 1]]
    x, y, _ = ring[0]
    yield b"%.2f %.2f m" % (x, y)
    control: Place | None = None
    for px, py, on in ring[1:]:
        if control is None:
            if on:
                yield b"%.2f %.2f l" % (px, py)
                x, y = px, py
            else:
                control = (px, py)
            continue
        end = (px, py) if on else ((control[0] + px) / 2, (control[1] + py) / 2)
        yield _curve((x, y), control, end)
        x, y = end
        control = None if on else (px, py)
    yield b"h"


def _curve(start: Place, control: Place, end: Place) -> bytes:
    (x, y), (cx, cy), (ex, ey) = start, control, end
    first, second = (x + 2 * cx) / 3, (y + 2 * cy) / 3
    third, fourth = (ex + 2 * cx) / 3, (ey + 2 * cy) / 3
    return b"%.2f %.2f %.2f %.2f %.2f %.2f c" % (first, second, third, fourth, ex, ey)
