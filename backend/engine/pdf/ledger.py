"""Prints a ledger: any number of rows in one pass, heads repeated, signature on the last page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from backend.engine.pdf.closing import Closing, ClosingBlock
from backend.engine.pdf.document import Document
from backend.engine.pdf.ink import Ink
from backend.engine.pdf.look import RowsLook
from backend.engine.pdf.papers import Column, Copy, LedgerPaper, Orientation, Printed
from backend.engine.pdf.press import Press
from backend.engine.pdf.sheet import Banner, Furniture
from backend.engine.pdf.table import Band, Cells, LaidRow, Plan, Table, plans, sampled

PULLED = 2  # rows that go over to the last page, so that no signature stands alone


@dataclass(frozen=True)
class TablePaper:
    """A table document as ledgers and reports have in common."""

    columns: Sequence[Column]
    rows: Iterable[Cells]
    banner: Banner
    closing: Closing
    copy: Copy
    look: RowsLook
    orientation: Orientation | None = None


def ledger_pdf(paper: LedgerPaper, press: Press) -> Printed:
    """The ledger as PDF. Rows are consumed once; each must have as many cells as columns."""
    banner = Banner(paper.title, paper.subtitle, paper.unit_line, paper.footer)
    closing = Closing(paper.notes, paper.signature, paper.stamp)
    look = press.look.ledger_rows
    return print_table(
        TablePaper(paper.columns, paper.rows, banner, closing, paper.copy, look, paper.orientation),
        press,
    )


def print_table(paper: TablePaper, press: Press) -> Printed:
    """Plan on the first rows, then print page after page."""
    sample, rows = sampled(paper.rows)
    ways = plans(press, paper.look, paper.columns, sample, paper.orientation)
    job = _Job(paper, press, next(ways))
    if paper.look.one_page and not job.fits_one_page(sample):
        shorter = (_Job(paper, press, way) for way in ways)
        job = next((one for one in shorter if one.fits_one_page(sample)), job)
    return job.run(rows, empty=not sample)


class _Job:
    """One table document with its plan."""

    def __init__(self, paper: TablePaper, press: Press, plan: Plan) -> None:
        frame = plan.frame
        self._plan, self._words = plan, press.look.words
        self._document = Document(
            paper.banner.title, paper.copy, press, (frame.width, frame.height)
        )
        self._furniture = Furniture(self._document, press.look, frame, paper.banner)
        self._table = Table(self._document, press.look.table, plan)
        self._block = ClosingBlock(self._document, press, frame, paper.closing)
        tops = self._furniture.first_top, self._furniture.next_top
        self._rooms = tops[0] - frame.bottom, tops[1] - frame.bottom

    def fits_one_page(self, rows: Sequence[Cells]) -> bool:
        """Whether these rows and all that closes the document stand on its first page."""
        laid = map(self._table.lay_out, rows)
        return self._table.height(laid) + self._block.height <= self._rooms[0]

    def run(self, rows: Iterable[Cells], *, empty: bool) -> Printed:
        """Print everything and finish the file."""
        pages = self._table.pages(rows, *self._rooms)
        for page, is_last in _with_closing(pages, self._table, self._block, self._rooms):
            for number, band in enumerate(self._plan.bands, 1):
                ink = self._document.begin()
                self._furniture.head(ink)
                bottom = self._body(ink, band, None if empty else page)
                if is_last and band is self._plan.bands[-1]:
                    self._block.paint(ink, bottom)
                self._furniture.foot(ink, self._part(number))
                self._document.end(ink)
        return self._document.finish()

    def _body(self, ink: Ink, band: Band, page: list[LaidRow] | None) -> float:
        """The table on this page; its lower edge. None stands for a table without any rows."""
        first = not self._document.pages
        top = self._furniture.first_top if first else self._furniture.next_top
        if page is None:
            return self._table.paint_empty(ink, band, self._words.empty, top)
        return self._table.paint(ink, band, page, top) if page else top

    def _part(self, number: int) -> str:
        parts = len(self._plan.bands)
        return self._words.part.format(part=number, parts=parts) if parts > 1 else ""


def _with_closing(
    pages: Iterator[list[LaidRow]], table: Table, block: ClosingBlock, rooms: tuple[float, float]
) -> Iterator[tuple[list[LaidRow], bool]]:
    """Pages with a mark on the last one, which has room for the closing block and holds rows."""
    room, further = rooms
    held = next(pages)
    for page in pages:
        yield held, False
        held, room = page, further
    if table.height(held) + block.height <= room:
        yield held, True
        return
    pulled = held[-PULLED:] if len(held) > PULLED else held[1:]
    yield held[: len(held) - len(pulled)], False
    yield pulled, True
