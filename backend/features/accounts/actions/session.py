"""Sessions: opened at the end of every way of signing on, renewed, listed, revoked, signed out."""

from dataclasses import replace
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import SYSTEM, Actor, act, look
from backend.features.accounts import tokens, whoever
from backend.features.accounts.officers import FIELDS, Officer, Term
from backend.features.accounts.roles import OFFICER, verbs_of
from backend.features.accounts.shapes import DeviceSession, Me, SessionTrace, Staff, Tokens, Way
from backend.features.accounts.store import officers, sessions, staff
from backend.features.areas import store as areas

Holder = Staff | Officer


async def admitted(corp_id: str, userid: str) -> Staff:
    """The person of the roster behind a userid; a clear sentence for everybody else."""
    person = await staff.by_userid(corp_id, userid)
    if person is None:
        await staff.remember_stranger(corp_id, userid)
        raise problems.account_unknown(corp_id=corp_id, userid=userid)
    _check(person)
    return person


async def begin(person: Holder, way: Way, device: str) -> tuple[Tokens, str]:
    """Open a session. The refresh token comes beside the tokens: its way out differs."""
    opened = await _open(behalf(person), person, way, device)
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
        await _end(behalf(person), person.id, session, "reused")
        raise problems.session_reused()
    if outcome == "over":
        _check(person)
        raise problems.session_over()
    _check(person)
    return await _tokens(person, session), outcome


async def _owner(session: UUID) -> Holder:
    return await _holder(await sessions.owner(session))


async def _holder(owner: UUID | None) -> Holder:
    """Who somebody is: of the roster, or an officer."""
    if owner is None:
        raise problems.session_over()
    person: Holder | None = await staff.by_id(owner) or await officers.by_id(owner)
    if person is None:
        raise problems.session_over()
    return person


def _check(person: Holder) -> None:
    if isinstance(person, Officer):
        check_term(person)
        return
    if person.status != "active":
        raise problems.account_disabled()
    if not person.roles:
        raise problems.account_without_role()


def check_term(officer: Officer) -> None:
    """Only somebody who is an officer today comes in."""
    if officer.serves(clock.today()):
        return
    if officer.state == "active" and clock.today() < officer.term_from:
        raise problems.officer_early(day=officer.term_from.isoformat())
    raise problems.officer_over()


def behalf(person: Holder) -> Actor:
    """The system at work for somebody who is just signing on: the trace names the person."""
    return replace(SYSTEM, id=person.id, name=person.name, area=person.area)


async def _opened(actor: Actor, person: Holder, way: Way, device: str) -> SessionTrace:
    session, token = await sessions.open_session(person.id, way, device, _lasting(person))
    return SessionTrace(session, device, way, refresh_token=token)


_open = act("account.sign_in", "登录")(_opened)


def _lasting(person: Holder) -> tokens.Lasting:
    moment = clock.now()
    if not isinstance(person, Officer):
        return tokens.Lasting(tokens.IDLE, moment + tokens.ABSOLUTE)
    over = clock.at(person.term_until, 23, 59)
    return tokens.Lasting(tokens.OFFICER_IDLE, min(moment + tokens.OFFICER_ABSOLUTE, over))


async def _ended(actor: Actor, person: UUID, session: UUID, reason: str) -> SessionTrace:
    ended = await sessions.revoke(person, session, reason)
    if ended is None:
        raise problems.not_found(kind="登录记录")
    return SessionTrace(session, ended["device"], ended["way"], reason)


_end = act("account.end_session", "结束登录")(_ended)


async def _tokens(person: Holder, session: UUID) -> Tokens:
    return Tokens(
        access_token=tokens.access_token(person.id, session),
        expires_in=int(tokens.ACCESS.total_seconds()),
        refresh_token=None,
        me=await describe(person),
    )


async def describe(person: Holder) -> Me:
    """A person as their own screen shows them."""
    if isinstance(person, Officer):
        return await _describe_officer(person)
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


async def _describe_officer(person: Officer) -> Me:
    return Me(
        id=person.id,
        name=person.name,
        corp_id=None,
        userid=None,
        roles=staff.labelled(OFFICER),
        verbs=tuple(sorted(verbs_of(OFFICER))),
        area=await areas.latest(person.area),
        area_path=tuple(await areas.path(person.area)),
        duties=(),
        officer=Term(
            field=person.field,
            field_label=FIELDS[person.field],
            term_from=person.term_from,
            term_until=person.term_until,
        ),
    )


@look("account.self", "查看本人信息")
async def me(actor: Actor) -> Me:
    """Who I am, what I may do and where."""
    return await describe(await _holder(actor.id))


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
    person = await _holder(actor.id)
    await _end(behalf(person), person.id, session, reason)
    whoever.forget()
