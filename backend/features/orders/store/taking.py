"""Orders on their way in: written by set, exactly once by the number they have at their source."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from backend.core import clock, crypto, problems
from backend.core.access import Actor
from backend.core.db import Record, select, sql
from backend.core.ids import new_id
from backend.core.scope import EVERYWHERE, Scope, street_of
from backend.features.orders.bodies import Incoming
from backend.features.orders.store.orders import SEALED, TABLE

PHONE = "work_order.phone"


async def known(orders: Sequence[Incoming]) -> dict[tuple[str, str], UUID]:
    """Those that came in before, by system and number."""
    found = await select(
        EVERYWHERE,
        """select o.id, o.system, o.system_no from work_order o
           join unnest(:systems::text[], :numbers::text[]) as i(system, system_no)
             on o.system = i.system and o.system_no = i.system_no
           where o.area like :scope""",
        systems=[one.system for one in orders],
        numbers=[one.system_no for one in orders],
    )
    return {(row["system"], row["system_no"]): row["id"] for row in found}


async def numbers(scope: Scope, areas: Sequence[str], day: date) -> list[str]:
    """A number for each of these areas' orders: 普005-20261008-0007."""
    wanted: dict[str, int] = {}
    for area in areas:
        wanted[street_of(area)] = wanted.get(street_of(area), 0) + 1
    found = await select(
        Scope(scope.prefix[:9]),
        """insert into order_number as n (id, area, day, last_no)
           select i.id, i.area, :day::date, i.wanted
           from unnest(:ids::uuid[], :areas::text[], :wanted::int[]) as i(id, area, wanted)
           where i.area like :scope order by i.area
           on conflict (area, day) do update set last_no = n.last_no + excluded.last_no
           returning area, last_no""",
        ids=[new_id() for _ in wanted],
        areas=list(wanted),
        wanted=list(wanted.values()),
        day=day,
    )
    if len(found) < len(wanted):
        raise problems.not_found(kind="区域")
    following = {row["area"]: row["last_no"] - wanted[row["area"]] for row in found}
    made = []
    for area in areas:
        street = street_of(area)
        following[street] += 1
        made.append(f"普{street[6:9]}-{day:%Y%m%d}-{following[street]:04d}")
    return made


async def write(scope: Scope, rows: Sequence[Record]) -> set[UUID]:
    """Append orders; whoever wrote one with the same number meanwhile was first."""
    found = await select(
        scope,
        f"""insert into work_order ({", ".join(_TYPES)})
            select {", ".join(f"r.{name}" for name in _TYPES)}
            from jsonb_to_recordset(:rows::jsonb) as r(
              {", ".join(f"{name} {kind}" for name, kind in _TYPES.items())})
            where r.area like :scope
            on conflict (system, system_no) do nothing returning id""",
        rows=rows,
    )
    return {row["id"] for row in found}


async def first_steps(actor: Actor, made: Sequence[Record]) -> None:
    """The first step of orders that have just come in."""
    moment = clock.now()
    await sql(
        """insert into order_step (id, order_id, act, to_stage, by_id, by_name, unit_id, at,
                                   recorded_at, photos, facts)
           select r.id, r.order_id, 'take', r.stage, :by_id, coalesce(r.reporter, :by), r.unit_id,
             r.at, :now, r.photos, '{}'
           from jsonb_to_recordset(:rows::jsonb) as r(
             id uuid, order_id uuid, stage text, reporter text, unit_id uuid, at timestamptz,
             photos jsonb)""",
        rows=[
            {
                "id": new_id(),
                "order_id": row["id"],
                "stage": row["stage"],
                "reporter": row["reporter"],
                "unit_id": row["unit_id"],
                "at": row["received_at"],
                "photos": row["photos"],
            }
            for row in made
        ],
        by_id=actor.id,
        by=actor.name,
        now=moment,
    )


def sealed(order: UUID, one: Incoming) -> Record:
    """The level 3 values of an order as tokens, and the blind index of the number."""
    row: dict[str, Any] = {
        column: crypto.seal(TABLE, column, order, text) if (text := getattr(one, column)) else None
        for column in SEALED
    }
    index = crypto.blind(PHONE, digits(one.caller_phone)) if one.caller_phone else None
    # bytes do not travel in JSON: PostgreSQL reads them in hexadecimal
    return row | {"phone_bi": f"\\x{index.hex()}" if index else None}


async def said_before(orders: Sequence[UUID]) -> dict[UUID, tuple[dict[str, str], str | None]]:
    """What the source of each said when it last came back to it: facts, and words in clear."""
    found = await sql(
        """select distinct on (s.order_id) s.id, s.order_id, s.facts, s.note from order_step s
           where s.order_id = any(:ids) and s.act = 'update' order by s.order_id, s.id desc""",
        ids=list(orders),
    )
    return {
        row["order_id"]: (
            row["facts"],
            crypto.unseal("order_step", "note", row["id"], row["note"]) if row["note"] else None,
        )
        for row in found
    }


def digits(phone: str) -> str:
    """A telephone number however it was written."""
    return "".join(sign for sign in phone if sign.isdigit())[-11:]


_TYPES = {
    "id": "uuid",
    "area": "text",
    "no": "text",
    "source": "text",
    "system": "text",
    "system_no": "text",
    "appeal_type": "text",
    "category": "text",
    "severity": "text",
    "urge": "text",
    "title": "text",
    "content": "text",
    "caller_name": "text",
    "caller_phone": "text",
    "phone_bi": "bytea",
    "hide_name": "boolean",
    "place": "text",
    "house_id": "uuid",
    "building_id": "uuid",
    "lng": "float",
    "lat": "float",
    "grid": "text",
    "guess": "jsonb",
    "photos": "jsonb",
    "photos_after": "jsonb",
    "stage": "text",
    "unit_id": "uuid",
    "handler_id": "uuid",
    "handler": "text",
    "own": "boolean",
    "reported_by": "uuid",
    "reporter": "text",
    "officer_id": "uuid",
    "received_at": "timestamptz",
    "filed_at": "timestamptz",
    "dispatched_at": "timestamptz",
    "signed_at": "timestamptz",
    "returned": "int",
    "redo": "int",
    "reopened": "int",
    "posted": "int",
    "back": "text",
    "extend": "text",
    "pause": "text",
    "appeal": "text",
    "asked": "jsonb",
    "designated": "boolean",
    "parent_id": "uuid",
    "public": "boolean",
    "rev": "int",
    "updated_at": "timestamptz",
}
