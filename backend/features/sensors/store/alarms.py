"""Alarms: listed, judged, ended by time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.db import Record, select, sql
from backend.core.scope import EVERYWHERE, Scope
from backend.features.sensors.shapes import AlarmFilter
from backend.web.paging import keys_of

_LIST = "alarms"
_ALARM = """
select a.*, d.source_id as no, d.place from sensor_alarm a
join sensor_device d on d.id = a.device_id where a.area like :scope"""


async def one(scope: Scope, alarm: UUID) -> Record:
    return _found(await select(scope, f"{_ALARM} and a.id = :id", id=alarm))


async def locked(scope: Scope, alarm: UUID) -> Record:
    """The alarm, held against signals and other hands."""
    return _found(await select(scope, f"{_ALARM} and a.id = :id for update of a", id=alarm))


async def page(scope: Scope, query: AlarmFilter) -> tuple[list[Record], int]:
    """Alarms, the latest first, and how many there are."""
    text, given = "", {}
    for name, column in _FILTERS.items():
        if (value := getattr(query, name)) is not None:
            text += f" and a.{column} :{name}"
            given[name] = value
    total = await select(
        scope, f"select count(*) as n from sensor_alarm a where a.area like :scope{text}", **given
    )
    after = ""
    if query.cursor:
        after = " and (a.last_at, a.id) < (:after_at::timestamptz, :after_id::uuid)"
        at, last = keys_of(query.cursor, 2, of=_LIST)
        given |= {"after_at": datetime.fromisoformat(at), "after_id": last}
    found = await select(
        scope,
        f"{_ALARM}{text}{after} order by a.last_at desc, a.id desc limit :n",
        n=query.limit + 1,
        **given,
    )
    return found, total[0]["n"]


_FILTERS = {
    "state": "state =",
    "kind": "kind =",
    "area": "area =",
    "device": "device_id =",
    "level": "level >=",
}


def keys(row: Record) -> tuple[Any, ...]:
    return row["last_at"].isoformat(), row["id"]


async def some(scope: Scope, alarms: Sequence[UUID]) -> list[Record]:
    return await select(scope, f"{_ALARM} and a.id = any(:ids) order by a.id", ids=list(alarms))


async def signals(alarm: Record, most: int) -> list[Record]:
    """The last words that belong to an alarm."""
    return await sql(
        """select at, signal, value, words from sensor_signal
           where device_id = :device and alarm_id = :id and at <= :until
           order by at desc limit :n""",
        device=alarm["device_id"],
        id=alarm["id"],
        until=alarm["last_at"],
        n=most,
    )


async def judge(alarm: UUID, values: Record) -> None:
    """A person's word; what is still open ends with it."""
    await sql(
        """update sensor_alarm set state = :state, reason = :reason, note = :note, judge = :judge,
             judged_at = :now, ended_at = coalesce(ended_at, :now), rev = rev + 1
           where id = :id""",
        id=alarm,
        now=clock.now(),
        **values,
    )


async def tired(before: datetime) -> list[UUID]:
    """Open alarms without a word since a moment, of which nobody has an order."""
    found = await select(
        EVERYWHERE,
        """update sensor_alarm a set state = 'ended', ended_at = :now, rev = a.rev + 1
           where a.area like :scope and a.state = 'open' and a.last_at < :before
             and a.order_id is null returning a.id""",
        before=before,
        now=clock.now(),
    )
    return [row["id"] for row in found]


async def of_order(order: UUID) -> list[Record]:
    """Open alarms that an order is about, held."""
    return await select(
        EVERYWHERE,
        """select a.* from sensor_alarm a where a.area like :scope and a.order_id = :id
             and a.state = 'open' for update""",
        id=order,
    )


async def end(alarms: Sequence[UUID]) -> None:
    """Dealt with: what is said from now on is news."""
    await sql(
        """update sensor_alarm set state = 'ended', ended_at = :now, rev = rev + 1
           where id = any(:ids) and state = 'open'""",
        ids=list(alarms),
        now=clock.now(),
    )


def _found(found: list[Record]) -> Record:
    if not found:
        raise problems.not_found(kind="报警")
    return found[0]
