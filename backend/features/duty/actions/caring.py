"""The people on the lists: looked at by those who care for them, and how each of them is."""

from datetime import date
from uuid import UUID

from backend.core import audit, clock, problems
from backend.core.access import VERBS, Actor, act, look
from backend.core.db import Record
from backend.core.levels import seen
from backend.core.problems import FieldIssue
from backend.features.catalogue.catalogue import Catalogue
from backend.features.duty import view
from backend.features.duty.emergencies import (
    NEED_STATES,
    Mark,
    Marked,
    NeedFilter,
    NeedPage,
    NeedPerson,
)
from backend.features.duty.plan import Plan
from backend.features.duty.store import emergencies, needs, shifts
from backend.features.duty.store.needs import Wanted
from backend.features.registers.holding import person_layout
from backend.web.paging import cursor_of, keys_of

NUMBERS = "emergency.numbers"
VERBS[NUMBERS] = "查看应急名单的完整号码"

_CURSOR = "needs"
_CARE = 4  # the level of what is about somebody's health


@look("emergency.people", "查看应急名单")
async def people(
    actor: Actor, catalogue: Catalogue, plan: Plan, emergency: UUID, query: NeedFilter
) -> NeedPage:
    """The lists of one's place, door by door."""
    held = await emergencies.one(view.street_scope(actor), emergency)
    skip = int(keys_of(query.cursor, 1, _CURSOR)[0]) if query.cursor else 0
    wanted = Wanted(query.area, query.kind, query.state)
    trusted = await on_duty(actor, held)
    make_sure_seen(plan, query.kind, trusted=trusted)
    found = await needs.people(actor.scope, emergency, wanted, query.limit, skip)
    total = found[0]["total"] if found else 0
    more = skip + len(found) < total
    if trusted and found:
        told = {"people": len(found), "area": query.area or actor.area}
        await audit.record(actor.who, NUMBERS, f"emergency:{emergency}", told)
    return NeedPage(
        rows=tuple(_person(actor, catalogue, plan, row, trusted=trusted) for row in found),
        total=total,
        next=cursor_of(skip + len(found), of=_CURSOR) if more else None,
    )


@act("emergency.mark", "登记应急人员情况")
async def mark(actor: Actor, emergency: UUID, person: UUID, body: Mark) -> Marked:
    """Reached, to be moved, moved to a shelter, back again."""
    held = await emergencies.one(view.street_scope(actor), emergency)
    if held["until"] is not None and body.state != "back":
        raise problems.emergency_over(kind=held["kind"])
    if body.state == "moved" and not body.place:
        issue = FieldIssue("place", "required", "“安置点”还没有填。")
        raise problems.answers_bad(fields=[issue])
    given = {"state": body.state, "place": body.place, "note": body.note}
    await needs.mark(actor, emergency, person, given)
    return Marked(person=person, state=body.state, state_label=NEED_STATES[body.state])


def make_sure_seen(plan: Plan, kind: str | None, *, trusted: bool) -> None:
    """Nobody leafs through a list about people's health who is not on duty."""
    if kind in plan.care and not trusted:
        raise problems.may_not(verb="emergency.people", label="查看健康类名单")


async def on_duty(actor: Actor, held: Record) -> bool:
    """Whether somebody is trusted with whole numbers: on duty now, while it lasts in earnest."""
    if held["drill"] or held["until"] is not None or actor.id is None:
        return False
    if actor.may("emergency.switch"):
        return True
    return await shifts.on_duty(view.street_scope(actor), actor.id, clock.now())


def kinds_seen(actor: Actor, plan: Plan, row: Record, *, trusted: bool) -> tuple[str, ...]:
    """The lists somebody stands in; those about their health as far as the reader may know."""
    told = []
    for kind in row["kinds"]:
        care = kind in plan.care and not trusted
        shown = seen(actor, row["area"], level=_CARE if care else 1, kind="code", text=kind)
        if not shown.masked:
            told.append(kind)
    return tuple(told)


def number_seen(
    actor: Actor, catalogue: Catalogue, row: Record, element: str, *, trusted: bool
) -> str:
    """A telephone number; whole for who is trusted with it."""
    token = row["secret"].get(element)
    if token is None:
        return ""
    text = person_layout(catalogue).unseal(row["person_id"], element, token)
    if trusted:
        return text
    return seen(actor, row["area"], level=3, kind="phone", text=text).text


def _person(
    actor: Actor, catalogue: Catalogue, plan: Plan, row: Record, *, trusted: bool
) -> NeedPerson:
    address = seen(actor, row["area"], level=3, kind="address", text=row["std_addr"] or "").text
    return NeedPerson(
        id=row["person_id"],
        name=row["name"],
        sex_label=catalogue.label("sex", row["sex"]),
        age=age_of(row["birth"]),
        phone=number_seen(actor, catalogue, row, "phone", trusted=trusted),
        address=row["std_addr"] or "" if trusted else address,
        kinds=kinds_seen(actor, plan, row, trusted=trusted),
        state=row["state"],
        state_label=NEED_STATES[row["state"]],
        place=row["place"],
        note=row["note"] if actor.scope.covers(row["area"]) else None,
        by=row["by"],
        changed_at=row["changed_at"],
    )


def age_of(born: date | None) -> int | None:
    if born is None:
        return None
    today = clock.today()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
