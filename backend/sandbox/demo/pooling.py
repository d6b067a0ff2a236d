"""A month of the pool: units of the full street, orders day by day through the real intake, and
each lived as far as today by the people whose work it was (fates.py)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from backend.clients.files import Files
from backend.core import clock
from backend.core.access import SYSTEM, Actor
from backend.core.db import Record, select, transaction
from backend.core.files import Upload
from backend.core.ports import Ports
from backend.core.scope import EVERYWHERE, scope_of, street_of
from backend.features.accounts.roles import verbs_of
from backend.features.accounts.store import staff
from backend.features.catalogue.catalogue import Catalogue
from backend.features.materials import actions as pictures
from backend.features.orders import alarms, intake
from backend.features.orders.actions import naming, reporting
from backend.features.orders.bodies import Finding, Incoming, NewUnit
from backend.features.orders.handbook import Handbook
from backend.features.orders.store import units
from backend.sandbox.demo import sketches
from backend.sandbox.demo.fates import Desk, Fate, live
from backend.sandbox.demo.planting import CORP_ID
from backend.sandbox.district.said import CALLS, EVENTS, FINDS, Line

STREET = "310107005000"
DAYS = 30
_APPEALS = {"咨询": "1", "求助": "2", "投诉": "3", "举报": "4", "建议": "5", "表扬": "6"}
_URGES = {"1": "一般", "2": "紧急", "3": "特急"}
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡"
_GIVEN = ("秀英", "建国", "丽华", "志强", "美珍", "卫东", "桂芳", "晓敏", "国良", "玉兰")

# key, name, kind, what it usually gets, who of the roster works there
UNITS = (
    ("城管", "曹杨城管中队", "enforcement", ("E05", "E0101", "E0102", "H02"), "yin.hong"),
    ("物业", "曹杨物业公司", "property", ("H01", "H0703", "E0180"), "ji.qiang"),
    ("市政养护", "市政养护所", "station", ("B01", "B02", "E0110", "E0404"), "yang.fan"),
)

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Town:
    """A street with its people, units and houses."""

    street: str
    desks: dict[str, Desk]
    centre: Actor
    lead: Actor
    homes: Sequence[Record]


async def play(ports: Ports, tell: Tell) -> None:
    """Orders of the last month; one street has them by the dozen, the others a few."""
    tell("units of the street, and a month of orders")
    await _name_units(ports)
    full = await _town(ports, STREET)
    others = [await _town(ports, street) for street in await _streets() if street != STREET]
    rng = Random("pool")
    for ago in range(DAYS, -1, -1):
        day = clock.today() - timedelta(days=ago)
        tell(f"orders of {day:%Y-%m-%d}")
        for town in (full, *others):
            most = rng.randrange(2, 6) if town is full else int(rng.random() < 0.12)
            await _day(ports, town, rng, day, most, ago)
    await alarms.ring(SYSTEM, ports[Handbook])


async def _name_units(ports: Ports) -> None:
    centre = Actor(None, "城运中心", verbs_of(["centre"]), scope_of(STREET), STREET)
    for key, name, kind, usual, _ in UNITS:
        body = NewUnit.model_validate(
            {"area": STREET, "key": key, "name": name, "kind": kind, "categories": usual}
        )
        await naming.add(centre, body)


async def _streets() -> list[str]:
    found = await select(
        EVERYWHERE,
        """select area from area where area like :scope and kind = 'street'
             and area like '310107%' and valid_to is null order by area""",
    )
    return [row["area"] for row in found]


async def _town(ports: Ports, street: str) -> Town:
    """Every unit with somebody who works there; a street without a centre in the roster has one."""
    people = [
        Actor(one.id, one.name, verbs_of(list(one.roles)), scope_of(one.area), one.area,
              frozenset(one.duties))
        for one in (await staff.of_corp(CORP_ID)).values()
        if street_of(one.area) == street
    ]  # fmt: skip
    desks: dict[str, Desk] = {}
    for unit in await units.listing(scope_of(street)):
        here = [
            one
            for one in people
            if one.area == unit["area"]
            and (unit["kind"] == units.COMMITTEE or unit["key"] in one.duties)
        ]
        if worker := next((one for one in here if not one.may("return.check")), None):
            head = next((one for one in here if one.may("order.verify")), worker)
            desks[unit["area"] + unit["key"]] = Desk(unit["id"], unit["name"], worker, head)
    inside, scope = [one for one in people if one.area == street], scope_of(street)
    stand_in = Actor(None, "城运中心", verbs_of(["centre"]), scope, street)
    chief = Actor(None, "分管领导", verbs_of(["street_lead"]), scope, street)
    return Town(
        street,
        desks,
        next((one for one in inside if one.may("order.dispatch")), stand_in),
        next((one for one in inside if one.may("order.reopen")), chief),
        await _homes(street),
    )


async def _homes(street: str) -> list[Record]:
    return await select(
        scope_of(street),
        """select b.id, b.area, b.address, b.estate, b.lng, b.lat from building b
           where b.area like :scope and b.lng is not null
           order by md5(b.id::text || :street) limit 200""",
        street=street,
    )


async def _day(ports: Ports, town: Town, rng: Random, day: date, most: int, ago: int) -> None:
    """What came in on a day, and what became of it until now."""
    for number in range(most):
        at = clock.at(day, rng.randrange(8, 17), rng.randrange(60))
        if at > clock.now() or not town.homes:
            continue
        home = rng.choice(town.homes)
        desk = town.desks.get(home["area"] + units.COMMITTEE)
        if desk is None:
            continue
        fate = Fate(ports, town.centre, town.lead, desk, town.desks, rng, at, ago)
        if rng.random() < 0.3:
            await _found(ports, fate, home, number)
        else:
            await _came(ports, town, fate, home)


async def _came(ports: Ports, town: Town, fate: Fate, home: Record) -> None:
    """Of the hotline, a patrol or an emergency."""
    source, lines = fate.rng.choices((("01", CALLS), ("02", FINDS), ("07", EVENTS)), (12, 6, 1))[0]
    line = fate.rng.choice(lines)
    given = _incoming(ports[Handbook], fate, line, home, source)
    with clock.pretend(fate.at):
        async with transaction():
            order = (await intake.take(SYSTEM, ports[Handbook], [given]))[0]
    await live(fate, order)


def _incoming(book: Handbook, fate: Fate, line: Line, home: Record, source: str) -> Incoming:
    rng, short = fate.rng, home["address"].removeprefix("上海市普陀区")
    gaps: dict[str, Any] = {
        "place": short,
        "estate": home["estate"],
        "floor": rng.randrange(1, 7),
        "room": f"{rng.randrange(1, 7)}0{rng.randrange(1, 4)}",
        "days": rng.randrange(3, 20),
        "hour": rng.randrange(19, 24),
    }
    leaf = book.categories.find(line.category.rpartition("/")[2])
    caller = rng.choice(_SURNAMES) + rng.choice(_GIVEN) if source == "01" else None
    return Incoming(
        system="demo",
        system_no=f"{fate.at:%Y%m%d%H%M}-{rng.randrange(10**9)}",
        source=source,
        area=home["area"],
        title=line.title.format(**gaps)[:100],
        content=line.content.format(**gaps),
        place=short,
        appeal_type=_APPEALS.get(line.appeal, "9"),
        category=leaf.code if leaf else None,
        urge=_URGES[line.urge],
        caller_name=caller,
        caller_phone=f"139{rng.randrange(10**8):08d}" if caller else None,
        hide_name=bool(caller) and rng.random() < 0.1,
        building_id=home["id"],
        lng=home["lng"],
        lat=home["lat"],
        received_at=fate.at,
    )


async def _found(ports: Ports, fate: Fate, home: Record, number: int) -> None:
    """Found by the committee, and mostly dealt with by itself."""
    line = fate.rng.choice([line for line in FINDS if line.urge == "1"])
    told = _incoming(ports[Handbook], fate, line, home, "04")
    worker, own = fate.desk.worker, fate.rng.random() < 0.75
    with clock.pretend(fate.at):
        seen = number == 0 and home["area"].endswith("5001")
        photos = (await picture(ports, worker, clean=False),) if seen else ()
        body = Finding(**told.model_dump(include=set(_SAME)), own=own, photos=photos, urge="一般")
        order = await reporting.report(worker, ports[Catalogue], ports[Handbook], body)
    await live(fate, order.id, own=own, pictured=seen)


_SAME = ("title", "content", "place", "category", "building_id", "lng", "lat", "area")


async def picture(ports: Ports, who: Actor, *, clean: bool) -> UUID:
    upload = Upload("现场.jpg", "image/jpeg", sketches.bins(clean=clean, seed=7))
    return (await pictures.upload(who, upload, ports[Files])).id
