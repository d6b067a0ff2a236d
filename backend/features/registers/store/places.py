"""Buildings and houses coming in from a feed: where they stand and in which committee."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from backend.core.db import Record, select
from backend.core.scope import EVERYWHERE, Scope, street_of
from backend.features.registers.elements import Layout
from backend.features.registers.shapes import Incoming, Refusal, Taken
from backend.features.registers.store import moving, take


@dataclass(frozen=True, slots=True)
class Committees:
    """The codes in force, and those that have ended with a word on what became of them."""

    standing: frozenset[str]
    ended: dict[str, str]


async def take_buildings(
    source: str, layout: Layout, rows: Sequence[Incoming], committees: Committees
) -> Taken:
    """A building stands where the feed says, unless an area change has moved it since."""
    page = await take.begin(source, layout, rows)

    def settle(made: Record, row: Incoming) -> Refusal | None:
        made["road"] = row.refs["road"]
        made["address"] = address(made["road"], made["lane"], made["bldg_no"])
        point = made["data"].get("coord") or {}
        made["lng"], made["lat"] = point.get("lng"), point.get("lat")
        made.setdefault("moved_on", None)
        if made["moved_on"] is not None:
            return None
        wrong = _committee(row, committees) or _far(made, row)
        if wrong:
            return wrong
        made["area"], made["grid"] = row.refs["committee"], row.refs.get("grid")
        return None

    take.sort(page, settle)
    await take.write(page)
    await moving.follow(EVERYWHERE, [made["id"] for made in page.altered])
    return page.taken


async def take_houses(source: str, layout: Layout, rows: Sequence[Incoming]) -> Taken:
    """A house belongs to the committee of its building, and its address begins with it."""
    page = await take.begin(source, layout, rows)
    buildings = await _found("building", "address", source, _named(rows, "building"))

    def settle(made: Record, row: Incoming) -> Refusal | None:
        building = buildings.get(row.refs["building"])
        if building is None:
            reason = f"楼栋 {row.refs['building']} 不在楼栋库中"
            return Refusal(row.source_id, "bldg_no", reason)
        made["building_id"], made["area"] = building["id"], building["area"]
        made["grid"] = building["grid"]
        made["room"] = made["room"] or ""  # a shop along the street has none
        made["std_addr"] = house_address(building["address"], made["unit"], made["room"])
        return None

    take.sort(page, settle)
    await take.write(page)
    return page.taken


async def houses(source: str, rows: Sequence[Incoming]) -> dict[str, Record]:
    """The houses that rows of people name, by the ids of their source."""
    return await _found("house", "std_addr", source, _named(rows, "house"))


async def buildings(scope: Scope, ids: Iterable[UUID]) -> dict[UUID, Record]:
    """Where some buildings stand: area, grid, point and address."""
    found = await select(
        scope,
        """select b.id, b.area, b.grid, b.lng, b.lat, b.address from building b
           where b.area like :scope and b.id = any(:ids)""",
        ids=list(ids),
    )
    return {row["id"]: row for row in found}


def address(road: str, lane: str | None, number: str) -> str:
    """上海市普陀区曹杨路3010弄1号."""
    return f"上海市普陀区{road}{f'{lane}弄' if lane else ''}{number}号"


def house_address(building: str, unit: str | None, room: str) -> str:
    """…1号2单元301室; a shop along the street has no room of its own."""
    inside = f"{unit}单元" if unit else ""
    return building + inside + (f"{room}室" if room else "")


def _committee(row: Incoming, committees: Committees) -> Refusal | None:
    code = row.refs["committee"]
    if code in committees.standing:
        return None
    ended = committees.ended.get(code)
    reason = f"{ended}，请指定楼栋归属" if ended else f"居村代码 {code} 不在区划表中"
    return Refusal(row.source_id, "committee", reason)


def _far(made: Record, row: Incoming) -> Refusal | None:
    """A building does not wander to another street by a feed: that is a change of areas."""
    if made["area"] and street_of(made["area"]) != street_of(row.refs["committee"]):
        return Refusal(row.source_id, "committee", "楼栋换到了另一个街镇，请按区划调整办理")
    return None


def _named(rows: Iterable[Incoming], ref: str) -> list[str]:
    return list({row.refs[ref] for row in rows})


async def _found(table: str, text: str, source: str, ids: list[str]) -> dict[str, Record]:
    found = await select(
        EVERYWHERE,
        f"""select r.id, r.source_id, r.area, r.grid, r.{text} from {table} r
            where r.source = :source and r.source_id = any(:ids) and {take.ANYWHERE}""",
        source=source,
        ids=ids,
    )
    return {row["source_id"]: row for row in found}
