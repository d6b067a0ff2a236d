"""Prints a table in groups, in large type: each group under its heading, never a heading alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from backend.engine.pdf.closing import Closing, ClosingBlock
from backend.engine.pdf.document import Document
from backend.engine.pdf.ink import Ink
from backend.engine.pdf.papers import GroupedPaper, Printed
from backend.engine.pdf.press import Press
from backend.engine.pdf.sheet import Banner, Furniture
from backend.engine.pdf.table import Band, LaidRow, Table, plans
from backend.engine.pdf.widths import SAMPLE


@dataclass(frozen=True)
class _Piece:
    """What stands of one group on one page."""

    title: str
    rows: list[LaidRow]


def grouped_pdf(paper: GroupedPaper, press: Press) -> Printed:
    """The paper as PDF, landscape."""
    return _Job(paper, press).run()


class _Job:
    def __init__(self, paper: GroupedPaper, press: Press) -> None:
        look = press.look
        sample = list(islice((row for group in paper.groups for row in group.rows), SAMPLE))
        plan = next(plans(press, look.large_rows, paper.columns, sample, "landscape"))
        self._paper, self._plan, self._words = paper, plan, look.words
        frame = plan.frame
        self._document = Document(paper.title, paper.copy, press, (frame.width, frame.height))
        banner = Banner(paper.title, paper.subtitle, paper.unit_line, paper.footer)
        self._furniture = Furniture(self._document, look, frame, banner)
        self._table = Table(self._document, look.table, plan)
        closing = Closing(paper.notes, paper.signature, "")
        self._block = ClosingBlock(self._document, press, frame, closing)

    def run(self) -> Printed:
        """Page after page; what closes the paper stands below the last rows, or on a page alone."""
        pages = list(self._pages())
        frame = self._plan.frame
        bottom = frame.top
        for number, page in enumerate(pages):
            for band in self._plan.bands:
                ink = self._begin()
                bottom = self._body(ink, band, page)
                last = number == len(pages) - 1 and band is self._plan.bands[-1]
                if last and bottom - self._block.height >= frame.bottom:
                    self._block.paint(ink, bottom)
                self._end(ink)
        if bottom - self._block.height < frame.bottom:
            ink = self._begin()
            self._block.paint(ink, self._furniture.next_top)
            self._end(ink)
        return self._document.finish()

    def _body(self, ink: Ink, band: Band, page: list[_Piece]) -> float:
        top = self._furniture.next_top if self._document.pages else self._furniture.first_top
        if not page:
            return self._table.paint_empty(ink, band, self._words.empty, top)
        level = self._table.paint(ink, band, [], top)
        for piece in page:
            level = self._table.paint_title(ink, band, piece.title, level)
            level = self._table.paint_on(ink, band, piece.rows, level)
        return level

    def _pages(self) -> Iterator[list[_Piece]]:
        """The groups, page by page; one that goes over to the next page is named again there."""
        bottom, head = self._plan.frame.bottom, self._table.height(())
        full = self._furniture.next_top - bottom - head
        left = self._furniture.first_top - bottom - head
        page: list[_Piece] = []
        for group in self._paper.groups:
            title = group.title
            for row in map(self._table.lay_out, group.rows):
                fresh = not page or page[-1].title != title
                needed = row.height + (self._table.title_height if fresh else 0)
                if needed > left and page:
                    yield page
                    page, left = [], full
                    if not fresh:
                        title = self._words.continued.format(title=group.title)
                    fresh, needed = True, row.height + self._table.title_height
                if fresh:
                    page.append(_Piece(title, []))
                page[-1].rows.append(row)
                left -= needed
        yield page

    def _begin(self) -> Ink:
        ink = self._document.begin()
        self._furniture.head(ink)
        return ink

    def _end(self, ink: Ink) -> None:
        self._furniture.foot(ink)
        self._document.end(ink)
