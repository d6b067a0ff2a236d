"""Raw access to one TrueType file: the character map by bisection, metrics, glyph data."""

import mmap
import struct
from array import array
from bisect import bisect_right
from functools import cached_property, lru_cache
from pathlib import Path

CMAP_SEGMENTS = 4
CMAP_GROUPS = 12
WINDOWS_NAME = (3, 1, 0x409)
POSTSCRIPT_NAME = 6


class FontFileError(ValueError):
    """The file is no TrueType font with outlines (CFF fonts cannot be embedded this way)."""


@lru_cache(maxsize=32)
def open_face(path: Path) -> "Face":
    """The face in `path`; opened once per process, a few milliseconds and no memory to speak of."""
    return Face(path)


class Face:
    """One font file. Lengths are in 1/1000 em unless said otherwise."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        count = self._u16(4)
        entries = (struct.unpack_from(">4sLLL", self.data, 12 + 16 * i) for i in range(count))
        self.tables = {tag.decode("latin-1"): (at, size) for tag, _, at, size in entries}
        if "glyf" not in self.tables or "cmap" not in self.tables:
            raise FontFileError(f"{path} has no TrueType outlines")
        head = self.tables["head"][0]
        self.units = self._u16(head + 18)
        self.bbox = tuple(self._scaled(self._i16(head + 36 + 2 * i)) for i in range(4))
        self._long_loca = self._u16(head + 50) == 1
        self._metrics = self._u16(self.tables["hhea"][0] + 34)
        self.glyphs = self._u16(self.tables["maxp"][0] + 4)

    def table(self, tag: str) -> bytes:
        """The bytes of a table, empty when the font has none of that name."""
        at, size = self.tables.get(tag, (0, 0))
        return self.data[at : at + size]

    @property
    def ascent(self) -> int:
        return self._scaled(self._i16(self.tables["hhea"][0] + 4))

    @property
    def descent(self) -> int:
        return self._scaled(self._i16(self.tables["hhea"][0] + 6))

    @cached_property
    def name(self) -> str:
        """The PostScript name, as the PDF shows it in its list of fonts."""
        at = self.tables["name"][0]
        storage = at + self._u16(at + 4)
        for i in range(self._u16(at + 2)):
            platform, encoding, language, kind, size, offset = struct.unpack_from(
                ">6H", self.data, at + 6 + 12 * i
            )
            if kind == POSTSCRIPT_NAME and (platform, encoding, language) == WINDOWS_NAME:
                text = self.data[storage + offset : storage + offset + size]
                return text.decode("utf-16-be").replace(" ", "")
        return self.path.stem

    def glyph_of(self, code: int) -> int:
        """The glyph number of a character, 0 when the font does not have it."""
        first, last, glyph = self._characters
        i = bisect_right(first, code) - 1
        return glyph[i] + code - first[i] if i >= 0 and code <= last[i] else 0

    def advance(self, glyph: int) -> float:
        """How far the pen moves."""
        return self.h_metrics(glyph)[0] * 1000 / self.units

    def h_metrics(self, glyph: int) -> tuple[int, int]:
        """Advance and left side bearing in font units."""
        at, last = self.tables["hmtx"][0], self._metrics - 1
        if glyph <= last:
            return self._u16(at + 4 * glyph), self._i16(at + 4 * glyph + 2)
        return self._u16(at + 4 * last), self._i16(at + 4 * last + 4 + 2 * (glyph - last - 1))

    def outline_data(self, glyph: int) -> bytes:
        """The glyph's entry in the glyf table, empty for blanks."""
        at, base = self.tables["loca"][0], self.tables["glyf"][0]
        if self._long_loca:
            start, end = struct.unpack_from(">LL", self.data, at + 4 * glyph)
        else:
            start, end = (2 * n for n in struct.unpack_from(">HH", self.data, at + 2 * glyph))
        return self.data[base + start : base + end]

    @cached_property
    def _characters(self) -> tuple["array[int]", "array[int]", "array[int]"]:
        """Parallel arrays: first code, last code, first glyph of each run of characters."""
        at = self.tables["cmap"][0]
        found: dict[int, int] = {}
        for i in range(self._u16(at + 2)):
            offset = at + struct.unpack_from(">L", self.data, at + 8 + 8 * i)[0]
            found.setdefault(self._u16(offset), offset)
        if CMAP_GROUPS in found:
            return self._groups(found[CMAP_GROUPS])
        if CMAP_SEGMENTS in found:
            return self._segments(found[CMAP_SEGMENTS])
        raise FontFileError(f"{self.path} has no Unicode character map")

    def _groups(self, at: int) -> tuple["array[int]", "array[int]", "array[int]"]:
        count = struct.unpack_from(">L", self.data, at + 12)[0]
        values = array("I", self.data[at + 16 : at + 16 + 12 * count])
        values.byteswap()
        return values[0::3], values[1::3], values[2::3]

    def _segments(self, at: int) -> tuple["array[int]", "array[int]", "array[int]"]:
        count = self._u16(at + 6) // 2
        size = 2 * count
        ends, starts, deltas, ranges = (
            struct.unpack_from(f">{count}H", self.data, at + skip)
            for skip in (14, 16 + size, 16 + 2 * size, 16 + 3 * size)
        )
        first, last, glyph = array("I"), array("I"), array("I")
        for i in range(count):
            if ranges[i] == 0:
                first.append(starts[i])
                last.append(ends[i])
                glyph.append((starts[i] + deltas[i]) & 0xFFFF)
                continue
            place = at + 16 + 3 * size + 2 * i + ranges[i]
            for code in range(starts[i], ends[i] + 1):
                number = self._u16(place + 2 * (code - starts[i]))
                if number:
                    first.append(code)
                    last.append(code)
                    glyph.append((number + deltas[i]) & 0xFFFF)
        return first, last, glyph

    def _u16(self, at: int) -> int:
        return int(struct.unpack_from(">H", self.data, at)[0])

    def _i16(self, at: int) -> int:
        return int(struct.unpack_from(">h", self.data, at)[0])

    def _scaled(self, units: int) -> int:
        return round(units * 1000 / self.units)
