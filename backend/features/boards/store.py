"""The only door to what was counted at night."""

from collections.abc import Mapping
from datetime import date

from backend.core.db import Record, select, sql
from backend.core.ids import new_id
from backend.core.scope import Scope


async def keep(quarter: str, as_of: date, counted: Mapping[str, tuple[int, int]]) -> None:
    """Alone and visited by committee; what was counted before is replaced."""
    await sql(
        """insert into board_cover as c (id, area, quarter, as_of, alone, visited)
           select * from unnest(:ids::uuid[], :areas::text[], :quarters::text[], :days::date[],
                                :alone::int[], :visited::int[])
           on conflict (area) do update set quarter = excluded.quarter, as_of = excluded.as_of,
             alone = excluded.alone, visited = excluded.visited
           where c.as_of <= excluded.as_of""",
        ids=[new_id() for _ in counted],
        areas=list(counted),
        quarters=[quarter] * len(counted),
        days=[as_of] * len(counted),
        alone=[alone for alone, _ in counted.values()],
        visited=[visited for _, visited in counted.values()],
    )


async def cover(scope: Scope) -> list[Record]:
    """What was counted last of the committees of a scope that are still there."""
    return await select(
        scope,
        """select c.area, c.as_of, c.alone, c.visited from board_cover c
           where c.area like :scope and exists (
             select 1 from area a where a.area = c.area and a.valid_to is null)""",
    )
