"""One sheet of paper and what stands on it around the content: title, running head, page number."""

from dataclasses import dataclass

from backend.engine.pdf.document import Document
from backend.engine.pdf.fonts import Style
from backend.engine.pdf.ink import Ink
from backend.engine.pdf.linebreak import LineBreaker
from backend.engine.pdf.look import A4, POINTS_PER_MM, Look

TITLE_GAP, RUNNING_GAP = 8.0, 6.0
TITLE_LINES = 2


@dataclass(frozen=True)
class Frame:
    """A sheet and its type area, in points from the lower left corner."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def measure(self) -> float:
        """The width of the type area."""
        return self.right - self.left


def portrait(look: Look) -> Frame:
    width, height = A4
    return _frame(look, width, height, look.margins.top)


def landscape(look: Look) -> Frame:
    height, width = A4
    return _frame(look, width, height, look.binding_top)


def _frame(look: Look, width: float, height: float, top: float) -> Frame:
    mm, margins = POINTS_PER_MM, look.margins
    return Frame(
        width=width,
        height=height,
        left=margins.left * mm,
        right=width - margins.right * mm,
        top=height - top * mm,
        bottom=margins.bottom * mm,
    )


@dataclass(frozen=True)
class Banner:
    """What heads a document: its title, and one line left and right below it."""

    title: str
    left: str = ""
    right: str = ""
    footer: str = ""


class Furniture:
    """Paints the parts that every page has, the same for all kinds of documents."""

    def __init__(self, document: Document, look: Look, frame: Frame, banner: Banner) -> None:
        self.document, self.look, self.frame, self.banner = document, look, frame, banner
        self._title_lines, self._title_size = self._fit_title()
        self._under = self._fit_under()

    @property
    def first_top(self) -> float:
        """Where the content of the first page begins."""
        title = len(self._title_lines) * self._title_size * self.look.title.leading
        under = len(self._under) * self.look.subtitle.size * 1.5
        return self.frame.top - title - under - TITLE_GAP

    @property
    def next_top(self) -> float:
        """Where the content of every further page begins."""
        return self.frame.top - self.look.running.size - RUNNING_GAP

    def head(self, ink: Ink) -> None:
        """The title on the first page, one small line on all others."""
        if self.document.pages:
            self._running(ink)
        else:
            self._title(ink)

    def foot(self, ink: Ink, part: str = "") -> None:
        """Page number in the middle, the footer line left, right which part of a wide table."""
        look, frame = self.look.footer, self.frame
        y = frame.bottom - 8 * POINTS_PER_MM
        with ink.artifact("Footer"):
            ink.gray(0.25)
            self.document.page_number(ink, (frame.left + frame.right) / 2, y)
            font = self.document.font(look.style)
            ink.text(frame.left, y, self.banner.footer, font, look.size)
            ink.text_right(frame.right, y, part, font, look.size)
            ink.gray(0)

    def _title(self, ink: Ink) -> None:
        look, frame = self.look.title, self.frame
        font = self.document.font(look.style)
        middle, y = (frame.left + frame.right) / 2, frame.top
        ink.gray(0)
        for line in self._title_lines:
            ink.text_center(middle, y - self._title_size * 0.9, line, font, self._title_size)
            y -= self._title_size * look.leading
        small = self.look.subtitle
        font = self.document.font(small.style)
        for left, right in self._under:
            y -= small.size * 1.5
            ink.text(frame.left, y + small.size * 0.1, left, font, small.size)
            ink.text_right(frame.right, y + small.size * 0.1, right, font, small.size)

    def _running(self, ink: Ink) -> None:
        look, frame = self.look.running, self.frame
        font = self.document.font(look.style)
        y = frame.top - look.size
        right = self._cut(self.banner.left, look.style, look.size, frame.measure * 0.5)
        taken = font.typeface.measure(right, look.size) + 12
        title = self.look.words.continued.format(title=self.banner.title)
        left = self._cut(title, look.style, look.size, frame.measure - taken)
        with ink.artifact("Header"):
            ink.gray(0.25)
            ink.text(frame.left, y, left, font, look.size)
            ink.text_right(frame.right, y, right, font, look.size)
            ink.gray(0)

    def _fit_title(self) -> tuple[list[str], float]:
        """The title in one line when it fits at a readable size, else in balanced lines."""
        look, measure = self.look.title, self.frame.measure
        typeface = self.document.font(look.style).typeface
        width = typeface.measure(self.banner.title, 1)
        if width * look.smallest <= measure:
            return [self.banner.title], min(look.size, measure / width if width else look.size)
        size = min(look.size, max(look.smallest * 0.8, measure * TITLE_LINES * 0.9 / width))
        lines = LineBreaker(typeface).balanced(self.banner.title, measure * 1000 / size)
        return list(lines), size

    def _fit_under(self) -> list[tuple[str, str]]:
        """The line below the title; subtitle and unit stand in two lines when they would meet."""
        left, right = self.banner.left, self.banner.right
        if not (left or right):
            return []
        small = self.look.subtitle
        typeface = self.document.font(small.style).typeface
        room = self.frame.measure - typeface.measure(right, small.size) - 2 * small.size
        if typeface.measure(left, small.size) <= room:
            return [(left, right)]
        lines = LineBreaker(typeface).lines(left, self.frame.measure * 1000 / small.size)
        return [*((line, "") for line in lines), ("", right)] if right else [(x, "") for x in lines]

    def _cut(self, text: str, style: Style, size: float, room: float) -> str:
        """As much of the text as fits, with … when something had to go."""
        typeface = self.document.font(style).typeface
        if typeface.measure(text, size) <= room:
            return text
        lines = LineBreaker(typeface).lines(text, (room - size) * 1000 / size)
        return lines[0] + "…"
