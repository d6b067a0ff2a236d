"""The roster (名册): looked at, synced with the contacts, its departments placed."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import structlog

from backend.clients.wecom import Corp, Member, Wecom
from backend.core import clock, jobs, problems
from backend.core.access import SYSTEM, Actor, act, look
from backend.core.problems import Problem
from backend.core.scope import EVERYWHERE, Scope, scope_of
from backend.features.accounts import placing, whoever
from backend.features.accounts.comparing import Compared, Places, Seen, compared, met
from backend.features.accounts.shapes import (
    DepartmentPlace,
    PlaceDepartment,
    Staff,
    StaffLine,
    StaffSync,
    Stranger,
)
from backend.features.accounts.store import contacts, sessions, staff
from backend.features.areas import store as areas

log = structlog.get_logger(__name__)

# The app may not read contacts (any more): the contact-sync secret still tells ids.
_IDS_ONLY = {"wecom.misconfigured", "wecom.member_unknown"}


@look("staff.read", "查看名册")
async def listing(actor: Actor) -> list[StaffLine]:
    """The people of my area."""
    return await staff.listing(actor.scope)


@look("staff.manage", "管理名册")
async def strangers(actor: Actor, wecom: Wecom) -> list[Stranger]:
    """Those who tried to sign in and are not in the roster."""
    return await staff.strangers(near(actor, wecom.corps))


@look("staff.manage", "管理名册")
async def departments(actor: Actor, wecom: Wecom) -> list[DepartmentPlace]:
    """The departments of the contacts and the areas they stand for; the unplaced ones first."""
    return await contacts.departments(near(actor, wecom.corps))


@act("staff.manage", "管理名册")
async def place(
    actor: Actor, corp_id: str, department: int, body: PlaceDepartment, wecom: Wecom
) -> DepartmentPlace:
    """Say which area a department stands for; its people follow at the next sync."""
    if corp_id not in near(actor, wecom.corps) or not actor.scope.covers(body.area):
        raise problems.not_found(kind="部门或区域")
    await areas.one(actor.scope, body.area)
    return await contacts.place(corp_id, department, body.area)


def near(actor: Actor, corps: Iterable[Corp]) -> list[str]:
    """The corps that have to do with somebody's area: theirs, the district's, those inside."""
    return [
        corp.corp_id
        for corp in corps
        if scope_of(corp.area).covers(actor.area) or actor.scope.covers(corp.area)
    ]


@look("staff.manage", "管理名册")
async def sync(actor: Actor, wecom: Wecom) -> StaffSync:
    """Compare the roster with the contacts now. The figures are those of my area."""
    corps = [wecom.corp(corp_id) for corp_id in near(actor, wecom.corps)]
    corps = [corp for corp in corps if corp.contact_source == "wecom"]
    merged = [await sync_corp(wecom, corp) for corp in corps]
    return StaffSync(
        added=sum(one.within(one.added, actor.scope) for one in merged),
        changed=sum(one.within(one.changed, actor.scope) for one in merged),
        left=sum(one.within(one.left, actor.scope) for one in merged),
    )


@dataclass(frozen=True, slots=True)
class Merged:
    """What a sync of one corp changed: the areas of the people it concerned."""

    corp_id: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    left: tuple[str, ...]
    held_back: int

    @classmethod
    def of(cls, corp: Corp, outcome: Compared) -> "Merged":
        groups = (outcome.added, outcome.changed, outcome.left)
        added, changed, left = (tuple(one.area for one in group) for group in groups)
        return cls(corp.corp_id, added, changed, left, outcome.held_back)

    @staticmethod
    def within(found: Iterable[str], scope: Scope) -> int:
        return sum(scope.covers(area) for area in found)

    @property
    def ref(self) -> str:
        return f"corp:{self.corp_id}"

    @property
    def facts(self) -> dict[str, Any]:
        counts = {name: len(getattr(self, name)) for name in ("added", "changed", "left")}
        return counts | {"held_back": self.held_back}


async def sync_corp(wecom: Wecom, corp: Corp) -> Merged:
    """Read the contacts of a corp, then bring the roster up to them. No transaction is held while
    the network is asked."""
    seen = await _look_around(wecom, corp)
    merged = await _merge(SYSTEM, corp, seen)
    if merged.held_back:
        log.error("roster: too many are missing", corp=corp.corp_id, missing=merged.held_back)
    whoever.forget()
    return merged


async def _look_around(wecom: Wecom, corp: Corp) -> Seen:
    """First with the app's token, which shows names; else the ids of the contact-sync secret."""
    try:
        found = await wecom.departments(corp.corp_id)
        pages = await asyncio.gather(*(wecom.members(corp.corp_id, one.id) for one in found))
        members = {member.key: member for page in pages for member in page}
        return Seen(found, members, frozenset(members))
    except Problem as problem:
        if corp.contacts is None or problem.code not in _IDS_ONLY:
            raise
    ids = await wecom.userids(corp.corp_id)
    return Seen((), {}, frozenset(userid.lower() for userid in ids))


async def _merged(actor: Actor, corp: Corp, seen: Seen) -> Merged:
    places = await _places(corp, seen)
    outcome = compared(await staff.of_corp(corp.corp_id), seen, places, corp.corp_id)
    if seen.departments:
        people = Counter(d for member in seen.members.values() for d in member.departments)
        await contacts.keep(corp.corp_id, seen.departments, places.of_department, people)
    await _write(outcome)
    return Merged.of(corp, outcome)


_merge = act("staff.sync", "同步名册")(_merged)


async def _places(corp: Corp, seen: Seen) -> Places:
    standing = await areas.on_day(EVERYWHERE, clock.today())
    known = await contacts.places(corp.corp_id)
    kinds = {area.code: area.kind for area in standing}
    if not seen.departments:
        return Places(known, kinds)
    return Places(placing.placed(seen.departments, known, standing, corp.area), kinds)


async def _write(outcome: Compared) -> None:
    await staff.save(outcome.write)
    await sessions.revoke_all([person.id for person in outcome.left], "left")
    await sessions.revoke_all(outcome.disabled, "disabled")


async def reread(wecom: Wecom, corp: Corp, userid: str) -> None:
    """Somebody changed: look at them again. Who is no longer to be seen is locked out."""
    try:
        member = await wecom.member(corp.corp_id, userid)
    except Problem as problem:
        if problem.code != "wecom.member_unknown":
            raise
        await lock(SYSTEM, corp.corp_id, userid)
    else:
        await _meet(SYSTEM, corp, member)
    whoever.forget()


async def _met(actor: Actor, corp: Corp, member: Member) -> Merged:
    places = await _places(corp, Seen((), {}, frozenset()))
    outcome, old = Compared(), await staff.by_userid(corp.corp_id, member.userid)
    outcome.note(old, met(old, member, places, corp.corp_id))
    await _write(outcome)
    return Merged.of(corp, outcome)


_meet = act("staff.sync", "同步名册")(_met)


@dataclass(frozen=True, slots=True)
class Locked:
    """Somebody who was locked out, if they were in the roster at all."""

    person: Staff | None
    sessions: int

    @property
    def ref(self) -> str:
        return f"staff:{self.person.id}" if self.person else ""

    @property
    def facts(self) -> dict[str, Any]:
        return {"sessions": self.sessions}


async def _locked(actor: Actor, corp_id: str, userid: str) -> Locked:
    """Out of the contacts means out of here: status, and every session, in one transaction."""
    person = await staff.leave(corp_id, userid)
    ended = await sessions.revoke_all([person.id], "left") if person else 0
    return Locked(person, ended)


lock = act("staff.lock", "离岗锁定")(_locked)


async def sync_one(actor: Actor, wecom: Wecom, corp_id: str) -> None:
    """The job that syncs one corp."""
    await sync_corp(wecom, wecom.corp(corp_id))


async def reread_one(actor: Actor, wecom: Wecom, corp_id: str, userid: str) -> None:
    """The job that looks at one member again."""
    await reread(wecom, wecom.corp(corp_id), userid)


async def night(actor: Actor, wecom: Wecom) -> None:
    """The nightly job: sweep what is over, and have every corp synced by a job of its own."""
    await sessions.sweep()
    for corp in wecom.corps:
        if corp.contact_source == "wecom":
            key = f"{corp.corp_id}:{clock.today()}"
            await jobs.enqueue("accounts.sync", key=key, corp_id=corp.corp_id)
