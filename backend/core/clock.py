"""What time it is, in Asia/Shanghai; the only place that asks the machine.

`pretend` lets tests and the demo loader live on another day.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)
_everywhere: list[datetime] = []


def now() -> datetime:
    """The present moment, aware, in Asia/Shanghai."""
    if pretended := _pretended.get():
        return pretended
    return _everywhere[-1] if _everywhere else datetime.now(SHANGHAI)


def today() -> date:
    return now().date()


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of a day in Asia/Shanghai."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


@contextmanager
def pretend(moment: datetime) -> Iterator[None]:
    """Within this block (and the tasks started in it) it is `moment`."""
    token = _pretended.set(moment.astimezone(SHANGHAI))
    try:
        yield
    finally:
        _pretended.reset(token)


@contextmanager
def pretend_everywhere(moment: datetime) -> Iterator[None]:
    """Within this block it is `moment` for the whole process, other tasks included."""
    _everywhere.append(moment.astimezone(SHANGHAI))
    try:
        yield
    finally:
        _everywhere.pop()
