"""Who stands on the lists of an emergency, and how they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.core import clock, crypto, problems
from backend.core.access import Actor
from backend.core.db import Record, select
from backend.core.ids import new_id
from backend.core.scope import EVERYWHERE, Scope

AT_ONCE = 2000


async def put(held: Record, people: Sequence[Record]) -> int:
    """Put people on the lists; who is there already stays as they are. Returns how many are new."""
    made = 0
    for start in range(0, len(people), AT_ONCE):
        rows = [{"id": new_id(), **one} for one in people[start : start + AT_ONCE]]
        found = await select(
            Scope(held["area"][:9]),
            """insert into emergency_person (id, area, emergency_id, person_id, kinds, state)
               select id, area, :emergency, person_id, kinds, 'listed'
               from jsonb_to_recordset(:rows::jsonb) as r(
                 id uuid, area text, person_id uuid, kinds jsonb)
               where area like :scope
               on conflict (emergency_id, person_id) do nothing returning id""",
            emergency=held["id"],
            rows=rows,
        )
        made += len(found)
    return made


async def counts(scope: Scope, emergency: UUID) -> tuple[dict[str, int], dict[str, int]]:
    """How many people stand on each list, and in each state."""
    kinds = await select(
        scope,
        """select k.kind, count(*) as n from emergency_person p
           cross join lateral jsonb_array_elements_text(p.kinds) k(kind)
           where p.area like :scope and p.emergency_id = :id group by k.kind""",
        id=emergency,
    )
    states = await select(
        scope,
        """select p.state, count(*) as n from emergency_person p
           where p.area like :scope and p.emergency_id = :id group by p.state""",
        id=emergency,
    )
    return {row["kind"]: row["n"] for row in kinds}, {row["state"]: row["n"] for row in states}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the people on the lists: of a committee, of one list, in a state, or moved."""

    area: str | None = None
    kind: str | None = None
    state: str | None = None
    moved: bool = False


async def people(
    scope: Scope, emergency: UUID, wanted: Wanted, most: int, skip: int = 0
) -> list[Record]:
    """Those on the lists, door by door, with what the registers say of them; numbers are sealed.

    `total` is how many there are in all.
    """
    found = await select(
        scope,
        _PEOPLE,
        id=emergency,
        area=wanted.area,
        kind=wanted.kind,
        state=wanted.state,
        moved=wanted.moved,
        most=most,
        skip=skip,
    )
    return [_opened(row) for row in found]


_PEOPLE = """
select p.id, p.area, p.person_id, p.kinds, p.state, p.place, p.note, p.by_name as by, p.changed_at,
  p.moved_at, r.name, r.sex, r.birth, r.secret, r.data, h.room, h.unit, h.std_addr,
  b.id as building_id, b.estate, b.lane, b.bldg_no, b.address, b.floors_up, b.has_lift,
  count(*) over () as total
from emergency_person p
join person r on r.id = p.person_id and r.area like :scope
left join house h on h.id = r.house_id
left join building b on b.id = h.building_id
where p.area like :scope and p.emergency_id = :id
  and (:area::text is null or p.area = :area::text)
  and (:kind::text is null or p.kinds ? :kind::text)
  and (:state::text is null or p.state = :state::text)
  and (not :moved::boolean or p.moved_at is not null)
order by p.area, b.estate, b.road, length(b.lane), b.lane, length(b.bldg_no), b.bldg_no, b.id,
  length(h.room), h.room, r.id
limit :most offset :skip"""


async def mark(actor: Actor, emergency: UUID, person: UUID, given: dict[str, Any]) -> None:
    """How somebody is, by the actor, now. What happened to them before keeps its moment."""
    found = await select(
        actor.scope,
        """select p.id from emergency_person p
           where p.area like :scope and p.emergency_id = :emergency and p.person_id = :person
           for update""",
        emergency=emergency,
        person=person,
    )
    if not found:
        raise problems.not_found(kind="人员")
    row, note = found[0]["id"], given["note"]
    await select(
        actor.scope,
        """update emergency_person p set state = :state::text, place = coalesce(:place, place),
             note = coalesce(:note, note), by_name = :by, changed_at = :now,
             reached_at = case when :state::text = 'unreached' then reached_at
                               else coalesce(reached_at, :now) end,
             moved_at = case when :state::text in ('moved', 'back') then coalesce(moved_at, :now)
                             else moved_at end,
             back_at = case when :state::text = 'back' then :now end
           where p.area like :scope and p.id = :id returning 1""",
        id=row,
        state=given["state"],
        place=given["place"],
        note=crypto.seal("emergency_person", "note", row, note) if note else None,
        by=actor.name,
        now=clock.now(),
    )


async def moved(emergency: UUID) -> list[Record]:
    """Who was moved to safety, per committee: how many, and how many are back."""
    return await select(
        EVERYWHERE,
        """select p.area, count(*) as moved, count(p.back_at) as back from emergency_person p
           where p.area like :scope and p.emergency_id = :id and p.moved_at is not null
           group by p.area order by p.area""",
        id=emergency,
    )


def _opened(row: Record) -> Record:
    token = row["note"]
    return row | {"note": token and crypto.unseal("emergency_person", "note", row["id"], token)}
