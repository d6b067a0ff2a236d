"""What the clock will not be able to open, told while there is time to mend it.

Holidays are announced in November of the year before; until they are entered, a report that is due
in the new year has no due date (engine/clocks/calendar.py) and is not opened.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from backend.core import clock
from backend.core.access import Actor, act, look
from backend.engine.clocks.calendar import Calendar, UnknownYearError
from backend.engine.clocks.due import DueRule
from backend.engine.clocks.periods import MONTHS_IN, Period, last_closed
from backend.engine.form.definition import FormDef
from backend.engine.text.dates import date_text
from backend.features.accounts.store import staff
from backend.features.areas import store as areas
from backend.features.catalogue.catalogue import Catalogue
from backend.features.notices import store as notices
from backend.features.returns.store import tasks
from backend.features.returns.task_shapes import Outlook, Reminded, Undated

AHEAD = timedelta(days=45)
_NAMED = 3


@look("task.read", "查看任务进度")
async def outlook(actor: Actor, catalogue: Catalogue, calendar: Calendar) -> Outlook:
    """The reports of the next weeks that have no due date, unless somebody has opened them."""
    year, waiting = _undated(catalogue, calendar, clock.today())
    opened = await tasks.opened(actor.scope, [one.period for one in waiting]) if waiting else set()
    left = tuple(one for one in waiting if (one.form, one.period) not in opened)
    return Outlook(missing_year=year if left else None, reports=left)


@act("task.warn", "提醒补录工作日")
async def warn(actor: Actor, catalogue: Catalogue, calendar: Calendar) -> Reminded:
    """Those who publish tasks in the streets learn of it, once a week until it is mended."""
    today = clock.today()
    year, waiting = _undated(catalogue, calendar, today)
    if year is None:
        return Reminded(told=0)
    streets = [street.code for street in await areas.on_day(actor.scope, today, "street")]
    people = await staff.holding_in("task.publish", streets)
    titles = [f"《{one.title}》" for one in waiting]
    facts: dict[str, str | int] = {
        "year": year,
        "first": date_text(min(one.opens_on for one in waiting)),
        "count": len(waiting),
        "forms": "".join(titles[:_NAMED]) + ("等" if len(titles) > _NAMED else ""),
    }
    monday = today - timedelta(days=today.weekday())
    everybody = [person for some in people.values() for person in some]
    told = await notices.tell(everybody, "calendar_missing", facts, f"calendar:{year}:{monday}")
    return Reminded(told=told)


def _undated(
    catalogue: Catalogue, calendar: Calendar, today: date
) -> tuple[int | None, tuple[Undated, ...]]:
    """The first year that has no calendar, and the reports that wait for it."""
    years, found = set(), []
    for form, period in _ahead(catalogue, today):
        try:
            DueRule(form.schedule.due.day).falls_on(period, calendar)  # type: ignore[union-attr]
        except UnknownYearError as unknown:
            years.add(unknown.year)
            found.append(
                Undated(
                    form=form.code,
                    title=form.title,
                    period=period.key,
                    period_label=period.label,
                    opens_on=period.end + timedelta(days=1),
                )
            )
    found.sort(key=lambda one: (one.opens_on, one.form))
    return min(years, default=None), tuple(found)


def _ahead(catalogue: Catalogue, today: date) -> Iterator[tuple[FormDef, Period]]:
    """The reports that the clock should have open, or opens soon."""
    for form in catalogue.of_kind("report"):
        every = form.schedule.every
        if every not in MONTHS_IN or form.schedule.due is None:
            continue
        period = last_closed(every, today)
        while period.end < today + AHEAD:
            yield form, period
            period = period.next
