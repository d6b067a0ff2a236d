"""The district's published areas, read from forms/areas/*.csv for the first filling."""

import csv
from datetime import date
from pathlib import Path
from typing import Any


def read(folder: Path) -> tuple[list[dict[str, Any]], list[tuple[str, str, date]]]:
    """(areas, heritage): rows of areas.store.load. Empty days are open ends."""
    areas = [_area(row) for row in _rows(folder / "putuo.csv")]
    edges = [
        (row["old"], row["new"], date.fromisoformat(row["on"]))
        for row in _rows(folder / "changes.csv")
    ]
    return areas, edges


def _area(row: dict[str, str]) -> dict[str, Any]:
    days = {key: date.fromisoformat(row[key]) if row[key] else None for key in _DAYS}
    return row | days


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


_DAYS = ("valid_from", "valid_to")
