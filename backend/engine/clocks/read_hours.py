"""Reads the district's working hours; a mistake is told with its line and what was expected, and
the examples in the file are tried, so that an edit cannot bend the clocks unseen."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from backend.engine.clocks.calendar import ONE_DAY, Calendar
from backend.engine.clocks.limits import UNITS, Hours, Limit, Span, Unit, due
from backend.engine.form.yaml_nodes import MistakenFileError, Page, Table

_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_LIMIT = re.compile(r"(?P<amount>\d+(?:\.\d+)?)\s*(?P<unit>" + "|".join(UNITS) + ")")


def read_limit(text: str) -> Limit:
    """'4工作时', '1 紧急工作时', '5工作日' as a limit; ValueError says how one is written."""
    found = _LIMIT.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no limit: write 2紧急工作时, 4工作时 or 5工作日")
    unit: Unit = next(unit for unit in UNITS if unit == found["unit"])
    return Limit(float(found["amount"]), unit)


def load_hours(path: Path, calendar: Calendar) -> Hours:
    """The working hours in `path` (forms/calendar/hours.yaml); raises MistakenFileError."""
    page = Page(f"{path.parent.name}/{path.name}")
    top = page.compose(path.read_text(encoding="utf-8"))
    timetables: list[tuple[date, tuple[Span, ...]]] = []
    if top is not None:
        top.allow("hours", "examples")
        timetables = list(_timetables(top))
        if not timetables:
            top.wrong("hours", "no working hours", "`- {since: 2023-01-01, spans: [09:00-17:30]}`")
    hours = Hours(tuple(timetables))
    if top is not None and not page.mistakes:
        for example in top.tables("examples", "from", "limit", "is"):
            _try(example, calendar, hours)
    if page.mistakes:
        raise MistakenFileError(page.mistakes)
    return hours


def _timetables(top: Table) -> Iterator[tuple[date, tuple[Span, ...]]]:
    before = date.min
    for table in top.tables("hours", "since", "spans"):
        since = _day(table)
        if since <= before:
            table.wrong("since", f"{since} does not come after {before}", "ascending days")
        before = since
        yield since, _spans(table)


def _day(table: Table) -> date:
    try:
        return date.fromisoformat(table.text("since"))
    except ValueError:
        table.wrong("since", "since is no day", "a day such as 2026-07-01")
        return date.max


def _spans(table: Table) -> tuple[Span, ...]:
    spans: list[Span] = []
    last = timedelta()
    for text in table.texts("spans"):
        found = _SPAN.fullmatch(text.strip())
        begins, ends = _moments(found) if found else (last, last)
        if not last <= begins < ends <= ONE_DAY:
            table.wrong("spans", f"{text} is no span of the day", "such as 09:00-17:30, in order")
            continue
        spans.append((begins, ends))
        last = ends
    if not spans:
        table.wrong("spans", "no working hours on a working day", "such as [09:00-17:30]")
    return tuple(spans)


def _moments(found: re.Match[str]) -> Span:
    hour, minute, to_hour, to_minute = map(int, found.groups())
    if minute > 59 or to_minute > 59:
        return timedelta(), timedelta()
    return timedelta(hours=hour, minutes=minute), timedelta(hours=to_hour, minutes=to_minute)


def _try(example: Table, calendar: Calendar, hours: Hours) -> None:
    try:
        start, expected = (
            datetime.fromisoformat(example.text(key)).replace(tzinfo=hours.zone)
            for key in ("from", "is")
        )
        found = due(start, read_limit(example.text("limit")), calendar, hours)
    except (ValueError, LookupError) as error:
        example.page.wrong(example.line, str(error), "an example that can be reckoned")
        return
    if found != expected:
        example.wrong("is", f"it is {found:%Y-%m-%d %H:%M}", f"{expected:%Y-%m-%d %H:%M}")
