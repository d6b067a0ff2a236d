"""What can be printed, as plain values that can also be handed to another process."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Align = Literal["left", "center", "right"]
Orientation = Literal["portrait", "landscape"]

RIGHT = frozenset({"integer", "decimal", "money", "range"})
CENTER = frozenset(
    {"index", "date", "datetime", "year", "bool", "code", "phone", "tel", "id_no", "unit"}
)
# Enumerations, which are broken between their members.
LISTS = frozenset({"codes", "ref", "refs"})
# Values that are never cut in two while a column can still be made wide enough.
SOLID = frozenset({"index", "integer", "decimal", "money", "date", "year", "phone", "tel", "id_no"})


@dataclass(frozen=True)
class Column:
    """One column. `kind` is a field type of the forms (or "index", "unit"): it aligns the cells.

    `width` in millimetres is what the form wishes, 0 lets the rows decide; figures that need more
    get more. `pinned` columns are repeated on every part of a table too wide for one sheet.
    """

    key: str
    label: str
    width: float = 0
    align: Align | None = None
    kind: str = "text"
    pinned: bool = False

    @property
    def aligned(self) -> Align:
        if self.align is not None:
            return self.align
        return "right" if self.kind in RIGHT else "center" if self.kind in CENTER else "left"


@dataclass(frozen=True)
class Signer:
    """A place of the signature line: 填报人, 审核人 …; without a value it is left to be written."""

    label: str
    value: str = ""


@dataclass(frozen=True)
class Copy:
    """What is true of this one copy: who made it out, when, and how it is traced and marked.

    Lines of `watermark` are tiled over every page behind the text, as outlines that can be seen
    but neither searched nor copied. `trace_id` goes into the file's information dictionary.
    """

    author: str = ""
    made_at: datetime | None = None
    trace_id: str = ""
    watermark: str = ""


@dataclass(frozen=True)
class LedgerPaper:
    """A table of any length. `stamp` names the body whose seal belongs on the last page.

    Without an `orientation` the sheet stands upright while the columns fit.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[str]]
    orientation: Orientation | None = None
    subtitle: str = ""
    unit_line: str = ""
    signature: Sequence[Signer] = ()
    stamp: str = ""
    notes: Sequence[str] = ()
    footer: str = ""
    copy: Copy = Copy()


@dataclass(frozen=True)
class Group:
    """Rows that stand under one heading: those of a building, of a store."""

    title: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class GroupedPaper:
    """A table in large print, in groups: to be carried along, read in bad light and written on."""

    title: str
    columns: Sequence[Column]
    groups: Sequence[Group]
    subtitle: str = ""
    unit_line: str = ""
    signature: Sequence[Signer] = ()
    notes: Sequence[str] = ()
    footer: str = ""
    copy: Copy = Copy()


@dataclass(frozen=True)
class Section:
    """One part of an account: a heading, text, a table, or both."""

    title: str
    text: str = ""
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class AccountPaper:
    """An account in sections, each with a table of its own columns. `stamp` as on a ledger."""

    title: str
    sections: Sequence[Section]
    subtitle: str = ""
    unit_line: str = ""
    signature: Sequence[Signer] = ()
    stamp: str = ""
    notes: Sequence[str] = ()
    footer: str = ""
    copy: Copy = Copy()


@dataclass(frozen=True)
class ReportRow:
    """One indicator with its figures as they are to be printed; `level` 1 is an 其中 line."""

    code: str
    label: str
    unit: str
    current: str
    previous: str = ""
    change: str = ""
    note: str = ""
    reason: str = ""
    level: int = 0


@dataclass(frozen=True)
class ReportPaper:
    """A report of indicators. Columns that no row fills (上期, 口径, 变化原因) are left out."""

    title: str
    rows: Sequence[ReportRow]
    subtitle: str = ""
    unit_line: str = ""
    signature: Sequence[Signer] = ()
    stamp: str = ""
    notes: Sequence[str] = ()
    footer: str = ""
    copy: Copy = Copy()


@dataclass(frozen=True)
class Picture:
    """A photo as it was taken in (JPEG or PNG), with what to print under it."""

    body: bytes
    caption: str


@dataclass(frozen=True)
class PicturePaper:
    """Picture pages, four to a sheet; captions are numbered 图1, 图2 …"""

    title: str
    pictures: Sequence[Picture]
    subtitle: str = ""
    footer: str = ""
    copy: Copy = Copy()


@dataclass(frozen=True)
class Printed:
    """The file. `missing` are characters that no font could draw: they stand there as boxes."""

    body: bytes
    pages: int
    missing: frozenset[str]
