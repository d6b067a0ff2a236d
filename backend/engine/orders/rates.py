"""What the boards count and divide: data of the district (`forms/orders/boards.yaml`), because
districts divide differently."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from backend.engine.form.yaml_nodes import Mistake, MistakenFileError, Page, Table

PARTS: Final = {
    "hotline": "received",
    "found": "received",
    "redone": "closed",
    "contacted": "contact_due",
    "on_time": "handle_due",
    "solved": "called",
    "satisfied": "called",
    "visited": "alone",
    "overdue": "open",
}
"""Each is a part of the other, so that what is left must not be told either when it is small."""
COUNTS: Final = tuple(dict.fromkeys([*PARTS.values(), *PARTS]))
DIMENSIONS: Final = ("area", "street", "class", "category", "unit", "place", "week", "source")
WORDS: Final = ("street", "district", "statistics", "total", "unknown", "veiled", "rate")


@dataclass(frozen=True, slots=True)
class RateDef:
    """A rate: `of` and `per` are counts; the unit is % (times 100) or 倍."""

    key: str
    label: str
    of: str
    per: str
    unit: str
    caliber: str

    @property
    def times(self) -> int:
        return 100 if self.unit == "%" else 1

    @property
    def within(self) -> bool:
        """Whether the numerator is a part of the denominator."""
        return PARTS.get(self.of) == self.per


@dataclass(frozen=True)
class Yardstick:
    """The boards' counts with their labels, rates, words, and figures taken from reports (the
    report's code under `report`, codes of its indicators under their own names)."""

    counts: Mapping[str, str]
    rates: tuple[RateDef, ...]
    visits: Mapping[str, str]
    hazards: Mapping[str, str]
    words: Mapping[str, str]
    by: Mapping[str, str]


def read_yardstick(folders: Sequence[Path]) -> Yardstick:
    """Those of the last folder that has `orders/boards.yaml`; raises MistakenFileError."""
    paths = [path for folder in folders if (path := folder / "orders" / "boards.yaml").exists()]
    if not paths:
        missing = Mistake("orders/boards.yaml", 1, "the file is missing", "counts and rates")
        raise MistakenFileError([missing])
    page = Page(f"{paths[-1].parents[1].name}/orders/{paths[-1].name}")
    top = page.compose(paths[-1].read_text(encoding="utf-8"))
    yardstick = _yardstick(top) if top is not None else None
    if page.mistakes or yardstick is None:
        raise MistakenFileError(page.mistakes)
    return yardstick


def _yardstick(top: Table) -> Yardstick:
    top.allow("counts", "rates", "visits", "hazards", "words", "by")
    rates = tuple(map(_rate, top.tables("rates")))
    if not rates:
        top.wrong("rates", "no rates", "`- {key: on_time, label: …, of: …, per: …}`")
    return Yardstick(
        counts=_texts(top, "counts", COUNTS),
        rates=rates,
        visits=_texts(top, "visits", ("report", "of", "per")),
        hazards=_texts(top, "hazards", ("report", "open", "overdue")),
        words=_texts(top, "words", WORDS),
        by=_texts(top, "by", DIMENSIONS),
    )


def _texts(top: Table, name: str, keys: Sequence[str]) -> dict[str, str]:
    """A table that says something for every one of the keys; in its own order."""
    table = top.table(name, *keys)
    if table is None:
        top.wrong(name, f"{name} is missing", f"`{name}: {{{keys[0]}: …}}`")
        return {}
    said = {key: table.text(key) for key in keys}
    return {key: said[key] for key in table.names() if key in said}


def _rate(table: Table) -> RateDef:
    table.allow("key", "label", "of", "per", "unit", "caliber")
    return RateDef(
        key=table.text("key"),
        label=table.text("label"),
        of=table.choice("of", COUNTS),
        per=table.choice("per", COUNTS),
        unit=table.choice("unit", ("%", "倍"), "%"),
        caliber=table.text("caliber"),
    )
