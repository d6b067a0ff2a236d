"""The street's side of experience officers: whom it invites, for how long, and when it ends."""

from datetime import date, datetime, timedelta
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor, act, look
from backend.core.cpu import cpu
from backend.core.db import Record
from backend.core.files import Download
from backend.core.problems import FieldIssue
from backend.features.accounts import whoever
from backend.features.accounts.officers import (
    FIELDS,
    MOST_YEARS,
    ChangedTerm,
    Dismissal,
    Invitation,
    NewInvitation,
    OfficerLine,
    OfficerPhone,
    invite_of,
)
from backend.features.accounts.store import officers, sessions
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.settings import Settings

LINK = "/o/"
_BACK_DAYS = 7
_STATES = {"serving": "在任", "early": "未到任期", "ended": "任期已满", "revoked": "已解聘"}
_STANDS = {"good": "可用", "used": "已用完", "expired": "已过期", "revoked": "已收回"}


@look("officer.read", "查看体验官")
async def listing(actor: Actor) -> list[OfficerLine]:
    """The experience officers of my street."""
    return await _lines(await officers.listing(actor.scope))


@look("officer.read", "查看体验官")
async def invitations(actor: Actor, settings: Settings) -> list[Invitation]:
    """The invitations of my street, the latest first."""
    return await _invitations(await officers.invitations(actor.scope), settings)


@act("officer.invite", "邀请体验官")
async def invite(actor: Actor, body: NewInvitation, settings: Settings) -> Invitation:
    """Invite people to be experience officers; what the QR code says comes back."""
    _check_term(body.term_from, body.term_until)
    if body.name and body.uses != 1:
        issue = FieldIssue("uses", "invitation.personal", "写明姓名的邀请只能由本人使用一次。")
        raise problems.answers_bad(fields=[issue])
    expires_at = clock.now() + timedelta(days=body.days)
    invitation = await officers.invite(actor, body, expires_at)
    return await _invitation(actor, invitation, settings)


@act("officer.withdraw", "收回邀请")
async def withdraw(actor: Actor, invitation: UUID, settings: Settings) -> Invitation:
    """Nobody can take this invitation any more."""
    await officers.withdraw(actor.scope, invitation)
    return await _invitation(actor, invitation, settings)


@look("officer.read", "查看体验官")
async def qr(actor: Actor, invitation: UUID, settings: Settings) -> Download:
    """The QR code of an invitation, to be sent or printed."""
    found = await _invitation(actor, invitation, settings)
    body = await cpu(_drawn, found.url)
    return Download(f"邀请码_{found.field_label}.png", "image/png", body)


@act("officer.manage", "管理体验官")
async def change(actor: Actor, officer: UUID, body: ChangedTerm) -> OfficerLine:
    """Another term or field; who was dismissed serves again."""
    _check_term(body.term_from, body.term_until)
    known = await officers.one(actor.scope, officer)
    await officers.change(known.id, body, actor.name)
    whoever.forget()
    return await _line(actor, officer)


@act("officer.dismiss", "解聘体验官")
async def dismiss(actor: Actor, officer: UUID, body: Dismissal) -> OfficerLine:
    """End it at once: the officer's sessions are over with the answer."""
    known = await officers.one(actor.scope, officer)
    if known.state != "active":
        raise problems.wrong_state(state_label=_STATES["revoked"], what="再次解聘")
    await officers.revoke(actor.scope, officer, body.reason, actor.name)
    await sessions.revoke_all([officer], "ended")
    whoever.forget()
    return await _line(actor, officer)


@act("officer.invite", "邀请体验官")
async def back(actor: Actor, officer: UUID, settings: Settings) -> Invitation:
    """A link that lets an officer who came by H5 in again, once."""
    known = await officers.one(actor.scope, officer)
    if not known.serves(clock.today()):
        raise problems.officer_over()
    again = NewInvitation(
        name=known.name,
        field=known.field,
        term_from=known.term_from,
        term_until=known.term_until,
    )
    expires_at = clock.now() + timedelta(days=_BACK_DAYS)
    made = await officers.invite(actor, again, expires_at, officer)
    return await _invitation(actor, made, settings)


@act("officer.call", "查看体验官电话")
async def phone(actor: Actor, officer: UUID) -> OfficerPhone:
    """The number an officer left, for the street that invited them; it leaves a trace."""
    await officers.one(actor.scope, officer)
    number = await officers.phone(officer)
    if number is None:
        raise problems.not_found(kind="电话")
    return OfficerPhone(id=officer, phone=number)


def _drawn(text: str) -> bytes:
    """Drawn in another process: the server itself need not load reportlab."""
    from backend.engine.pdf.qr import qr_png  # noqa: PLC0415

    return qr_png(text)


def _check_term(first: date, last: date) -> None:
    if last < first:
        issue = FieldIssue("term_until", "term.backwards", "任期的结束日期不能早于开始日期。")
    elif last < clock.today():
        issue = FieldIssue("term_until", "term.past", "任期的结束日期不能早于今天。")
    elif (last - first).days > MOST_YEARS * 366:
        issue = FieldIssue("term_until", "term.long", f"任期最长 {MOST_YEARS} 年。")
    else:
        return
    raise problems.answers_bad(fields=[issue])


async def _line(actor: Actor, officer: UUID) -> OfficerLine:
    (line,) = await _lines(await officers.listing(actor.scope, officer))
    return line


async def _lines(rows: list[Record]) -> list[OfficerLine]:
    called, today = await areas.names(row["area"] for row in rows), clock.today()
    return [_told(row, called, today) for row in rows]


def _told(row: Record, called: dict[str, str], today: date) -> OfficerLine:
    state = "serving"
    if row["state"] == "revoked":
        state = "revoked"
    elif today < row["term_from"]:
        state = "early"
    elif today > row["term_until"]:
        state = "ended"
    return OfficerLine(
        **row
        | {
            "area": AreaName(code=row["area"], name=called.get(row["area"], row["area"])),
            "field_label": FIELDS[row["field"]],
            "state": state,
            "state_label": _STATES[state],
        }
    )


async def _invitation(actor: Actor, invitation: UUID, settings: Settings) -> Invitation:
    rows = await officers.invitations(actor.scope, invitation)
    if not rows:
        raise problems.not_found(kind="邀请")
    return (await _invitations(rows, settings))[0]


async def _invitations(rows: list[Record], settings: Settings) -> list[Invitation]:
    called, moment = await areas.names(row["area"] for row in rows), clock.now()
    return [_stands(row, called, moment, settings.url) for row in rows]


def _stands(row: Record, called: dict[str, str], moment: datetime, address: str) -> Invitation:
    kept = {key: row[key] for key in Invitation.model_fields.keys() & row.keys()}
    state = "good"
    if row["revoked_at"]:
        state = "revoked"
    elif row["used"] >= row["uses"]:
        state = "used"
    elif row["expires_at"] <= moment:
        state = "expired"
    return Invitation(
        **kept
        | {
            "officer": row["officer_id"],
            "area": AreaName(code=row["area"], name=called.get(row["area"], row["area"])),
            "field_label": FIELDS[row["field"]],
            "state": state,
            "state_label": _STANDS[state],
            "url": address + LINK + invite_of(row["id"]),
        }
    )
