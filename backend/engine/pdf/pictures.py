"""Prints pictures, four to a page, each with its numbered caption below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from backend.engine.pdf.document import Document
from backend.engine.pdf.ink import Ink
from backend.engine.pdf.linebreak import LineBreaker
from backend.engine.pdf.papers import Picture, PicturePaper, Printed
from backend.engine.pdf.press import Press
from backend.engine.pdf.sheet import Banner, Frame, Furniture, portrait

ACROSS, DOWN = 2, 2
GUTTER, CAPTION_GAP, LINE = 16.0, 5.0, 1.4
CAPTION_LINES = 3
# Sharp enough in print (200 dpi in its box) and still small to send.
LONGEST_SIDE, QUALITY = 1000, 82
UPRIGHT, ORIENTATION = 1, 0x0112


class PictureError(ValueError):
    """A picture that cannot be read; `number` counts from 1 as the captions do."""

    def __init__(self, number: int) -> None:
        super().__init__(f"picture {number} cannot be read")
        self.number = number


@dataclass(frozen=True)
class Box:
    """Where one picture with its caption goes; (left, top) is its upper left corner."""

    left: float
    top: float
    width: float
    height: float


def picture_pdf(paper: PicturePaper, press: Press) -> Printed:
    """The picture pages as PDF. Raises PictureError for a picture that cannot be read."""
    frame = portrait(press.look)
    banner = Banner(paper.title, paper.subtitle, "", paper.footer)
    document = Document(paper.title, paper.copy, press, (frame.width, frame.height))
    furniture = Furniture(document, press.look, frame, banner)
    painter = _Painter(document, press)
    per_page = ACROSS * DOWN
    for start in range(0, len(paper.pictures), per_page):
        ink = document.begin()
        furniture.head(ink)
        top = furniture.next_top if start else furniture.first_top
        shown = paper.pictures[start : start + per_page]
        for number, (picture, box) in enumerate(
            zip(shown, _boxes(frame, top), strict=False), start + 1
        ):
            painter.paint(ink, box, picture, number)
        furniture.foot(ink)
        document.end(ink)
    return document.finish()


def ready(body: bytes) -> tuple[bytes, tuple[int, int], str]:
    """JPEG bytes, size in pixels and colour space: upright, not larger than print needs."""
    with Image.open(BytesIO(body)) as picture:
        turned = picture.getexif().get(ORIENTATION, UPRIGHT) != UPRIGHT
        fits = max(picture.size) <= LONGEST_SIDE
        if picture.format == "JPEG" and fits and not turned and picture.mode in {"RGB", "L"}:
            return body, picture.size, "DeviceRGB" if picture.mode == "RGB" else "DeviceGray"
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2)
        plain = Image.new("RGB", upright.size, "white")
        layer = upright.convert("RGBA")
        plain.paste(layer, mask=layer.getchannel("A"))
        out = BytesIO()
        plain.save(out, "JPEG", quality=QUALITY, optimize=True)
        return out.getvalue(), plain.size, "DeviceRGB"


def _boxes(frame: Frame, top: float) -> Iterator[Box]:
    width = (frame.measure - GUTTER * (ACROSS - 1)) / ACROSS
    height = (top - frame.bottom - GUTTER * (DOWN - 1)) / DOWN
    for row in range(DOWN):
        for column in range(ACROSS):
            left = frame.left + column * (width + GUTTER)
            yield Box(left, top - row * (height + GUTTER), width, height)


class _Painter:
    def __init__(self, document: Document, press: Press) -> None:
        self._document, self._words = document, press.look.words
        self._look = press.look.caption
        self._font = document.font(self._look.style)
        self._break = LineBreaker(self._font.typeface).lines

    def paint(self, ink: Ink, box: Box, picture: Picture, number: int) -> None:
        """The picture as large as its box allows, the caption right below it."""
        try:
            jpeg, size, space = ready(picture.body)
        except (UnidentifiedImageError, OSError, ValueError) as broken:
            raise PictureError(number) from broken
        caption = self._caption(picture.caption, number, box.width)
        line = self._look.size * LINE
        room = box.height - CAPTION_GAP - CAPTION_LINES * line
        scale = min(box.width / size[0], room / size[1])
        width, height = size[0] * scale, size[1] * scale
        middle, bottom = box.left + box.width / 2, box.top - height
        name = self._document.add_picture(jpeg, size, space)
        ink.place(name, (width, 0, 0, height, middle - width / 2, bottom))
        for place, text in enumerate(caption, 1):
            y = bottom - CAPTION_GAP - place * line + line * 0.25
            ink.text_center(middle, y, text, self._font, self._look.size)

    def _caption(self, caption: str, number: int, width: float) -> Sequence[str]:
        text = self._words.figure.format(number=number, caption=caption)
        lines = self._break(text, width * 1000 / self._look.size)
        if len(lines) <= CAPTION_LINES:
            return lines
        return [*lines[: CAPTION_LINES - 1], lines[CAPTION_LINES - 1][:-1] + "…"]
