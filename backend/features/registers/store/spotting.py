"""Where something is: from a house, a building, an address in words or a point to the building, its
grid and its committee. Answers say how they were found, so that a person can judge them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from backend.core.db import Record, select
from backend.core.scope import Scope
from backend.engine.orders.places import plain_place

NEAR = 150  # metres: farther away, the nearest building says little


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a place."""

    place: str = ""
    lng: float | None = None
    lat: float | None = None
    building: UUID | None = None
    house: UUID | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A building, or (without one) just a committee, and how it was found."""

    area: str
    grid: str | None
    building: UUID | None
    lng: float | None
    lat: float | None
    how: str


async def spot(scope: Scope, wanted: Sequence[Wanted]) -> list[Spot | None]:
    """The place of each, as far as it can be told, in the order asked. Only within the scope."""
    found = await select(
        scope,
        _SPOT,
        numbers=list(range(len(wanted))),
        places=[plain_place(one.place) for one in wanted],
        lngs=[one.lng for one in wanted],
        lats=[one.lat for one in wanted],
        buildings=[one.building for one in wanted],
        houses=[one.house for one in wanted],
        near=NEAR,
    )
    by_number = {row.pop("n"): row for row in found}
    return [_spot(by_number.get(number)) for number in range(len(wanted))]


def _spot(row: Record | None) -> Spot | None:
    return Spot(**row) if row else None


# the best way for each: named, its door in the words, the nearest, its estate or lane in the words
_SPOT = """
with w as (
  select * from unnest(:numbers::int[], :places::text[], :lngs::float[], :lats::float[],
                       :buildings::uuid[], :houses::uuid[])
    as w(n, place, lng, lat, building, house)),
b as materialized (
  select b.id, b.area, b.grid, b.lng, b.lat, b.estate,
    b.road || coalesce(b.lane || '弄', '') as street_lane,
    b.road || coalesce(b.lane || '弄', '') || b.bldg_no || '号' as door,
    b.estate || b.bldg_no || '号' as village_door
  from building b where b.area like :scope
    and exists (select 1 from w where w.place <> '' or w.building is not null
                or w.house is not null)),
found as (
  select w.n, 1 as rank, b.area, b.grid, b.id, b.lng, b.lat, '按楼栋' as how, 0.0 as off
  from w join b on b.id = coalesce(w.building,
    (select h.building_id from house h where h.id = w.house and h.area like :scope))
  union all
  select w.n, 2, b.area, b.grid, b.id, b.lng, b.lat, '按门牌 ' || b.door, -length(b.door)
  from w join b on position(b.door in w.place) > 0 or position(b.village_door in w.place) > 0
  where w.place <> ''
  union all
  select w.n, 3, b.area, b.grid, b.id, b.lng, b.lat,
    '按位置，最近楼栋 ' || round(m.metres) || ' 米',
    m.metres
  from w cross join lateral (
    select c.*, 111195 * sqrt((c.lat - w.lat) ^ 2 + ((c.lng - w.lng) * cos(radians(w.lat))) ^ 2)
      as metres
    from building c
    where c.area like :scope and c.lat between w.lat - 0.0016 and w.lat + 0.0016
      and c.lng between w.lng - 0.0019 and w.lng + 0.0019) m
  join building b on b.id = m.id and b.area like :scope
  where w.lat is not null and m.metres <= :near
  union all
  select w.n, 4, min(b.area), min(b.grid), null, null, null, '按小区 ' || b.estate, 0
  from w join b on position(b.estate in w.place) > 0 where w.place <> ''
  group by w.n, b.estate having count(distinct b.area) = 1
  union all
  select w.n, 5, min(b.area), null, null, null, null, '按弄 ' || b.street_lane, 0
  from w join b on position(b.street_lane in w.place) > 0 and b.street_lane like '%弄'
  where w.place <> '' group by w.n, b.street_lane having count(distinct b.area) = 1)
select distinct on (n) n, area, grid, id as building, lng, lat, how
from found order by n, rank, off, id"""
