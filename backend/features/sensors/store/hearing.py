"""What devices say, written by set: signals by COPY, watches and alarms merged, none row by row."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core.db import Record, copy_rows, select, sql
from backend.core.scope import EVERYWHERE

SIGNAL = (
    "id",
    "device_id",
    "alarm_id",
    "source",
    "source_id",
    "digest",
    "signal",
    "value",
    "words",
    "at",
    "taken_at",
)


async def known(source: str, numbers: Iterable[str]) -> dict[str, bytes]:
    """Which signals of a platform have been heard, with the digest of each."""
    found = await sql(
        """select source_id, digest from sensor_signal
           where source = :source and source_id = any(:numbers)""",
        source=source,
        numbers=list(numbers),
    )
    return {row["source_id"]: row["digest"] for row in found}


async def watches(devices: Sequence[UUID], signals: Sequence[str]) -> list[Record]:
    return await sql(
        """select * from sensor_watch
           where device_id = any(:devices) and signal = any(:signals)""",
        devices=list(devices),
        signals=list(signals),
    )


async def held(alarms: Iterable[UUID]) -> dict[UUID, Record]:
    """Alarms, held against whoever judges them."""
    found = await select(
        EVERYWHERE,
        """select * from sensor_alarm a where a.area like :scope and a.id = any(:ids)
           order by a.id for update""",
        ids=list(alarms),
    )
    return {row["id"]: row for row in found}


async def add_signals(rows: Iterable[Sequence[Any]]) -> None:
    await copy_rows("sensor_signal", SIGNAL, rows)


async def merge_watches(rows: Sequence[Record]) -> None:
    await sql(
        """insert into sensor_watch (id, device_id, signal, since, waiting, last_at, last_value,
                                     alarm_id)
           select id, device_id, signal, since, waiting, last_at, last_value, alarm_id
           from jsonb_to_recordset(:rows::jsonb) as r(
             id uuid, device_id uuid, signal text, since jsonb, waiting int, last_at timestamptz,
             last_value float, alarm_id uuid)
           order by device_id, signal
           on conflict (device_id, signal) do update set
             since = excluded.since, waiting = excluded.waiting, last_at = excluded.last_at,
             last_value = excluded.last_value, alarm_id = excluded.alarm_id""",
        rows=list(rows),
    )


async def add_alarms(rows: Sequence[Record]) -> None:
    await select(
        EVERYWHERE,
        f"""insert into sensor_alarm ({", ".join(_ALARM)})
            select {", ".join(f"r.{name}" for name in _ALARM)}
            from jsonb_to_recordset(:rows::jsonb) as r(
              {", ".join(f"{name} {kind}" for name, kind in _ALARM.items())})
            where r.area like :scope""",
        rows=list(rows),
    )


_ALARM = {
    "id": "uuid",
    "area": "text",
    "device_id": "uuid",
    "building_id": "uuid",
    "kind": "text",
    "signal": "text",
    "level": "int",
    "state": "text",
    "first_at": "timestamptz",
    "last_at": "timestamptz",
    "count": "int",
    "worst": "float",
    "bound": "float",
    "recovered_at": "timestamptz",
    "ended_at": "timestamptz",
    "past": "boolean",
    "rev": "int",
}


async def add_to_alarms(rows: Sequence[Record]) -> None:
    """What repetition did to alarms that were there; only what signals may change."""
    await sql(
        """update sensor_alarm a set level = r.level, last_at = r.last_at, count = r.count,
             worst = r.worst, bound = r.bound, recovered_at = r.recovered_at,
             ended_at = r.ended_at
           from jsonb_to_recordset(:rows::jsonb) as r(
             id uuid, level int, last_at timestamptz, count int, worst float, bound float,
             recovered_at timestamptz, ended_at timestamptz)
           where a.id = r.id and a.id = any(:ids)""",
        rows=list(rows),
        ids=[row["id"] for row in rows],
    )


async def link(orders: Sequence[tuple[UUID, UUID]]) -> None:
    """(alarm, the order it became)."""
    await sql(
        """update sensor_alarm a set order_id = o.order_id
           from unnest(:ids::uuid[], :orders::uuid[]) as o(id, order_id)
           where a.id = o.id and a.id = any(:ids)""",
        ids=[alarm for alarm, _ in orders],
        orders=[order for _, order in orders],
    )


async def silent(signal: str, kinds: Sequence[str], before: datetime) -> list[Record]:
    """Devices in use that have not said a signal since a moment, and when they last did."""
    return await select(
        EVERYWHERE,
        """select d.*, w.last_at from sensor_device d
           join sensor_watch w on w.device_id = d.id and w.signal = :signal
           where d.area like :scope and d.kind = any(:kinds) and d.state = '在用'
             and w.last_at < :before
           order by d.id for update of d""",
        signal=signal,
        kinds=list(kinds),
        before=before,
    )


async def forget(before: datetime) -> None:
    """Old signals; what they came to stays in the alarms."""
    await sql("delete from sensor_signal where taken_at < :before", before=before)
