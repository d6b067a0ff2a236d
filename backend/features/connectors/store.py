"""The only door to the feeds' bookkeeping: how far, what came, what was refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from backend.core import clock, crypto
from backend.core.db import Record, copy_rows, select, sql
from backend.core.ids import new_id
from backend.core.scope import EVERYWHERE, Scope
from backend.features.connectors.shapes import Quarantined, Run
from backend.features.registers.shapes import Taken

_RUN = """
select r.id, r.feed, r.state, r.started_at, r.ended_at, r.seen, r.added, r.changed, r.same,
  r.refused, r.problem, coalesce((
    select string_agg(c.stream || ':' || c.cursor, ' ' order by c.stream)
    from feed_cursor c where c.feed = r.feed), '') as cursor
from feed_run r """


class Overtaken(Exception):
    """Another worker has moved the cursor: it is at work on this page, we are not."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One entry for the quarantine: the raw row, and what of it may be shown."""

    source_id: str
    field: str
    reason: str
    whole: bool
    area: str
    raw: Any
    masked: dict[str, str]


async def begin(feed: str) -> Run:
    """The run that is under way, or a new one."""
    await sql(
        """insert into feed_run (id, feed, state, started_at, seen, added, changed, same, refused)
           values (:id, :feed, 'running', :now, 0, 0, 0, 0, 0)
           on conflict (feed) where state = 'running' do nothing""",
        id=new_id(),
        feed=feed,
        now=clock.now(),
    )
    found = await sql(_RUN + "where r.feed = :feed and r.state = 'running'", feed=feed)
    return Run.model_validate(found[0])


async def end(run: UUID, state: str, problem: str | None = None) -> Run | None:
    """Close a run; None when somebody else has closed it already."""
    closed = await sql(
        """update feed_run set state = :state, problem = :problem, ended_at = :now
           where id = :id and state = 'running' returning id""",
        id=run,
        state=state,
        problem=problem,
        now=clock.now(),
    )
    found = await sql(_RUN + "where r.id = :id", id=run) if closed else []
    return Run.model_validate(found[0]) if found else None


async def cursor(feed: str, stream: str) -> str:
    found = await sql(
        "select cursor from feed_cursor where feed = :feed and stream = :stream",
        feed=feed,
        stream=stream,
    )
    return str(found[0]["cursor"]) if found else ""


async def advance(feed: str, stream: str, was: str, now_at: str) -> None:
    """Move the cursor inside the page's transaction; Overtaken when it does not stand at `was`."""
    moved = await sql(
        """insert into feed_cursor (id, feed, stream, cursor, moved_at)
           values (:id, :feed, :stream, :cursor, :now)
           on conflict (feed, stream) do update set cursor = :cursor, moved_at = :now
           where feed_cursor.cursor = :was returning cursor""",
        id=new_id(),
        feed=feed,
        stream=stream,
        was=was,
        cursor=now_at,
        now=clock.now(),
    )
    if not moved:
        raise Overtaken(f"{feed}.{stream}")


async def tally(run: UUID, seen: int, taken: Taken) -> None:
    """Add a page to the run's counts."""
    await sql(
        """update feed_run set seen = seen + :seen, added = added + :added,
             changed = changed + :changed, same = same + :same, refused = refused + :refused
           where id = :id""",
        id=run,
        seen=seen,
        added=taken.added,
        changed=taken.changed,
        same=taken.same,
        refused=len(taken.refused),
    )


async def quarantine(
    feed: str, stream: str, sound: Iterable[str], refused: Sequence[Refused]
) -> None:
    """Keep what was refused, forget what has become sound; one statement each."""
    pairs = {(r.source_id, r.field): r for r in refused}
    await select(
        EVERYWHERE,
        """delete from feed_quarantine q where q.area like :scope and q.feed = :feed
           and q.stream = :stream and q.source_id = any(:ids)
           and q.source_id || '/' || q.field <> all(:kept)""",
        feed=feed,
        stream=stream,
        ids=[*sound, *(r.source_id for r in refused)],
        kept=[f"{name}/{field}" for name, field in pairs],
    )
    if pairs:
        await _keep(feed, stream, list(pairs.values()))


_KEPT = (
    "id",
    "area",
    "feed",
    "stream",
    "source_id",
    "field",
    "reason",
    "whole",
    "row",
    "masked",
    "at",
)


async def _keep(feed: str, stream: str, refused: list[Refused]) -> None:
    await sql("create temp table if not exists quarantine_in (like feed_quarantine) on commit drop")
    await sql("truncate quarantine_in")
    await copy_rows("quarantine_in", _KEPT, [_record(feed, stream, r) for r in refused])
    await sql(
        f"""insert into feed_quarantine ({", ".join(_KEPT)})
            select {", ".join(_KEPT)} from quarantine_in
            on conflict (feed, stream, source_id, field) do update
            set id = excluded.id, area = excluded.area, reason = excluded.reason,
              whole = excluded.whole, row = excluded.row, masked = excluded.masked,
              at = excluded.at"""
    )


def _record(feed: str, stream: str, refused: Refused) -> tuple[Any, ...]:
    number = new_id()
    row = crypto.seal("feed_quarantine", "row", number, orjson.dumps(refused.raw).decode())
    what = (refused.source_id, refused.field, refused.reason[:200], refused.whole)
    return number, refused.area, feed, stream, *what, row, refused.masked, clock.now()


async def refused_rows(feed: str, stream: str, after: UUID, limit: int) -> list[tuple[UUID, Any]]:
    """Whole rows in quarantine, opened, to be tried once more."""
    found = await select(
        EVERYWHERE,
        """select q.id, q.row from feed_quarantine q
           where q.area like :scope and q.feed = :feed and q.stream = :stream and q.whole
             and q.id > :after order by q.id limit :n""",
        feed=feed,
        stream=stream,
        after=after,
        n=limit,
    )
    return [(row["id"], _opened(row)) for row in found]


def _opened(row: Record) -> Any:
    return orjson.loads(crypto.unseal("feed_quarantine", "row", row["id"], row["row"]))


async def runs(feed: str, limit: int = 50) -> list[Run]:
    """The runs of a feed, the newest first."""
    text = _RUN + "where r.feed = :feed order by r.started_at desc limit :n"
    return [Run.model_validate(row) for row in await sql(text, feed=feed, n=limit)]


async def forget(feed: str) -> None:
    """Start at the first row the next time: unchanged rows will cost a comparison each."""
    await sql("delete from feed_cursor where feed = :feed", feed=feed)


async def failed_before(feed: str) -> bool:
    """Whether the last run that has ended had failed: then another failure is no news."""
    found = await sql(
        """select state from feed_run where feed = :feed and state <> 'running'
           order by started_at desc limit 1""",
        feed=feed,
    )
    return bool(found) and found[0]["state"] == "failed"


async def refusals(scope: Scope, feed: str, limit: int = 200) -> list[Quarantined]:
    """What stands in quarantine in a place, the newest first."""
    found = await select(
        scope,
        """select q.id, q.source_id, q.reason, q.field, q.masked as row, q.at
           from feed_quarantine q where q.area like :scope and q.feed = :feed
           order by q.at desc, q.id limit :n""",
        feed=feed,
        n=limit,
    )
    return [Quarantined.model_validate(row) for row in found]
