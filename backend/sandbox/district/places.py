"""Estates, buildings and homes on Putuo's real roads, behind lane numbers that do not exist."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

# Each road stands with one street only, so road and lane together are unique in the district.
_ROADS = {
    "005": "曹杨路 兰溪路 梅岭北路 梅岭南路 枫桥路 花溪路 棠浦路 杏山路 桐柏路",
    "014": "大渡河路 枣阳路 怒江路 光复西路 凯旋北路 云岭东路",
    "015": "长寿路 安远路 常德路 西康路 胶州路 普陀路 澳门路 武宁路",
    "016": "甘泉路 志丹路 延长西路 黄陵路 西乡路 子长路",
    "017": "石泉路 铜川路 岚皋路 管弄路 宁强路 中山北路",
    "020": "宜川路 华阴路 骊山路 泰山路 平利路 光新路",
    "021": "富平路 真华路 新村路 香泉路 武威东路 交通路",
    "022": "真如路 真北路 南郑路 寺前街 车站新村路 芝川路",
    "102": "梅川路 真光路 清涧路 金沙江路 泸定路 怒江北路",
    "103": "桃浦路 真南路 祁连山路 古浪路 雪松路 武威路 绿杨路",
}
# Where each street lies, GCJ-02 degrees; committees stand around it cell by cell.
_CENTRES = {
    "005": (121.412, 31.240),
    "014": (121.395, 31.226),
    "015": (121.436, 31.241),
    "016": (121.430, 31.269),
    "017": (121.421, 31.257),
    "020": (121.444, 31.261),
    "021": (121.399, 31.270),
    "022": (121.397, 31.252),
    "102": (121.371, 31.240),
    "103": (121.350, 31.286),
}
_CELL = (0.0024, 0.0022)  # degrees of a committee's cell: about 230 × 240 m
_STEP = (0.00021, 0.00019)  # from one building to the next: about 20 m
_ESTATES = ("小区", "新苑", "公寓", "家园", "雅苑", "新村", "名苑", "花苑")
_PROPERTY = (("1", 34), ("2", 48), ("3", 9), ("4", 6), ("6", 3))  # house_property codes
_USES = (("20", "商铺"), ("30", "办公"), ("50", "公共服务用房"))


@dataclass(frozen=True, slots=True)
class Committee:
    """A residents' or village committee: its 12-digit code, its name and its place in the list."""

    code: str
    name: str
    slot: int

    @property
    def stem(self) -> str:
        return self.name.removesuffix("居委会").removesuffix("村委会").removesuffix("社区")


@dataclass(frozen=True, slots=True)
class Building:
    """One 号. `floors` above ground, `doors` homes on each."""

    id: str
    committee: str
    grid: str
    estate: str
    road: str
    lane: str | None
    number: str
    floors: int
    doors: int
    lift: bool
    built: int
    prop: str
    structure: str
    lng: float
    lat: float

    @property
    def address(self) -> str:
        lane = f"{self.lane}弄" if self.lane else ""
        return f"上海市普陀区{self.road}{lane}{self.number}号"


@dataclass(slots=True)
class House:
    """One door. `occupancy` and the owner change with time; `updated` says when they last did."""

    id: str
    building: Building
    room: str
    use: str
    area: float
    occupancy: str = "3"
    owner: dict[str, str] = field(default_factory=dict)
    gas: str = "1"
    lease_end: str = ""
    updated: str = ""

    @property
    def address(self) -> str:
        return f"{self.building.address}{self.room}室" if self.room else self.building.address


def buildings(committee: Committee, rng: Random, *, low: bool) -> Iterator[Building]:
    """The committee's buildings: estate after estate, number after number; towers unless `low`."""
    roads = _ROADS.get(committee.code[6:9], "桃浦路").split()
    serial, village = 0, int(committee.code[9:12])
    for turn in range(10):
        estate = committee.stem + rng.choice(_ESTATES) + ("", "二期", "三期")[turn % 3]
        road, lane = rng.choice(roads), str(3000 + village * 10 + turn)
        prop = _weighted(rng, _PROPERTY)
        kind = _kind(rng, prop, low)
        for number in range(1, rng.randrange(8, 20)):
            serial += 1
            lng, lat = _point(committee, serial - 1)
            yield Building(
                id=f"L{committee.code[6:]}{serial:03d}",
                committee=committee.code,
                grid=f"{committee.code}-{1 + (serial - 1) // 9:02d}",
                estate=estate,
                road=road,
                lane=lane,
                number=str(number),
                prop=prop,
                lng=lng,
                lat=lat,
                **kind,
            )


def homes(building: Building, rng: Random) -> Iterator[House]:
    """Every door of a building, floor by floor: 101, 102 … 601."""
    sizes = (54, 62, 78, 92, 108) if building.built > 1990 else (32, 38, 42, 46)
    size = rng.choice(sizes)
    for floor in range(1, building.floors + 1):
        for door in range(1, building.doors + 1):
            room = f"{floor}{door:02d}"
            area = round(size * rng.uniform(0.85, 1.2), 2)
            gas = "2" if building.built < 1975 and rng.random() < 0.1 else "1"
            yield House(f"F{building.id[1:]}{room:>04}", building, room, "10", area, gas=gas)


def shops(committee: Committee, rng: Random, count: int) -> Iterator[House]:
    """Shops along the street: road and number, no lane, no room."""
    road = rng.choice(_ROADS.get(committee.code[6:9], "桃浦路").split())
    for turn in range(count):
        number = str(3000 + int(committee.code[9:12]) * 30 + 2 * turn)
        lng, lat = _point(committee, 100 + turn)
        shop = Building(
            id=f"L{committee.code[6:]}{900 + turn}",
            committee=committee.code,
            grid=f"{committee.code}-01",
            estate=f"{committee.stem}沿街",
            road=road,
            lane=None,
            number=number,
            floors=2,
            doors=1,
            lift=False,
            built=1996,
            prop="9",
            structure="砖混",
            lng=lng,
            lat=lat,
        )
        use = _USES[min(int(rng.random() * 4), 2)][0]
        area = round(rng.uniform(18, 160), 2)
        yield House(f"F{shop.id[1:]}0000", shop, "", use, area, occupancy="2")


def _point(committee: Committee, place: int) -> tuple[float, float]:
    """The `place`-th spot of a committee's cell, ten in a row, from its south-west corner."""
    lng, lat = _CENTRES.get(committee.code[6:9], (121.395, 31.249))
    row, column = divmod(int(committee.code[9:12]), 8)
    north, east = divmod(place, 10)
    return (
        round(lng + (column - 4) * _CELL[0] + east * _STEP[0], 6),
        round(lat + (row - 3) * _CELL[1] + north * _STEP[1], 6),
    )


def _kind(rng: Random, prop: str, low: bool) -> dict[str, Any]:
    old = prop in "23"  # the walk-ups of the workers' villages
    built = rng.randrange(1953, 1996) if old else rng.randrange(1996, 2020)
    floors = 6 if low or built > 1965 else 3
    if not old and not low:
        floors = rng.choice((6, 11, 14, 18, 24))
    structure = "砖木" if built <= 1965 else "钢混" if floors > 6 else "砖混"
    doors = 2 if low else rng.choice((2, 3, 4))
    lift = floors > 6
    return {"floors": floors, "doors": doors, "lift": lift, "built": built, "structure": structure}


def _weighted(rng: Random, choices: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([c for c, _ in choices], [w for _, w in choices])[0]
