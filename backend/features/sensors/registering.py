"""Devices that a platform tells of: entered or brought up to date, and placed at their building."""

from functools import partial

from backend.core.db import Record
from backend.core.ids import new_id
from backend.core.scope import Scope, street_of
from backend.engine.sensors.measures import OTHER, Measures
from backend.features.connectors.takers import Batch, Remembered, Taker
from backend.features.registers.shapes import Incoming, Taken
from backend.features.registers.store import spotting
from backend.features.registers.store.spotting import Spot, Wanted
from backend.features.sensors.store import devices


def taker(measures: Measures) -> Taker:
    """What feeds of devices are taken over by."""
    return Remembered(partial(_take, measures))


async def _take(measures: Measures, batch: Batch) -> Taken:
    last = {row.source_id: row for row in batch.rows}
    records = [_record(measures, batch, row) for row in last.values()]
    placed = await place(records)
    fresh, changed = await devices.merge(batch.feed.key, placed)
    return Taken(fresh, changed, len(batch.rows) - fresh - changed)


def _record(measures: Measures, batch: Batch, row: Incoming) -> Record:
    values = row.values
    point = values.get("coord") or {}
    return {
        "id": new_id(),
        "area": batch.area_of(row),
        "source_id": row.source_id,
        "kind": values["kind"] if values.get("kind") in measures.kinds else OTHER,
        "state": values.get("state") or "在用",
        "model": values.get("model"),
        "place": values["place"],
        "building_id": None,
        "lng": point.get("lng"),
        "lat": point.get("lat"),
        "grid": None,
        "installed_on": values.get("installed_on"),
        "battery": values.get("battery"),
        "heard_at": values.get("heard_at"),
    }


async def place(records: list[Record]) -> list[Record]:
    """Each with its building, grid and committee, as far as the address or the point tells."""
    streets: dict[str, list[Record]] = {}
    for record in records:
        streets.setdefault(street_of(record["area"]), []).append(record)
    for street, these in streets.items():
        wanted = [
            Wanted(r["place"], r["lng"], r["lat"], r["building_id"], r.get("house_id"))
            for r in these
        ]
        spots = await spotting.spot(Scope(street[:9]), wanted)
        for record, spot in zip(these, spots, strict=True):
            if spot is not None:
                _put(record, spot)
    return records


def _put(record: Record, spot: Spot) -> None:
    if record["area"].endswith("000"):  # only the street was known
        record["area"] = spot.area
    if record["area"] == spot.area:
        record["building_id"] = record["building_id"] or spot.building
        record["grid"] = spot.grid
        if record["lng"] is None:
            record["lng"], record["lat"] = spot.lng, spot.lat
