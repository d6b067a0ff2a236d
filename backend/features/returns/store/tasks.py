"""Tasks: opening them for a street's committees, and how far those are."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor
from backend.core.db import Record, select
from backend.core.ids import new_id
from backend.core.scope import Scope
from backend.engine.clocks.periods import Period
from backend.engine.form.definition import FormDef

_COUNTS = """
  count(*) as total,
  count(*) filter (where r.state = 'draft') as draft,
  count(*) filter (where r.state = 'checking') as checking,
  count(*) filter (where r.state = 'submitted') as submitted,
  count(*) filter (where r.state = 'returned') as returned,
  count(*) filter (where r.state = 'approved') as approved,
  count(*) filter (where r.state in ('draft', 'checking', 'returned') and t.due_on < :today)
    as overdue
"""


async def open_task(
    actor: Actor, form: FormDef, period: Period, street: str, due_on: date, *, one_off: bool
) -> UUID:
    """The task of a form × period × street; there is only ever one, however often it is opened."""
    if not actor.scope.covers(street):
        raise problems.not_found(kind="区域")
    found = await select(
        actor.scope,
        """with made as (
             insert into task (id, area, form, version, period, opened_on, cut_off, due_on, state,
                               one_off, by_name, at)
             select :id, :street, :form, :version, :period, :today, :cut_off, :due_on, 'open',
                    :one_off, :by, :now
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
        due_on=due_on,
        one_off=one_off,
        by=actor.name,
        now=clock.now(),
    )
    return found[0]["id"]  # type: ignore[no-any-return]


async def fill_task(
    scope: Scope, task: UUID, committees: dict[str, tuple[dict[str, Any], int]]
) -> int:
    """One draft per committee (area → what is known, how many are asked); those there stay."""
    made = await select(
        scope,
        """with made as (
             insert into form_return (id, area, task_id, form, version, period, state, n, rev,
                                      answers, reasons, known, asked_left)
             select n.id, n.area, t.id, t.form, t.version, t.period, 'draft', 0, 0, '{}', '{}',
                    n.known, n.asked
             from task t, unnest(:ids::uuid[], :areas::text[], :known::jsonb[], :asked::int[])
               as n(id, area, known, asked)
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
        task=task,
        now=clock.now(),
    )
    return len(made)


async def listing(scope: Scope, state: str) -> list[Record]:
    """Tasks that concern a scope, newest first, with how many committees are where."""
    return await select(
        scope,
        f"""select t.id, t.area, t.form, t.version, t.period, t.opened_on, t.cut_off, t.due_on,
              t.state, {_COUNTS}
            from task t join form_return r on r.task_id = t.id and r.area like :scope
            where (:state = 'all' or t.state = :state)
            group by t.id order by t.due_on desc, t.form, t.area""",
        state=state,
        today=clock.today(),
    )


async def one(scope: Scope, task: UUID) -> Record:
    found = await select(
        scope,
        f"""select t.id, t.area, t.form, t.version, t.period, t.opened_on, t.cut_off, t.due_on,
              t.state, {_COUNTS}
            from task t join form_return r on r.task_id = t.id and r.area like :scope
            where t.id = :task group by t.id""",
        task=task,
        today=clock.today(),
    )
    if not found:
        raise problems.not_found(kind="任务")
    return found[0]


async def returns_of(scope: Scope, task: UUID, reader: UUID | None) -> list[Record]:
    """The committees of a task, by code; `seen` is the version the reader last looked at."""
    return await select(
        scope,
        """select r.id, r.area, r.state, r.n, r.submitted_at, r.asked_left, r.open_fields,
             t.due_on, coalesce(l.n, 0) as seen
           from form_return r join task t on t.id = r.task_id
           left join return_look l on l.return_id = r.id and l.reader_id = :reader
           where r.task_id = :task and r.area like :scope order by r.area""",
        task=task,
        reader=reader,
    )


async def due(scope: Scope, since: date) -> list[Record]:
    """What is open in a scope, and what was finished since a day; the most urgent first."""
    return await select(
        scope,
        """select r.id, r.task_id, r.area, r.form, r.version, r.period, r.state, r.asked_left,
             r.open_fields, t.due_on
           from form_return r join task t on t.id = r.task_id
           where r.area like :scope and t.state = 'open'
             and (r.state <> 'approved' or r.submitted_at >= :since)
           order by t.due_on, r.form, r.area limit 1000""",
        since=clock.at(since),
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
             and t.due_on between :first and :last
           order by r.area, t.due_on, r.form""",
        first=first,
        last=last,
    )


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
