"""Experience officers (治理体验官) as other slices and the front ends see them: people without a
corp account, invited by a street for a term, who see no personal data of others."""

import base64
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from pydantic import Field, SecretStr

from backend.core import crypto
from backend.core.shape import Shape
from backend.features.areas.shapes import AreaName

FieldKey = Literal["deputy", "member", "expert", "resident", "business", "other"]
FIELDS: dict[str, str] = {
    "deputy": "人大代表",
    "member": "政协委员",
    "expert": "专家学者",
    "resident": "热心居民",
    "business": "企业商户",
    "other": "其他",
}
assert get_args(FieldKey) == tuple(FIELDS)

MOST_YEARS = 5
_MAC = 12

Name = Annotated[str, Field(min_length=2, max_length=32, pattern=r"^[\w·.\- ]+$")]
Phone = Annotated[str, Field(pattern=r"^1[3-9]\d{9}$")]
Invite = Annotated[str, Field(min_length=20, max_length=60)]


@dataclass(frozen=True, slots=True)
class Officer:
    """One officer, as the slice itself handles them."""

    id: UUID
    area: str
    name: str
    field: str
    term_from: date
    term_until: date
    state: str

    def serves(self, today: date) -> bool:
        return self.state == "active" and self.term_from <= today <= self.term_until


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as it stands, and the officer it leads back to, if it does."""

    id: UUID
    area: str
    officer_id: UUID | None
    name: str | None
    field: str
    term_from: date
    term_until: date
    uses: int
    used: int
    expires_at: datetime
    revoked_at: datetime | None

    def good(self, now: datetime) -> bool:
        return self.revoked_at is None and self.used < self.uses and now < self.expires_at


class Term(Shape):
    """What somebody's own screen shows of their being an officer."""

    field: FieldKey
    field_label: str
    term_from: date
    term_until: date


class NewInvitation(Shape):
    """Whom to invite. A `name` makes it a letter to one person, so `uses` is 1 then."""

    name: Name | None = None
    field: FieldKey
    term_from: date
    term_until: date
    uses: Annotated[int, Field(ge=1, le=200)] = 1
    days: Annotated[int, Field(ge=1, le=60)] = 14


class Invitation(Shape):
    """An invitation of one's own street; `url` is what its QR code says."""

    id: UUID
    area: AreaName
    officer: UUID | None
    name: str | None
    field: FieldKey
    field_label: str
    term_from: date
    term_until: date
    uses: int
    used: int
    expires_at: datetime
    by: str
    created_at: datetime
    state: Literal["good", "used", "expired", "revoked"]
    state_label: str
    url: str

    @property
    def ref(self) -> str:
        return f"invitation:{self.id}"

    @property
    def facts(self) -> dict[str, Any]:
        return {"field": self.field, "until": str(self.term_until), "uses": self.uses}


class InvitationCard(Shape):
    """What somebody sees before they accept: who invites them, as what, for how long."""

    street: str
    field: FieldKey
    field_label: str
    name: str | None
    term_from: date
    term_until: date
    back: bool
    """It leads back in: nothing is asked, nothing new is accepted."""


class Asked(Shape):
    """The query that names an invitation."""

    invite: Invite


class Acceptance(Shape):
    """Taking an invitation. `key` is a secret that the phone makes once, so that a second attempt
    is the first one again. `code` is that of wx.login, where it is the mini program that asks."""

    invite: Invite
    key: SecretStr = Field(min_length=16, max_length=64)
    name: Name | None = None
    phone: Phone | None = None
    code: Annotated[str, Field(min_length=1, max_length=600)] | None = None


class WechatCode(Shape):
    code: Annotated[str, Field(min_length=1, max_length=600)]


class OfficerLine(Shape):
    """An officer in the street's list. Their phone is shown by a step of its own."""

    id: UUID
    name: str
    area: AreaName
    field: FieldKey
    field_label: str
    term_from: date
    term_until: date
    state: Literal["serving", "early", "ended", "revoked"]
    state_label: str
    has_phone: bool
    by_wechat: bool
    reason: str | None

    @property
    def ref(self) -> str:
        return f"officer:{self.id}"


class ChangedTerm(Shape):
    field: FieldKey
    term_from: date
    term_until: date


class Dismissal(Shape):
    reason: Annotated[str, Field(min_length=2, max_length=200)]


class OfficerPhone(Shape):
    """An officer's own number, for the street that invited them."""

    id: UUID
    phone: str

    @property
    def ref(self) -> str:
        return f"officer:{self.id}"


def invite_of(invitation: UUID) -> str:
    """What stands in the link: id and MAC, so that it can be shown again and not guessed."""
    return base64.urlsafe_b64encode(invitation.bytes + _mac(invitation)).decode().rstrip("=")


def read_invite(invite: str) -> UUID | None:
    """The invitation behind a link; None when we never made it."""
    try:
        raw = base64.urlsafe_b64decode(invite + "=" * (-len(invite) % 4))
    except ValueError:
        return None
    if len(raw) != 16 + _MAC:
        return None
    invitation = UUID(bytes=raw[:16])
    return invitation if crypto.same(raw[16:], _mac(invitation)) else None


def _mac(invitation: UUID) -> bytes:
    return crypto.mac("invitation", invitation.bytes)[:_MAC]
