"""The lists that streets have published."""

from typing import Any
from uuid import UUID

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record, select, sql
from backend.core.ids import new_id
from backend.core.scope import Scope

_LIST = "id, area, period, words, content, state, by_name as by, published_at"


async def publish(
    actor: Actor, street: str, period: str, words: str, content: dict[str, Any]
) -> UUID:
    """As it stands now; published again, it is the same address with the new content."""
    found = await sql(
        """insert into finding_list as l (id, area, period, words, content, state, by_name,
             published_at)
           values (:id, :area, :period, :words, :content, 'published', :by, :now)
           on conflict (area, period) do update set words = excluded.words,
             content = excluded.content, state = 'published', by_name = excluded.by_name,
             published_at = excluded.published_at
           returning id""",
        id=new_id(),
        area=street,
        period=period,
        words=words,
        content=content,
        by=actor.name,
        now=clock.now(),
    )
    return found[0]["id"]  # type: ignore[no-any-return]


async def withdraw(scope: Scope, period: str) -> bool:
    """Nobody outside sees it any more."""
    found = await select(
        scope,
        """update finding_list set state = 'withdrawn'
           where area like :scope and period = :period and state = 'published' returning id""",
        period=period,
    )
    return bool(found)


async def listing(scope: Scope, state: str | None = None) -> list[Record]:
    """The lists of a scope without their rows, the latest first."""
    return await select(
        scope,
        """select id, area, period, words, state, by_name as by, published_at,
             jsonb_array_length(content->'rows') as rows
           from finding_list where area like :scope and (:state::text is null or state = :state)
           order by period desc, area limit 100""",
        state=state,
    )


async def of_period(scope: Scope, period: str) -> Record | None:
    found = await select(
        scope,
        f"select {_LIST} from finding_list where area like :scope and period = :period",
        period=period,
    )
    return found[0] if found else None


async def published(published: UUID) -> Record | None:
    """What anybody with the link may see."""
    found = await sql(
        f"select {_LIST} from finding_list where id = :id and state = 'published'", id=published
    )
    return found[0] if found else None
