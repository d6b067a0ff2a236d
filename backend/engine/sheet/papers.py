"""What can be written as a spreadsheet, as plain values that can also go to another process."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | float | Decimal | bool | date | datetime | None


@dataclass(frozen=True)
class SheetColumn:
    """One column. `kind` is a field type of the forms (or "index"); `width` in characters.

    A width of 0 is measured on the first rows.
    """

    key: str
    label: str
    kind: str = "text"
    width: float = 0


@dataclass(frozen=True)
class SheetPaper:
    """One table with what stands around it.

    `signature` are whole texts (填报人：王小明), `footer` and `page` go to the printed foot, in
    which &P and &N stand for page and number of pages. `trace_id` names this copy in the file's
    properties.
    """

    title: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[Cell]]
    subtitle: str = ""
    unit_line: str = ""
    signature: Sequence[str] = ()
    notes: Sequence[str] = ()
    footer: str = ""
    page: str = "&P / &N"
    author: str = ""
    made_at: datetime | None = None
    trace_id: str = ""
