"""Pictures for tests, made on the spot: photos as phones send them, and ones nobody should."""

import io
import struct
import zlib

from PIL import Image

GPS = 0x8825
ORIENTATION = 0x0112


def photo(width=3000, height=2000, kind="JPEG", orientation=6, color=(200, 30, 30)):
    """A picture whose left half is white, with EXIF that says who, where, and which way up."""
    picture = Image.new("RGB", (width, height), color)
    picture.paste((255, 255, 255), (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "PHONE-OF-LU"
    exif.get_ifd(GPS).update({1: "N", 2: (31.0, 14.0, 30.0), 3: "E", 4: (121.0, 24.0, 12.0)})
    out = io.BytesIO()
    extra = {"comment": b"SECRET-COMMENT"} if kind == "JPEG" else {}
    picture.save(out, kind, exif=exif, **extra)
    return out.getvalue()


def tiny(kind="PNG", mode="RGB", size=(2, 2), color=0):
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, kind)
    return out.getvalue()


def bomb(width=30_000, height=30_000):
    """A PNG of a few hundred bytes that says it has 900 million pixels."""

    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
