"""What WeCom tells: departments and the areas they stand for, and callbacks dealt with."""

from collections.abc import Iterable, Mapping

from backend.clients.wecom import Department
from backend.core import clock, problems
from backend.core.db import Record, sql
from backend.core.ids import new_id
from backend.features.accounts.shapes import DepartmentPlace
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName


async def first_time(mark: str) -> bool:
    """Whether this callback was not dealt with before; notes it on the current transaction."""
    made = await sql(
        "insert into wecom_callback (mark, at) values (:mark, :at) on conflict do nothing"
        " returning mark",
        mark=mark,
        at=clock.now(),
    )
    return bool(made)


async def places(corp_id: str) -> dict[int, str]:
    """Which area each department stands for, as far as it is known."""
    found = await sql(
        "select dept_id, place from department where corp_id = :corp and place is not null",
        corp=corp_id,
    )
    return {row["dept_id"]: row["place"] for row in found}


async def keep(
    corp_id: str,
    seen: Iterable[Department],
    placed: Mapping[int, str | None],
    people: Mapping[int, int],
) -> None:
    """Note the departments seen in a sync; what was placed by hand stays where it is."""
    rows: list[Record] = [
        {
            "id": new_id(),
            "dept_id": one.id,
            "parent": one.parent,
            "name": one.name[:128],
            "place": placed.get(one.id),
            "people": people.get(one.id, 0),
        }
        for one in seen
    ]
    await sql(
        """insert into department (id, corp_id, dept_id, parent, name, place, by_hand, people,
                                   seen_at)
           select id, :corp, dept_id, parent, name, place, false, people, :now
           from jsonb_to_recordset(:rows::jsonb) as r(
             id uuid, dept_id bigint, parent bigint, name text, place text, people int)
           on conflict (corp_id, dept_id) do update set
             parent = excluded.parent, name = excluded.name, people = excluded.people,
             seen_at = excluded.seen_at,
             place = case when department.by_hand then department.place
                          else excluded.place end""",
        corp=corp_id,
        rows=rows,
        now=clock.now(),
    )


async def departments(corps: Iterable[str]) -> list[DepartmentPlace]:
    """The departments of some corps, those without an area first."""
    found = await sql(
        """select corp_id, dept_id as id, parent, name, place, by_hand, people from department
           where corp_id = any(:corps) order by place is not null, people desc, dept_id""",
        corps=list(corps),
    )
    names = await areas.names(row["place"] for row in found if row["place"])
    return [_department(row, names) for row in found]


async def place(corp_id: str, dept_id: int, area: str) -> DepartmentPlace:
    """Say by hand which area a department stands for."""
    found = await sql(
        """update department set place = :area, by_hand = true
           where corp_id = :corp and dept_id = :dept
           returning corp_id, dept_id as id, parent, name, place, by_hand, people""",
        corp=corp_id,
        dept=dept_id,
        area=area,
    )
    if not found:
        raise problems.not_found(kind="部门")
    return _department(found[0], await areas.names([area]))


def _department(row: Record, names: Mapping[str, str]) -> DepartmentPlace:
    code = row.pop("place")
    area = AreaName(code=code, name=names.get(code, code)) if code else None
    return DepartmentPlace(**row, area=area)
