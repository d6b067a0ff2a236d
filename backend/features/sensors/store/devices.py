"""Devices: found, listed, entered by hand, taken over from feeds, and what each was good for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.db import IntegrityError, Record, place, select, sql
from backend.core.ids import new_id
from backend.core.scope import EVERYWHERE, Scope
from backend.features.sensors.shapes import DeviceFilter
from backend.features.sensors.tables import DeviceRow
from backend.web.paging import keys_of

OWN = "自采"
UNCLEAR = "待核"
_LIST = "devices"

_DEVICE = """
select d.*, (select count(*) from sensor_alarm a
             where a.device_id = d.id and a.state = 'open') as open_alarms
from sensor_device d where d.area like :scope"""


async def one(scope: Scope, device: UUID) -> Record:
    found = await select(scope, f"{_DEVICE} and d.id = :id", id=device)
    if not found:
        raise problems.not_found(kind="设备")
    return found[0]


async def locked(scope: Scope, device: UUID) -> Record:
    """The device, held against signals and other hands until the transaction ends."""
    found = await select(
        scope,
        "select * from sensor_device d where d.area like :scope and d.id = :id for update",
        id=device,
    )
    if not found:
        raise problems.not_found(kind="设备")
    return found[0]


async def page(
    scope: Scope, query: DeviceFilter, offline: dict[str, int]
) -> tuple[list[Record], int]:
    """Devices by place, and how many there are; one row too many says that there are more."""
    match, given = _match(query, offline)
    total = await select(
        scope, f"select count(*) as n from sensor_device d where d.area like :scope{match}", **given
    )
    after = ""
    if query.cursor:
        after = " and (d.area, d.place, d.id) > (:after_area, :after_place, :after_id::uuid)"
        keys = keys_of(query.cursor, 3, of=_LIST)
        given |= dict(zip(("after_area", "after_place", "after_id"), keys, strict=True))
    found = await select(
        scope,
        f"{_DEVICE}{match}{after} order by d.area, d.place, d.id limit :n",
        n=query.limit + 1,
        **given,
    )
    return found, total[0]["n"]


def keys(row: Record) -> tuple[Any, ...]:
    return row["area"], row["place"], row["id"]


def _match(query: DeviceFilter, offline: dict[str, int]) -> tuple[str, Record]:
    text, given = "", {}
    for name in ("kind", "state", "area"):
        if (value := getattr(query, name)) is not None:
            text += f" and d.{name} = :{name}"
            given[name] = value
    if query.q:
        text += " and (d.place ilike :q or d.source_id ilike :q)"
        given["q"] = "%" + query.q.replace("\\", "").replace("%", r"\%").replace("_", r"\_") + "%"
    if query.away is not None:
        text += f""" and {"" if query.away else "not"} (d.state = '在用' and coalesce(d.heard_at,
              d.updated_at) < :now::timestamptz - make_interval(hours =>
              (select h.hours from unnest(:kinds::text[], :hours::int[]) as h(kind, hours)
               where h.kind = d.kind)))"""
        given |= {"now": clock.now(), "kinds": list(offline), "hours": list(offline.values())}
    return text, given


async def enter(scope: Scope, area: str, **values: Any) -> UUID:
    """A device entered by hand; its number is its own in the street's list."""
    device = new_id()
    try:
        await place(
            scope,
            DeviceRow,
            area=area,
            id=device,
            source=OWN,
            state="在用",
            updated_at=clock.now(),
            **values,
        )
    except IntegrityError:
        raise problems.device_known(no=values["source_id"]) from None
    return device


async def change(device: UUID, values: Record, by_hand: Iterable[str]) -> None:
    """New values under the next number; no feed overwrites them any more."""
    sets = "".join(f"{name} = :{name}, " for name in values)
    await sql(
        f"""update sensor_device set {sets} rev = rev + 1, updated_at = :now,
              by_hand = (select coalesce(jsonb_agg(distinct n), '[]'::jsonb)
                         from (select jsonb_array_elements_text(by_hand) as n
                               union select unnest(:by_hand::text[])) as every_name)
            where id = :id""",
        id=device,
        now=clock.now(),
        by_hand=list(by_hand),
        **values,
    )


async def merge(source: str, rows: Sequence[Record]) -> tuple[int, int]:
    """Devices of a platform: how many are new, how many changed. Hands go before feeds."""
    found = await select(
        EVERYWHERE,
        f"""insert into sensor_device as d ({", ".join(_FED)}, battery, heard_at, tuned, by_hand,
                                            rev, updated_at)
            select {", ".join(f"r.{name}" for name in _FED)}, r.battery, r.heard_at, '{{}}', '[]',
              0, :now
            from jsonb_to_recordset(:rows::jsonb) as r(
              {", ".join(f"{name} {kind}" for name, kind in _FED.items())},
              battery int, heard_at timestamptz)
            where r.area like :scope order by r.source_id
            on conflict (source, source_id) do update set
              {", ".join(_kept(name) for name in _FED if name not in _OWN)},
              battery = coalesce(excluded.battery, d.battery),
              heard_at = greatest(excluded.heard_at, d.heard_at),
              updated_at = excluded.updated_at
            returning (xmax = 0) as fresh""",
        rows=[row | {"source": source} for row in rows],
        now=clock.now(),
    )
    fresh = sum(row["fresh"] for row in found)
    return fresh, len(found) - fresh


def _kept(name: str) -> str:
    """A feed's value, unless a person has said otherwise or the feed says nothing."""
    hand = f"d.by_hand ? '{name}' or excluded.{name} is null"
    return f"{name} = case when {hand} then d.{name} else excluded.{name} end"


_OWN = ("id", "source", "source_id")
_FED = {
    "id": "uuid",
    "area": "text",
    "source": "text",
    "source_id": "text",
    "kind": "text",
    "state": "text",
    "model": "text",
    "place": "text",
    "building_id": "uuid",
    "lng": "float",
    "lat": "float",
    "grid": "text",
    "installed_on": "date",
}


async def ensure(source: str, rows: Sequence[Record]) -> None:
    """Devices that nobody has told us of but which speak: there, to be looked at by a person."""
    await select(
        EVERYWHERE,
        """insert into sensor_device (id, area, source, source_id, kind, state, place, lng, lat,
                                      tuned, by_hand, rev, updated_at)
           select r.id, r.area, :source, r.source_id, 'other', '待核', r.place, r.lng, r.lat,
             '{}', '[]', 0, :now
           from jsonb_to_recordset(:rows::jsonb) as r(
             id uuid, area text, source_id text, place text, lng float, lat float)
           where r.area like :scope order by r.source_id
           on conflict (source, source_id) do nothing""",
        source=source,
        rows=list(rows),
        now=clock.now(),
    )


async def speaking(source: str, numbers: Iterable[str]) -> list[Record]:
    """Devices of a platform by their numbers, held, always in the same order."""
    return await select(
        EVERYWHERE,
        """select * from sensor_device d
           where d.area like :scope and d.source = :source and d.source_id = any(:numbers)
           order by d.id for update""",
        source=source,
        numbers=list(numbers),
    )


async def heard(devices: Sequence[tuple[UUID, datetime | None, int | None]]) -> None:
    """When devices last spoke, and the battery if they said it."""
    await sql(
        """update sensor_device d set heard_at = greatest(d.heard_at, h.at),
             battery = coalesce(h.battery, d.battery)
           from unnest(:ids::uuid[], :ats::timestamptz[], :batteries::int[])
             as h(id, at, battery)
           where d.id = h.id and d.id = any(:ids)""",
        ids=[one[0] for one in devices],
        ats=[one[1] for one in devices],
        batteries=[one[2] for one in devices],
    )


async def follow() -> None:
    """Devices hang in their building, wherever the map says that it stands; what is open with
    them goes along."""
    await select(
        EVERYWHERE,
        """with moved as (
             update sensor_device d set area = b.area, grid = b.grid from building b
             where d.area like :scope and b.id = d.building_id and b.area <> d.area
             returning d.id, d.area),
           alarms as (
             update sensor_alarm a set area = m.area from moved m
             where a.device_id = m.id and a.state = 'open' returning 1)
           update sensor_warning w set area = b.area from building b
           where w.area like :scope and b.id = w.building_id and b.area <> w.area
             and w.state = 'open'""",
    )


async def inherit(heirs: Mapping[str, str]) -> None:
    """Devices without a building go with their committee: to its heir, or to the street."""
    await select(
        EVERYWHERE,
        """with moved as (
             update sensor_device d set area = h.heir
             from unnest(:gone::text[], :heirs::text[]) as h(gone, heir)
             where d.area like :scope and d.area = h.gone and d.building_id is null
             returning d.id, d.area)
           update sensor_alarm a set area = m.area from moved m
           where a.area like :scope and a.device_id = m.id and a.state = 'open'""",
        gone=list(heirs),
        heirs=list(heirs.values()),
    )


async def usage(scope: Scope, days: int, devices: Sequence[UUID] | None = None) -> list[Record]:
    """Per device that had an alarm in the last days: how many, how many were judged and how, and
    how far above the bound the false ones were."""
    return await select(
        scope,
        """select a.device_id, count(*) as alarms, sum(a.count)::int as signals,
             count(*) filter (where a.state in ('real', 'false')) as judged,
             count(*) filter (where a.state = 'false') as false,
             coalesce(jsonb_object_agg(a.reason, a.times) filter (where a.reason is not null), '{}')
               as reasons,
             percentile_cont(0.5) within group (order by abs(a.worst - a.bound)
               / nullif(abs(a.bound), 0)) filter (where a.state = 'false') as margin
           from (select s.*, case when s.reason is not null then count(*) over (
                     partition by s.device_id, s.reason) end as times
                 from sensor_alarm s
                 where s.area like :scope and s.first_at >= :since
                   and (:devices::uuid[] is null or s.device_id = any(:devices))) as a
           group by a.device_id""",
        since=clock.now() - timedelta(days=days),
        devices=list(devices) if devices is not None else None,
    )


async def some(scope: Scope, devices: Iterable[UUID]) -> dict[UUID, Record]:
    found = await select(scope, f"{_DEVICE} and d.id = any(:ids)", ids=list(devices))
    return {row["id"]: row for row in found}
