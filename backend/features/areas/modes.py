"""The mode that a street is in (平急转换): what clocks, quiet hours and routine tasks go by.

Only the duty slice changes it; whoever asks needs no more than the code of an area.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.core import clock, problems
from backend.core.db import Record, select
from backend.core.ids import new_id
from backend.core.scope import EVERYWHERE, Scope, street_of

Span = tuple[datetime, datetime | None]  # from, to; None while it lasts


@dataclass(frozen=True, slots=True)
class Mode:
    """A street's mode other than 平时. `clocks`: limits run day and night; `pauses`: routine tasks
    rest; `awake`: people are told things at night as well."""

    name: str  # 预警 应急
    level: str
    clocks: bool
    pauses: bool
    awake: bool


async def now(area: str) -> Mode | None:
    """The mode of the street that an area belongs to; None in ordinary times."""
    found = await select(
        Scope(street_of(area)),
        """select name, level, clocks, pauses, awake from area_mode
           where area like :scope and until is null""",
    )
    return Mode(**found[0]) if found else None


async def awake() -> frozenset[str]:
    """The streets without quiet hours at this moment."""
    return await _streets("awake")


async def hurried() -> frozenset[str]:
    """The streets whose limits run day and night at this moment."""
    return await _streets("clocks")


async def pausing() -> frozenset[str]:
    """The streets whose routine tasks rest at this moment."""
    return await _streets("pauses")


async def spans(streets: Sequence[str], since: datetime) -> dict[str, list[Span]]:
    """Per street, from when to when limits ran or run day and night, as far as after `since`."""
    found = await select(
        EVERYWHERE,
        """select area, since, until from area_mode
           where area like :scope and area = any(:streets) and clocks
             and coalesce(until, 'infinity') > :since order by area, since""",
        streets=list(set(streets)),
        since=since,
    )
    told: dict[str, list[Span]] = {}
    for row in found:
        told.setdefault(row["area"], []).append((row["since"], row["until"]))
    return told


async def gravest(area: str, since: datetime, until: datetime) -> str:
    """What the street of an area was in during a time: 应急 before 预警 before 平时."""
    found = await select(
        Scope(street_of(area)),
        """select name from area_mode
           where area like :scope and since < :until and coalesce(until, 'infinity') > :since
           order by name = '应急' desc limit 1""",
        since=since,
        until=until,
    )
    return str(found[0]["name"]) if found else "平时"


async def change(scope: Scope, street: str, mode: Mode | None) -> None:
    """From now on the street is in this mode, on the caller's transaction; None is 平时."""
    if not scope.covers(street):
        raise problems.not_found(kind="区域")
    moment = clock.now()
    await select(
        scope,
        """update area_mode set until = :now
           where area like :scope and area = :street and until is null returning id""",
        street=street,
        now=moment,
    )
    if mode is not None:
        await select(scope, _BEGIN, **_row(street, mode, moment))


_BEGIN = """
insert into area_mode (id, area, name, level, clocks, pauses, awake, since)
select :id, :street::text, :name, :level, :clocks, :pauses, :awake, :now
where :street::text like :scope returning id"""


def _row(street: str, mode: Mode, moment: datetime) -> Record:
    given = {name: getattr(mode, name) for name in Mode.__dataclass_fields__}
    return given | {"id": new_id(), "street": street, "now": moment}


async def _streets(flag: str) -> frozenset[str]:
    found = await select(
        EVERYWHERE,
        f"select area from area_mode where area like :scope and until is null and {flag}",
    )
    return frozenset(row["area"] for row in found)
