"""The outbox. `tell` is what other slices call; the rest is for the job that sends."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.core import clock, crypto, jobs
from backend.core.db import Record, sql, transaction
from backend.core.ids import new_id
from backend.core.scope import street_of
from backend.features.accounts.store import staff
from backend.features.areas import modes
from backend.features.notices import hours, messages
from backend.features.notices.shapes import Answer

LEASE = timedelta(seconds=90)
PER_MINUTE = 20  # WeCom silently drops what goes beyond 30 a minute and person
LATEST = timedelta(hours=24)
OFFICERS = ""  # the corp of those who have none: their messages go through the mini program
_LOCK = 0x6E6F7469  # advisory lock: one taker at a time


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one person, taken to be sent."""

    id: UUID
    staff_id: UUID
    corp_id: str
    userid: str
    template: str
    facts: dict[str, Any]
    created_at: datetime
    tries: int
    task: str | None
    left: list[str] | None


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
    checked = [messages.checked(template, one) for one in facts.values()]
    if not checked:
        return frozenset()
    told, moment = checked[0], clock.now()
    found = await staff.addresses(facts)
    awake = frozenset[str]() if told.urgent or not found else await modes.awake()
    rows: list[Record] = []
    for address in found:
        own = dict(facts[address["staff_id"]])
        urgent = told.urgent or street_of(address.pop("area")) in awake
        notice = new_id()
        card: Record = {"task": None, "about": None}
        if told.card:
            card = {"task": f"{told.card}-{own['about']}-{notice.hex[-12:]}", "about": own["about"]}
        send_after = hours.allowed(moment, urgent=urgent, share=_share(key))
        rows.append({"id": notice, "facts": own, "send_after": send_after, **card, **address})
    made = await sql(
        _TELL,
        key=key,
        template=template,
        people=rows,
        card=told.card or None,
        left=[button.key for button in told.buttons] if told.card else None,
        now=moment,
    )
    for due in {row["send_after"] for row in made}:
        await send_later(key, due)
    return frozenset(row["staff_id"] for row in made)


async def tell_officers(
    people: Iterable[UUID], template: str, facts: messages.Facts, key: str
) -> int:
    """Like `tell`, for experience officers: they have no corp, their phone is found when it is
    sent, and they get it if they have agreed to one of its kind."""
    told, moment = messages.checked(template, facts), clock.now()
    send_after = hours.allowed(moment, urgent=told.urgent, share=_share(key))
    nowhere = {"corp_id": OFFICERS, "userid": "", "send_after": send_after, "task": None}
    same = {"facts": dict(facts), "about": None, **nowhere}
    made = await sql(
        _TELL,
        key=key,
        template=template,
        people=[{"id": new_id(), "staff_id": one, **same} for one in people],
        card=None,
        left=None,
        now=moment,
    )
    if made:
        await send_later(key, send_after)
    return len(made)


async def told(people: Iterable[UUID], key: str) -> frozenset[UUID]:
    """Who of these people was, or will be, told of a key."""
    found = await sql(
        "select staff_id from notice where key = :key and staff_id = any(:people)",
        key=key,
        people=list(people),
    )
    return frozenset(row["staff_id"] for row in found)


_TELL = """
insert into notice (id, key, staff_id, corp_id, userid, template, facts, state, send_after, tries,
                    created_at, task, card, about, left_keys, stale)
select id, :key, staff_id, corp_id, userid, :template, facts, 'waiting', send_after, 0,
       :now, task, :card, about, :left::jsonb, false
from jsonb_to_recordset(:people::jsonb) as r(
  id uuid, staff_id uuid, corp_id text, userid text, facts jsonb, send_after timestamptz, task text,
  about uuid)
on conflict (key, staff_id) do nothing returning staff_id, send_after"""


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
returning n.id, n.staff_id, n.corp_id, n.userid, n.template, n.facts, n.created_at, n.tries, n.task,
  n.left_keys as left"""


async def sent(notices: Sequence[Notice], msgid: str, code: str | None = None) -> None:
    """They are on the phones; `code` lets a card with buttons be changed."""
    given = {"state": "sent", "sent_at": clock.now(), "msgid": msgid, "why": None, "code": code}
    await _end(notices, given)


async def failed(notices: Sequence[Notice], why: str) -> None:
    given = {"state": "failed", "sent_at": None, "msgid": None, "why": why, "code": None}
    await _end(notices, given)


async def _end(notices: Sequence[Notice], given: Record) -> None:
    await sql(
        """update notice set state = :state, sent_at = :sent_at, msgid = :msgid, failure = :why,
                  until = null, code = :code
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


async def states(key: str) -> dict[UUID, str]:
    """What became of the messages of a key, by person."""
    found = await sql("select staff_id, state from notice where key = :key", key=key)
    return {row["staff_id"]: row["state"] for row in found}


@dataclass(frozen=True, slots=True)
class Carded:
    """A card with buttons that somebody has, or will have, on their phone."""

    id: UUID
    staff_id: UUID
    corp_id: str
    userid: str
    template: str
    facts: dict[str, Any]
    card: str
    about: UUID
    left: list[str]
    said: str | None
    label: str | None
    code: str | None


_CARDED = """n.id, n.staff_id, n.corp_id, n.userid, n.template, n.facts, n.card, n.about,
  n.left_keys as left, n.said, n.label, n.code"""


async def carded(corp_id: str, task: str) -> Carded | None:
    """The card of a task, held against other presses until the transaction ends."""
    found = await sql(
        f"select {_CARDED} from notice n where n.corp_id = :corp and n.task = :task for update",
        corp=corp_id,
        task=task,
    )
    return Carded(**found[0]) if found else None


async def answered(notice: UUID, answer: Answer, code: str | None) -> None:
    """What a card is to say after a press, and the code that the press brought along."""
    await sql(
        """update notice set said = :said, label = :label, left_keys = :left::jsonb, stale = true,
                  code = coalesce(:code, code)
           where id = :id""",
        id=notice,
        said=answer.said[:200],
        label=answer.label[:12],
        left=list(answer.left),
        code=code,
    )


async def settle(card: str, about: UUID, answer: Answer) -> int:
    """Take buttons away that are not left; returns how many cards on phones must change."""
    found = await sql(
        _SETTLE,
        card=card,
        about=about,
        said=answer.said[:200],
        label=answer.label[:12],
        left=list(answer.left),
    )
    return sum(row["state"] != "failed" for row in found)


# what was not sent yet and has nothing left to press need not be sent at all
_SETTLE = """
update notice n set said = :said, label = :label, left_keys = k.keys, stale = true,
  state = case when n.state = 'waiting' and k.keys = '[]' then 'failed' else n.state end,
  failure = case when n.state = 'waiting' and k.keys = '[]' then 'settled' else n.failure end
from notice o cross join lateral (
  select coalesce(jsonb_agg(v), '[]') as keys from jsonb_array_elements_text(o.left_keys) v
  where v = any(:left)) k
where o.id = n.id and n.card = :card and n.about = :about and k.keys <> n.left_keys
returning n.state"""


async def outdated(card: str, about: UUID) -> list[Carded]:
    """The cards about something that show what is no longer so, and can be changed."""
    found = await sql(
        f"""select {_CARDED} from notice n
            where n.card = :card and n.about = :about and n.stale and n.state = 'sent'
              and n.code is not null order by n.id""",
        card=card,
        about=about,
    )
    return [Carded(**row) for row in found]


async def changed(one: Carded) -> None:
    """The code is used up; what a press said meanwhile is shown by its own job."""
    await sql(
        """update notice set code = case when code = :code then null else code end,
                  stale = not (said = :said and left_keys = :left::jsonb)
           where id = :id""",
        id=one.id,
        code=one.code,
        said=one.said,
        left=one.left,
    )
