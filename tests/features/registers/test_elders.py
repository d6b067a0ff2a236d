"""Who is 独居 or 纯老: the SQL of the lists, the rules of L02 and plain counting agree."""

from collections import defaultdict
from datetime import date

from backend.core import clock
from backend.core.db import select
from backend.core.scope import EVERYWHERE
from backend.engine.form.membership import standing
from backend.engine.rules.evaluate import evaluate
from backend.features.registers.store.tags import tagging


async def tagged(catalogue):
    tags = tagging(catalogue)
    found = await select(
        EVERYWHERE,
        f"""select r.source_id, t.tags from person r {tags.joins()}
            where r.area like :scope and d.open""",
        cut_off=clock.today().isoformat(),
        **tags.given,
    )
    return {row["source_id"]: set(row["tags"]) for row in found}


def age(birth, today):
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


async def test_plain_counting_agrees(street, catalogue):
    today, found = clock.today(), await tagged(catalogue)
    people = [p for _, p in street.shelf.people.things.values() if p.open_on(today)]
    homes = defaultdict(list)
    for person in people:
        if person.status != "2":
            homes[person.household].append(age(person.birth, today))
    assert set(found) == {p.id for p in people}
    for person in people:
        years, together = age(person.birth, today), homes[person.household]
        elder = person.status != "2" and years >= 60
        tags = found[person.id]
        assert ("独居" in tags) == (elder and len(together) == 1)
        assert ("纯老家庭" in tags) == (elder and len(together) > 1 and min(together) >= 60)
        assert ("高龄" in tags) == (person.status != "2" and years >= 80)
        assert ("老年" in tags) == (years >= 60)
    assert {"独居", "纯老家庭", "高龄"} <= set().union(*found.values())


async def test_the_rules_of_l02_agree(street, catalogue):
    today, found = clock.today(), await tagged(catalogue)
    form, rule = catalogue.form("R1"), catalogue.form("L02").membership
    rows = {}
    homes = defaultdict(list)
    for number, (_, person) in street.shelf.people.things.items():
        row = {
            "birth": iso(person.birth),
            "death_date": iso(person.death),
            "move_in": iso(person.move_in),
            "move_out": iso(person.move_out),
            "residence_status": person.status,
            "cut_off": today.isoformat(),
        }
        row |= {name: evaluate(derived.ast, row) for name, derived in form.derived.items()}
        rows[number] = row
        if evaluate(rule.living.ast, row) is True:
            homes[person.household].append(row["age"])
    kinds = {kind.code for kind in rule.kinds}
    for number, row in rows.items():
        together = homes[street.shelf.people.things[number][1].household]
        row |= {"hh_living": len(together), "hh_youngest": min(together, default=None)}
        expected = set(standing(rule, row).kinds)
        assert found.get(number, set()) & kinds == expected, number


def iso(day: date | None):
    return day.isoformat() if day else None
