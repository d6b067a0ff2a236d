"""What things of the registers are called, for slices that only hold their ids."""

from collections.abc import Iterable
from uuid import UUID

from backend.core.db import select
from backend.core.scope import Scope


async def doors(scope: Scope, buildings: Iterable[UUID]) -> dict[UUID, str]:
    """兰溪路3010弄1号, with the estate's name behind it where there is one."""
    found = await select(
        scope,
        """select b.id, b.road || coalesce(nullif(b.lane, '') || '弄', '') || b.bldg_no || '号'
             || coalesce('（' || nullif(b.estate, '') || '）', '') as door
           from building b where b.area like :scope and b.id = any(:ids)""",
        ids=list(buildings),
    )
    return {row["id"]: row["door"] for row in found}
