"""Findings in numbers: the street's list, an officer's own, what is near a point, what is late."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record, select, sql
from backend.core.ids import new_id
from backend.core.scope import Scope, scope_of
from backend.features.feedback.shapes import FindingFilter
from backend.features.feedback.stages import OPEN
from backend.web.paging import keys_of

MOST_OWN = 200

DUE = """case f.state when 'sent' then f.register_due when 'registered' then f.decide_due end"""
_LINE = f"""f.id, f.no, f.rev, f.scene, f.place, f.area, f.state, f.decision,
  f.mission_id as mission, f.sent_at, {DUE} as due"""


async def own(actor: Actor, kind: str) -> list[Record]:
    """What the actor has sent, the latest first."""
    return await select(
        actor.scope,
        f"""select {_LINE}, f.reply, f.content from finding f
            where f.area like :scope and f.kind = :kind
              and coalesce(f.officer_id, f.staff_id) = :me
            order by f.sent_at desc, f.id desc limit :most""",
        kind=kind,
        me=actor.id,
        most=MOST_OWN,
    )


async def page(scope: Scope, kind: str, query: FindingFilter) -> tuple[list[Record], int]:
    """A page of a street's list: what waits by its due time, all of it by its coming."""
    where, given = _where(kind, query)
    scope = scope_of(query.area) if query.area and scope.covers(query.area) else scope
    total = await select(
        scope, f"select count(*) as n from finding f where f.area like :scope{where}", **given
    )
    order = "f.sent_at desc, f.id desc"
    if query.view == "todo":
        order = f"coalesce({DUE}, 'infinity'), f.sent_at, f.id"
    if query.cursor:
        after, more = _after(query)
        where, given = where + after, given | more
    found = await select(
        scope,
        f"""select {_LINE}, f.sender, f.public, f.content, f.screen, f.reply, f.officer_id,
              f.order_id
            from finding f where f.area like :scope{where} order by {order} limit :limit""",
        limit=query.limit + 1,
        **given,
    )
    return found, total[0]["n"]


def keys(row: Record, view: str) -> tuple[Any, ...]:
    """What a page that ends with this row goes on by."""
    if view == "todo":
        due = row["due"].isoformat() if row["due"] else "infinity"
        return due, row["sent_at"].isoformat(), row["id"]
    return row["sent_at"].isoformat(), row["id"]


def _after(query: FindingFilter) -> tuple[str, Record]:
    cursor = query.cursor or ""
    if query.view == "todo":
        due, sent, last = keys_of(cursor, 3, of="todo")
        text = f""" and (coalesce({DUE}, 'infinity'), f.sent_at, f.id) >
          (:after::text::timestamptz, :sent::text::timestamptz, :last::text::uuid)"""
        return text, {"after": due, "sent": sent, "last": last}
    sent, last = keys_of(cursor, 2, of="all")
    text = " and (f.sent_at, f.id) < (:sent::text::timestamptz, :last::text::uuid)"
    return text, {"sent": sent, "last": last}


def _where(kind: str, query: FindingFilter) -> tuple[str, Record]:
    text, given = " and f.kind = :kind", dict[str, Any](kind=kind)
    if query.view == "todo":
        text += " and f.state = any(:todo)"
        given["todo"] = [state for state in OPEN if state != "answered"]
    tests: list[tuple[str, str, Any]] = [
        ("state", "f.state = :state", query.state),
        ("scene", "f.scene = :scene", query.scene),
        ("mission", "f.mission_id = :mission", query.mission),
        ("no", "f.no like :no", f"%{query.q.strip()}%" if query.q and query.q.strip() else None),
    ]
    for name, test, value in tests:
        if value is not None:
            text, given = f"{text} and {test}", given | {name: value}
    if query.late is not None:
        text += f" and coalesce({DUE} <= :moment, false) = :late"
        given |= {"moment": clock.now(), "late": query.late}
    return text, given


async def near(scope: Scope, lng: float, lat: float, since: datetime) -> list[Record]:
    """Findings in public words that came in since a moment and lie within some 330 m of a point."""
    return await select(
        scope,
        """select f.id, f.area, f.summary, f.state, f.reply, f.shown_before, f.lng, f.lat,
             f.sent_at as since
           from finding f
           where f.area like :scope and f.public and f.kind = 'finding' and f.sent_at > :since
             and f.lat between :lat::float - 0.003 and :lat::float + 0.003
             and f.lng between :lng::float - 0.0035 and :lng::float + 0.0035
           order by f.sent_at desc limit 100""",
        lng=lng,
        lat=lat,
        since=since,
    )


async def is_public(scope: Scope, finding: UUID) -> bool:
    text = "select 1 from finding f where f.area like :scope and f.id = :id and f.public"
    return bool(await select(scope, text, id=finding))


async def follow(officer: UUID, case: UUID, kind: str) -> None:
    await sql(
        """insert into finding_follow (id, case_id, kind, officer_id, at)
           values (:id, :case, :kind, :officer, :now)
           on conflict (officer_id, case_id) do nothing""",
        id=new_id(),
        case=case,
        kind=kind,
        officer=officer,
        now=clock.now(),
    )


async def followed(officer: UUID) -> set[UUID]:
    """The cases that an officer follows."""
    found = await sql(
        "select case_id from finding_follow where officer_id = :officer", officer=officer
    )
    return {row["case_id"] for row in found}


async def followers(case: UUID) -> list[UUID]:
    """The officers who follow a case."""
    found = await sql("select officer_id from finding_follow where case_id = :case", case=case)
    return [row["officer_id"] for row in found]


async def late(moment: datetime) -> list[Record]:
    """Per street: how many findings are due by a moment and not yet registered or decided."""
    return await select(
        Scope(""),
        f"""select left(f.area, 9) || '000' as street,
              count(*) filter (where f.state = 'sent') as unregistered,
              count(*) filter (where f.state = 'registered') as undecided,
              count(*) filter (where {DUE} < :today) as late
            from finding f
            where f.area like :scope and f.kind = 'finding' and f.state in ('sent', 'registered')
              and {DUE} <= :moment group by 1 order by 1""",
        moment=moment,
        today=clock.at(moment.date()),
    )


async def of_quarter(scope: Scope, first: date, last: date) -> list[Record]:
    """The findings that came in within some days, in the order of their coming."""
    return await select(
        scope,
        """select f.id, f.no, f.area, f.scene, f.summary, f.decision, f.reason, f.reply, f.state,
             f.solved, f.satisfied, f.unsolved, f.handy, f.useful, f.liked, f.shown_before,
             f.shown_after, f.sent_at, f.registered_at, f.register_due, f.decided_at, f.decide_due
           from finding f
           where f.area like :scope and f.kind = 'finding' and f.sent_at >= :first
             and f.sent_at < :after
           order by f.sent_at, f.id""",
        first=clock.at(first),
        after=clock.at(last + timedelta(days=1)),
    )
