"""A typeface inside one document: character codes, the glyphs used, and the PDF objects for them.

One Type0/Identity-H font per face whose character code is the UTF-16 code unit, so that encoding
is `str.encode("utf-16-be")` and needs no Python per character. Characters beyond the Basic Plane
get codes from the surrogate range, which never occur alone in text.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from backend.engine.pdf.glyphs.face import Face
from backend.engine.pdf.glyphs.subset import subset
from backend.engine.pdf.glyphs.typeface import IGNORED, MISSING, Typeface
from backend.engine.pdf.objects import ObjectFile, array, dictionary, stream

FIRST_RARE, LAST_RARE = 0xD800, 0xDFFF
BASIC_PLANE = 0xFFFF
BEGIN_CMAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000><FFFF> endcodespacerange
"""
END_CMAP = "\nendcmap CMapName currentdict /CMap defineresource pop end end"


class EmbeddedFont:
    """The use of one typeface in one document. `missing` are characters no face could draw."""

    def __init__(self, typeface: Typeface, name: str) -> None:
        self.typeface = typeface
        self.name = name
        self.missing: set[str] = set()
        self.plain: set[str] = set()
        self._faces: dict[str, int] = {}
        self._codes: dict[int, int] = {}
        self._used: list[set[str]] = [set() for _ in typeface.faces]

    def resource(self, face: int = 0) -> str:
        """The name of the font in the page's resources."""
        return f"{self.name}.{face}"

    def know(self, chars: Iterable[str]) -> bool:
        """Take these characters into the document; True when all are in the first face."""
        for char in set(chars).difference(self._faces):
            self._take(char)
        return self.plain.issuperset(chars)

    def runs(self, text: str) -> list[tuple[int, bytes]]:
        """The text as (face, encoded bytes) runs, ready to be shown one after the other."""
        if self.know(text):
            return [(0, text.encode("utf-16-be"))]
        return [
            (face, "".join(run).translate(self._codes).encode("utf-16-be", "surrogatepass"))
            for face, run in groupby(text, self._faces.__getitem__)
            if face != MISSING
        ]

    def add_to(self, file: ObjectFile) -> dict[str, Any]:
        """Put the fonts in the file; returns them by resource name."""
        fonts = {}
        for number, face in enumerate(self.typeface.faces):
            if self._used[number] or number == 0:
                fonts[self.resource(number)] = self._add_face(file, number, face)
        return fonts

    def _take(self, char: str) -> None:
        if char in IGNORED:
            self._faces[char] = MISSING
            return
        face, _ = self.typeface.find(char)
        if face == MISSING:
            self.missing.add(char)
            face = 0
        self._faces[char] = face
        self._used[face].add(char)
        code = ord(char)
        if code > BASIC_PLANE or FIRST_RARE <= code <= LAST_RARE:
            self._codes[code] = FIRST_RARE + len(self._codes)
            if self._codes[code] > LAST_RARE:
                raise ValueError("more than 2048 different rare characters in one document")
        elif face == 0:
            self.plain.add(char)

    def _add_face(self, file: ObjectFile, number: int, face: Face) -> Any:
        codes = {self._codes.get(ord(char), ord(char)): char for char in self._used[number]}
        coded = [(code, codes[code], self.typeface.find(codes[code])[1]) for code in sorted(codes)]
        glyphs = list(dict.fromkeys([0, *(glyph for _, _, glyph in coded)]))
        program = subset(face, glyphs)
        tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(program).digest()[:6])
        name = f"/{tag}+{face.name}"
        descendant = dictionary(
            Type="/Font",
            Subtype="/CIDFontType2",
            BaseFont=name,
            CIDSystemInfo="<</Registry (Adobe) /Ordering (Identity) /Supplement 0>>",
            FontDescriptor=file.add(_descriptor(file, face, name, program)),
            DW=1000,
            W=_widths(face, coded),
            CIDToGIDMap=file.add(stream(_glyph_map(coded, glyphs))),
        )
        font = dictionary(
            Type="/Font",
            Subtype="/Type0",
            BaseFont=name,
            Encoding="/Identity-H",
            DescendantFonts=array(file.add(descendant)),
            ToUnicode=file.add(stream(_to_unicode(coded))),
        )
        return file.add(font)


def _glyph_map(coded: list[tuple[int, str, int]], glyphs: list[int]) -> bytes:
    """CIDToGIDMap: two bytes per code, its glyph's place in the subset."""
    place = {glyph: i for i, glyph in enumerate(glyphs)}
    to_glyph = bytearray(2 * (coded[-1][0] + 1 if coded else 1))
    for code, _, glyph in coded:
        struct.pack_into(">H", to_glyph, 2 * code, place[glyph])
    return bytes(to_glyph)


def _descriptor(file: ObjectFile, face: Face, name: str, program: bytes) -> Any:
    return dictionary(
        Type="/FontDescriptor",
        FontName=name,
        Flags=4,
        FontBBox=f"[{' '.join(map(str, face.bbox))}]",
        ItalicAngle=0,
        Ascent=face.ascent,
        Descent=face.descent,
        CapHeight=face.ascent,
        StemV=80,
        FontFile2=file.add(stream(program, Length1=len(program))),
    )


def _widths(face: Face, coded: list[tuple[int, str, int]]) -> str:
    """The W array: runs of consecutive codes that are not one em wide."""
    parts: list[str] = []
    previous = -2
    for code, _, glyph in coded:
        width = face.advance(glyph)
        if width == 1000:
            continue
        if code != previous + 1:
            parts.append(f"{'] ' if parts else ''}{code} [")
        parts.append(f"{width:g} ")
        previous = code
    return f"[{''.join(parts)}{']' if parts else ''}]"


def _to_unicode(coded: list[tuple[int, str, int]]) -> bytes:
    ranges = [f"<{first:04X}><{last:04X}><{text}>" for first, last, text in _ranges(coded)]
    blocks = (ranges[i : i + 100] for i in range(0, len(ranges), 100))
    body = "\n".join(
        f"{len(block)} beginbfrange\n" + "\n".join(block) + "\nendbfrange" for block in blocks
    )
    return (BEGIN_CMAP + body + END_CMAP).encode("ascii")


def _ranges(coded: list[tuple[int, str, int]]) -> Iterator[tuple[int, int, str]]:
    """Runs of codes that stand for consecutive characters within one row of 256."""
    i = 0
    while i < len(coded):
        first, char, _ = coded[i]
        last = first
        while i + 1 < len(coded):
            code, following, _ = coded[i + 1]
            same_row = code >> 8 == first >> 8 and ord(following) <= BASIC_PLANE
            if code != last + 1 or not same_row or ord(following) - ord(char) != code - first:
                break
            last, i = code, i + 1
        yield first, last, char.encode("utf-16-be").hex().upper()
        i += 1
