"""Which days a board looks at, and labels for what it is sorted by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from backend.core import clock, problems
from backend.core.problems import FieldIssue
from backend.core.scope import Scope
from backend.engine.text.dates import short_date_text
from backend.features.areas import store as areas
from backend.features.boards.shapes import BoardSpan, By
from backend.features.catalogue.catalogue import Catalogue
from backend.features.orders.handbook import Handbook
from backend.features.orders.store import counting
from backend.features.orders.store.counting import Span
from backend.features.registers.store import naming

USUALLY, MOST = timedelta(days=30), timedelta(days=366)
ONE_DAY = timedelta(days=1)
WEEKS = 12


@dataclass(frozen=True)
class Days:
    """Both days belong to it."""

    since: date
    until: date

    @property
    def span(self) -> Span:
        return Span(clock.at(self.since), clock.at(self.until + ONE_DAY))

    @property
    def before(self) -> date:
        """The first of as many days before."""
        return self.since - (self.until - self.since + ONE_DAY)

    @property
    def weeks(self) -> Span:
        """The last twelve weeks, the running one included."""
        monday = self.until - timedelta(days=self.until.weekday())
        first = monday - timedelta(weeks=WEEKS - 1)
        return Span(clock.at(first), clock.at(self.until + ONE_DAY))


def days_of(query: BoardSpan) -> Days:
    """What is asked for; refused when it runs backwards or over more than a year."""
    until = query.until or clock.today()
    since = query.since or until - USUALLY + ONE_DAY
    if until < since:
        issue = FieldIssue("to", "span.backwards", "结束日期不能早于开始日期。")
        raise problems.answers_bad(fields=[issue])
    if until - since > MOST:
        issue = FieldIssue("from", "span.too_long", "一次最多统计一年，请缩小日期范围。")
        raise problems.answers_bad(fields=[issue])
    return Days(since, until)


async def labels(
    scope: Scope, by: By, keys: Iterable[str], book: Handbook, catalogue: Catalogue
) -> dict[str, str]:
    """What each key is called; one that nobody can name keeps its code."""
    named = [key for key in keys if key]
    if by in ("area", "street"):
        return await areas.names(named)
    if by == "unit":
        return await counting.unit_names(scope)
    if by == "place":
        doors = await naming.doors(scope, map(UUID, named))
        return {str(building): door for building, door in doors.items()}
    if by == "source":
        return {key: catalogue.label("case_source", key) for key in named}
    if by == "week":
        return {key: week_text(key) for key in named}
    groups = {leaf.group: leaf.group_name for leaf in book.categories}
    return groups | {leaf.code: leaf.name for leaf in book.categories}


def week_text(monday: str) -> str:
    """10月5日–10月11日."""
    first = date.fromisoformat(monday)
    return f"{short_date_text(first)}–{short_date_text(first + timedelta(days=6))}"
