"""Tasks: opening them for a street's committees, and how far those are."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor
from backend.core.db import Record, select
from backend.core.ids import new_id
from backend.core.scope import Scope
from backend.engine.clocks.periods import Period
from backend.engine.form.definition import FormDef

_LATE = "(t.paused_on is null and coalesce(t.due_at < :now, t.due_on < :today))"
_TERM = "t.due_on, t.due_at, t.paused_on is not null as paused"
_COUNTS = f"""
  count(*) as total,
  count(*) filter (where r.state = 'draft') as draft,
  count(*) filter (where r.state = 'checking') as checking,
  count(*) filter (where r.state = 'submitted') as submitted,
  count(*) filter (where r.state = 'returned') as returned,
  count(*) filter (where r.state = 'approved') as approved,
  count(*) filter (where r.state in ('draft', 'checking', 'returned') and {_LATE}) as overdue
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """Until when a task is asked: a day, for a flash report a moment. A routine one that is opened
    while its street is in an emergency rests from the first."""

    due_on: date
    due_at: datetime | None = None
    one_off: bool = False
    paused: bool = False


async def open_task(actor: Actor, form: FormDef, period: Period, street: str, terms: Terms) -> UUID:
    """The task of a form × period × street; there is only ever one, however often it is opened."""
    if not actor.scope.covers(street):
        raise problems.not_found(kind="区域")
    found = await select(
        actor.scope,
        """with made as (
             insert into task (id, area, form, version, period, opened_on, cut_off, due_on, due_at,
                               paused_on, state, one_off, by_name, at)
             select :id, :street, :form, :version, :period, :today::date, :cut_off, :due_on,
                    :due_at, case when :paused::boolean then :today::date end, 'open', :one_off,
                    :by, :now
             on conflict (form, period, area) do nothing returning id)
           select id from made union all
           select id from task where area like :scope and area = :street and form = :form
             and period = :period""",
        id=new_id(),
        street=street,
        form=form.code,
        version=form.version,
        period=period.key,
        today=clock.today(),
        cut_off=period.end,
        **asdict(terms),
        by=actor.name,
        now=clock.now(),
    )
    return found[0]["id"]  # type: ignore[no-any-return]


async def fill_task(
    scope: Scope,
    task: UUID,
    committees: dict[str, tuple[dict[str, Any], int]],
    given: Mapping[str, dict[str, Any]],
) -> int:
    """One draft per committee (area → what is known, how many are asked); those there stay.

    `given` are answers that somebody has given elsewhere already.
    """
    made = await select(
        scope,
        """with made as (
             insert into form_return (id, area, task_id, form, version, period, state, n, rev,
                                      answers, reasons, known, asked_left)
             select n.id, n.area, t.id, t.form, t.version, t.period, 'draft', 0, 0, n.given, '{}',
                    n.known, n.asked
             from task t, unnest(:ids::uuid[], :areas::text[], :known::jsonb[], :asked::int[],
                                 :given::jsonb[])
               as n(id, area, known, asked, given)
             where t.id = :task and t.area like :scope
             on conflict (task_id, area) do nothing returning id, area)
           insert into return_step (id, area, return_id, what, n, by_name, at)
           select s.id, m.area, m.id, 'opened', 0, '系统', :now
           from made m join unnest(:areas::text[], :steps::uuid[]) as s(area, id) on s.area = m.area
           returning return_id""",
        ids=[new_id() for _ in committees],
        steps=[new_id() for _ in committees],
        areas=list(committees),
        known=[known for known, _ in committees.values()],
        asked=[asked for _, asked in committees.values()],
        given=[given.get(area, {}) for area in committees],
        task=task,
        now=clock.now(),
    )
    return len(made)


async def listing(scope: Scope, state: str) -> list[Record]:
    """Tasks that concern a scope, newest first, with how many committees are where."""
    return await select(
        scope,
        f"""select t.id, t.area, t.form, t.version, t.period, t.opened_on, t.cut_off, {_TERM},
              t.state, {_COUNTS}
            from task t join form_return r on r.task_id = t.id and r.area like :scope
            where (:state = 'all' or t.state = :state)
            group by t.id order by t.due_on desc, t.form, t.area""",
        state=state,
        **_present(),
    )


async def one(scope: Scope, task: UUID) -> Record:
    found = await select(
        scope,
        f"""select t.id, t.area, t.form, t.version, t.period, t.opened_on, t.cut_off, {_TERM},
              t.state, {_COUNTS}
            from task t join form_return r on r.task_id = t.id and r.area like :scope
            where t.id = :task group by t.id""",
        task=task,
        **_present(),
    )
    if not found:
        raise problems.not_found(kind="任务")
    return found[0]


async def returns_of(scope: Scope, task: UUID, reader: UUID | None) -> list[Record]:
    """The committees of a task, by code; `seen` is the version the reader last looked at."""
    return await select(
        scope,
        f"""select r.id, r.area, r.state, r.n, r.submitted_at, r.asked_left, r.open_fields,
             {_LATE} as late, coalesce(l.n, 0) as seen
           from form_return r join task t on t.id = r.task_id
           left join return_look l on l.return_id = r.id and l.reader_id = :reader
           where r.task_id = :task and r.area like :scope order by r.area""",
        task=task,
        reader=reader,
        **_present(),
    )


async def due(scope: Scope, since: date) -> list[Record]:
    """What is open in a scope, and what was finished since a day; the most urgent first."""
    return await select(
        scope,
        f"""select r.id, r.task_id, r.area, r.form, r.version, r.period, r.state, r.asked_left,
             r.open_fields, {_TERM}, {_LATE} as late
           from form_return r join task t on t.id = r.task_id
           where r.area like :scope and t.state = 'open'
             and (r.state <> 'approved' or r.submitted_at >= :since)
           order by paused, t.due_on, t.due_at, r.form, r.area limit 1000""",
        since=clock.at(since),
        **_present(),
    )


async def without_return(scope: Scope, task: UUID, committees: list[str]) -> list[str]:
    """Those of the committees that have no return for the task yet."""
    found = await select(
        scope,
        "select area from form_return where task_id = :task and area like :scope",
        task=task,
    )
    return [code for code in committees if code not in {row["area"] for row in found}]


async def nearly_due(scope: Scope, first: date, last: date) -> list[Record]:
    """Returns that still lie with their committee and are due from `first` to `last`."""
    return await select(
        scope,
        """select r.id, r.area, r.form, r.period, r.asked_left, t.due_on
           from form_return r join task t on t.id = r.task_id
           where r.area like :scope and t.state = 'open' and r.state in ('draft', 'returned')
             and t.due_on between :first and :last and t.due_at is null and t.paused_on is null
           order by r.area, t.due_on, r.form""",
        first=first,
        last=last,
    )


async def pause(scope: Scope, street: str) -> int:
    """A street's open routine tasks that are not late yet rest from today; how many they are."""
    found = await select(
        scope,
        """update task t set paused_on = :today
           where t.area like :scope and t.area = :street and t.state = 'open'
             and t.paused_on is null and t.due_at is null and t.due_on >= :today
           returning t.id""",
        street=street,
        today=clock.today(),
    )
    return len(found)


async def routine(scope: Scope, street: str) -> int:
    """How many tasks of a street would be put to rest now."""
    found = await select(
        scope,
        """select count(*) as n from task t
           where t.area like :scope and t.area = :street and t.state = 'open'
             and t.paused_on is null and t.due_at is null and t.due_on >= :today""",
        street=street,
        today=clock.today(),
    )
    return int(found[0]["n"])


async def asked(scope: Scope, form: str, since: datetime, until: datetime) -> list[Record]:
    """The flash reports of a form that were asked for during a time, latest first."""
    return await select(
        scope,
        f"""select t.id, t.period, t.due_at, {_COUNTS}
            from task t join form_return r on r.task_id = t.id and r.area like :scope
            where t.form = :form and t.due_at is not null and t.at between :since and :until
            group by t.id order by t.due_at desc""",
        form=form,
        since=since,
        until=until,
        **_present(),
    )


async def resting(scope: Scope, street: str) -> list[Record]:
    """The tasks of a street that rest, held against others: since when, and due on which day."""
    return await select(
        scope,
        """select t.id, t.paused_on, t.due_on from task t
           where t.area like :scope and t.area = :street and t.paused_on is not null
           order by t.id for update""",
        street=street,
    )


async def close_flash(scope: Scope, street: str, form: str) -> int:
    """The open flash reports of a street are asked for no longer; how many they were."""
    found = await select(
        scope,
        """update task t set state = 'closed'
           where t.area like :scope and t.area = :street and t.form = :form
             and t.due_at is not null and t.state = 'open' returning t.id""",
        street=street,
        form=form,
    )
    return len(found)


async def resume(scope: Scope, moved: Mapping[UUID, date]) -> None:
    """Tasks go on and are due on these days."""
    await select(
        scope,
        """update task t set paused_on = null, due_on = m.due_on
           from unnest(:ids::uuid[], :days::date[]) as m(id, due_on)
           where t.area like :scope and t.id = m.id returning t.id""",
        ids=list(moved),
        days=list(moved.values()),
    )


def _present() -> Record:
    return {"now": clock.now(), "today": clock.today()}


async def owing(scope: Scope, task: UUID) -> list[Record]:
    """Every return of a task; `others` is how many else its committee has not handed up yet."""
    return await select(
        scope,
        """select r.id, r.area, r.state, r.asked_left, r.open_fields,
             (select count(*) from form_return o join task u on u.id = o.task_id
              where o.area = r.area and o.area like :scope and o.id <> r.id and u.state = 'open'
                and o.state in ('draft', 'checking', 'returned')) as others
           from form_return r where r.task_id = :task and r.area like :scope order by r.area""",
        task=task,
    )


async def opened(scope: Scope, periods: Sequence[str]) -> set[tuple[str, str]]:
    """Form and period of the tasks of a scope that are there for some periods."""
    found = await select(
        scope,
        """select t.form, t.period from task t
           where t.area like :scope and t.period = any(:periods)""",
        periods=list(periods),
    )
    return {(row["form"], row["period"]) for row in found}
