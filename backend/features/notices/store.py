"""The outbox. `tell` is what other slices call; the rest is for the job that sends."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.core import clock, crypto, jobs
from backend.core.db import Record, sql, transaction
from backend.core.ids import new_id
from backend.features.accounts.store import staff
from backend.features.notices import hours, messages

LEASE = timedelta(seconds=90)
PER_MINUTE = 20  # WeCom silently drops what goes beyond 30 a minute and person
LATEST = timedelta(hours=24)
_LOCK = 0x6E6F7469  # advisory lock: one taker at a time


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one person, taken to be sent."""

    id: UUID
    corp_id: str
    userid: str
    template: str
    facts: dict[str, Any]
    created_at: datetime


async def tell(people: Iterable[UUID], template: str, facts: messages.Facts, key: str) -> int:
    """Have people told something, on the caller's transaction; each is told of a `key` once.

    Facts are names, counts and days, never a level 3–4 value: a message leaves the house. Leavers
    and unknown people are left out. Returns how many will be told.
    """
    return len(await tell_each(dict.fromkeys(people, facts), template, key))


async def tell_each(
    facts: Mapping[UUID, messages.Facts], template: str, key: str
) -> frozenset[UUID]:
    """The same for people who are each told something of their own; who will be told."""
    urgent = [messages.checked(template, one).urgent for one in facts.values()]
    if not urgent:
        return frozenset()
    moment = clock.now()
    send_after = hours.allowed(moment, urgent=urgent[0], share=_share(key))
    found = await staff.addresses(facts)
    made = await sql(
        """insert into notice (id, key, staff_id, corp_id, userid, template, facts, state,
                               send_after, tries, created_at)
           select id, :key, staff_id, corp_id, userid, :template, facts, 'waiting',
                  :send_after, 0, :now
           from jsonb_to_recordset(:people::jsonb) as r(
             id uuid, staff_id uuid, corp_id text, userid text, facts jsonb)
           on conflict (key, staff_id) do nothing returning staff_id""",
        key=key,
        template=template,
        people=[{"id": new_id(), "facts": facts[one["staff_id"]], **one} for one in found],
        send_after=send_after,
        now=moment,
    )
    if made:
        await send_later(key, send_after)
    return frozenset(row["staff_id"] for row in made)


async def told(people: Iterable[UUID], key: str) -> frozenset[UUID]:
    """Who of these people was, or will be, told of a key."""
    found = await sql(
        "select staff_id from notice where key = :key and staff_id = any(:people)",
        key=key,
        people=list(people),
    )
    return frozenset(row["staff_id"] for row in found)


async def send_later(key: str, moment: datetime) -> None:
    """Have the messages of a key sent at a moment. A job too many finds nothing to do."""
    delay = max(0.0, (moment - clock.now()).total_seconds())
    await jobs.enqueue("notices.send", delay=delay, key=f"notices:{new_id()}", about=key)


def _share(key: str) -> float:
    """Where in the morning a key's messages go: the same for the same key, evenly spread."""
    return crypto.sm3(key.encode())[0] / 256


async def take(key: str) -> list[Notice]:
    """The messages of a key that are due, leased to the caller; nobody is sent too many."""
    moment = clock.now()
    async with transaction():
        await sql("select pg_advisory_xact_lock(:lock)", lock=_LOCK)
        found = await sql(
            _TAKE,
            key=key,
            until=moment + LEASE,
            now=moment,
            most=PER_MINUTE,
            minute_ago=moment - timedelta(minutes=1),
        )
    return [Notice(**row) for row in found]


# one being sent counts as sent; takers come one after the other, so that each sees the last one's
_TAKE = """
update notice n set state = 'sending', until = :until, tries = n.tries + 1
where n.id in (
  select w.id from notice w
  where w.key = :key and w.send_after <= :now
    and (w.state = 'waiting' or w.state = 'sending' and w.until < :now)
    and :most > (select count(*) from notice s
                 where s.staff_id = w.staff_id
                   and (s.sent_at > :minute_ago or s.state = 'sending' and s.until >= :now))
  for update skip locked)
returning n.id, n.corp_id, n.userid, n.template, n.facts, n.created_at"""


async def sent(notices: Sequence[Notice], msgid: str) -> None:
    await _end(notices, {"state": "sent", "sent_at": clock.now(), "msgid": msgid, "why": None})


async def failed(notices: Sequence[Notice], why: str) -> None:
    await _end(notices, {"state": "failed", "sent_at": None, "msgid": None, "why": why})


async def _end(notices: Sequence[Notice], given: Record) -> None:
    await sql(
        """update notice set state = :state, sent_at = :sent_at, msgid = :msgid, failure = :why,
                  until = null
           where id = any(:ids)""",
        ids=[notice.id for notice in notices],
        **given,
    )


async def put_back(notices: Sequence[Notice], why: str, wait: timedelta) -> None:
    """WeCom could not be reached: again later, for a day; after that nobody wants to know."""
    moment = clock.now()
    await sql(
        """update notice set until = null, failure = :why, send_after = :later,
                  state = case when created_at < :oldest then 'failed' else 'waiting' end
           where id = any(:ids)""",
        ids=[notice.id for notice in notices],
        why=why,
        later=moment + wait,
        oldest=moment - LATEST,
    )


async def next_due(key: str) -> datetime | None:
    """When the rest of a key's messages can be tried again; None when all are dealt with."""
    found = await sql(
        """select min(coalesce(until, send_after)) as due from notice
           where key = :key and state in ('waiting', 'sending')""",
        key=key,
    )
    return found[0]["due"] if found else None
