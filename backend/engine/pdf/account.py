"""Prints an account: sections with a heading, text and a table each, one below the other."""

from backend.engine.pdf.closing import Closing, ClosingBlock
from backend.engine.pdf.document import Document
from backend.engine.pdf.ink import Ink
from backend.engine.pdf.linebreak import LineBreaker
from backend.engine.pdf.papers import AccountPaper, Printed, Section
from backend.engine.pdf.press import Press
from backend.engine.pdf.sheet import Banner, Furniture, portrait
from backend.engine.pdf.table import Table, plans

ABOVE, BELOW, LINE = 14.0, 6.0, 1.6
LEAST_LINES = 2


def account_pdf(paper: AccountPaper, press: Press) -> Printed:
    """The account as PDF, upright."""
    return _Job(paper, press).run()


class _Job:
    def __init__(self, paper: AccountPaper, press: Press) -> None:
        self._paper, self._press, self._frame = paper, press, portrait(press.look)
        frame = self._frame
        self._document = Document(paper.title, paper.copy, press, (frame.width, frame.height))
        banner = Banner(paper.title, paper.subtitle, paper.unit_line, paper.footer)
        self._furniture = Furniture(self._document, press.look, frame, banner)
        closing = Closing(paper.notes, paper.signature, paper.stamp)
        self._block = ClosingBlock(self._document, press, frame, closing)
        self._ink = self._begin()
        self._level = self._furniture.first_top

    def run(self) -> Printed:
        """Section after section, then what closes the account."""
        for section in self._paper.sections:
            table = self._planned(section) if section.columns else None
            self._heading(section, table)
            if section.text:
                self._text(section.text)
            if table:
                self._rows(section, table)
        if self._level - self._block.height < self._frame.bottom:
            self._turn()
        self._block.paint(self._ink, self._level)
        self._end()
        return self._document.finish()

    def _heading(self, section: Section, table: Table | None) -> None:
        """Never alone: the first lines of what follows it stand on the same page."""
        look = self._press.look
        below = look.body.size * LINE * LEAST_LINES if section.text else 0.0
        if table:
            below += table.height(map(table.lay_out, section.rows[:1])) + table.title_height
        full = self._furniture.next_top - self._frame.bottom
        self._make_room(min(full, ABOVE + look.heading.size * LINE + below))
        self._level -= ABOVE + look.heading.size
        font = self._document.font(look.heading.style)
        self._ink.text(self._frame.left, self._level, section.title, font, look.heading.size)
        self._level -= BELOW

    def _text(self, text: str) -> None:
        look, frame = self._press.look.body, self._frame
        font = self._document.font(look.style)
        breaker = LineBreaker(font.typeface)
        for line in breaker.lines(text, frame.measure * 1000 / look.size):
            self._make_room(look.size * LINE)
            self._level -= look.size * LINE
            self._ink.text(frame.left, self._level + look.size * 0.3, line, font, look.size)
        self._level -= BELOW

    def _rows(self, section: Section, table: Table) -> None:
        """The rows below what stands there already, and on as many pages as they need."""
        words, band = self._press.look.words, table.plan.bands[0]
        if not section.rows:
            self._make_room(table.height(()) + table.title_height)
            self._level = table.paint_empty(self._ink, band, words.empty, self._level)
            return
        room = self._furniture.next_top - self._frame.bottom
        for page in table.pages(section.rows, self._level - self._frame.bottom, room):
            if page:
                if self._level - table.height(page) < self._frame.bottom:
                    self._turn()
                self._level = table.paint(self._ink, band, page, self._level)

    def _planned(self, section: Section) -> Table:
        """The table in the first way that stands upright in one part."""
        look = self._press.look.ledger_rows
        ways = list(plans(self._press, look, section.columns, section.rows[:500], "portrait"))
        upright = [way for way in ways if way.frame == self._frame and len(way.bands) == 1]
        if not upright:
            raise ValueError(f"{section.title}: its columns do not fit an upright sheet")
        return Table(self._document, self._press.look.table, upright[0])

    def _make_room(self, height: float) -> None:
        if self._level - height < self._frame.bottom:
            self._turn()

    def _turn(self) -> None:
        self._end()
        self._ink = self._begin()
        self._level = self._furniture.next_top

    def _begin(self) -> Ink:
        ink = self._document.begin()
        self._furniture.head(ink)
        return ink

    def _end(self) -> None:
        self._furniture.foot(self._ink)
        self._document.end(self._ink)
