"""Sessions and sign-ins under way. PostgreSQL is the truth about who is signed in."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal
from uuid import UUID

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record, sql
from backend.core.ids import new_id
from backend.core.scope import scope_of
from backend.features.accounts import tokens
from backend.features.accounts.roles import OFFICER, verbs_of
from backend.features.accounts.shapes import DeviceSession, Way
from backend.features.accounts.tables import SessionRow, SignInStateRow

STATE_LASTS = timedelta(minutes=10)
SEEN_EVERY = 300  # seconds between two notes that a session was in use
KEPT = timedelta(days=60)
_DEVICE = 80  # characters

# one that has neither rested too long nor lived too long
_FRESH = """s.revoked_at is null and s.ends_at > :now
  and s.last_seen_at > :now::timestamptz - make_interval(days => s.idle_days)"""
# its holder: somebody at work, or an officer in their term
_HELD = """
left join staff p on p.id = s.holder_id and p.status = 'active'
left join officer o on o.id = s.holder_id and o.state = 'active'
  and :today between o.term_from and o.term_until"""
_LIVING = f"""
select s.id as session, s.last_seen_at, s.holder_id as id, coalesce(p.name, o.name) as name,
  coalesce(p.area, o.area) as area, p.roles, p.duties
from session s {_HELD}
where s.id = :id and {_FRESH} and coalesce(p.id, o.id) is not null"""


async def begin(corp_id: str, way: Way, next_path: str) -> tuple[str, str]:
    """Note a sign-in under way. Returns its state and the secret for the browser's cookie."""
    secret, browser = tokens.browser_secret()
    state, moment = tokens.fresh_state(), clock.now()
    await SignInStateRow.create(
        id=state, corp_id=corp_id, way=way, next=next_path, browser=browser, created_at=moment
    )
    return state, secret


async def take(state: str) -> Record | None:
    """A sign-in under way, taken away so that its state is good once."""
    found = await sql(
        """delete from sign_in_state where id = :id
           returning corp_id, way, next_path as next, browser,
                     created_at > :since as fresh""",
        id=state,
        since=clock.now() - STATE_LASTS,
    )
    return found[0] if found and found[0]["fresh"] else None


async def open_session(
    holder: UUID, way: Way, device: str, lasting: tokens.Lasting
) -> tuple[UUID, str]:
    """A new session. Returns its id and the first refresh token."""
    session, moment = new_id(), clock.now()
    token, hashed = tokens.refresh_token(session)
    await SessionRow.create(
        id=session,
        holder_id=holder,
        way=way,
        device=device[:_DEVICE],
        token_hash=hashed,
        created_at=moment,
        rotated_at=moment,
        last_seen_at=moment,
        idle_days=lasting.idle.days,
        ends_at=lasting.until,
    )
    return session, token


async def rotate(
    session: UUID, used: str, hashed: bytes, device: str
) -> str | Literal["reused", "over"]:
    """The token after `used`; or that this one was used before, or that the session is over.

    The answer to the last rotation is repeated once, see tokens.py.
    """
    token, fresh = tokens.next_token(session, used)
    given = {"id": session, "fresh": fresh, **_now()}
    if await sql(_ROTATE, hashed=hashed, **given):
        return token
    since = clock.now() - tokens.GRACE
    if await sql(_REPEAT, since=since, device=device[:_DEVICE], **given):
        return token
    found = await sql("select token_hash, revoked_at from session where id = :id", id=session)
    over = not found or found[0]["revoked_at"] or found[0]["token_hash"] == hashed
    return "over" if over else "reused"


_ALIVE = f"""exists (select 1 from session s {_HELD}
  where s.id = :id and {_FRESH} and coalesce(p.id, o.id) is not null)"""

_ROTATE = f"""
update session set token_hash = :fresh, rotated_at = :now, last_seen_at = :now, repeated = false
where id = :id and token_hash = :hashed and {_ALIVE} returning id"""

# whose next token is the good one was replaced last
_REPEAT = f"""
update session set repeated = true, last_seen_at = :now
where id = :id and token_hash = :fresh and rotated_at > :since and not repeated
  and device = :device and {_ALIVE} returning id"""


async def living(session: UUID) -> Actor | None:
    """Who is signed in by this session, with today's roles; None when it is over."""
    found = await sql(_LIVING, id=session, **_now())
    if not found:
        return None
    row = found[0]
    if (clock.now() - row["last_seen_at"]).total_seconds() > SEEN_EVERY:
        note = "update session set last_seen_at = :now where id = :id"
        await sql(note, now=clock.now(), id=session)
    return Actor(
        id=row["id"],
        name=row["name"],
        verbs=verbs_of(OFFICER if row["roles"] is None else row["roles"]),
        scope=scope_of(row["area"]),
        area=row["area"],
        duties=frozenset(row["duties"] or ()),
        session=session,
    )


async def of(actor: Actor) -> list[DeviceSession]:
    """The actor's sessions that are not over, the latest used first."""
    found = await sql(
        f"""select s.id, s.device, s.created_at, s.last_seen_at from session s
            where s.holder_id = :holder and {_FRESH} order by s.last_seen_at desc""",
        holder=actor.id,
        now=clock.now(),
    )
    return [DeviceSession(**row, current=row["id"] == actor.session) for row in found]


async def revoke(holder: UUID, session: UUID, reason: str) -> Record | None:
    """End one session of a person; None when it was none of theirs or over already."""
    found = await sql(
        """update session set revoked_at = :now, reason = :reason
           where id = :id and holder_id = :holder and revoked_at is null
           returning device, way""",
        id=session,
        holder=holder,
        reason=reason,
        now=clock.now(),
    )
    return found[0] if found else None


async def revoke_all(holders: Iterable[UUID], reason: str) -> int:
    """End every session of these people, at once."""
    found = await sql(
        """update session set revoked_at = :now, reason = :reason
           where holder_id = any(:holders) and revoked_at is null returning id""",
        holders=list(holders),
        reason=reason,
        now=clock.now(),
    )
    return len(found)


async def owner(session: UUID) -> UUID | None:
    found = await sql("select holder_id from session where id = :id", id=session)
    return found[0]["holder_id"] if found else None


async def sweep() -> None:
    """Forget sign-ins nobody finished, sessions long over, and callbacks beyond any replay."""
    moment = clock.now()
    yesterday = moment - timedelta(days=1)
    await sql("delete from sign_in_state where created_at < :before", before=yesterday)
    await sql("delete from wecom_callback where at < :before", before=yesterday)
    await sql("delete from session where last_seen_at < :before", before=moment - KEPT)


def _now() -> Record:
    moment = clock.now()
    return {"now": moment, "today": moment.date()}
