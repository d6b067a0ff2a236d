"""How documents look: sizes, margins and words, read from templates/documents and checked."""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from backend.engine.pdf.fonts import Style

POINTS_PER_MM = 72 / 25.4
A4 = (210 * POINTS_PER_MM, 297 * POINTS_PER_MM)

Positive = Annotated[float, Field(gt=0)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Margins(_Part):
    top: Positive
    right: Positive
    bottom: Positive
    left: Positive


class TextLook(_Part):
    style: Style
    size: Positive


class TitleLook(TextLook):
    smallest: Positive
    leading: Positive


class TableLook(_Part):
    body: Style
    head: Style
    leading: Positive
    pad_x: Positive
    head_gray: float
    rule: Positive
    rule_gray: float
    frame: Positive


class RowsLook(_Part):
    sizes: Annotated[tuple[Positive, ...], Field(min_length=1)]
    pad_y: Positive
    one_page: bool


class MarkLook(TextLook):
    gray: Annotated[float, Field(ge=0, lt=1)]


class Words(_Part):
    page: str
    pages: str
    empty: str
    signed: str
    stamp: str
    note: str
    figure: str
    continued: str
    part: str


class ReportWords(_Part):
    code: str
    label: str
    unit: str
    current: str
    previous: str
    change: str
    note: str
    reason: str
    below: str


class Look(_Part):
    """Everything about the appearance that is not computed. Lengths in mm, type sizes in pt."""

    margins: Margins
    binding_top: Positive
    title: TitleLook
    subtitle: TextLook
    running: TextLook
    footer: TextLook
    note: TextLook
    sign: TextLook
    caption: TextLook
    table: TableLook
    ledger_rows: RowsLook
    report_rows: RowsLook
    large_rows: RowsLook
    heading: TextLook
    body: TextLook
    watermark: MarkLook
    stamp_room: Positive
    words: Words
    signature: tuple[str, ...]
    report: ReportWords


def load_look(path: Path) -> Look:
    """The look in a YAML file; a pydantic ValidationError names the key that is wrong."""
    return Look.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
