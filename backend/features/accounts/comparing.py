"""The roster against the contacts: who is new, who changed, who has left. Pure: what is known and
what was seen go in, the people to be written come out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from backend.clients.wecom import Department, Member
from backend.core.ids import new_id
from backend.features.accounts.placing import default_roles
from backend.features.accounts.shapes import Staff

DISABLED, QUIT = 2, 5
MISSED_TWICE = 2
# More people than this gone at once is a broken app scope rather than a district that resigned.
FEW_LEAVERS = 10


@dataclass(frozen=True, slots=True)
class Seen:
    """What the contacts showed. With a contact-sync secret only ids: `members` is empty then."""

    departments: tuple[Department, ...]
    members: Mapping[str, Member]
    ids: frozenset[str]


@dataclass(slots=True)
class Compared:
    """The people to be written, and what each of them is an instance of."""

    write: list[Staff] = field(default_factory=list)
    added: list[Staff] = field(default_factory=list)
    changed: list[Staff] = field(default_factory=list)
    left: list[Staff] = field(default_factory=list)
    disabled: list[UUID] = field(default_factory=list)
    held_back: int = 0

    def note(self, old: Staff | None, new: Staff | None) -> None:
        """What became of one person."""
        if new is None or new == old:
            return
        self.write.append(new)
        if old is None:
            self.added.append(new)
        elif replace(new, missed=old.missed) != old:
            self.changed.append(new)
        if new.status == "left":
            self.left.append(new)
        elif new.status == "disabled":
            self.disabled.append(new.id)


@dataclass(frozen=True, slots=True)
class Places:
    """Which area a department stands for, and of which kind an area is."""

    of_department: Mapping[int, str | None]
    kinds: Mapping[str, str]

    def of(self, member: Member) -> str | None:
        main = member.main_department or next(iter(member.departments), None)
        return self.of_department.get(main) if main is not None else None


def compared(known: Mapping[str, Staff], seen: Seen, places: Places, corp_id: str) -> Compared:
    """Everybody seen, then everybody missing."""
    outcome = Compared()
    for member in seen.members.values():
        old = known.get(member.key)
        outcome.note(old, met(old, member, places, corp_id))
    back = [known[key] for key in seen.ids - seen.members.keys() if key in known]
    outcome.write += [replace(person, missed=0) for person in back if person.missed]
    _miss(outcome, known, seen.ids)
    return outcome


def met(old: Staff | None, member: Member, places: Places, corp_id: str) -> Staff | None:
    """The person as the contacts now show them; None for a stranger whose place is unknown."""
    implied = places.of(member)
    if old is None:
        return _new(member, implied, places, corp_id)
    moved = implied is not None and old.implied is not None and implied != old.implied
    area = implied if moved and implied else old.area
    return replace(
        old,
        userid=member.userid,
        name=member.name or old.name,
        area=area,
        # what somebody was given for one place does not go along to another
        roles=_default(area, member, places) if moved else old.roles,
        duties=() if moved else old.duties,
        status=_status(member, barred=old.barred),
        source="wecom",
        departments=member.departments,
        implied=implied or old.implied,
        missed=0,
    )


def _new(member: Member, area: str | None, places: Places, corp_id: str) -> Staff | None:
    if area is None or member.status == QUIT:
        return None
    return Staff(
        id=new_id(),
        corp_id=corp_id,
        userid=member.userid,
        name=member.name or member.userid,
        area=area,
        roles=_default(area, member, places),
        status=_status(member, barred=False),
        source="wecom",
        departments=member.departments,
        implied=area,
    )


def _default(area: str, member: Member, places: Places) -> tuple[str, ...]:
    leads = any(places.of_department.get(department) == area for department in member.leads)
    return default_roles(places.kinds.get(area, ""), leads=leads)


def _status(member: Member, *, barred: bool) -> str:
    if member.status == QUIT:
        return "left"
    return "disabled" if barred or member.status == DISABLED else "active"


def _miss(outcome: Compared, known: Mapping[str, Staff], ids: Iterable[str]) -> None:
    present = set(ids)
    ours = [p for p in known.values() if p.source == "wecom" and p.status != "left"]
    missing = [person for person in ours if person.userid.lower() not in present]
    if len(missing) > max(FEW_LEAVERS, len(ours) // 2):
        outcome.held_back = len(missing)
        return
    for person in missing:
        gone = person.missed + 1 >= MISSED_TWICE
        now = replace(person, missed=person.missed + 1, status="left" if gone else person.status)
        outcome.write.append(now)
        if gone:
            outcome.left.append(now)
