"""One document under way: its fonts, its pages, what all pages share, and the finished file."""

from backend.engine.pdf import watermark
from backend.engine.pdf.fonts import Style
from backend.engine.pdf.glyphs.embed import EmbeddedFont
from backend.engine.pdf.ink import Ink, show
from backend.engine.pdf.objects import Meta, ObjectFile, dictionary, jpeg_stream, stream
from backend.engine.pdf.papers import Copy, Printed
from backend.engine.pdf.press import Press

RESOURCES, TOTAL, MARK, MARK_TILE = "Resources", "Total", "Mark", "MarkTile"


class Document:
    """Pages of one size, printed one after the other; memory holds them compressed."""

    def __init__(self, title: str, copy: Copy, press: Press, size: tuple[float, float]) -> None:
        self.width, self.height = size
        self._fonts, self._look = press.fonts, press.look
        self._file = ObjectFile(
            Meta(title=title, author=copy.author, made_at=copy.made_at, trace_id=copy.trace_id)
        )
        self._embedded: dict[Style, EmbeddedFont] = {}
        self._objects: dict[str, object] = {}
        self._resources = self._file.refer(RESOURCES)
        self._marked = bool(copy.watermark.strip())
        if self._marked:
            self._prepare_watermark(copy.watermark.strip())

    @property
    def pages(self) -> int:
        """How many pages are finished."""
        return self._file.pages

    def font(self, style: Style) -> EmbeddedFont:
        """The typeface of a style as used in this document."""
        if style not in self._embedded:
            name = f"F{len(self._embedded) + 1}"
            self._embedded[style] = EmbeddedFont(self._fonts.typeface(style), name)
        return self._embedded[style]

    def begin(self) -> Ink:
        """A new page, the watermark already on it."""
        ink = Ink()
        if self._marked:
            with ink.artifact("Watermark"):
                ink.place(MARK, (1, 0, 0, 1, 0, 0))
        return ink

    def end(self, ink: Ink) -> None:
        """The page is done."""
        self._file.add_page(self.width, self.height, ink.to_bytes(), self._resources)

    def page_number(self, ink: Ink, x: float, y: float) -> None:
        """第 n 页 共 m 页, its middle at x; m is filled in when the document is finished."""
        look, words = self._look.footer, self._look.words
        font = self.font(look.style)
        first = words.page.format(page=self.pages + 1)
        width = font.typeface.measure(first, look.size)
        start = x - (width + font.typeface.measure(words.pages.format(pages="00"), look.size)) / 2
        ink.text(start, y, first, font, look.size)
        ink.place(TOTAL, (1, 0, 0, 1, start + width, y))

    def add_picture(self, jpeg: bytes, size: tuple[int, int], space: str) -> str:
        """Take in a JPEG of `size` pixels; its name for `Ink.place` comes back."""
        name = f"P{len(self._objects) + 1}"
        self._objects[name] = self._file.add(
            jpeg_stream(
                jpeg,
                Type="/XObject",
                Subtype="/Image",
                Width=size[0],
                Height=size[1],
                ColorSpace=f"/{space}",
                BitsPerComponent=8,
            )
        )
        return name

    def finish(self) -> Printed:
        """Count the pages, write fonts and shared objects, and hand out the file."""
        look, words = self._look.footer, self._look.words
        text = words.pages.format(pages=self.pages)
        total = b"BT %b ET" % show(self.font(look.style), text, look.size)
        self._add_form(TOTAL, total, (120, 20))
        fonts: dict[str, object] = {}
        for embedded in self._embedded.values():
            fonts |= embedded.add_to(self._file)
        shared = dictionary(Font=dictionary(**fonts), XObject=dictionary(**self._objects))
        self._file.add(shared, RESOURCES)
        missing = frozenset().union(*(each.missing for each in self._embedded.values()))
        return Printed(self._file.to_bytes(), self.pages, missing)

    def _prepare_watermark(self, text: str) -> None:
        look = self._look.watermark
        typeface = self._fonts.typeface(look.style)
        outlines, width, height = watermark.tile(typeface, text, look)
        self._add_form(MARK_TILE, outlines, (width, height))
        laid = watermark.pattern(MARK_TILE, (width, height), (self.width, self.height))
        self._add_form(MARK, laid, (self.width, self.height))

    def _add_form(self, name: str, content: bytes, size: tuple[float, float]) -> None:
        # The box reaches a little below the base line, for the lower parts of letters.
        self._objects[name] = self._file.add(
            stream(
                content,
                Type="/XObject",
                Subtype="/Form",
                FormType=1,
                BBox=f"[-8 -8 {size[0] + 8:.2f} {size[1] + 8:.2f}]",
                Resources=self._resources,
            )
        )
