"""One committee's people and houses: settled on a first day, then living month by month.

A town on a later day is the same town with more events behind it: every month and every event
draws from its own generator, so nothing that happened changes when the clock moves on.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from backend.sandbox.district import lives, names, numbers
from backend.sandbox.district.families import Person, Registrar
from backend.sandbox.district.places import Building, Committee, House, buildings, homes, shops

_VACANT = 0.07
_SMALL = 300  # people; a committee that is shown thinly has no towers
# Per thousand people and year.
_RATES = {
    "birth": 6.5,
    "death": 10.5,
    "tenants_come": 17.0,
    "tenants_leave": 15.0,
    "locals_come": 2.4,
    "locals_leave": 2.8,
    "others_come": 1.8,
    "others_leave": 1.8,
    "new_phone": 40.0,
}


@dataclass
class Town:
    """The committee, its buildings, houses and everybody who ever stood on its register."""

    committee: Committee
    seed: int
    registrar: Registrar
    buildings: list[Building] = field(default_factory=list)
    houses: list[House] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    def living(self, day: date, statuses: str = "1345") -> list[Person]:
        return [p for p in self.people if p.status in statuses and p.open_on(day)]

    def rng(self, *what: object) -> Random:
        return Random(":".join(map(str, (self.seed, self.committee.code, *what))))


def town(committee: Committee, *, seed: int, since: date, today: date, people: int) -> Town:
    """The committee on `today`: settled with about `people` on the day before `since`."""
    made = Town(committee, seed, Registrar(committee.code, committee.slot))
    _settle(made, since, people)
    for month in _months(since, today):
        for day, kind, key in _calendar(made, month):
            if day <= today:
                _EVENTS[kind](made, made.rng(month, kind, key), day, key)
    return made


def _settle(made: Town, since: date, people: int) -> None:
    rng = made.rng("settle")
    present = 0
    for building in buildings(made.committee, rng, low=people < _SMALL):
        made.buildings.append(building)
        for house in homes(building, rng):
            made.houses.append(house)
            house.updated = _stamp(rng, since - timedelta(days=rng.randrange(1, 1800)))
            if rng.random() >= _VACANT:
                present += _inhabit(made, rng, house, since)
        if present >= people:
            break
    for shop in shops(made.committee, rng, 2 + people // 120):
        shop.updated = _stamp(rng, since - timedelta(days=rng.randrange(1, 1800)))
        _own(rng, shop, since)
        made.buildings.append(shop.building)
        made.houses.append(shop)


def _inhabit(made: Town, rng: Random, house: House, since: date) -> int:
    """A household that has been there since before the first day; how many live in it."""
    _own(rng, house, since)
    members = made.registrar.settle(rng, house, since, None)
    for person in members:
        known = max(since - timedelta(days=rng.randrange(1, 1500)), person.move_in or since)
        person.updated = _stamp(rng, min(known, since - timedelta(days=1)))
    made.people += members
    return sum(p.status != "2" for p in members)


def _own(rng: Random, house: House, day: date) -> None:
    if house.building.prop == "3":
        house.owner = {"name": "上海西部房屋管理有限公司（虚构）", "id_no": "", "phone": ""}
        return
    sex = rng.choice("12")
    birth = day - timedelta(days=rng.randrange(30 * 365, 85 * 365))
    name = names.surname(rng, local=True) + names.given(rng, sex, birth)
    seventeen = f"{numbers.DIVISION}{birth:%Y%m%d}{2 * rng.randrange(499) + int(sex == '1'):03d}"
    house.owner = {"name": name, "id_no": seventeen + numbers.check_digit(seventeen)}
    house.owner["phone"] = numbers.mobile(rng) if rng.random() < 0.6 else ""


def _calendar(made: Town, month: date) -> list[tuple[date, str, str]]:
    """What happens in a month, in order: (day, kind, key)."""
    rng = made.rng("month", month)
    here = made.living(month)
    days = ((month.replace(day=28) + timedelta(days=4)).replace(day=1) - month).days
    found = [
        (month + timedelta(days=rng.randrange(days)), kind, str(turn))
        for kind, rate in _RATES.items()
        for turn in range(int(len(here) * rate / 12_000 + rng.random()))
    ]
    end = month + timedelta(days=days)
    for person in here:
        if person.permit_until and month <= person.permit_until < end:
            found.append((person.permit_until, "permit", person.id))
        if person.kind == "3" and person.move_in:
            settled = person.move_in + timedelta(days=184)
            if month <= settled < end:
                found.append((settled, "half_year", person.id))
    return sorted(found)


def birth(made: Town, rng: Random, day: date, _: str) -> None:
    mothers = [
        p
        for p in made.living(day)
        if p.sex == "2" and p.marital in ("20", "22") and 23 <= lives.years(p.birth, day) < 40
    ]
    if not mothers:
        return
    mother = rng.choice(mothers)
    fathers = [
        p
        for p in made.living(day)
        if p.household == mother.household and p.sex == "1" and p.marital in ("20", "22")
        and 22 <= lives.years(p.birth, day) < 50
    ]  # fmt: skip
    line = (fathers[0] if fathers else mother).name[0]
    child = made.registrar.child(rng, mother, line, day)
    child.updated = _stamp(rng, day)
    made.people.append(child)


def death(made: Town, rng: Random, day: date, _: str) -> None:
    here = made.living(day)
    risk = [math.exp((lives.years(p.birth, day) - 60) / 8.5) for p in here]
    person = rng.choices(here, risk)[0]
    person.death, person.reason, person.updated = day, "死亡", _stamp(rng, day)
    _after(made, rng, person, day)


def come(status: str) -> Callable[[Town, Random, date, str], None]:
    """A new household of a status moves into an empty home."""

    def arrive(made: Town, rng: Random, day: date, _: str) -> None:
        empty = [h for h in made.houses if h.occupancy == "3" and h.use == "10"]
        if not empty:
            return
        house = rng.choice(empty)
        house.updated = _stamp(rng, day)
        if not house.owner:
            _own(rng, house, day)
        made.people += move_in(made, rng, house, day, status)

    return arrive


def move_in(made: Town, rng: Random, house: House, day: date, status: str) -> list[Person]:
    """A household takes a house over on a day."""
    if status == "4":
        members = made.registrar.tenants(rng, house, day, day)
    else:
        house.occupancy = "1"
        members = made.registrar.family(rng, house, day, day, status)
    present = [p for p in members if p.status != "2"]
    for person in present:
        person.updated = _stamp(rng, day)
    return present


def leave(status: str) -> Callable[[Town, Random, date, str], None]:
    """A household of a status moves away, all of it."""

    def depart(made: Town, rng: Random, day: date, _: str) -> None:
        here = made.living(day, status)
        if not here:
            return
        household = rng.choice(here).household
        for person in [p for p in here if p.household == household]:
            person.move_out, person.updated = day, _stamp(rng, day)
            person.reason = "迁出" if status == "1" else "搬离"
        _after(made, rng, person, day)

    return depart


def new_phone(made: Town, rng: Random, day: date, _: str) -> None:
    person = rng.choice(made.living(day))
    person.phone, person.updated = numbers.mobile(rng), _stamp(rng, day)


def permit(made: Town, rng: Random, day: date, key: str) -> None:
    """Nearly all renew; the rest are what B10 counts."""
    person = _one(made, key)
    if person.open_on(day) and rng.random() < 0.96:
        person.permit_until, person.updated = day + timedelta(days=365), _stamp(rng, day)


def half_year(made: Town, rng: Random, day: date, key: str) -> None:
    person = _one(made, key)
    if person.open_on(day):
        person.kind, person.updated = "2", _stamp(rng, day)


def _after(made: Town, rng: Random, gone: Person, day: date) -> None:
    """The household has a new head, or the house stands empty."""
    tomorrow = day + timedelta(days=1)
    left = [p for p in made.living(tomorrow) if p.house is gone.house]
    if not left:
        gone.house.occupancy, gone.house.updated = "3", _stamp(rng, day)
        gone.house.lease_end = ""
        return
    family = [p for p in left if p.household == gone.household]
    if gone.relation == "02" and family:
        head = min(family, key=lambda p: p.birth)
        head.relation, head.updated = "02", _stamp(rng, day)


def _one(made: Town, key: str) -> Person:
    return next(p for p in made.people if p.id == key)


def _months(since: date, today: date) -> Iterator[date]:
    month = since.replace(day=1)
    while month <= today:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _stamp(rng: Random, day: date) -> str:
    """Their 更新时间: yyyymmddHHMMSS, in office hours."""
    return f"{day:%Y%m%d}{rng.randrange(8, 18):02d}{rng.randrange(60):02d}{rng.randrange(60):02d}"


_EVENTS: dict[str, Callable[[Town, Random, date, str], None]] = {
    "birth": birth,
    "death": death,
    "tenants_come": come("4"),
    "tenants_leave": leave("4"),
    "locals_come": come("1"),
    "locals_leave": leave("1"),
    "others_come": come("3"),
    "others_leave": leave("3"),
    "new_phone": new_phone,
    "permit": permit,
    "half_year": half_year,
}
