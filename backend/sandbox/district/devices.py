"""Sensors of a committee and what they say: smoke, water, doors of people living alone, lifts.

They say what real ones say: readings that rise and fall with the rain, the same alarm thirty times
in five minutes, a daily sign of life, and one detector above a kitchen that cries wolf every day.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from backend.core.clock import SHANGHAI
from backend.sandbox.district.places import Building
from backend.sandbox.district.town import Town

BAD = "310107005001"  # where the detector above the kitchen hangs
_LIFE = 300  # people; a committee that is shown thinly has few devices
_MODELS = {  # by kind: 水位, 烟感, 门磁, 电梯, 燃气, 测温
    "SW": "液位计 LW-200",
    "YG": "独立式烟感 JTY-G",
    "MC": "无线门磁 MD-3",
    "DT": "电梯监测 EM-10",
    "RQ": "燃气探测 GT-5",
    "WG": "测温电缆 TW-8",
}


@dataclass(frozen=True, slots=True)
class Device:
    """One sensor; `kind` in the platform's letters, as in its id."""

    id: str
    kind: str
    building: Building
    place: str
    installed: date
    bad: bool = False
    silent: bool = False  # an elder who is away for two days now and then

    @property
    def model(self) -> str:
        return _MODELS[self.kind]


@dataclass(frozen=True, slots=True)
class Signal:
    """A device has said something: an alarm, a reading, a sign of life."""

    id: str
    device: Device
    code: str
    value: float | None
    at: datetime
    words: str = ""

    @property
    def updated(self) -> str:
        return f"{self.at:%Y%m%d%H%M%S}"


def devices(made: Town, people: int, since: date) -> list[Device]:
    """The sensors of a committee, the same ones every day."""
    rng = made.rng("devices")
    found: list[Device] = []
    homes = [b for b in made.buildings if b.lane]
    full = people >= _LIFE
    wanted: list[tuple[str, Building, str]] = []
    for building in homes[: 6 if full else 1]:
        wanted.append(("YG", building, f"{rng.randrange(1, building.floors + 1)}楼楼道"))
    wanted += [("DT", b, "电梯轿厢") for b in homes if b.lift][: 3 if full else 1]
    wanted += [("MC", b, f"{room}室") for b, room in _alone(made, since)[: 3 if full else 1]]
    wanted += [("RQ", b, f"{room}室厨房") for b, room in _alone(made, since)[3:5] if full]
    wanted += [("SW", homes[-1], "地下车库入口"), *([("WG", homes[0], "充电棚")] if full else [])]
    for number, (kind, building, spot) in enumerate(wanted, 1):
        first = kind not in {device.kind for device in found}
        found.append(
            Device(
                id=f"{kind}{made.committee.code[6:]}{number:02d}",
                kind=kind,
                building=building,
                place=f"{building.address}{spot}",
                installed=since - timedelta(days=rng.randrange(60, 900)),
                bad=first and kind == "YG" and made.committee.code == BAD,
                silent=first and kind == "MC",
            )
        )
    return found


def _alone(made: Town, day: date) -> list[tuple[Building, str]]:
    """Where people of 75 and more live by themselves."""
    together: dict[str, int] = {}
    for person in made.living(day):
        together[person.household] = together.get(person.household, 0) + 1
    return [
        (person.house.building, person.house.room)
        for person in made.living(day)
        if together[person.household] == 1 and person.birth.year <= day.year - 75
    ]


def day_of_signals(made: Town, device: Device, day: date) -> Iterator[Signal]:
    """What a device says on a day."""
    rng = made.rng(device.id, day)
    if not _away(device, day):
        yield _said(device, day, rng.randrange(360, 420), "XT", None, "")
    for at, code, value, words in _SPEAKS[device.kind](rng, device, day):
        yield _said(device, day, at, code, value, words)


Saying = tuple[float, str, float | None, str]  # minute of the day, code, value, words


def _said(
    device: Device, day: date, minute: float, code: str, value: float | None, words: str
) -> Signal:
    at = datetime.combine(day, time(), SHANGHAI) + timedelta(seconds=int(minute * 60))
    return Signal(f"{device.id}{code}{at:%Y%m%d%H%M%S}", device, code, value, at, words)


def _smoke(rng: Random, device: Device, _: date) -> Iterator[Saying]:
    if rng.random() < (0.8 if device.bad else 0.012):
        start = rng.choice((665, 1030)) + rng.uniform(0, 40)  # when people cook
        for turn in range(rng.randrange(4, 20)):
            yield start + turn * 0.4, "YWBJ", round(rng.uniform(5.2, 7.5), 1), "烟雾浓度超限"


def _water(rng: Random, device: Device, day: date) -> Iterator[Saying]:
    rain = Random(f"rain:{day}")
    if rain.random() >= 0.2:
        return
    start, most, turns = rain.randrange(0, 1200), rng.uniform(4, 34), rng.randrange(12, 24)
    for turn in range(turns):
        depth = most * min(turn, turns - turn) * 2 / turns
        yield start + turn * 10, "SWCX", round(depth, 1), "液位读数"


def _door(rng: Random, device: Device, day: date) -> Iterator[Saying]:
    if _away(device, day):
        return
    for minute in (430, 640, 1010):
        yield minute + rng.uniform(0, 60), "KM", None, "开门"


def _away(device: Device, day: date) -> bool:
    """Two days in seventeen, and not everywhere the same ones."""
    return device.silent and (day.toordinal() + int(device.building.committee[-3:])) % 17 < 2


def _lift(rng: Random, device: Device, _: date) -> Iterator[Saying]:
    if rng.random() < 0.03:
        start = rng.randrange(400, 1300)
        for turn in range(rng.randrange(1, 6)):
            yield start + turn * 1.5, "TJ", None, "电梯停止运行"
    if rng.random() < 0.003:
        yield rng.randrange(400, 1300), "KR", None, "轿厢内有人被困"


def _gas(rng: Random, device: Device, _: date) -> Iterator[Saying]:
    if rng.random() < 0.01:
        start = rng.randrange(400, 1200)
        for turn in range(rng.randrange(2, 9)):
            yield start + turn * 0.5, "RQXL", round(rng.uniform(6, 14), 1), "可燃气体浓度超限"


def _heat(rng: Random, device: Device, day: date) -> Iterator[Saying]:
    if day.month in (6, 7, 8, 9) and rng.random() < 0.08:
        start = rng.randrange(700, 1000)
        for turn in range(8):
            yield start + turn * 3, "WDCX", round(rng.uniform(56, 72), 1), "温度超限"


_SPEAKS: dict[str, Callable[[Random, Device, date], Iterator[Saying]]] = {
    "YG": _smoke,
    "SW": _water,
    "MC": _door,
    "DT": _lift,
    "RQ": _gas,
    "WG": _heat,
}
