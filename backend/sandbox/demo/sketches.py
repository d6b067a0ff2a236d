"""Pictures for the demo, drawn on the spot: what an officer saw, and the same place when it was put
right. Nobody's face, nobody's house."""

import io
from random import Random

from PIL import Image, ImageDraw, ImageFilter

_SIZE = (1200, 900)
_WALL, _GROUND, _LINE = (214, 206, 190), (148, 150, 152), (120, 110, 96)
_BINS = ((74, 122, 88), (92, 100, 112), (158, 92, 60), (70, 104, 150))
_BAGS = ((40, 44, 50), (92, 96, 90), (176, 170, 150), (120, 60, 52))


def bins(*, clean: bool, seed: int = 1) -> bytes:
    """Dustbins at a wall: overflowing with bags in a puddle, or emptied and swept."""
    rng, picture = Random(seed), _yard()
    draw = ImageDraw.Draw(picture)
    if not clean:
        draw.ellipse((180, 700, 1040, 860), fill=(116, 118, 116))
    for number, color in enumerate(_BINS):
        left = 170 + number * 230
        draw.rounded_rectangle((left, 400, left + 180, 700), 14, fill=color)
        lid = tuple(max(0, part - 24) for part in color)
        top = 372 if clean else 340
        draw.rounded_rectangle((left - 8, top, left + 188, top + 34), 10, fill=lid)
        for _ in range(0 if clean else 9):
            _bag(draw, rng, left + rng.randint(-60, 160), rng.choice((350, 640, 690, 720)))
    return _jpeg(picture)


def ramp(*, clean: bool) -> bytes:
    """A door with steps: without, or with, a ramp and a rail."""
    picture = _yard()
    draw = ImageDraw.Draw(picture)
    draw.rectangle((470, 160, 730, 600), fill=(96, 74, 60))
    draw.ellipse((690, 370, 708, 388), fill=(210, 190, 120))
    for step in range(4):
        top = 600 + step * 45
        draw.rectangle((430 - step * 30, top, 770 + step * 30, top + 45), fill=(186, 184, 178))
        draw.line((430 - step * 30, top, 770 + step * 30, top), fill=_LINE, width=3)
    if clean:
        draw.polygon(((770, 600), (1130, 780), (1130, 820), (770, 780)), fill=(200, 196, 186))
        draw.line((770, 500, 1130, 690), fill=(60, 90, 130), width=14)
        for left, top in ((780, 505), (950, 595), (1120, 685)):
            draw.line((left, top, left, top + 110), fill=(60, 90, 130), width=10)
    return _jpeg(picture)


def _yard() -> Image.Image:
    picture = Image.new("RGB", _SIZE, _WALL)
    draw = ImageDraw.Draw(picture)
    for row in range(0, 600, 60):
        draw.line((0, row, _SIZE[0], row), fill=(202, 193, 176), width=2)
        for left in range((row // 60 % 2) * 60, _SIZE[0], 120):
            draw.line((left, row, left, row + 60), fill=(202, 193, 176), width=2)
    draw.rectangle((0, 600, *_SIZE), fill=_GROUND)
    draw.rectangle((0, 594, _SIZE[0], 606), fill=_LINE)
    return picture


def _bag(draw: ImageDraw.ImageDraw, rng: Random, left: int, top: int) -> None:
    wide, high = rng.randint(50, 90), rng.randint(46, 80)
    color = rng.choice(_BAGS)
    draw.ellipse((left, top, left + wide, top + high), fill=color)
    middle = left + wide // 2
    draw.polygon(((middle - 8, top + 6), (middle + 8, top + 6), (middle, top - 14)), fill=color)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1.2)).save(out, "JPEG", quality=88)
    return out.getvalue()
