"""Who is looked after first in an emergency: by tags, by the rules of elders, by their home."""

from collections.abc import Sequence

from backend.core import clock
from backend.core.db import Record, select
from backend.core.scope import Scope
from backend.features.catalogue.catalogue import Catalogue
from backend.features.registers.store.tags import tagging

BASEMENT, CARE = "低洼", "医护"
_WELL = ("10", "20")  # GB/T 2261.3: well, or somewhat weak


async def in_need(scope: Scope, catalogue: Catalogue, codes: Sequence[str]) -> list[Record]:
    """area, person_id and kinds of those who live in a scope and stand in one of the lists.

    A kind is a tag of that name, computed or given by hand; who lives below the ground stands
    under 低洼, who is ill for long or disabled under 医护.
    """
    tags = tagging(catalogue)
    return await select(
        scope,
        f"""select r.area, r.id as person_id, k.kinds
            from person r left join house h on h.id = r.house_id {tags.joins()}
            cross join lateral (select array(
              select c from unnest(:codes::text[]) with ordinality as u(c, n)
              where c = any(t.tags) or r.data->'person_tags' ? c or r.data->'elder_kind' ? c
                or c = :basement and (h.room ~ '^(B|-|地下)' or h.std_addr like '%地下%')
                or c = :care and (r.data->>'health' <> all(:well)
                                  or r.data->'person_tags' ? '用设备')
              order by n) as kinds) k
            where r.area like :scope and d.open and r.residence_status <> '2'
              and cardinality(k.kinds) > 0
            order by r.id""",
        codes=list(codes),
        basement=BASEMENT,
        care=CARE,
        well=list(_WELL),
        cut_off=clock.today().isoformat(),
        **tags.given,
    )
