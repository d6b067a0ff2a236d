"""The buildings of a committee, with how many live in them: what a split shares out."""

from collections.abc import Collection
from uuid import UUID

from backend.core import clock
from backend.core.db import Record, select
from backend.core.scope import Scope
from backend.features.registers.store.finding import OPEN

_DIGITS = "nullif(regexp_replace({}, '[^0-9]', '', 'g'), '')::numeric"


async def of_committee(scope: Scope, committee: str) -> list[Record]:
    """Its buildings along their roads and lanes, with the people on the register there today."""
    return await select(
        scope,
        f"""with home as (
              select h.building_id, count(distinct h.id) as houses, count(p.id) as people,
                count(distinct p.household_id) as households
              from house h left join person p on p.house_id = h.id and p.area like :scope
                and p.residence_status <> '2' and {OPEN.replace("r.", "p.")}
              where h.area like :scope and h.area = :committee group by h.building_id)
            select b.id, b.estate, b.road, b.lane, b.bldg_no as number, b.address,
              coalesce(l.houses, 0) as houses, coalesce(l.households, 0) as households,
              coalesce(l.people, 0) as people
            from building b left join home l on l.building_id = b.id
            where b.area like :scope and b.area = :committee
            order by b.road, {_DIGITS.format("b.lane")} nulls first, b.lane,
              {_DIGITS.format("b.bldg_no")} nulls last, b.bldg_no, b.id""",
        committee=committee,
        today=clock.today(),
    )


class StandingBuildings:
    """Fills the areas' port `Buildings`."""

    async def standing(self, scope: Scope, committees: Collection[str]) -> frozenset[UUID]:
        """The buildings that belong to these committees now."""
        found = await select(
            scope,
            "select b.id from building b where b.area like :scope and b.area = any(:committees)",
            committees=list(committees),
        )
        return frozenset(row["id"] for row in found)
