"""What was, and what cannot be: the history of a person's values, and open questions."""

from typing import Any
from uuid import UUID

from backend.core.db import Record, select
from backend.core.scope import Scope
from backend.features.registers.elements import Layout

_SHOWN = 200


async def history(scope: Scope, layout: Layout, person: UUID) -> list[Record]:
    """The changes of a person's values, the latest first, opened where they were sealed."""
    found = await select(
        scope,
        """select r.id, r.element, r.before, r.after, r.source, r.as_of, r.at, r.by_name as by
           from value_change r where r.area like :scope and r.subject = :id
           order by r.at desc, r.id desc limit :n""",
        id=person,
        n=_SHOWN,
    )
    sides = ("before", "after")
    return [row | {s: _opened(layout, person, row["element"], row[s]) for s in sides}
            for row in found]  # fmt: skip


def _opened(layout: Layout, person: UUID, element: str, text: str | None) -> Any:
    return layout.unseal(person, element, text) if text and element in layout.sealed else text


async def conflicts(scope: Scope) -> list[Record]:
    """Pairs of open records of which one is in this place and that cannot both be right."""
    return await select(
        scope,
        """select c.id, c.kind, c.found_at, p.id as person_id, p.name as person_name,
             p.area as person_area, o.id as other_id, o.name as other_name, o.area as other_area
           from register_conflict c join person p on p.id = c.person_id
           join person o on o.id = c.other_id
           where (p.area like :scope or o.area like :scope) and p.id_bi = o.id_bi
             and coalesce(p.move_out, p.death_date, o.move_out, o.death_date) is null
           order by c.found_at desc, c.id limit :n""",
        n=_SHOWN,
    )
