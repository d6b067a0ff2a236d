"""Who works in the demo district: a few with names to remember, and colleagues everywhere."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from backend.sandbox.district import names
from backend.sandbox.district.world import AREAS, SEED

_BORN = (1968, 1999)


@dataclass(frozen=True, slots=True)
class Place:
    """An area of the district in force, as a department of the corp."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of the corp. `roles` are given by the administrator where contacts give none."""

    userid: str
    name: str
    area: str
    position: str
    sex: str
    leads: bool = False
    roles: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who serves as an experience officer, and their phone."""

    openid: str
    name: str
    field: str
    phone: str


# Shown when the demo has started: one for every way of working.
KNOWN = (
    Colleague("lu.xiaoyan", "陆小燕", "310107005001", "社工", "2", duties=("老龄",)),
    Colleague("gu.jianping", "顾建平", "310107005001", "党总支书记", "1", leads=True),
    Colleague("qian.hui", "钱慧", "310107005003", "社工", "2", duties=("调解",)),
    Colleague("shen.min", "沈敏", "310107005000", "数据专员", "2", roles=("street_admin",)),
    Colleague(
        "jiang.lin", "江琳", "310107005000", "服务办", "2", roles=("section",), duties=("老龄",)
    ),
    Colleague("he.wei", "何伟", "310107005000", "城运中心值班长", "1", roles=("centre",)),
    Colleague("kang.wen", "康文", "310107005000", "副主任", "1", roles=("street_lead",)),
    Colleague(
        "yin.hong", "尹红", "310107005000", "城管中队", "2", roles=("handler",), duties=("城管",)
    ),
    Colleague(
        "ji.qiang", "季强", "310107005000", "物业经理", "1", roles=("handler",), duties=("物业",)
    ),
    Colleague(
        "yang.fan",
        "杨帆",
        "310107005000",
        "市政养护",
        "1",
        roles=("handler",),
        duties=("市政养护",),
    ),
    Colleague("shao.feng", "邵峰", "310107014000", "数据专员", "1", roles=("street_admin",)),
    Colleague("fu.min", "傅民", "310107000000", "地区科", "1", roles=("district",)),
    Colleague("ge.ning", "葛宁", "310107000000", "审计专员", "2", roles=("auditor",)),
)

# Experience officers (治理体验官): no members of the corp, known by their phones.
OFFICERS = (
    Resident("oZhouMinDemo000001", "周敏", "resident", "13800000101"),
    Resident("oWuHaoDemo00000002", "吴昊", "expert", "13800000102"),
    Resident("oZhengLanDemo00003", "郑岚", "deputy", "13800000103"),
)


def places(areas: Path = AREAS) -> list[Place]:
    """District, streets and committees in force, parents first."""
    with areas.open(encoding="utf-8", newline="") as file:
        found = [
            Place(row["code"], row["name"], row["kind"])
            for row in csv.DictReader(file)
            if not row["valid_to"]
        ]
    depth = ("district", "street", "committee")
    return sorted(found, key=lambda place: (depth.index(place.kind), place.code))


def everybody(seed: int = SEED) -> Iterator[Colleague]:
    """The known ones, and in every committee a head and two workers."""
    yield from KNOWN
    led = {one.area for one in KNOWN if one.leads}
    for place in places():
        if place.kind != "committee":
            continue
        rng = Random(f"{seed}:{place.code}")
        if place.code not in led:
            yield _somebody(rng, place, 1, "党总支书记", leads=True)
        for number in (2, 3):
            yield _somebody(rng, place, number, "社工", leads=False)


def _somebody(rng: Random, place: Place, number: int, position: str, *, leads: bool) -> Colleague:
    sex = rng.choice("122")
    born = date(rng.randrange(*_BORN), 1, 1)
    name = names.surname(rng, local=True) + names.given(rng, sex, born)
    userid = f"pt{place.code[6:]}{number:02d}"
    return Colleague(userid, name, place.code, position, sex, leads)
