"""The synthetic district: nobody real, everybody likely; a later day only adds to an earlier."""

from collections import Counter, defaultdict
from dataclasses import fields
from datetime import date, timedelta
from itertools import pairwise

import pytest

from backend.engine.text import id_number, phone
from backend.sandbox.district import lives
from backend.sandbox.district.world import Plan, committees, towns

SINCE, TODAY = date(2025, 5, 1), date(2026, 11, 23)


@pytest.fixture(scope="module")
def street():
    """曹杨新村, complete, and one thin street."""
    among = [c for c in committees() if c.code[6:9] in ("005", "021")]
    return list(towns(Plan(SINCE, TODAY), among))


@pytest.fixture(scope="module")
def people(street):
    return [p for town in street for p in town.people]


def test_every_committee_in_force_is_there():
    found = committees()
    assert len(found) == 285 and len({c.slot for c in found}) == 285


def test_one_street_is_complete_and_the_others_are_thin(street):
    living = {t.committee.code: len(t.living(TODAY)) for t in street}
    full = [n for code, n in living.items() if code[6:9] == "005"]
    thin = [n for code, n in living.items() if code[6:9] == "021"]
    assert (len(full), len(thin)) == (20, 15)
    assert 22_000 < sum(full) < 27_000 and all(40 < n < 120 for n in thin)


def test_numbers_are_valid_unique_and_nobodys(people):
    citizens = [p for p in people if p.id_type == "111"]
    for person in citizens:
        known = id_number.parse(person.id_no, TODAY)
        assert isinstance(known, id_number.IdNumber) and known.division == "310199"
        assert (known.birth, known.sex) == (person.birth, person.sex)
    assert len({p.id_no for p in people}) == len(people)
    mobiles = [p.phone for p in people if p.phone]
    assert all(phone.parse(m, mobile_only=True) == phone.Phone(m, mobile=True) for m in mobiles)


def test_the_district_is_old(people):
    ages = [lives.years(p.birth, TODAY) for p in people if p.status != "2" and p.open_on(TODAY)]
    assert 0.34 < sum(age >= 60 for age in ages) / len(ages) < 0.40
    assert any(age >= 100 for age in ages) and max(ages) < 115
    assert 0.05 < sum(age < 18 for age in ages) / len(ages) < 0.20


def test_families_hold_together(people):
    homes = defaultdict(list)
    for person in people:
        if person.open_on(TODAY):
            homes[person.household].append(person)
    heads = Counter(sum(p.relation == "02" for p in home) for home in homes.values())
    assert heads[1] / sum(heads.values()) > 0.97 and heads.keys() <= {0, 1}
    sizes = Counter(len([p for p in home if p.status != "2"]) for home in homes.values())
    assert sizes[1] > 0 and sizes[2] > 0 and sizes[4] > 0 and max(sizes) <= 8
    alone = [h[0] for h in homes.values() if len(h) == 1]
    assert sum(lives.years(p.birth, TODAY) >= 60 for p in alone) > 500


def test_lanes_do_not_exist(street):
    lanes = [b.lane or b.number for town in street for b in town.buildings]
    assert all(int(lane) >= 3000 for lane in lanes)
    doors = [h.address for town in street for h in town.houses]
    assert len(doors) == len(set(doors))


def within(day, first, after):
    return day is not None and first <= day < after


def months(first, after):
    """(first day, first day of the next) of every month."""
    starts = [date(y, m, 1) for y in (2025, 2026) for m in range(1, 13)]
    return [(a, b) for a, b in pairwise(starts) if first <= a and b <= after]


def test_every_month_has_something_to_count(people):
    here = [p for p in people if p.id.startswith("P005")]
    for month in months(SINCE, TODAY):
        assert any(within(p.birth, *month) for p in here)
        assert any(within(p.death, *month) for p in here)
        for status in "134":
            assert any(within(p.move_in, *month) for p in here if p.status == status)
            assert any(within(p.move_out, *month) for p in here if p.status == status)


def test_the_population_adds_up_month_by_month(people):
    """What T02 says: 期末 = 期初 + 出生 - 死亡 + 迁入 - 迁出, for every month of the last year."""
    here = [p for p in people if p.status != "2" and p.id.startswith("P005")]
    day = timedelta(days=1)
    for first, after in months(date(2025, 12, 1), TODAY):
        come = sum(within(p.birth, first, after) + within(p.move_in, first, after) for p in here)
        gone = sum(within(p.death, first, after) + within(p.move_out, first, after) for p in here)
        opening, closing = (sum(p.open_on(at - day) for p in here) for at in (first, after))
        assert opening + come - gone == closing


def test_a_later_day_only_adds(street):
    early = Plan(SINCE, date(2026, 10, 10))
    among = [t.committee for t in street[:2]]
    for before, now in zip(towns(early, among), street, strict=False):
        later = {p.id: p for p in now.people}
        for person in before.people:
            same = later[person.id]
            if same.updated <= "20261010999999":
                assert told(person) == told(same)
        assert all(p.updated <= "20261010999999" for p in before.people)


def test_the_same_seed_is_the_same_district(street):
    again = next(towns(Plan(SINCE, TODAY), [street[0].committee]))
    assert [told(p) for p in again.people] == [told(p) for p in street[0].people]
    other = next(towns(Plan(SINCE, TODAY, seed=1), [street[0].committee]))
    assert [p.name for p in other.people[:50]] != [p.name for p in street[0].people[:50]]


def told(person):
    return [getattr(person, f.name) for f in fields(person) if f.name != "house"]
