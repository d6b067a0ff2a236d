"""Reads the calendar files (one per year); refuses what cannot be right, naming the place."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from backend.engine.clocks.calendar import Calendar


class CalendarFileError(ValueError):
    """A calendar file that does not say what a calendar must say."""


def load_calendar(*folders: Path) -> Calendar:
    """All years found in the folders (2026.yaml, …) as one calendar; checks each file's examples.

    Later folders add years that earlier ones lack: a deployment need not wait for a new version.
    """
    off: dict[date, str] = {}
    work: set[date] = set()
    years: set[int] = set()
    examples: list[tuple[Path, dict[str, Any]]] = []
    for path in _files(folders):
        content = _content(path)
        years.add(content["year"])
        for holiday in content["holidays"]:
            off |= dict.fromkeys(_days(path, holiday), holiday["name"])
            work |= {_day(path, content["year"], day) for day in holiday["work"]}
        examples += [(path, example) for example in content["examples"]]
    if not years:
        raise CalendarFileError(f"{folders[0]}: no calendar file such as 2026.yaml")
    calendar = Calendar(frozenset(years), off, frozenset(work))
    for path, example in examples:
        _check(calendar, path, example)
    return calendar


def _files(folders: Sequence[Path]) -> list[Path]:
    """One file a year, by year."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in folder.glob("[0-9][0-9][0-9][0-9].yaml"):
            found.setdefault(path.stem, path)
    return [found[year] for year in sorted(found)]


def _content(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    expected = {"year": int, "notice": str, "holidays": list, "examples": list}
    if not isinstance(content, dict):
        raise CalendarFileError(f"{path}: expected the keys {', '.join(expected)}")
    for key, kind in expected.items():
        if not isinstance(content.get(key), kind):
            raise CalendarFileError(f"{path}: `{key}` must be of type {kind.__name__}")
    if str(content["year"]) != path.stem:
        raise CalendarFileError(
            f"{path}: `year` is {content['year']}, the file name says otherwise"
        )
    for number, holiday in enumerate(content["holidays"], 1):
        if not isinstance(holiday, dict) or set(holiday) != {
            "name",
            "first",
            "last",
            "work",
        }:
            raise CalendarFileError(f"{path}: holiday {number} needs name, first, last and work")
    return content


def _days(path: Path, holiday: dict[str, Any]) -> list[date]:
    year = int(path.stem)
    first, last = _day(path, year, holiday["first"]), _day(path, year, holiday["last"])
    if last < first:
        raise CalendarFileError(f"{path}: {holiday['name']} ends before it begins")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _day(path: Path, year: int, value: Any) -> date:
    if type(value) is not date or value.year != year:
        raise CalendarFileError(f"{path}: {value!r} is no date in {year}")
    return value


def _check(calendar: Calendar, path: Path, example: dict[str, Any]) -> None:
    found = calendar.plus(example["from"], example["plus"])
    if found != example["is"]:
        raise CalendarFileError(
            f"{path}: {example['from']} + {example['plus']} working days is {found},"
            f" the example says {example['is']}"
        )
