"""Units that handle orders: every committee is one, others are named by their street."""

from collections.abc import Iterable
from uuid import UUID

from backend.core import problems
from backend.core.access import Actor
from backend.core.db import Record, select
from backend.core.ids import new_id
from backend.core.scope import EVERYWHERE, Scope
from backend.features.accounts.store import staff
from backend.features.orders.bodies import NewUnit
from backend.features.orders.held import Reach

COMMITTEE = "committee"

_UNIT = """
select u.id, u.area, u.key, u.name, u.kind, u.categories, u.live
from order_unit u where u.area like :scope"""


async def keep() -> None:
    """A unit for every committee that stands, named as the committee is; ended ones rest."""
    await select(
        EVERYWHERE,
        """insert into order_unit as u (id, area, key, name, kind, categories, live)
           select gen_random_uuid(), a.area, 'committee', a.name, 'committee', '[]', true
           from area a where a.area like :scope and a.kind = 'committee' and a.valid_to is null
           on conflict (area, key) do update set name = excluded.name, live = true
             where (u.name, u.live) is distinct from (excluded.name, true)""",
    )
    await select(
        EVERYWHERE,
        """update order_unit u set live = false
           where u.area like :scope and u.kind = 'committee' and u.live and not exists (
             select 1 from area a where a.area = u.area and a.valid_to is null)""",
    )


async def reach_of(actor: Actor) -> Reach:
    """How far somebody sees among orders: all of their place, or those of their units only."""
    found = await select(
        actor.scope,
        """select u.id from order_unit u where u.area like :scope and u.area = :area
             and (u.kind = 'committee' or u.key = any(:duties))""",
        area=actor.area,
        duties=list(actor.duties),
    )
    mine = frozenset(row["id"] for row in found)
    return Reach(actor.scope, mine, whole=actor.may("order.survey"))


async def listing(scope: Scope) -> list[Record]:
    """The units of a scope, committees last."""
    return await select(
        scope, f"{_UNIT} order by u.kind = 'committee', u.kind, u.area, u.name, u.key"
    )


async def one(scope: Scope, unit: UUID) -> Record:
    """A unit within a scope; those of the street above a committee are named there too."""
    found = await select(scope, f"{_UNIT} and u.id = :id", id=unit)
    if not found:
        raise problems.not_found(kind="承办单位")
    return found[0]


async def some(scope: Scope, wanted: Iterable[UUID]) -> dict[UUID, Record]:
    """These units by id, as far as they take orders; all of them or a problem."""
    ids = set(wanted)
    found = await select(scope, f"{_UNIT} and u.id = any(:ids) and u.live", ids=list(ids))
    if len(found) < len(ids):
        raise problems.not_found(kind="承办单位")
    return {row["id"]: row for row in found}


async def of_committee(area: str) -> UUID | None:
    found = await select(
        Scope(area),
        "select u.id from order_unit u where u.area like :scope and u.kind = 'committee'",
    )
    return found[0]["id"] if found else None


async def usual(street: Scope, category: str | None, named: str | None) -> list[Record]:
    """The units of a street that usually get a category, or what stands above it in the tree; else
    those that are called as the tree calls whoever deals with it."""
    if category is None:
        return []
    found = await select(
        street,
        f"""select * from ({_UNIT} and u.live) u
            cross join lateral (select exists (
              select 1 from jsonb_array_elements_text(u.categories) c
              where starts_with(:category, c)) as told) t
            where told or u.name like '%' || :named || '%' or u.key = :named
            order by not told, u.name""",
        category=category,
        named=named or category,
    )
    return [{key: row[key] for key in row if key != "told"} for row in found]


async def save(actor: Actor, body: NewUnit, unit: UUID | None) -> UUID:
    """A new unit, or what an old one is called and gets from now on."""
    found = await select(
        actor.scope,
        """insert into order_unit as u (id, area, key, name, kind, categories, live)
           select :id, :area::text, :key, :name, :kind, :categories::jsonb, :live
           where :area::text like :scope
           on conflict (id) do update set name = excluded.name, kind = excluded.kind,
             categories = excluded.categories, live = excluded.live
           returning u.id""",
        id=unit or new_id(),
        area=body.area,
        key=body.key,
        name=body.name,
        kind=body.kind,
        categories=list(body.categories),
        live=body.live,
    )
    if not found:
        raise problems.not_found(kind="区域")
    return found[0]["id"]  # type: ignore[no-any-return]


async def people(unit: Record, verb: str) -> list[UUID]:
    """Who is at work in a unit and may do something."""
    duty = None if unit["kind"] == COMMITTEE else unit["key"]
    return await staff.holding(verb, unit["area"], duty)
