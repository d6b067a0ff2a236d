"""Experience officers: their rows, their invitations, and whose phone is whose."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from backend.core import clock, crypto, problems
from backend.core.access import Actor
from backend.core.db import Record, place, select, sql
from backend.core.ids import new_id
from backend.core.scope import Scope
from backend.features.accounts.officers import ChangedTerm, Invited, NewInvitation, Officer
from backend.features.accounts.tables import AcceptanceRow, InvitationRow, OfficerRow

_OFFICER = "id, area, name, field, term_from, term_until, state"
_INVITED = """id, area, officer_id, name, field, term_from, term_until, uses, used, expires_at,
  revoked_at"""


async def by_id(officer: UUID) -> Officer | None:
    found = await sql(f"select {_OFFICER} from officer where id = :id", id=officer)
    return Officer(**found[0]) if found else None


async def one(scope: Scope, officer: UUID) -> Officer:
    """An officer of a scope."""
    found = await select(
        scope, f"select {_OFFICER} from officer where area like :scope and id = :id", id=officer
    )
    if not found:
        raise problems.not_found(kind="体验官")
    return Officer(**found[0])


async def listing(scope: Scope, officer: UUID | None = None) -> list[Record]:
    """The officers of a scope, or one of them; those who serve first, by name."""
    return await select(
        scope,
        f"""select {_OFFICER}, reason, phone is not null as has_phone,
              exists (select 1 from wechat_holder h where h.officer_id = officer.id) as by_wechat
            from officer
            where area like :scope and (:officer::uuid is null or id = :officer)
            order by state = 'revoked', term_until < :today, name, id""",
        officer=officer,
        today=clock.today(),
    )


async def add(actor: Actor, invited: Invited, name: str, phone: str | None) -> Officer:
    """A new officer, as their invitation says."""
    officer, moment = new_id(), clock.now()
    await place(
        actor.scope,
        OfficerRow,
        area=invited.area,
        id=officer,
        name=name,
        field=invited.field,
        phone=crypto.seal("officer", "phone", officer, phone) if phone else None,
        term_from=invited.term_from,
        term_until=invited.term_until,
        state="active",
        by=name,
        created_at=moment,
        changed_at=moment,
    )
    return Officer(
        officer,
        invited.area,
        name,
        invited.field,
        invited.term_from,
        invited.term_until,
        "active",
    )


async def change(officer: UUID, to: ChangedTerm, by: str) -> Officer:
    """Another term or field; who was revoked is an officer again."""
    found = await sql(
        f"""update officer set field = :field, term_from = :first, term_until = :last,
              state = 'active', reason = null, by_name = :by, changed_at = :now
            where id = :id returning {_OFFICER}""",
        id=officer,
        field=to.field,
        first=to.term_from,
        last=to.term_until,
        by=by,
        now=clock.now(),
    )
    return Officer(**found[0])


async def revoke(scope: Scope, officer: UUID, reason: str, by: str) -> None:
    await select(
        scope,
        """update officer set state = 'revoked', reason = :reason, by_name = :by, changed_at = :now
           where area like :scope and id = :id""",
        id=officer,
        reason=reason,
        by=by,
        now=clock.now(),
    )


async def fields(people: Iterable[UUID]) -> dict[UUID, str]:
    """As what some officers serve."""
    found = await sql("select id, field from officer where id = any(:ids)", ids=list(set(people)))
    return {row["id"]: row["field"] for row in found}


async def phone(officer: UUID) -> str | None:
    found = await sql("select phone from officer where id = :id", id=officer)
    sealed = found[0]["phone"] if found else None
    return crypto.unseal("officer", "phone", officer, sealed) if sealed else None


async def serving(scope: Scope) -> list[UUID]:
    """Those of a scope who are officers today."""
    found = await select(
        scope,
        """select id from officer where area like :scope and state = 'active'
             and term_from <= :today and term_until >= :today order by id""",
        today=clock.today(),
    )
    return [row["id"] for row in found]


# -- invitations ----------------------------------------------------------------------------------


async def invite(
    actor: Actor, new: NewInvitation, expires_at: datetime, officer: UUID | None = None
) -> UUID:
    row = await place(
        actor.scope,
        InvitationRow,
        area=actor.area,
        id=new_id(),
        officer_id=officer,
        name=new.name,
        field=new.field,
        term_from=new.term_from,
        term_until=new.term_until,
        uses=new.uses,
        expires_at=expires_at,
        by=actor.name,
        created_at=clock.now(),
    )
    return row.id


async def invitations(scope: Scope, invitation: UUID | None = None) -> list[Record]:
    """The invitations of a scope, or one of them, the latest first."""
    return await select(
        scope,
        f"""select {_INVITED}, by_name as by, created_at from officer_invitation
            where area like :scope and (:invitation::uuid is null or id = :invitation)
            order by created_at desc, id desc limit 200""",
        invitation=invitation,
    )


async def withdraw(scope: Scope, invitation: UUID) -> bool:
    """Nobody can take it from now on; False when it was withdrawn before, or is none."""
    found = await select(
        scope,
        """update officer_invitation set revoked_at = :now
           where area like :scope and id = :id and revoked_at is null returning id""",
        id=invitation,
        now=clock.now(),
    )
    return bool(found)


async def invited(invitation: UUID, *, alone: bool = False) -> Invited | None:
    """An invitation by its id; `alone` keeps others from taking it at the same moment."""
    found = await sql(
        f"select {_INVITED} from officer_invitation where id = :id" + " for update" * alone,
        id=invitation,
    )
    return Invited(**found[0]) if found else None


async def taken(invitation: UUID, mark: bytes) -> Officer | None:
    """Who took this invitation with this mark before."""
    found = await sql(
        f"""select {_OFFICER} from officer where id = (
              select officer_id from officer_acceptance
              where invitation_id = :invitation and mark = :mark)""",
        invitation=invitation,
        mark=mark,
    )
    return Officer(**found[0]) if found else None


async def take(invitation: UUID, mark: bytes, officer: UUID) -> None:
    await sql("update officer_invitation set used = used + 1 where id = :id", id=invitation)
    await AcceptanceRow.create(
        id=new_id(), invitation_id=invitation, mark=mark, officer_id=officer, at=clock.now()
    )


# -- phones ---------------------------------------------------------------------------------------


async def of_holder(appid: str, openid: str) -> Officer | None:
    """The officer whose phone this is."""
    found = await sql(
        f"""select {_OFFICER} from officer where id = (
              select officer_id from wechat_holder
              where appid = :appid and openid_bi = :openid_bi)""",
        appid=appid,
        openid_bi=_blind(appid, openid),
    )
    return Officer(**found[0]) if found else None


async def hold(appid: str, openid: str, officer: UUID) -> None:
    """From now on this phone is that officer's, and no other's."""
    row = new_id()
    await sql(
        """insert into wechat_holder (id, appid, openid, openid_bi, officer_id, at)
           values (:id, :appid, :openid, :openid_bi, :officer, :now)
           on conflict (appid, openid_bi) do update set officer_id = excluded.officer_id""",
        id=row,
        appid=appid,
        openid=crypto.seal("wechat_holder", "openid", row, openid),
        openid_bi=_blind(appid, openid),
        officer=officer,
        now=clock.now(),
    )


async def openids(appid: str, people: Iterable[UUID]) -> dict[UUID, str]:
    """Where officers who serve today can be told something: their openid in a mini program."""
    found = await sql(
        """select h.id, h.openid, h.officer_id from wechat_holder h
           where h.appid = :appid and h.officer_id = any(:people)
             and exists (select 1 from officer o where o.id = h.officer_id and o.state = 'active'
                           and o.term_until >= :today)""",
        appid=appid,
        people=list(people),
        today=clock.today(),
    )
    return {
        row["officer_id"]: crypto.unseal("wechat_holder", "openid", row["id"], row["openid"])
        for row in found
    }


def _blind(appid: str, openid: str) -> bytes:
    return crypto.blind("wechat_holder.openid", openid, appid)
