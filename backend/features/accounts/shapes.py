"""Staff, sessions and sign-on as other slices and the front ends see them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, SecretStr

from backend.clients.wecom import Opened
from backend.core.access import Actor
from backend.core.shape import Shape
from backend.features.accounts.officers import Term
from backend.features.areas.shapes import Area, AreaName, Code
from backend.web.paging import Page

Way = Literal["mini", "h5", "desk"]
Status = Literal["active", "disabled", "left"]
STATUS_LABELS: dict[str, str] = {"active": "在岗", "disabled": "停用", "left": "离岗"}


class Labelled(Shape):
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Staff:
    """One person of the roster, as the slice itself handles it."""

    id: UUID
    corp_id: str
    userid: str
    name: str
    area: str
    roles: tuple[str, ...]
    duties: tuple[str, ...] = ()
    status: str = "active"
    barred: bool = False
    source: str = "import"
    departments: tuple[int, ...] = ()
    implied: str | None = None
    missed: int = 0


class CorpName(Shape):
    corp_id: str
    name: str


class Start(Shape):
    """The query of a sign-in: which corp, and the page of ours to come back to."""

    corp_id: Annotated[str, Field(max_length=64)]
    next: Annotated[str, Field(max_length=500)] = "/"


class Back(Shape):
    """The query with which WeCom sends people back; without a code they refused. What else it may
    carry, now or in some private deployment, is not our business."""

    model_config = ConfigDict(extra="ignore")

    state: Annotated[str, Field(max_length=64)] = ""
    code: Annotated[str, Field(max_length=600)] = ""


class MiniCode(Shape):
    code: Annotated[str, Field(min_length=1, max_length=600)]
    corp_id: Annotated[str, Field(max_length=64)] | None = None


class Refresh(Shape):
    refresh_token: SecretStr | None = None


class Me(Shape):
    """Whoever is signed in. Staff have a corp and a userid, an experience officer has a term."""

    id: UUID
    name: str
    corp_id: str | None
    userid: str | None
    roles: tuple[Labelled, ...]
    verbs: tuple[str, ...]
    area: Area
    area_path: tuple[AreaName, ...]
    duties: tuple[str, ...]
    officer: Term | None = None


class Tokens(Shape):
    """`refresh_token` is null for browsers: theirs is a cookie that no script can read."""

    access_token: str
    expires_in: int
    refresh_token: str | None
    me: Me


class DeviceSession(Shape):
    id: UUID
    device: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class SessionTrace:
    """What the trace keeps of a session that begins or ends; the token is for the person only."""

    session: UUID
    device: str
    way: str
    reason: str | None = None
    refresh_token: str = field(default="", repr=False)

    @property
    def ref(self) -> str:
        return f"session:{self.session}"

    @property
    def facts(self) -> dict[str, Any]:
        told = {"device": self.device, "way": self.way, "reason": self.reason}
        return {key: value for key, value in told.items() if value}


class StaffLine(Shape):
    id: UUID
    name: str
    userid: str
    area: AreaName
    roles: tuple[Labelled, ...]
    status: Status
    status_label: str


class Stranger(Shape):
    """Somebody who tried to sign in and is not in the roster."""

    corp_id: str
    userid: str
    times: int
    first_at: datetime
    last_at: datetime


class DepartmentPlace(Shape):
    """A department of a corp and the area it stands for; without one, its people are not let in."""

    corp_id: str
    id: int
    parent: int
    name: str
    area: AreaName | None
    by_hand: bool
    people: int


class PlaceDepartment(Shape):
    area: Code


class RefusedRow(Shape):
    """A row of a spreadsheet that was not taken over, and why."""

    row: int
    field: str
    message: str


class StaffImport(Shape):
    added: int
    changed: int
    refused: tuple[RefusedRow, ...]

    @property
    def facts(self) -> dict[str, Any]:
        return {"added": self.added, "changed": self.changed, "refused": len(self.refused)}


class StaffSync(Shape):
    added: int
    changed: int
    left: int

    @property
    def facts(self) -> dict[str, Any]:
        return self.model_dump()


class AuditQuery(Page):
    verb: Annotated[str, Field(max_length=48)] | None = None


class AuditLine(Shape):
    id: UUID
    at: datetime
    actor: str
    verb: str
    verb_label: str
    subject: str | None
    facts: dict[str, Any]
    sealed: bool


class AuditPage(Shape):
    rows: tuple[AuditLine, ...]
    next: str | None


class Heard(dict[str, Callable[[Actor, Opened], Awaitable[object]]]):
    """The port to the slices that deal with events of WeCom: the event's name, and what it does.
    Each remembers the delivery's mark itself, in the transaction of its effect."""
