"""Where committees lie, drawn from their buildings: the district has no border files we may use."""

from backend.core.db import select
from backend.core.scope import Scope
from backend.engine.outline import Point


async def points(scope: Scope) -> dict[str, list[Point]]:
    """The buildings of each committee of a scope, as points."""
    found = await select(
        scope,
        """select r.area, array_agg(r.lng) as lngs, array_agg(r.lat) as lats from building r
           where r.area like :scope and r.lat is not null group by r.area""",
    )
    return {row["area"]: list(zip(row["lngs"], row["lats"], strict=True)) for row in found}
