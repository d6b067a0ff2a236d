"""What closes a document below its table: notes, the signature line and the place of the seal."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.engine.pdf.document import Document
from backend.engine.pdf.ink import Ink
from backend.engine.pdf.linebreak import LineBreaker
from backend.engine.pdf.look import POINTS_PER_MM
from backend.engine.pdf.papers import Signer
from backend.engine.pdf.press import Press
from backend.engine.pdf.sheet import Frame

NOTE_GAP, SIGN_GAP = 5.0, 16.0
LINE = 1.5
LEAST_GAP = 12.0
BLANK = "　" * 7  # room to write a name or a date
SEAL_ABOVE = 0.5  # of the stamp room lies above the name that is sealed


@dataclass(frozen=True)
class Closing:
    """Notes, signers and the body to be sealed, as they stand on the paper."""

    notes: Sequence[str]
    signature: Sequence[Signer]
    stamp: str


class ClosingBlock:
    """The block, measured once; it stays together on the last page."""

    def __init__(self, document: Document, press: Press, frame: Frame, closing: Closing) -> None:
        self._document, self._look, self._frame = document, press.look, frame
        self._closing = closing
        self._notes = self._note_lines()

    @property
    def height(self) -> float:
        """The room it needs below the table, in points."""
        height = 0.0
        if self._notes:
            height += NOTE_GAP + len(self._notes) * self._look.note.size * LINE
        if self._closing.signature:
            height += SIGN_GAP + self._look.sign.size * LINE
        if self._closing.stamp:
            height += self._look.stamp_room * POINTS_PER_MM
        return height

    def paint(self, ink: Ink, top: float) -> None:
        """Paint it from the lower edge of the table down."""
        top = self._paint_notes(ink, top)
        if self._closing.signature:
            top -= SIGN_GAP + self._look.sign.size
            self._paint_signature(ink, top)
        if self._closing.stamp:
            self._paint_stamp(ink, top)

    def _note_lines(self) -> list[str]:
        look = self._look.note
        typeface = self._document.font(look.style).typeface
        label = self._look.words.note
        indent = typeface.measure(label, 1)
        breaker = LineBreaker(typeface)
        limit = (self._frame.measure / look.size - indent) * 1000
        return [line for note in self._closing.notes for line in breaker.lines(note, limit)]

    def _paint_notes(self, ink: Ink, top: float) -> float:
        if not self._notes:
            return top
        look, label = self._look.note, self._look.words.note
        font = self._document.font(look.style)
        indent = font.typeface.measure(label, look.size)
        y = top - NOTE_GAP - look.size
        ink.text(self._frame.left, y, label, font, look.size)
        for line in self._notes:
            ink.text(self._frame.left + indent, y, line, font, look.size)
            y -= look.size * LINE
        return y + look.size * (LINE - 1)

    def _paint_signature(self, ink: Ink, y: float) -> None:
        """The places spread over the width; a name that is not known gets a line to write on."""
        look, measure = self._look.sign, self._document.font(self._look.sign.style).typeface.measure
        places = [
            (self._look.words.signed.format(label=one.label), one.value)
            for one in self._closing.signature
        ]
        needs = [measure(text + (value or BLANK), look.size) for text, value in places]
        gaps = (len(places) - 1) * LEAST_GAP
        size = look.size * min(1, (self._frame.measure - gaps) / sum(needs))
        gap = (self._frame.measure - sum(needs) * size / look.size) / max(1, len(places) - 1)
        x = self._frame.left
        for (label, value), need in zip(places, needs, strict=True):
            width = need * size / look.size
            self._paint_place(ink, (x, y), label, value, size, x + width)
            x += width + gap

    def _paint_place(
        self, ink: Ink, at: tuple[float, float], label: str, value: str, size: float, end: float
    ) -> None:
        font = self._document.font(self._look.sign.style)
        x, y = at
        ink.text(x, y, label + value, font, size)
        if not value:
            start = x + font.typeface.measure(label, size)
            ink.gray(0.45)
            ink.rules(0.4, (start, y - 2, end, y - 2))
            ink.gray(0)

    def _paint_stamp(self, ink: Ink, top: float) -> None:
        look = self._look.sign
        font = self._document.font(look.style)
        text = self._look.words.stamp.format(body=self._closing.stamp)
        y = top - self._look.stamp_room * POINTS_PER_MM * SEAL_ABOVE
        ink.text_right(self._frame.right - 2 * look.size, y, text, font, look.size)
