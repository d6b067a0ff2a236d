"""Warnings: what alarms say of buildings, what was raised, and what became of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.db import Record, select, sql
from backend.core.scope import EVERYWHERE, Scope
from backend.features.sensors.shapes import WarningFilter
from backend.web.paging import keys_of

_LIST = "warnings"
_WARNING = "select w.* from sensor_warning w where w.area like :scope"


async def alarms_since(moment: datetime) -> list[Record]:
    """Alarms of buildings since a moment that nobody has called false."""
    return await select(
        EVERYWHERE,
        """select a.id, a.building_id, a.area, a.kind, a.signal, a.level, a.count, a.last_at as at,
             d.place from sensor_alarm a join sensor_device d on d.id = a.device_id
           where a.area like :scope and a.last_at >= :since and a.building_id is not null
             and a.state <> 'false'""",
        since=moment,
    )


async def closed_since(moment: datetime) -> dict[tuple[UUID, str], datetime]:
    """When warnings of a building and danger were last closed: what was known then is no news."""
    found = await select(
        EVERYWHERE,
        """select w.building_id, w.danger, max(w.closed_at) as at from sensor_warning w
           where w.area like :scope and w.closed_at >= :since group by 1, 2""",
        since=moment,
    )
    return {(row["building_id"], row["danger"]): row["at"] for row in found}


async def raise_(rows: Sequence[Record]) -> list[Record]:
    """Open a warning, or add to the one that is open; `fresh` tells which. Rows that say nothing
    new are left out."""
    return await select(
        EVERYWHERE,
        """insert into sensor_warning as w (id, area, danger, building_id, place, state, points,
                                            reasons, raised_at, last_at, rev)
           select r.id, r.area, r.danger, r.building_id, r.place, 'open', r.points, r.reasons, :now,
             r.last_at, 0
           from jsonb_to_recordset(:rows::jsonb) as r(
             id uuid, area text, danger text, building_id uuid, place text, points int,
             reasons jsonb, last_at timestamptz)
           where r.area like :scope order by r.building_id, r.danger
           on conflict (building_id, danger) where state = 'open' do update
           set points = excluded.points, reasons = excluded.reasons, last_at = excluded.last_at
           where w.last_at < excluded.last_at or w.points < excluded.points
           returning w.*, (xmax = 0) as fresh""",
        rows=list(rows),
        now=clock.now(),
    )


async def link(orders: Sequence[tuple[UUID, UUID]]) -> None:
    """(warning, the order it became)."""
    await sql(
        """update sensor_warning w set order_id = o.order_id
           from unnest(:ids::uuid[], :orders::uuid[]) as o(id, order_id)
           where w.id = o.id and w.id = any(:ids)""",
        ids=[warning for warning, _ in orders],
        orders=[order for _, order in orders],
    )


async def one(scope: Scope, warning: UUID) -> Record:
    return _found(await select(scope, f"{_WARNING} and w.id = :id", id=warning))


async def locked(scope: Scope, warning: UUID) -> Record:
    return _found(await select(scope, f"{_WARNING} and w.id = :id for update", id=warning))


async def some(ids: Sequence[UUID]) -> list[Record]:
    return await select(EVERYWHERE, f"{_WARNING} and w.id = any(:ids) order by w.id", ids=list(ids))


async def page(scope: Scope, query: WarningFilter) -> tuple[list[Record], int]:
    """Warnings, the latest first."""
    text, given = "", {}
    for name in ("state", "area"):
        if (value := getattr(query, name)) is not None:
            text += f" and w.{name} = :{name}"
            given[name] = value
    total = await select(
        scope, f"select count(*) as n from sensor_warning w where w.area like :scope{text}", **given
    )
    after = ""
    if query.cursor:
        after = " and (w.raised_at, w.id) < (:after_at::timestamptz, :after_id::uuid)"
        at, last = keys_of(query.cursor, 2, of=_LIST)
        given |= {"after_at": datetime.fromisoformat(at), "after_id": last}
    found = await select(
        scope,
        f"{_WARNING}{text}{after} order by w.raised_at desc, w.id desc limit :n",
        n=query.limit + 1,
        **given,
    )
    return found, total[0]["n"]


def keys(row: Record) -> tuple[Any, ...]:
    return row["raised_at"].isoformat(), row["id"]


async def close(warning: UUID, by: str, note: str) -> None:
    await sql(
        """update sensor_warning set state = 'closed', closed_at = :now, closed_by = :by,
             note = :note, rev = rev + 1 where id = :id""",
        id=warning,
        by=by,
        note=note,
        now=clock.now(),
    )


def _found(found: list[Record]) -> Record:
    if not found:
        raise problems.not_found(kind="预警")
    return found[0]
