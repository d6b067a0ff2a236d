"""How experience officers come in: by an invitation, then by the phone that took it. These doors
are public; a browser's refresh token is a cookie, the mini program holds its own."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from aiohttp import web

from backend.clients.wechat import Holder, Wechat
from backend.core import clock, crypto, problems
from backend.core.access import SYSTEM, Actor, act
from backend.core.problems import FieldIssue
from backend.features.accounts import whoever
from backend.features.accounts.actions import session, sign_on
from backend.features.accounts.officers import (
    FIELDS,
    Acceptance,
    Asked,
    ChangedTerm,
    FieldKey,
    InvitationCard,
    Invited,
    Officer,
    WechatCode,
    read_invite,
)
from backend.features.accounts.store import officers
from backend.features.areas import store as areas
from backend.settings import Settings


async def card(query: Asked) -> InvitationCard:
    """Who invites, as what, for how long: shown before somebody accepts."""
    invited = await _invited(query.invite)
    if not invited.good(clock.now()):
        raise problems.invitation_over()
    called = await areas.names([invited.area])
    return InvitationCard(
        street=called.get(invited.area, ""),
        field=invited.field,
        field_label=FIELDS[invited.field],
        name=invited.name,
        term_from=invited.term_from,
        term_until=invited.term_until,
        back=invited.officer_id is not None,
    )


async def accept(
    request: web.Request, body: Acceptance, wechat: Wechat, settings: Settings
) -> web.Response:
    """Take an invitation and be signed in. Sent again with the same key, it is the same."""
    invited = await _invited(body.invite)
    holder = await wechat.holder(body.code) if body.code else None
    accepted = await accept_invitation(SYSTEM, body, invited.id, holder)
    whoever.forget()
    return await _enter(request, accepted.officer, settings, mini=holder is not None)


async def mini(
    request: web.Request, body: WechatCode, wechat: Wechat, settings: Settings
) -> web.Response:
    """An officer opens the mini program again: their phone is known."""
    holder = await wechat.holder(body.code)
    officer = await officers.of_holder(holder.appid, holder.openid)
    if officer is None:
        raise problems.officer_unknown()
    return await _enter(request, officer, settings, mini=True)


@dataclass(frozen=True, slots=True)
class Accepted:
    """An officer by an invitation, for the trace."""

    officer: Officer
    invitation: UUID

    @property
    def ref(self) -> str:
        return f"officer:{self.officer.id}"

    @property
    def facts(self) -> dict[str, Any]:
        return {"invitation": str(self.invitation), "field": self.officer.field}


async def _accepted(
    actor: Actor, body: Acceptance, invitation: UUID, holder: Holder | None
) -> Accepted:
    # whoever else takes it waits here, so that it is not taken more often than it may be
    invited = await officers.invited(invitation, alone=True)
    if invited is None:
        raise problems.not_found(kind="邀请")
    mark = crypto.sm3(body.key.get_secret_value().encode())
    again = await officers.taken(invitation, mark)
    if again is not None:
        return Accepted(again, invitation)
    if not invited.good(clock.now()):
        raise problems.invitation_over()
    if clock.today() < invited.term_from:
        raise problems.officer_early(day=invited.term_from.isoformat())
    officer = await _officer(actor, body, invited, holder)
    await officers.take(invitation, mark, officer.id)
    if holder is not None:
        await officers.hold(holder.appid, holder.openid, officer.id)
    return Accepted(officer, invitation)


accept_invitation = act("officer.accept", "接受邀请")(_accepted)


async def _officer(
    actor: Actor, body: Acceptance, invited: Invited, holder: Holder | None
) -> Officer:
    """Who it is that takes it: somebody coming back, somebody invited once more, somebody new."""
    known = await officers.of_holder(holder.appid, holder.openid) if holder else None
    if known and known.area != invited.area and known.serves(clock.today()):
        raise problems.officer_elsewhere()
    if invited.officer_id is not None:
        former = await officers.by_id(invited.officer_id)
        if former is None or not former.serves(clock.today()):
            raise problems.officer_over()
        return former
    if known and known.area == invited.area:
        return await _renewed(known, invited)
    name = invited.name or body.name
    if name is None:
        issue = FieldIssue("name", "name.missing", "请填写您的姓名。")
        raise problems.answers_bad(fields=[issue])
    return await officers.add(actor, invited, name, body.phone)


async def _renewed(known: Officer, invited: Invited) -> Officer:
    """Another term. Who was dismissed is asked in person or not at all."""
    if known.state == "revoked" and invited.name is None:
        raise problems.officer_over()
    term = ChangedTerm(
        field=cast(FieldKey, invited.field),
        term_from=invited.term_from,
        term_until=invited.term_until,
    )
    return await officers.change(known.id, term, known.name)


async def _invited(invite: str) -> Invited:
    invitation = read_invite(invite)
    found = await officers.invited(invitation) if invitation else None
    if found is None:
        raise problems.not_found(kind="邀请")
    return found


async def _enter(
    request: web.Request, officer: Officer, settings: Settings, *, mini: bool
) -> web.Response:
    """A session of the officer's, if they are one today."""
    session.check_term(officer)
    device = sign_on.device(request)
    opened, refresh = await session.begin(officer, "mini" if mini else "h5", device)
    return sign_on.handed(opened, refresh, settings, by_cookie=not mini)
