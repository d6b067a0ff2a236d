"""Tables of any length: the plan (sheet, size, columns), rows into pages, pages into operators."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice

from backend.engine.pdf import widths
from backend.engine.pdf.document import Document
from backend.engine.pdf.glyphs.embed import EmbeddedFont
from backend.engine.pdf.ink import MIDDLE, Ink, show
from backend.engine.pdf.linebreak import LineBreaker
from backend.engine.pdf.look import POINTS_PER_MM, RowsLook, TableLook
from backend.engine.pdf.papers import LISTS, Column, Orientation
from backend.engine.pdf.press import Press
from backend.engine.pdf.sheet import Frame, landscape, portrait
from backend.engine.pdf.widths import Demand

Cells = Sequence[str]
LEAST_LINES = 3  # of a row too tall for any page begin on the page before


@dataclass(frozen=True)
class LaidRow:
    """A row broken into lines, per column of the whole table; height in points."""

    lines: Sequence[Sequence[str]]
    height: float


@dataclass(frozen=True)
class Band:
    """The columns that stand on one sheet, with their edges from left to right."""

    columns: tuple[int, ...]
    edges: tuple[float, ...]


@dataclass(frozen=True)
class Plan:
    """How a table is set. `limits` are the text widths of all columns in 1/1000 em."""

    columns: Sequence[Column]
    frame: Frame
    size: float
    pad_y: float
    bands: tuple[Band, ...]
    limits: tuple[float, ...]


def plans(
    press: Press,
    rows: RowsLook,
    columns: Sequence[Column],
    sample: Sequence[Cells],
    orientation: Orientation | None,
) -> Iterator[Plan]:
    """Ways to set the table, the most readable first: large type on the first sheet that the
    columns fit, then smaller type there; when they fit nowhere, several parts side by side."""
    look = press.look.table
    demands = _demands(press, rows, columns, sample)
    everything = [list(range(len(columns)))]
    fits = False
    for frame, needed in _attempts(press, orientation):
        total = sum(getattr(each, needed) for each in demands)
        for size in rows.sizes:
            if total * size + 2 * look.pad_x * len(columns) <= frame.measure:
                fits = True
                bands, limits = _bands(look, frame, size, everything, demands)
                yield Plan(columns, frame, size, rows.pad_y, bands, limits)
    if not fits:
        wide, size = landscape(press.look), rows.sizes[-1]
        pinned = [i for i, column in enumerate(columns) if column.pinned] or [0]
        # Each part pads only its own columns; half of all is a fair guess before they are known.
        room = (wide.measure - look.pad_x * len(columns)) / size
        bands, limits = _bands(look, wide, size, widths.bands(demands, pinned, room), demands)
        yield Plan(columns, wide, size, rows.pad_y, bands, limits)


def _attempts(press: Press, orientation: Orientation | None) -> list[tuple[Frame, str]]:
    """Sheets to try in turn, and which width the columns should at least get there."""
    upright, wide = portrait(press.look), landscape(press.look)
    if orientation == "landscape":
        return [(wide, "easy"), (wide, "least")]
    if orientation == "portrait":
        return [(upright, "easy"), (upright, "least"), (wide, "least")]
    return [(upright, "easy"), (wide, "easy"), (wide, "least")]


def _demands(
    press: Press, rows: RowsLook, columns: Sequence[Column], sample: Sequence[Cells]
) -> list[Demand]:
    look = press.look.table
    body, head = press.fonts.typeface(look.body), press.fonts.typeface(look.head)
    demands = []
    for i, column in enumerate(columns):
        text = column.width * POINTS_PER_MM - 2 * look.pad_x
        wish = max(text / rows.sizes[0], 1) if column.width else 0
        demands.append(widths.demand(column, wish, [row[i] for row in sample], body, head))
    return demands


def _bands(
    look: TableLook, frame: Frame, size: float, parts: list[list[int]], demands: list[Demand]
) -> tuple[tuple[Band, ...], tuple[float, ...]]:
    """The parts with their column edges, and the text width of each column where it is least."""
    limits = [float("inf")] * len(demands)
    bands = []
    for part in parts:
        text = (frame.measure - 2 * look.pad_x * len(part)) / size
        ems = widths.share([demands[i] for i in part], text)
        edges = accumulate((em * size + 2 * look.pad_x for em in ems), initial=frame.left)
        bands.append(Band(tuple(part), tuple(edges)))
        for i, em in zip(part, ems, strict=True):
            limits[i] = min(limits[i], em * 1000 + 0.01)
    return tuple(bands), tuple(limits)


def sampled(rows: Iterable[Cells]) -> tuple[list[Cells], Iterator[Cells]]:
    """The first rows to measure, and all rows to print."""
    source = iter(rows)
    sample = list(islice(source, widths.SAMPLE))
    return sample, chain(sample, source)


class Table:
    """A planned table in a document: lays out rows and paints pages of them."""

    def __init__(self, document: Document, look: TableLook, plan: Plan) -> None:
        self.plan, self.look, self.columns = plan, look, plan.columns
        self.body, self.head = document.font(self.look.body), document.font(self.look.head)
        self._leading = plan.size * self.look.leading
        body = LineBreaker(self.body.typeface)
        self._breaks = [body.items if c.kind in LISTS else body.lines for c in plan.columns]
        breaker = LineBreaker(self.head.typeface)
        titles = [
            breaker.balanced(column.label, limit)
            for column, limit in zip(plan.columns, plan.limits, strict=True)
        ]
        self._head = self._laid(titles)

    def pages(
        self, rows: Iterable[Cells], first_room: float, room: float
    ) -> Iterator[list[LaidRow]]:
        """Rows, page by page. `room` is the height for head and rows together."""
        page: list[LaidRow] = []
        left = first_room - self._head.height
        full = room - self._head.height
        for cells in rows:
            for row in self._pieces(self.lay_out(cells), left, full):
                if row.height > left and (page or left < full):
                    yield page
                    page, left = [], full
                page.append(row)
                left -= row.height
        yield page

    def height(self, rows: Iterable[LaidRow]) -> float:
        """The height of a page's table with its head."""
        return self._head.height + sum(row.height for row in rows)

    def lay_out(self, cells: Cells) -> LaidRow:
        """Break the cells of one row into lines."""
        breaks = zip(self._breaks, cells, self.plan.limits, strict=True)
        return self._laid([lines(cell, limit) for lines, cell, limit in breaks])

    def paint(self, ink: Ink, band: Band, rows: Sequence[LaidRow], top: float) -> float:
        """Paint head and rows from `top` down; the lower edge comes back."""
        look, left, right = self.look, band.edges[0], band.edges[-1]
        below = top - self._head.height
        ink.gray(look.head_gray)
        ink.fill(left, below, right - left, self._head.height)
        ink.gray(0)
        ink.raw(self._cells(self.head, band, [self._head], top))
        ink.raw(self._cells(self.body, band, rows, below))
        heights = accumulate((row.height for row in rows), initial=0.0)
        levels = [below - height for height in heights]
        self._rules(ink, band, levels, top)
        return levels[-1]

    def paint_on(self, ink: Ink, band: Band, rows: Sequence[LaidRow], top: float) -> float:
        """Paint further rows, without the head, right below what stands there."""
        ink.raw(self._cells(self.body, band, rows, top))
        levels = [top - height for height in accumulate((r.height for r in rows), initial=0.0)]
        self._rules(ink, band, levels, top)
        return levels[-1]

    def paint_title(self, ink: Ink, band: Band, text: str, top: float) -> float:
        """A heading over the whole width, within the table."""
        left, right, bottom = band.edges[0], band.edges[-1], top - self.title_height
        ink.gray(self.look.head_gray)
        ink.fill(left, bottom, right - left, top - bottom)
        ink.gray(0)
        middle = (top + bottom) / 2 - self.plan.size * MIDDLE
        ink.text(left + self.look.pad_x, middle, text, self.head, self.plan.size)
        edges = ((left, top, left, bottom), (right, top, right, bottom), (left, top, right, top))
        ink.gray(0.15)
        ink.rules(self.look.frame, *edges)
        ink.gray(0)
        return bottom

    @property
    def title_height(self) -> float:
        """Of a heading within the table."""
        return self._leading + 2 * self.plan.pad_y

    def paint_empty(self, ink: Ink, band: Band, text: str, top: float) -> float:
        """A table without rows says so in one cell over its whole width."""
        height = self._leading * 2
        bottom = self.paint(ink, band, [], top) - height
        left, right = band.edges[0], band.edges[-1]
        middle = bottom + height / 2 - self.plan.size * MIDDLE
        ink.text_center((left + right) / 2, middle, text, self.body, self.plan.size)
        edges = ((left, bottom + height, left, bottom), (right, bottom + height, right, bottom))
        ink.gray(0.15)
        ink.rules(self.look.frame, *edges, (left, bottom, right, bottom))
        ink.gray(0)
        return bottom

    def _laid(self, lines: Sequence[Sequence[str]]) -> LaidRow:
        return LaidRow(lines, max(map(len, lines)) * self._leading + 2 * self.plan.pad_y)

    def _pieces(self, row: LaidRow, left: float, full: float) -> Iterator[LaidRow]:
        """The row itself, or, when no page could hold it, pieces that continue each other."""
        if row.height <= full:
            yield row
            return
        start, longest = 0, max(map(len, row.lines))
        count = self._lines_in(left)
        while start < longest:
            count = count if count >= LEAST_LINES else self._lines_in(full)
            yield self._laid([lines[start : start + count] for lines in row.lines])
            start, count = start + count, 0

    def _lines_in(self, room: float) -> int:
        return max(1, int((room - 2 * self.plan.pad_y) / self._leading))

    def _cells(self, font: EmbeddedFont, band: Band, rows: Sequence[LaidRow], top: float) -> bytes:
        """Text operators of the rows, cell by cell in reading order."""
        size = self.plan.size
        places = [self._placing(band, at, font is self.head) for at in range(len(band.columns))]
        select = b"/%b %.2f Tf\n" % (font.resource().encode(), size)
        out = [b"BT ", select]
        plain = font.know(
            {char for row in rows for i in band.columns for line in row.lines[i] for char in line}
        )
        y = top
        for row in rows:
            middle = y - row.height / 2 - size * MIDDLE
            for i, (start, factor) in zip(band.columns, places, strict=True):
                lines = row.lines[i]
                level = middle + (len(lines) - 1) * self._leading / 2
                for line in lines:
                    x = start - factor * font.typeface.measure(line, size) if factor else start
                    out.append(b"1 0 0 1 %.2f %.2f Tm " % (x, level))
                    if plain or font.know(line):
                        out.append(b"<%b>Tj\n" % line.encode("utf-16-be").hex().encode())
                    else:
                        out.append(show(font, line, size) + b" " + select)
                    level -= self._leading
            y -= row.height
        out.append(b"ET")
        return b"".join(out)

    def _placing(self, band: Band, at: int, is_head: bool) -> tuple[float, float]:
        """Where lines of a column are anchored, and how much of their width lies before that."""
        left, right = band.edges[at], band.edges[at + 1]
        align = "center" if is_head else self.columns[band.columns[at]].aligned
        if align == "left":
            return left + self.look.pad_x, 0
        if align == "right":
            return right - self.look.pad_x, 1
        return (left + right) / 2, 0.5

    def _rules(self, ink: Ink, band: Band, levels: Sequence[float], top: float) -> None:
        look, left, right = self.look, band.edges[0], band.edges[-1]
        head, bottom = levels[0], levels[-1]
        inner = [(left, level, right, level) for level in levels[1:-1]]
        inner += [(edge, top, edge, bottom) for edge in band.edges[1:-1]]
        ink.gray(look.rule_gray)
        if inner:
            ink.rules(look.rule, *inner)
        ink.gray(0.15)
        ink.rules(look.rule * 1.5, (left, head, right, head))
        ink.raw(b"%.2f w" % look.frame)
        ink.raw(b"%.2f %.2f %.2f %.2f re S" % (left, bottom, right - left, top - bottom))
        ink.gray(0)
