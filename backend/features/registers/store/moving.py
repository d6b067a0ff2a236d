"""Buildings change committees when one is split or merged; everything in them goes along."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from backend.core.db import select
from backend.core.scope import Scope


async def move_buildings(scope: Scope, moves: Sequence[tuple[UUID, str]], on: date) -> int:
    """Put buildings into other committees (of the same street), as of a day. Returns how many.

    Idempotent. From now on a feed that still names the old committee does not move them back.
    """
    moved = await select(
        scope,
        """update building r set area = i.area, grid = null, moved_on = :on
           from unnest(:ids::uuid[], :areas::text[]) as i(id, area)
           where r.id = i.id and r.area like :scope returning r.id""",
        ids=[building for building, _ in moves],
        areas=[area for _, area in moves],
        on=on,
    )
    await follow(scope, [row["id"] for row in moved])
    return len(moved)


async def inherit(scope: Scope, old: str, new: str, on: date) -> int:
    """Everything that still belongs to a committee that has ended goes to its one heir."""
    left = await select(
        scope, "select r.id from building r where r.area like :scope and r.area = :old", old=old
    )
    return await move_buildings(scope, [(row["id"], new) for row in left], on)


async def follow(scope: Scope, buildings: Sequence[UUID]) -> None:
    """Houses, households and people take over committee, grid and address of their building."""
    for text in _FOLLOW:
        await select(scope, text, ids=list(buildings))


_FOLLOW = (
    """update house r set area = b.area, grid = b.grid, std_addr = b.address
         || coalesce(r.unit || '单元', '') || case when r.room = '' then '' else r.room || '室' end
       from building b
       where b.id = r.building_id and b.id = any(:ids) and b.area like :scope
         and ((r.area, r.grid) is distinct from (b.area, b.grid)
           or not starts_with(r.std_addr, b.address))""",
    """update household r set area = h.area, grid = h.grid from house h
       where h.id = r.house_id and h.building_id = any(:ids) and h.area like :scope
         and (r.area, r.grid) is distinct from (h.area, h.grid)""",
    """update person r set area = h.area, grid = h.grid from house h
       where h.id = r.house_id and h.building_id = any(:ids) and h.area like :scope
         and (r.area, r.grid) is distinct from (h.area, h.grid)""",
)
