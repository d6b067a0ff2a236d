"""Findings and complaints: written once, moved on under the next number, their steps kept."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any
from uuid import UUID

import orjson

from backend.core import clock, crypto, problems
from backend.core.access import Actor
from backend.core.db import Record, later, place, select, sql
from backend.core.ids import new_id
from backend.core.scope import Scope, street_of
from backend.features.feedback.held import Held
from backend.features.feedback.shapes import MissionAnswer
from backend.features.feedback.tables import FindingRow

TABLE = "finding"
COLUMNS = ", ".join(f"f.{one.name}" for one in fields(Held))
_MAY_CHANGE = {one.name for one in fields(Held)} - {"id", "no", "kind", "rev", "updated_at"}
_PREFIX = {"finding": "体", "complaint": "诉"}


async def write(
    actor: Actor, kind: str, content: str, answers: tuple[MissionAnswer, ...], **values: Any
) -> Held:
    """A new finding or complaint with its number, sealed where people wrote in their own words."""
    finding, moment = new_id(), clock.now()
    told = orjson.dumps([one.model_dump() for one in answers]).decode() if answers else None
    await place(
        actor.scope,
        FindingRow,
        id=finding,
        no=await _number(kind, values["area"]),
        kind=kind,
        sender=actor.name,
        content=crypto.seal(TABLE, "content", finding, content),
        answers=crypto.seal(TABLE, "answers", finding, told) if told else None,
        state="sent",
        shown_before=[],
        shown_after=[],
        sent_at=moment,
        updated_at=moment,
        **values,
    )
    return await one(actor.scope, finding)


async def _number(kind: str, area: str) -> str:
    """体005-20261008-0007: counted per street and day, one writer after the other."""
    street, day = street_of(area), clock.today()
    head = f"{_PREFIX[kind]}{street[6:9]}-{day:%Y%m%d}-"
    await sql("select pg_advisory_xact_lock(hashtext(:head))", head=head)
    found = await select(
        Scope(street[:9]),
        """select count(*) as n from finding f
           where f.area like :scope and starts_with(f.no, :head)""",
        head=head,
    )
    return f"{head}{found[0]['n'] + 1:04d}"


async def one(scope: Scope, finding: UUID, kind: str | None = None) -> Held:
    """One of a scope."""
    return _held(
        await select(scope, f"{_ONE} and (:kind::text is null or f.kind = :kind)",
                     id=finding, kind=kind), kind
    )  # fmt: skip


async def locked(scope: Scope, finding: UUID, kind: str | None, rev: int | None) -> Held:
    """One of a scope, held against other writers; a problem when somebody was faster."""
    found = await select(
        scope,
        f"{_ONE} and (:kind::text is null or f.kind = :kind) for update of f",
        id=finding,
        kind=kind,
    )
    held = _held(found, kind)
    if rev is not None and rev != held.rev:
        raise problems.overtaken(rev=held.rev, state=held.state)
    return held


async def own(actor: Actor, finding: UUID, kind: str, rev: int | None = None) -> Held:
    """One that the actor has sent; those of others do not exist. With a `rev` it is held."""
    text = f"{_ONE} and f.kind = :kind and coalesce(f.officer_id, f.staff_id) = :me"
    text += " for update of f" if rev is not None else ""
    held = _held(await select(actor.scope, text, id=finding, kind=kind, me=actor.id), kind)
    if rev is not None and rev != held.rev:
        raise problems.overtaken(rev=held.rev, state=held.state)
    return held


async def of_order(scope: Scope, order: UUID) -> Held | None:
    """The finding that an order came from, held."""
    found = await select(
        scope,
        f"""select {COLUMNS} from finding f
            where f.area like :scope and f.order_id = :order for update of f""",
        order=order,
    )
    return Held(**found[0]) if found else None


_ONE = f"select {COLUMNS} from finding f where f.area like :scope and f.id = :id"


async def change(held: Held, **values: Any) -> None:
    """New values under the next number."""
    if unknown := values.keys() - _MAY_CHANGE:
        raise TypeError(f"a finding has no {sorted(unknown)}")
    sets = "".join(f"{name} = :{name}, " for name in values)
    await sql(
        f"update finding set {sets}rev = rev + 1, updated_at = :now where id = :id",
        id=held.id,
        now=clock.now(),
        **values,
    )


async def step(
    held: Held, act: str, by: str, words: str | None = None, note: str | None = None
) -> None:
    """Write down what happened; notes of the house are sealed."""
    row = new_id()
    await later(
        """insert into finding_step (id, finding_id, act, at, by_name, words, note)
           values (:id, :finding, :act, :now, :by, :words, :note)""",
        id=row,
        finding=held.id,
        act=act,
        now=clock.now(),
        by=by,
        words=words,
        note=crypto.seal("finding_step", "note", row, note) if note else None,
    )


async def steps(finding: UUID) -> list[Record]:
    """What happened, in its order; notes in clear."""
    found = await sql(
        """select id, act, at, by_name as by, words, note from finding_step
           where finding_id = :finding order by id""",
        finding=finding,
    )
    return [
        row
        | {"note": crypto.unseal("finding_step", "note", row["id"], row["note"])
           if row["note"] else None}
        for row in found
    ]  # fmt: skip


def sealed_judgement(finding: UUID, reason: str | None) -> str | None:
    return crypto.seal(TABLE, "judgement", finding, reason) if reason else None


def opened(held: Held, column: str) -> str | None:
    """Somebody's own words in clear."""
    token = getattr(held, column)
    return crypto.unseal(TABLE, column, held.id, token) if token else None


def answers(held: Held) -> tuple[MissionAnswer, ...]:
    told = opened(held, "answers")
    return tuple(MissionAnswer.model_validate(one) for one in orjson.loads(told)) if told else ()


def _held(found: list[Record], kind: str | None) -> Held:
    if not found:
        raise problems.not_found(kind="投诉建议" if kind == "complaint" else "反馈")
    return Held(**found[0])


async def all_own(actor: Actor, kind: str) -> list[Held]:
    """All that the actor has sent, the latest first."""
    found = await select(
        actor.scope,
        f"""select {COLUMNS} from finding f
            where f.area like :scope and f.kind = :kind
              and coalesce(f.officer_id, f.staff_id) = :me
            order by f.sent_at desc, f.id desc limit 200""",
        kind=kind,
        me=actor.id,
    )
    return [Held(**row) for row in found]


async def some(scope: Scope, ids: Iterable[UUID]) -> list[Held]:
    found = await select(
        scope,
        f"select {COLUMNS} from finding f where f.area like :scope and f.id = any(:ids)",
        ids=list(ids),
    )
    return [Held(**row) for row in found]
