"""A small TrueType file that holds only the glyphs a document uses."""

import struct
from collections.abc import Iterator, Sequence

from backend.engine.pdf.glyphs.face import Face

MAGIC = 0xB1B0AFBA
ARGS_ARE_WORDS, HAS_SCALE, MORE_COMPONENTS, HAS_XY_SCALE, HAS_MATRIX = 1, 8, 0x20, 0x40, 0x80


def subset(face: Face, glyphs: Sequence[int]) -> bytes:
    """The font with exactly these glyphs (0 first) in this order, plus parts of composites."""
    outlines, offsets, order = _outlines(face, glyphs)
    count = len(order)
    head = bytearray(face.table("head"))
    head[8:12] = bytes(4)
    head[50:52] = b"\0\1"
    hhea = bytearray(face.table("hhea"))
    hhea[34:36] = struct.pack(">H", count)
    maxp = bytearray(face.table("maxp"))
    maxp[4:6] = struct.pack(">H", count)
    tables = {
        "glyf": outlines,
        "loca": struct.pack(f">{count + 1}L", *offsets),
        "head": bytes(head),
        "hhea": bytes(hhea),
        "maxp": bytes(maxp),
        "hmtx": b"".join(struct.pack(">Hh", *face.h_metrics(glyph)) for glyph in order),
    }
    hints = {tag: face.table(tag) for tag in ("cvt ", "fpgm", "prep")}
    return _assemble(tables | {tag: data for tag, data in hints.items() if data})


def components(outline: bytes) -> Iterator[tuple[int, int, int]]:
    """(place of its number, glyph number, flags) of each part of a composite glyph."""
    if len(outline) < 10 or not outline[0] & 0x80:
        return
    at = 10
    while True:
        flags, glyph = struct.unpack_from(">HH", outline, at)
        yield at + 2, glyph, flags
        at += 8 if flags & ARGS_ARE_WORDS else 6
        at += (
            2 if flags & HAS_SCALE else 4 if flags & HAS_XY_SCALE else 8 * bool(flags & HAS_MATRIX)
        )
        if not flags & MORE_COMPONENTS:
            return


def _outlines(face: Face, glyphs: Sequence[int]) -> tuple[bytes, list[int], list[int]]:
    order = list(glyphs)
    place = {glyph: i for i, glyph in enumerate(order)}
    out, offsets = bytearray(), [0]
    for glyph in order:  # grows while parts of composites are found
        data = bytearray(face.outline_data(glyph))
        for at, part, _ in components(bytes(data)):
            if part not in place:
                place[part] = len(order)
                order.append(part)
            struct.pack_into(">H", data, at, place[part])
        out += data
        out += bytes(-len(out) % 4)
        offsets.append(len(out))
    return bytes(out), offsets, order


def _assemble(tables: dict[str, bytes]) -> bytes:
    tags = sorted(tables)
    count = len(tags)
    power = count.bit_length() - 1
    span = 16 << power
    header = struct.pack(">LHHHH", 0x10000, count, span, power, 16 * count - span)
    at = 12 + 16 * count
    body, places = b"", {}
    for tag in tags:
        data = tables[tag]
        places[tag] = at
        header += struct.pack(">4sLLL", tag.encode(), _checksum(data), at, len(data))
        body += data + bytes(-len(data) % 4)
        at += len(data) + -len(data) % 4
    font = bytearray(header + body)
    adjustment = (MAGIC - _checksum(bytes(font))) & 0xFFFFFFFF
    struct.pack_into(">L", font, places["head"] + 8, adjustment)
    return bytes(font)


def _checksum(data: bytes) -> int:
    data += bytes(-len(data) % 4)
    return int(sum(struct.unpack(f">{len(data) // 4}L", data))) & 0xFFFFFFFF
