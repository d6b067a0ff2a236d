"""Supplies lent out in an emergency, and what came back."""

from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor
from backend.core.db import Record, select
from backend.core.ids import new_id
from backend.core.scope import Scope

_LOAN = """select o.id, o.area, o.emergency_id, o.what, o.spec, o.unit, o.store_place, o.quantity,
  o.back, o.borrower, o.reason, o.at, o.by_name as by, o.returned_at, o.rev
from emergency_loan o where o.area like :scope"""


async def of(scope: Scope, emergency: UUID) -> list[Record]:
    """What was lent in an emergency, what is still out before what came back."""
    return await select(
        scope,
        f"{_LOAN} and o.emergency_id = :id order by o.returned_at is not null, o.area, o.at",
        id=emergency,
    )


async def one(scope: Scope, loan: UUID) -> Record:
    return _found(await select(scope, f"{_LOAN} and o.id = :id", id=loan))


async def locked(scope: Scope, loan: UUID) -> Record:
    return _found(await select(scope, f"{_LOAN} and o.id = :id for update", id=loan))


async def lend(actor: Actor, emergency: UUID, given: dict[str, Any]) -> UUID:
    """Lent out now. `given` are the columns from area to reason."""
    loan = new_id()
    await select(
        actor.scope,
        """insert into emergency_loan (id, area, emergency_id, what, spec, unit, store_place,
                                       quantity, back, borrower, reason, at, by_name, rev)
           select :id, :area::text, :emergency, :what, :spec, :unit, :store_place, :quantity, 0,
                  :borrower, :reason, :now, :by, 0
           where :area::text like :scope returning id""",
        id=loan,
        emergency=emergency,
        now=clock.now(),
        by=actor.name,
        **given,
    )
    return loan


async def take_back(scope: Scope, loan: Record, quantity: float) -> None:
    """So much has come back; when that is all, the loan is settled."""
    await select(
        scope,
        """update emergency_loan o set back = back + :quantity::float8, rev = rev + 1,
             returned_at = case when back + :quantity::float8 >= quantity then :now::timestamptz end
           where o.area like :scope and o.id = :id returning 1""",
        id=loan["id"],
        quantity=quantity,
        now=clock.now(),
    )


def _found(found: list[Record]) -> Record:
    if not found:
        raise problems.not_found(kind="借用记录")
    return found[0]
