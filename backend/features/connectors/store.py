"""The only door to the feeds' bookkeeping: how far, what came, what was refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson

from backend.core import clock, crypto
from backend.core.db import Record, copy_rows, select, sql
from backend.core.ids import new_id
from backend.core.scope import EVERYWHERE, Scope
from backend.features.connectors.shapes import Quarantined, Run
from backend.features.registers.shapes import Taken

_PUSHES_KEPT, _ROWS_KEPT = timedelta(days=1), timedelta(days=730)
_EMPTY_KEPT = timedelta(days=30)

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


async def brought(run: UUID) -> bool:
    """Whether a run has seen any row at all."""
    return bool(await sql("select 1 from feed_run where id = :id and seen > 0", id=run))


async def fold(run: Run) -> None:
    """Of two runs on end that brought nothing, the later stands for both."""
    await sql(
        """delete from feed_run where seen = 0 and state = 'done' and id = (
             select id from feed_run where feed = :feed and id <> :id and state <> 'pushed'
             order by started_at desc, id desc limit 1)""",
        feed=run.feed,
        id=run.id,
    )


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


async def tally_pushed(feed: str, seen: int, taken: Taken) -> Run:
    """Add a push to the counts of its feed and day. Last in its transaction: others wait here."""
    moment = clock.now()
    found = await sql(
        """insert into feed_run (id, feed, state, day, started_at, ended_at, seen, added, changed,
                                 same, refused)
           values (:id, :feed, 'pushed', :day, :now, :now, :seen, :added, :changed, :same, :refused)
           on conflict (feed, day) where state = 'pushed' do update
           set ended_at = excluded.ended_at, seen = feed_run.seen + excluded.seen,
             added = feed_run.added + excluded.added, changed = feed_run.changed + excluded.changed,
             same = feed_run.same + excluded.same, refused = feed_run.refused + excluded.refused
           returning id""",
        id=new_id(),
        feed=feed,
        day=moment.date(),
        now=moment,
        seen=seen,
        added=taken.added,
        changed=taken.changed,
        same=taken.same,
        refused=len(taken.refused),
    )
    run = await sql(_RUN + "where r.id = :id", id=found[0]["id"])
    return Run.model_validate(run[0])


async def first_times(feed: str, nonces: Iterable[str]) -> set[str]:
    """Which pushes were not taken over before; notes them on the current transaction."""
    given = sorted(nonces)
    made = await sql(
        """insert into feed_push (id, feed, nonce, at)
           select id, :feed, nonce, :now from unnest(:ids::uuid[], :nonces::text[]) as n(id, nonce)
           on conflict do nothing returning nonce""",
        ids=[new_id() for _ in given],
        feed=feed,
        nonces=given,
        now=clock.now(),
    )
    return {row["nonce"] for row in made}


async def remembered(feed: str, stream: str, ids: Iterable[str]) -> dict[str, bytes]:
    """The digests under which rows of a stream came, by their numbers."""
    found = await sql(
        """select source_id, digest from feed_memory
           where feed = :feed and stream = :stream and source_id = any(:ids)""",
        feed=feed,
        stream=stream,
        ids=list(ids),
    )
    return {row["source_id"]: row["digest"] for row in found}


async def remember(feed: str, stream: str, digests: Mapping[str, bytes]) -> None:
    """Note rows as taken over, in the transaction that takes them."""
    await sql(
        """insert into feed_memory (id, feed, stream, source_id, digest, at)
           select id, :feed, :stream, source_id, digest, :now
           from unnest(:rows::uuid[], :names::text[], :digests::bytea[])
             as r(id, source_id, digest)
           order by source_id
           on conflict (feed, stream, source_id) do update
           set digest = excluded.digest, at = excluded.at""",
        feed=feed,
        stream=stream,
        now=clock.now(),
        rows=[new_id() for _ in digests],
        names=list(digests),
        digests=list(digests.values()),
    )


async def weigh() -> None:
    await sql("analyze feed_memory")


async def tidy() -> None:
    """Forget pushes that nobody could repeat any more (they are stale after minutes), runs that
    brought nothing, and rows of two years ago: what they became knows its own number."""
    moment = clock.now()
    await sql("delete from feed_push where at < :before", before=moment - _PUSHES_KEPT)
    await sql("delete from feed_memory where at < :before", before=moment - _ROWS_KEPT)
    await sql(
        "delete from feed_run where seen = 0 and state <> 'running' and started_at < :before",
        before=moment - _EMPTY_KEPT,
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
    text = _RUN + "where r.feed = :feed order by r.started_at desc, r.id desc limit :n"
    return [Run.model_validate(row) for row in await sql(text, feed=feed, n=limit)]


async def forget(feed: str) -> None:
    """Start at the first row the next time: unchanged rows will cost a comparison each."""
    await sql("delete from feed_cursor where feed = :feed", feed=feed)


async def failures(feed: str) -> int:
    """How often in a row a feed has failed, up to the last run that has ended."""
    found = await sql(
        """select count(*) as n from feed_run r where r.feed = :feed and r.state = 'failed'
             and not exists (select 1 from feed_run d where d.feed = r.feed and d.state = 'done'
                             and (d.started_at, d.id) > (r.started_at, r.id))""",
        feed=feed,
    )
    return int(found[0]["n"])


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
