"""Sessions: opened at the end of every way of signing on, renewed, listed, revoked, signed out."""

from dataclasses import replace
from uuid import UUID

from backend.core import problems
from backend.core.access import SYSTEM, Actor, act, look
from backend.features.accounts import tokens, whoever
from backend.features.accounts.roles import verbs_of
from backend.features.accounts.shapes import DeviceSession, Me, SessionTrace, Staff, Tokens, Way
from backend.features.accounts.store import sessions, staff
from backend.features.areas import store as areas


async def admitted(corp_id: str, userid: str) -> Staff:
    """The person of the roster behind a userid; a clear sentence for everybody else."""
    person = await staff.by_userid(corp_id, userid)
    if person is None:
        await staff.remember_stranger(corp_id, userid)
        raise problems.account_unknown(corp_id=corp_id, userid=userid)
    _check(person)
    return person


async def begin(person: Staff, way: Way, device: str) -> tuple[Tokens, str]:
    """Open a session. The refresh token comes beside the tokens: its way out differs."""
    opened = await _open(_behalf(person), person, way, device)
    return await _tokens(person, opened.session), opened.refresh_token


async def renew(token: str, device: str) -> tuple[Tokens, str]:
    """New tokens for a refresh token, which is good once; reuse ends the session (tokens.py)."""
    read = tokens.read_refresh(token)
    if read is None:
        raise problems.session_over()
    session, hashed = read
    person = await _owner(session)
    outcome = await sessions.rotate(session, token, hashed, device)
    if outcome == "reused":
        await _end(_behalf(person), person.id, session, "reused")
        raise problems.session_reused()
    if outcome == "over":
        _check(person)
        raise problems.session_over()
    _check(person)
    return await _tokens(person, session), outcome


async def _owner(session: UUID) -> Staff:
    owner = await sessions.owner(session)
    person = await staff.by_id(owner) if owner else None
    if person is None:
        raise problems.session_over()
    return person


def _check(person: Staff) -> None:
    if person.status != "active":
        raise problems.account_disabled()
    if not person.roles:
        raise problems.account_without_role()


def _behalf(person: Staff) -> Actor:
    """The system at work for somebody who is just signing on: the trace names the person."""
    return replace(SYSTEM, id=person.id, name=person.name, area=person.area)


async def _opened(actor: Actor, person: Staff, way: Way, device: str) -> SessionTrace:
    session, token = await sessions.open_session(person, way, device)
    return SessionTrace(session, device, way, refresh_token=token)


_open = act("account.sign_in", "登录")(_opened)


async def _ended(actor: Actor, person: UUID, session: UUID, reason: str) -> SessionTrace:
    ended = await sessions.revoke(person, session, reason)
    if ended is None:
        raise problems.not_found(kind="登录记录")
    return SessionTrace(session, ended["device"], ended["way"], reason)


_end = act("account.end_session", "结束登录")(_ended)


async def _tokens(person: Staff, session: UUID) -> Tokens:
    return Tokens(
        access_token=tokens.access_token(person.id, session),
        expires_in=int(tokens.ACCESS.total_seconds()),
        refresh_token=None,
        me=await describe(person),
    )


async def describe(person: Staff) -> Me:
    """A person as their own screen shows them."""
    return Me(
        id=person.id,
        name=person.name,
        corp_id=person.corp_id,
        userid=person.userid,
        roles=staff.labelled(person.roles),
        verbs=tuple(sorted(verbs_of(list(person.roles)))),
        area=await areas.latest(person.area),
        area_path=tuple(await areas.path(person.area)),
        duties=person.duties,
    )


@look("account.self", "查看本人信息")
async def me(actor: Actor) -> Me:
    """Who I am, what I may do and where."""
    person = await staff.by_id(actor.id) if actor.id else None
    if person is None:
        raise problems.session_over()
    return await describe(person)


@look("account.self", "查看本人信息")
async def devices(actor: Actor) -> list[DeviceSession]:
    """Where I am signed in."""
    return await sessions.of(actor)


@look("account.self", "查看本人信息")
async def revoke(actor: Actor, session: UUID) -> None:
    """Sign one of my devices out, at once."""
    await end(actor, session, "revoked")


async def end(actor: Actor, session: UUID, reason: str) -> None:
    """End a session of the actor's own; the ending is an act with a trace of its own."""
    person = await staff.by_id(actor.id) if actor.id else None
    if person is None:
        raise problems.session_over()
    await _end(_behalf(person), person.id, session, reason)
    whoever.forget()
