"""Where a Chinese line may end: no bad beginnings, no bad ends, words and numbers kept whole.

Measured against reportlab's wordWrap="CJK", whose table is Japanese: it lets ，；：？
begin a line.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from backend.engine.pdf.glyphs.typeface import Typeface

NO_START = frozenset("，。、；：？！）》」』】〕〉｝］’”％‰℃°…—·～,.;:?!)]}%>＞")
NO_END = frozenset("（《「『【〔〈｛［‘“([{<＜￥¥$№＃#")
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = frozenset("0123456789.,*")
# Inside an address on the net a line may end after these, and only there.
JOINTS = frozenset("@/._-&=?")
WORD = LETTERS | DIGITS | JOINTS | frozenset("+~#%")
MARKS = frozenset({"Mn", "Me", "Mc"})
SEPARATOR = "、"
WHOLE, AT_JOINT, IN_WORD, IN_NUMBER, NEVER = range(5)
# A line may stay this empty to end well, before a long word is cut instead.
RAGGED = 0.4


class LineBreaker:
    """Breaks text set in one typeface. `limit` is the width of the line in 1/1000 em."""

    def __init__(self, typeface: Typeface) -> None:
        self.typeface = typeface
        self._widths = typeface.widths

    def lines(self, text: str, limit: float) -> Sequence[str]:
        """The lines of `text`; blanks at a break are dropped, nothing else is."""
        if text.isprintable():
            return self._paragraph(text, limit)
        cleaned = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        found: list[str] = []
        for part in cleaned.split("\n"):
            found += self._paragraph(part, limit)
        return found

    def items(self, text: str, limit: float) -> Sequence[str]:
        """The lines of an enumeration (甲、乙、丙): names and labels are kept whole if they fit."""
        if self.typeface.measure(text, 1000) <= limit or SEPARATOR not in text:
            return self.lines(text, limit)
        *before, last = text.split(SEPARATOR)
        found = [""]
        for item in (*(part + SEPARATOR for part in before), last):
            if self.typeface.measure(found[-1] + item, 1000) <= limit:
                found[-1] += item
            else:
                found += self.lines(item, limit)
        return [line for line in found if line]

    def balanced(self, text: str, limit: float) -> Sequence[str]:
        """As few lines as `lines` would take, but of nearly equal length, for heads and titles."""
        lines = self.lines(text, limit)
        narrow = self.typeface.measure(text, 1000) / max(1, len(lines))
        while len(lines) > 1 and narrow < limit:
            if len(even := self.lines(text, narrow)) == len(lines):
                return even
            narrow += 250
        return lines

    def _paragraph(self, text: str, limit: float) -> Sequence[str]:
        count = len(text)
        if count * 1000 <= limit:
            return (text,)
        try:
            ends = list(accumulate(map(self._widths.__getitem__, text), initial=0.0))
        except KeyError:
            ends = list(accumulate(map(self.typeface.width, text), initial=0.0))
        if ends[count] <= limit:
            return (text,)
        lines: list[str] = []
        start = 0
        while start < count:
            furthest = max(bisect_right(ends, ends[start] + limit) - 1, start + 1)
            if furthest >= count:
                lines.append(text[start:])
                break
            stop = _stop(text, ends, start, furthest)
            lines.append(text[start:stop].rstrip(" "))
            start = stop
            while start < count and text[start] == " ":
                start += 1
        return lines


def _stop(text: str, ends: list[float], start: int, furthest: int) -> int:
    """The best place to end the line that begins at `start` and can reach `furthest`."""
    least = ends[start] + (ends[furthest] - ends[start]) * (1 - RAGGED)
    stop = furthest
    while stop > start and ends[stop] >= least:
        if _badness(text, stop) == WHOLE:
            return stop
        stop -= 1

    def rank(stop: int) -> tuple[bool, bool, bool, int, int]:
        badness = _badness(text, stop)
        return badness == NEVER, badness == IN_NUMBER, ends[stop] < least, badness, -stop

    return min(range(start + 1, furthest + 1), key=rank)


def _badness(text: str, stop: int) -> int:
    """How bad a break before `text[stop]` is; NEVER is only taken when there is no other place."""
    before, after = text[stop - 1], text[stop]
    if before == " " or after == " ":
        return _at_blank(text[:stop].rstrip(" "), text[stop:].lstrip(" "))
    if after in NO_START or before in NO_END or unicodedata.category(after) in MARKS:
        return NEVER
    if before not in WORD or after not in WORD:
        return WHOLE
    if before in DIGITS and after in DIGITS:
        return IN_NUMBER
    return AT_JOINT if before in JOINTS else IN_WORD


def _at_blank(left: str, right: str) -> int:
    forbidden = (left and left[-1] in NO_END) or (right and right[0] in NO_START)
    return NEVER if forbidden else WHOLE
