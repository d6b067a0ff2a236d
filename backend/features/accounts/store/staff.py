"""The roster. People are found by corp and userid when they sign in, and by area otherwise."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from backend.core import clock
from backend.core.access import Actor
from backend.core.db import Record, select, sql
from backend.core.ids import new_id
from backend.core.scope import Scope, scope_of
from backend.features.accounts.roles import LABELS, VERBS_OF, verbs_of
from backend.features.accounts.shapes import (
    STATUS_LABELS,
    Labelled,
    Staff,
    StaffLine,
    Stranger,
)
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName

_COLUMNS = """id, corp_id, userid, name, area, roles, duties, status, barred, source, departments,
  implied, missed"""


async def by_userid(corp_id: str, userid: str) -> Staff | None:
    found = await sql(
        f"select {_COLUMNS} from staff where corp_id = :corp and userid_key = :key",
        corp=corp_id,
        key=userid.lower(),
    )
    return _staff(found[0]) if found else None


async def by_id(staff: UUID) -> Staff | None:
    found = await sql(f"select {_COLUMNS} from staff where id = :id", id=staff)
    return _staff(found[0]) if found else None


async def acting(staff: UUID) -> Actor | None:
    """Somebody who acts without a session, as by a card's button; None when not at work."""
    one = await by_id(staff)
    if one is None or one.status != "active":
        return None
    verbs, scope = verbs_of(list(one.roles)), scope_of(one.area)
    return Actor(one.id, one.name, verbs, scope, one.area, frozenset(one.duties))


async def of_corp(corp_id: str) -> dict[str, Staff]:
    """Everybody of a corp by lower-case userid, leavers too."""
    found = await sql(f"select {_COLUMNS} from staff where corp_id = :corp", corp=corp_id)
    return {row["userid"].lower(): _staff(row) for row in found}


async def listing(scope: Scope) -> list[StaffLine]:
    """The roster of a scope, by area and name; leavers last."""
    found = await select(
        scope,
        f"""select {_COLUMNS} from staff where area like :scope
            order by status = 'left', area, name, userid_key""",
    )
    names = await areas.names(row["area"] for row in found)
    return [_line(row, names) for row in found]


async def addresses(people: Iterable[UUID]) -> list[Record]:
    """staff_id, corp_id, userid and area of those people who are at work."""
    return await sql(
        """select id as staff_id, corp_id, userid, area from staff
           where id = any(:people) and status = 'active' order by id""",
        people=list(people),
    )


async def named(people: Iterable[UUID]) -> list[Record]:
    """id, name and area of those people who are at work."""
    return await sql(
        "select id, name, area from staff where id = any(:people) and status = 'active'",
        people=list(people),
    )


async def everybody(scope: Scope, only: Iterable[str] | None = None) -> list[Record]:
    """id, name and area of everybody at work in a scope, or in some of its areas."""
    return await select(
        scope,
        """select id, name, area from staff
           where area like :scope and status = 'active'
             and (:only::text[] is null or area = any(:only::text[]))
           order by area, name, id""",
        only=list(only) if only is not None else None,
    )


async def holding(verb: str, area: str, duty: str | None = None) -> list[UUID]:
    """Who of an area itself (not of those above or below) is at work there and may do something;
    with a duty (条线), who of them has it."""
    return (await holding_in(verb, [area], duty)).get(area, [])


async def holding_in(
    verb: str, places: Iterable[str], duty: str | None = None
) -> dict[str, list[UUID]]:
    """The same for several areas at once; areas without anybody are left out."""
    roles = [role for role, verbs in VERBS_OF.items() if verb in verbs]
    rows = await sql(
        """select id, area from staff where area = any(:places) and status = 'active'
             and roles ?| :roles and (:duty::text is null or duties ? :duty) order by id""",
        places=list(places),
        roles=roles,
        duty=duty,
    )
    found: dict[str, list[UUID]] = {}
    for row in rows:
        found.setdefault(row["area"], []).append(row["id"])
    return found


async def at_work(areas_: Iterable[str]) -> list[Record]:
    """The areas and duties of everybody at work in these areas."""
    return await sql(
        "select area, duties from staff where area = any(:areas) and status = 'active'",
        areas=list(set(areas_)),
    )


async def save(people: Sequence[Staff]) -> None:
    """Write people as they are given, new ones and known ones, in one statement."""
    if not people:
        return
    await sql(
        """insert into staff (id, corp_id, userid, userid_key, name, area, roles, duties, status,
                              barred, source, departments, implied, missed, changed_at)
           select id, corp_id, userid, lower(userid), name, area, roles, duties, status, barred,
                  source, departments, implied, missed, :now
           from jsonb_to_recordset(:people::jsonb) as r(
             id uuid, corp_id text, userid text, name text, area text, roles jsonb, duties jsonb,
             status text, barred boolean, source text, departments jsonb,
             implied text, missed int)
           on conflict (id) do update set
             userid = excluded.userid, userid_key = excluded.userid_key, name = excluded.name,
             area = excluded.area, roles = excluded.roles, duties = excluded.duties,
             status = excluded.status, barred = excluded.barred, source = excluded.source,
             departments = excluded.departments, implied = excluded.implied,
             missed = excluded.missed, changed_at = excluded.changed_at""",
        people=[_record(one) for one in people],
        now=clock.now(),
    )


async def leave(corp_id: str, userid: str) -> Staff | None:
    """Mark somebody as having left; None when they are not in the roster or had left before."""
    found = await sql(
        f"""update staff set status = 'left', changed_at = :now
            where corp_id = :corp and userid_key = :key and status <> 'left'
            returning {_COLUMNS}""",
        corp=corp_id,
        key=userid.lower(),
        now=clock.now(),
    )
    return _staff(found[0]) if found else None


async def rename(corp_id: str, userid: str, fresh: str) -> None:
    """A member's userid was changed in the contacts; the person stays the same."""
    await sql(
        """update staff set userid = :fresh, userid_key = lower(:fresh), changed_at = :now
           where corp_id = :corp and userid_key = :key
             and not exists (select 1 from staff
                             where corp_id = :corp and userid_key = lower(:fresh))""",
        corp=corp_id,
        key=userid.lower(),
        fresh=fresh,
        now=clock.now(),
    )


async def remember_stranger(corp_id: str, userid: str) -> None:
    """Somebody who is not in the roster tried to sign in: the administrator will want to know."""
    await sql(
        """insert into stranger (id, corp_id, userid, times, first_at, last_at)
           values (:id, :corp, :userid, 1, :now, :now)
           on conflict (corp_id, userid) do update
           set times = stranger.times + 1, last_at = excluded.last_at""",
        id=new_id(),
        corp=corp_id,
        userid=userid.lower(),
        now=clock.now(),
    )


async def strangers(corps: Iterable[str]) -> list[Stranger]:
    """Those who tried and are still not in the roster, the latest first."""
    found = await sql(
        """select s.corp_id, s.userid, s.times, s.first_at, s.last_at from stranger s
           where s.corp_id = any(:corps) and not exists (
             select 1 from staff p where p.corp_id = s.corp_id and p.userid_key = s.userid)
           order by s.last_at desc limit 200""",
        corps=list(corps),
    )
    return [Stranger(**row) for row in found]


def _staff(row: Record) -> Staff:
    lists = {key: tuple(row[key]) for key in ("roles", "duties", "departments")}
    return Staff(**row | lists)


def _record(one: Staff) -> Record:
    return {name: getattr(one, name) for name in Staff.__dataclass_fields__}


def _line(row: Record, names: dict[str, str]) -> StaffLine:
    return StaffLine(
        id=row["id"],
        name=row["name"],
        userid=row["userid"],
        area=AreaName(code=row["area"], name=names.get(row["area"], row["area"])),
        roles=labelled(row["roles"]),
        status=row["status"],
        status_label=STATUS_LABELS[row["status"]],
    )


def labelled(roles: Iterable[str]) -> tuple[Labelled, ...]:
    """Roles with their Chinese labels."""
    return tuple(Labelled(key=key, label=LABELS[key]) for key in roles if key in LABELS)
