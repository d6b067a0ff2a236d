"""Returns: reading one, saving its draft, freezing versions, marking what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from backend.core import clock, crypto, problems
from backend.core.access import Actor
from backend.core.db import Record, glance, later, select, sql
from backend.core.ids import new_id
from backend.core.scope import Scope
from backend.features.returns.sheet import Sheet

_SHEET = """
select r.id, r.task_id, r.area, r.form, r.version, r.period, r.state, r.n, r.rev, r.answers,
  r.reasons, r.known, r.open_fields as open, r.asked_left, r.saved_at, r.submitted_at, r.digest,
  t.opened_on, t.cut_off, t.due_on, t.due_at, t.paused_on is not null as paused,
  t.paused_on is null and coalesce(t.due_at < :now, t.due_on < :today) as late
from form_return r join task t on t.id = r.task_id
where r.area like :scope and r.id = :id"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a stored draft is known by: its number and the moment."""

    rev: int
    saved_at: datetime


async def one(scope: Scope, sheet: UUID) -> Sheet:
    return _sheet(await select(scope, _SHEET, id=sheet, **_present()))


async def glanced(scope: Scope, sheet: UUID) -> Sheet:
    """The return as it is now; a write that follows must say which `rev` it saw."""
    return _sheet(await glance(scope, _SHEET, id=sheet, **_present()))


async def locked(scope: Scope, sheet: UUID) -> Sheet:
    """The return, held against other writers until the transaction ends."""
    return _sheet(await select(scope, _SHEET + " for update of r", id=sheet, **_present()))


def _present() -> Record:
    return {"now": clock.now(), "today": clock.today()}


async def save_draft(
    sheet: Sheet, version: int, answers: dict[str, Any], reasons: dict[str, str], asked_left: int
) -> Kept:
    """The draft under its next number, unless the return is no longer as it was read."""
    kept = Kept(sheet.rev + 1, clock.now())
    await later(
        """update form_return set rev = expected(rev, :rev) + 1, version = :version,
             answers = :answers, reasons = :reasons, asked_left = :asked, saved_at = :now
           where id = :id""",
        id=sheet.id,
        rev=sheet.rev,
        version=version,
        answers=answers,
        reasons=reasons,
        asked=asked_left,
        now=kept.saved_at,
    )
    return kept


async def set_known(sheet: Sheet, known: dict[str, Any], asked_left: int) -> None:
    """New figures after the rows behind them were mended."""
    await sql(
        """update form_return set rev = rev + 1, known = :known, asked_left = :asked
           where id = :id""",
        id=sheet.id,
        known=known,
        asked=asked_left,
    )


async def freeze(
    actor: Actor,
    sheet: Sheet,
    *,
    state: str,
    answers: dict[str, Any],
    reasons: dict[str, str],
    figures: dict[str, Any],
) -> str:
    """Submit: a version that never changes, the return's new state, and the step, at once.

    Returns the version's SM3 digest, in hexadecimal.
    """
    n = sheet.n + 1
    body = [sheet.form, sheet.version, sheet.period, sheet.area, n, figures, reasons]
    digest = crypto.sm3(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hex()
    await later(
        _VERSION,
        _STEP,
        _SUBMITTED,
        **_step(actor, sheet, "submitted", n, None),
        version_id=new_id(),
        digest=digest,
        state=state,
        rev=sheet.rev,
        answers=answers,
        reasons=reasons,
        figures=figures,
    )
    return digest


_VERSION = """
insert into return_version (id, area, return_id, n, version, answers, reasons, known, figures,
                            digest, by_name, at)
select :version_id, area, id, :n, version, :answers, :reasons, known, :figures, :digest, :by, :now
from form_return where id = :id"""

_STEP = """
insert into return_step (id, area, return_id, what, n, by_id, by_name, at, note)
values (:step_id, :area, :id, :what, :n, :by_id, :by, :now, :note)"""

_SUBMITTED = """
update form_return set state = :state, n = :n, rev = expected(rev, :rev) + 1, answers = :answers,
  reasons = :reasons, asked_left = 0, open_fields = null, saved_at = :now, submitted_at = :now,
  digest = :digest
where id = :id"""


async def mark(
    actor: Actor,
    sheet: Sheet,
    *,
    state: str,
    what: str,
    note: str | None,
    open_fields: Sequence[str] | None = None,
) -> None:
    """A new state and the step that led to it."""
    await later(
        _STEP,
        "update form_return set state = :state, open_fields = :open, rev = rev + 1 where id = :id",
        **_step(actor, sheet, what, sheet.n, note),
        state=state,
        open=list(open_fields) if open_fields is not None else None,
    )


def _step(actor: Actor, sheet: Sheet, what: str, n: int, note: str | None) -> Record:
    """What `_STEP` wants."""
    return {
        "step_id": new_id(),
        "area": sheet.area,
        "id": sheet.id,
        "what": what,
        "n": n,
        "by_id": actor.id,
        "by": actor.name,
        "now": clock.now(),
        "note": note,
    }


async def remark(actor: Actor, sheet: Sheet, remarks: dict[str, str]) -> None:
    await sql(
        """insert into return_remark (id, area, return_id, n, field, remark, by_name, at)
           select gen_random_uuid(), :area, :id, :n, f.field, f.remark, :by, :now
           from unnest(:fields::text[], :remarks::text[]) as f(field, remark)""",
        area=sheet.area,
        id=sheet.id,
        n=sheet.n,
        fields=list(remarks),
        remarks=list(remarks.values()),
        by=actor.name,
        now=clock.now(),
    )


async def remarks_of(sheet: Sheet) -> list[Record]:
    return await sql(
        """select field, remark, by_name as by, at, n as version from return_remark
           where return_id = :id order by n desc, at""",
        id=sheet.id,
    )


async def steps_of(sheet: Sheet) -> list[Record]:
    return await sql(
        """select what, n, by_name as by, at, note from return_step
           where return_id = :id order by at, id""",
        id=sheet.id,
    )


async def versions_of(sheet: Sheet) -> list[Record]:
    """All that was ever submitted, newest first."""
    return await sql(
        """select n, version, answers, reasons, known, figures, digest, by_name as by, at
           from return_version where return_id = :id order by n desc""",
        id=sheet.id,
    )


async def looked(sheet: Sheet, reader: UUID) -> int:
    """The version a reader has last looked at, 0 for never."""
    found = await sql(
        "select n from return_look where return_id = :id and reader_id = :reader",
        id=sheet.id,
        reader=reader,
    )
    return found[0]["n"] if found else 0


async def look(sheet: Sheet, reader: UUID) -> None:
    await sql(
        """insert into return_look (id, return_id, reader_id, n, at)
           values (:new, :id, :reader, :n, :now)
           on conflict (return_id, reader_id) do update set n = excluded.n, at = excluded.at""",
        new=new_id(),
        id=sheet.id,
        reader=reader,
        n=sheet.n,
        now=clock.now(),
    )


async def figures_of(scope: Scope, form: str, period: str) -> dict[str, dict[str, Any]]:
    """The figures that a scope's committees last handed up for a period, by area code."""
    found = await select(
        scope,
        """select distinct on (r.area) r.area, v.figures
           from form_return r join return_version v on v.return_id = r.id
           where r.area like :scope and r.form = :form and r.period = :period
             and r.state in ('checking', 'submitted', 'approved', 'returned')
           order by r.area, v.n desc""",
        form=form,
        period=period,
    )
    return {row["area"]: row["figures"] for row in found}


async def handed_up(scope: Scope, task: UUID) -> list[Record]:
    """The newest versions of a task's returns that have reached the street."""
    return await select(
        scope,
        """select distinct on (r.area) r.id, r.area, v.answers, v.figures, v.known, v.n
           from form_return r join return_version v on v.return_id = r.id and v.n = r.n
           where r.area like :scope and r.task_id = :task and r.state in ('submitted', 'approved')
           order by r.area""",
        task=task,
    )


def _sheet(found: list[Record]) -> Sheet:
    if not found:
        raise problems.not_found(kind="填报")
    return Sheet(**found[0])
