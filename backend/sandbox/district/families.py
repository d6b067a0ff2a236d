"""Households as they really are here: elders alone and in pairs, three generations, tenants."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from backend.sandbox.district import lives, names, numbers
from backend.sandbox.district.places import House


@dataclass(slots=True)
class Person:
    """Somebody who lives or is registered in a house, in our codes (GB and the street's)."""

    id: str
    household: str
    collective: bool
    house: House
    relation: str
    name: str
    sex: str
    birth: date
    id_no: str
    # residence_status: 1 both, 2 registered only, 3 lives only, 4 from outside, 5 abroad
    status: str
    id_type: str = "111"
    kind: str = "1"
    nationality: str = "156"
    name_en: str = ""
    ethnic: str = "01"
    native: str = ""
    edu: str = ""
    political: str = ""
    marital: str = ""
    occupation: str = ""
    employer: str = ""
    phone: str = ""
    phone2: str = ""
    huji: str = ""
    move_in: date | None = None
    move_out: date | None = None
    reason: str = ""
    permit: str = ""
    permit_until: date | None = None
    stay_reason: str = ""
    contact: tuple[str, str, str] = ("", "", "")
    death: date | None = None
    updated: str = ""

    def open_on(self, day: date) -> bool:
        """Whether the person is on the register on a day."""
        come = self.birth <= day and (self.move_in is None or self.move_in <= day)
        gone = self.move_out or self.death
        return come and (gone is None or gone > day)


@dataclass(frozen=True, slots=True)
class Role:
    """A member beside the head: how many years younger, and how likely."""

    kin: str  # spouse child inlaw grandchild parent friend
    younger: tuple[int, int]
    chance: float = 1.0


@dataclass(frozen=True, slots=True)
class Template:
    weight: float
    head: tuple[int, int]
    roles: tuple[Role, ...] = ()
    women: float = 0.45


_SPOUSE = Role("spouse", (-1, 5))
_WIDOWED = replace(_SPOUSE, chance=0.72)
_FRIEND = Role("friend", (-5, 5))
_GROWN, _INLAW = Role("child", (24, 33)), Role("inlaw", (24, 33), 0.85)
_LOCAL = (
    Template(15, (66, 95), (), 0.68),
    Template(25, (62, 88), (_SPOUSE,), 0.06),
    Template(1, (62, 70), (_SPOUSE, Role("parent", (-28, -22))), 0.1),
    Template(8, (70, 93), (_GROWN,), 0.7),
    Template(0.25, (94, 104), (_GROWN,), 0.7),
    Template(13, (63, 82), (_WIDOWED, _GROWN, _INLAW, Role("grandchild", (54, 63), 0.9)), 0.3),
    Template(11, (30, 47), (_SPOUSE, Role("child", (25, 36)), Role("child", (29, 40), 0.2)), 0.12),
    Template(6, (27, 59), (_SPOUSE,), 0.12),
    Template(7, (25, 59)),
    Template(8, (49, 60), (_SPOUSE, Role("child", (24, 31))), 0.15),
    Template(3, (34, 52), (Role("child", (24, 34)),), 0.75),
    Template(2, (62, 76), (_WIDOWED, Role("grandchild", (50, 60))), 0.4),
)
_TENANTS = (
    Template(40, (21, 46)),
    Template(24, (24, 48), (_SPOUSE,), 0.1),
    Template(18, (28, 44), (_SPOUSE, Role("child", (24, 32)), Role("child", (27, 36), 0.25)), 0.1),
    Template(12, (21, 34), (_FRIEND, replace(_FRIEND, chance=0.6), replace(_FRIEND, chance=0.3))),
    Template(6, (29, 42), (_SPOUSE, Role("child", (25, 33)), Role("parent", (-27, -22)))),
)
_ABSENT = Role("child", (24, 34), 0.34)  # registered with old parents, living with the own family
_REASONS = {"务工": 52, "经商": 18, "就学": 6, "投靠": 8, "随迁": 12, "探亲": 2, "其他": 2}


@dataclass(frozen=True, slots=True)
class _Home:
    """A household in the making: its number, its house, its people's status and family name."""

    number: str
    house: House
    status: str
    line: str


class Registrar:
    """Moves households into houses; one per committee, so ID numbers and serials stay apart."""

    def __init__(self, code: str, slot: int) -> None:
        self.code, self.ids = code, numbers.IdNumbers(slot)
        self.households = self.people = 0

    def settle(self, rng: Random, house: House, day: date, came: date | None) -> list[Person]:
        """A household for a house: local, from elsewhere in the city, outside, or abroad."""
        draw = rng.random()
        if draw < 0.004:
            return [self.foreigner(rng, house, day, came)]
        if draw < 0.20:
            return self.tenants(rng, house, day, came)
        house.occupancy = "1" if rng.random() < 0.97 else "4"
        return self.family(rng, house, day, came, "3" if rng.random() < 0.17 else "1")

    def family(
        self, rng: Random, house: House, day: date, came: date | None, status: str
    ) -> list[Person]:
        """Locals: registered here (1) or elsewhere in the city (3)."""
        home = _Home(self._household(), house, status, names.surname(rng, local=True))
        huji = house.address if status == "1" else lives.registered_elsewhere(rng)
        members = self._members(rng, home, _LOCAL, day)
        for person in members:
            person.huji, person.native = huji, lives.native_place(rng)
            _describe(rng, person, day, local=True)
            _stay(rng, person, day, came, local=True)
        if status == "1" and lives.years(members[0].birth, day) >= 62:
            members += self._absent(rng, home, members[0], day)
        _reach(rng, members, day)
        return members

    def tenants(self, rng: Random, house: House, day: date, came: date | None) -> list[Person]:
        """People from outside Shanghai who rent."""
        house.occupancy, house.lease_end = "2", f"{day.year + 1}{rng.randrange(1, 13):02d}28"
        home = _Home(self._household(), house, "4", names.surname(rng, local=False))
        native, huji = lives.home_town(rng)
        members = self._members(rng, home, _TENANTS, day)
        for person in members:
            person.huji, person.native = huji, native
            _describe(rng, person, day, local=False)
            _stay(rng, person, day, came, local=False)
        _reach(rng, members, day)
        return members

    def foreigner(self, rng: Random, house: House, day: date, came: date | None) -> Person:
        name, nation, sex = names.foreigner(rng)
        birth = day - timedelta(days=rng.randrange(26 * 365, 60 * 365))
        house.occupancy = "2"
        number, passport = self._household(), numbers.passport(rng)
        person = Person(
            self._next(), number, False, house, "02", name, sex, birth, passport, "5", "414", "4"
        )
        person.nationality, person.name_en, person.ethnic = nation, name, ""
        person.edu, person.political, person.marital = "21", "13", "90"
        person.occupation, person.employer = "17", lives.employer(rng, "17")
        person.move_in = came or day - timedelta(days=rng.randrange(200, 1500))
        person.phone, person.stay_reason = numbers.mobile(rng), "务工"
        return person

    def child(self, rng: Random, mother: Person, line: str, day: date) -> Person:
        """A newborn in the mother's household: no moving day, birth itself is the entry."""
        home = _Home(mother.household, mother.house, mother.status, line)
        person = self._person(rng, home, "child", rng.choice("12"), day)
        of_head = mother.relation in ("02", "12")
        person.relation = _relation("child" if of_head else "grandchild", person.sex)
        person.huji, person.native, person.kind = mother.huji, mother.native, mother.kind
        person.marital, person.occupation, person.political = "10", "90", "13"
        person.phone, person.ethnic, person.reason = mother.phone, mother.ethnic, "出生"
        return person

    def _members(
        self, rng: Random, home: "_Home", templates: tuple[Template, ...], day: date
    ) -> list[Person]:
        ages = _ages(rng, rng.choices(templates, [t.weight for t in templates])[0])
        paired = any(kin == "spouse" for kin, _, _ in ages)
        members = []
        for kin, sex, age in ages:
            birth = day - timedelta(days=age * 365 + age // 4 + rng.randrange(1, 365))
            person = self._person(rng, home, kin, sex, birth)
            person.relation = _relation(kin, sex)
            pair = kin in ("spouse", "inlaw") or (kin == "head" and paired)
            person.marital = lives.marriage(rng, age, paired=pair, alone=len(ages) == 1)
            members.append(person)
        return members

    def _person(self, rng: Random, home: "_Home", kin: str, sex: str, birth: date) -> Person:
        number, birth = self.ids.take(birth, sex)
        own = kin in ("head", "child", "grandchild") or (kin == "parent" and sex == "1")
        family = home.line if own else names.surname(rng, local=home.status != "4")
        name = family + names.given(rng, sex, birth)
        friends = kin == "friend"
        return Person(
            self._next(),
            home.number,
            friends,
            home.house,
            "",
            name,
            sex,
            birth,
            number,
            home.status,
        )

    def _absent(self, rng: Random, home: "_Home", head: Person, day: date) -> Iterator[Person]:
        """Grown children who are registered with old parents and live with their own family."""
        away = replace(home, status="2")
        while rng.random() < _ABSENT.chance:
            age = max(lives.years(head.birth, day) - rng.randrange(*_ABSENT.younger), 18)
            sex = rng.choice("12")
            birth = day - timedelta(days=age * 365 + rng.randrange(365))
            person = self._person(rng, away, "child", sex, birth)
            person.relation, person.huji = _relation("child", sex), head.huji
            person.native = head.native
            person.marital = lives.marriage(rng, age, paired=True, alone=False)
            _describe(rng, person, day, local=True)
            yield person

    def _household(self) -> str:
        self.households += 1
        return f"H{self.code[6:]}{self.households:05d}"

    def _next(self) -> str:
        self.people += 1
        return f"P{self.code[6:]}{self.people:06d}"


def _ages(rng: Random, template: Template) -> list[tuple[str, str, int]]:
    """(kin, sex, age) of the head and of those who are there."""
    head = rng.randrange(template.head[0], template.head[1] + 1)
    sex = "2" if rng.random() < template.women else "1"
    found = [("head", sex, head)]
    child = "1"
    for role in template.roles:
        if rng.random() >= role.chance:
            continue
        # nobody moves in with a child of this month: it would be counted twice
        age = max(head - rng.randrange(role.younger[0], role.younger[1] + 1), 1)
        other = rng.choice("12")
        if role.kin == "spouse":
            other = "2" if sex == "1" else "1"
        elif role.kin == "inlaw":
            other = "2" if child == "1" else "1"
        elif role.kin == "child":
            child = other
        found.append((role.kin, other, min(age, 105)))
    return found


def _relation(kin: str, sex: str) -> str:
    """GB/T 4761: the person is the … of the head."""
    man = sex == "1"
    if kin == "parent":
        return "51" if man else "52"
    by_kin = {"head": "02", "friend": "99", "spouse": "11" if man else "12"}
    by_kin |= {"child": "20" if man else "30", "inlaw": "28" if man else "38"}
    return by_kin.get(kin) or ("41" if man else "42")


def _describe(rng: Random, person: Person, day: date, *, local: bool) -> None:
    age = lives.years(person.birth, day)
    person.ethnic = lives.ethnic(rng)
    person.edu = lives.schooling(rng, person.birth, day, local=local)
    person.occupation = lives.occupation(rng, person.sex, age, local=local)
    person.employer = lives.employer(rng, person.occupation) if rng.random() < 0.7 else ""
    person.political = lives.politics(rng, age, local=local)
    if age >= 12 and rng.random() < (0.94 if age < 80 else 0.55):
        person.phone = numbers.mobile(rng)
    if age >= 70 and rng.random() < 0.3:
        person.phone2 = numbers.landline(rng)


def _stay(rng: Random, person: Person, day: date, came: date | None, *, local: bool) -> None:
    """Since when they are here, and by what right."""
    longest = min(lives.years(person.birth, day) * 365 + 1, 9000 if local else 1800)
    person.move_in = came or day - timedelta(days=rng.randrange(longest))
    if local:
        person.reason = "迁入" if came else ""
        return
    stayed = (day - person.move_in).days
    person.kind = "2" if stayed > 183 else "3"
    person.stay_reason, person.reason = lives.pick(rng, _REASONS), "搬入" if came else ""
    if lives.years(person.birth, day) >= 16 and rng.random() < 0.74:
        person.permit = numbers.permit(rng)
        person.permit_until = day + timedelta(days=rng.randrange(-10, 365))


def _reach(rng: Random, members: list[Person], day: date) -> None:
    """Whom to call: elders name a child, children the parents' phone."""
    grown = [m for m in members if 25 <= lives.years(m.birth, day) < 62 and m.phone]
    children = [m for m in grown if m.relation in ("20", "30")]
    for person in members:
        age = lives.years(person.birth, day)
        if age < 12 and grown:
            person.phone = grown[0].phone
        if age >= 60 and rng.random() < 0.75:
            person.contact = _contact(rng, person, children)


def _contact(rng: Random, person: Person, others: list[Person]) -> tuple[str, str, str]:
    if others:
        return others[0].name, others[0].phone, "20" if others[0].sex == "1" else "30"
    sex = rng.choice("12")
    birth = person.birth + timedelta(days=28 * 365)
    name = person.name[0] + names.given(rng, sex, birth)
    return name, numbers.mobile(rng), "20" if sex == "1" else "30"
