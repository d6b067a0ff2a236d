"""What a street owes whoever found something: registered within a working day, a decision with its
reason within five (工作机制第六条)."""

from datetime import datetime

import structlog

from backend.core.problems import Problem
from backend.engine.clocks.limits import Limit
from backend.features.orders.handbook import Handbook

REGISTER, DECIDE = Limit(1, "工作日"), Limit(5, "工作日")

log = structlog.get_logger(__name__)


def by(book: Handbook, start: datetime, limit: Limit) -> datetime | None:
    """When a limit runs out; None while nobody has entered that year's calendar.

    What somebody has found is not turned away for that: it stands in the list without a limit.
    """
    try:
        return book.times(start, limit).due
    except Problem as problem:
        log.error("a finding has no limit", problem=problem.code)
        return None
