"""Pictures that people upload, made safe and small: upright, without EXIF, two sizes of JPEG; and
copies on which faces and plates are covered.

Pure work on bytes, done in another process (core/cpu.py): a 12-megapixel photo takes a third of a
second. What comes out is always drawn anew, so nothing that was hidden in the file survives.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import filetype
from PIL import Image, ImageOps, ImageStat

FULL, THUMB = 1600, 400  # longest side in pixels
MAX_PIXELS = 64_000_000  # the largest cameras of phones; a bomb has hundreds of millions
_QUALITY = {FULL: 84, THUMB: 76}
_KINDS = {"image/jpeg": "JPEG", "image/png": "PNG"}


@dataclass(frozen=True, slots=True)
class Picture:
    """Both sizes as JPEG, and the size in pixels of the larger."""

    full: bytes
    thumb: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture, in shares (0–1) of its width and height from the upper left corner."""

    x: float
    y: float
    width: float
    height: float


class Unfit(ValueError):
    """What cannot be taken."""


class OtherKind(Unfit):
    """Not a JPEG or PNG, whatever its name says."""


class TooManyPixels(Unfit):
    """More pixels than anybody needs, or than memory can hold."""


class Damaged(Unfit):
    """It begins like a picture but cannot be read to its end."""


def kind_of(body: bytes) -> str:
    """`JPEG` or `PNG` by what the bytes are, not by what they are called. Raises OtherKind."""
    kind = filetype.guess(body[:262])  # type: ignore[no-untyped-call]
    if kind is None or kind.mime not in _KINDS:
        raise OtherKind
    return _KINDS[kind.mime]


def prepare(body: bytes) -> Picture:
    """Upload → two sizes. Raises OtherKind, TooManyPixels or Damaged."""
    kind = kind_of(body)
    try:
        with Image.open(io.BytesIO(body), formats=[kind]) as picture:
            return _both(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels from None
    except Unfit:
        raise
    except Exception as error:
        # Pillow's readers raise whatever a broken file makes them stumble over
        raise Damaged(type(error).__name__) from None


def covered(body: bytes, boxes: Sequence[Box]) -> Picture:
    """A copy of a picture of ours on which nothing can be made out within the boxes.

    They are filled with their own middle colour: what was blurred or made coarse can be guessed
    back, what is gone cannot.
    """
    with Image.open(io.BytesIO(body), formats=["JPEG"]) as picture:
        copy = picture.convert("RGB")
    for box in boxes:
        left, top = round(box.x * copy.width), round(box.y * copy.height)
        right = min(copy.width, max(left + 1, round((box.x + box.width) * copy.width)))
        bottom = min(copy.height, max(top + 1, round((box.y + box.height) * copy.height)))
        edges = (min(left, right - 1), min(top, bottom - 1), right, bottom)
        mean = ImageStat.Stat(copy.crop(edges)).mean
        copy.paste((round(mean[0]), round(mean[1]), round(mean[2])), edges)
    return _both(copy)


def _both(picture: Image.Image) -> Picture:
    if picture.width * picture.height > MAX_PIXELS:
        raise TooManyPixels
    picture.draft("RGB", (FULL, FULL))  # JPEG: decode no more than needed
    upright = ImageOps.exif_transpose(picture)
    full = _opaque(upright)
    full.thumbnail((FULL, FULL), Image.Resampling.LANCZOS, reducing_gap=2.0)
    thumb = full.copy()
    thumb.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return Picture(_jpeg(full, FULL), _jpeg(thumb, THUMB), full.width, full.height)


def _opaque(picture: Image.Image) -> Image.Image:
    """RGB on white, in an image of its own that has nothing of the file but its pixels."""
    if picture.mode.startswith("I;16"):
        picture = picture.convert("I").point(lambda level: level / 256).convert("L")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    drawn = picture.convert("RGB")
    drawn.info = {key: value for key, value in picture.info.items() if key == "icc_profile"}
    return drawn


def _jpeg(picture: Image.Image, side: int) -> bytes:
    out = io.BytesIO()
    profile = picture.info.get("icc_profile")
    # colours of phones are wider than sRGB; larger profiles are a printer's, or a hiding place
    profile = profile if profile and len(profile) <= 4096 else None
    picture.save(
        out, "JPEG", quality=_QUALITY[side], optimize=True, progressive=True, icc_profile=profile
    )
    return out.getvalue()
