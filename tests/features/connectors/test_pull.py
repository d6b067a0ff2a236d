"""People and houses come over page by page, and only what is new comes twice."""

from backend.core import crypto
from backend.core.db import sql
from backend.features.connectors import store
from tests.cast import HUAXI, YUANYUAN
from tests.features.connectors.conftest import counts, person


async def test_it_works(street, pulled):
    housing = await pulled("housing")
    population = await pulled("population")
    shelf, found = street.shelf, await counts()
    assert (found.buildings, found.houses) == (len(shelf.buildings.order), len(shelf.houses.order))
    assert found.people == len(shelf.people.order) == population.added
    assert housing.seen == housing.added == found.buildings + found.houses
    assert (population.state, population.problem) == ("done", None)


async def test_a_person_arrives_whole(street, pulled):
    await pulled()
    number, (_, theirs) = next(
        (n, t) for n, t in street.shelf.people.things.items() if t[1].phone and t[1].contact[0]
    )
    row = await person(number)
    assert (row["name"], row["sex"], row["birth"]) == (theirs.name, theirs.sex, theirs.birth)
    assert row["residence_status"] == theirs.status and row["relation"] == theirs.relation
    assert row["area"] == theirs.house.building.committee and row["grid"].startswith(row["area"])
    assert row["id_bi"] == crypto.blind("person.id_no", theirs.id_no)
    opened = crypto.unseal("person", "id_no", row["id"], row["secret"]["id_no"])
    assert opened == theirs.id_no
    assert row["data"]["contact_name"] == theirs.contact[0]


async def test_numbers_and_phones_are_nowhere_in_clear(street, pulled):
    await street.fault("check_digit", rows=3)
    await pulled()
    told = await sql(
        """select string_agg(t, ' ') as text from (
             select person::text as t from person union all select house::text from house
             union all select feed_quarantine::text from feed_quarantine
             union all select audit::text from audit) as every_row"""
    )
    for _, theirs in street.shelf.people.things.values():
        assert theirs.id_no not in told[0]["text"]
        assert not theirs.phone or theirs.phone not in told[0]["text"]


async def test_households_live_where_their_head_lives(street, pulled):
    await pulled()
    wrong = await sql(
        """select h.hh_no from household h join person p on p.id = h.head_id
           where p.relation <> '02' or p.house_id <> h.house_id or p.household_id <> h.id"""
    )
    assert wrong == []
    assert (await counts()).households > 20


async def test_a_second_pull_brings_nothing(pulled):
    await pulled()
    before = await counts()
    again = await pulled("population")
    assert (again.seen, again.added, again.changed) == (0, 0, 0)
    assert await counts() == before


async def test_starting_over_changes_nothing(pulled):
    first = await pulled()
    before = await sql("select id, updated_at, secret from person order by id")
    await store.forget("population")
    again = await pulled("population")
    assert (again.seen, again.same) == (first.seen, first.seen)
    assert await sql("select id, updated_at, secret from person order by id") == before


async def test_news_come_with_the_next_pull(street, pulled):
    await pulled()
    number = street.shelf.people.order[0][1]
    await street.change("phone", person=number, phone="13900000001")
    arrived = await street.change("arrive", committee=YUANYUAN)
    run = await pulled("housing", "population")
    assert (run.changed, run.added) == (1, len(arrived))
    row = await person(number)
    assert row["phone_bi"] == crypto.blind("person.phone", "13900000001")
    past = await sql("select * from value_change where register = 'person'")
    assert [p["element"] for p in past] == ["phone"]
    assert "1390000" not in past[0]["after"]
    opened = crypto.unseal("person", "phone", row["id"], past[0]["after"])
    assert (opened, past[0]["source"]) == ("13900000001", "population")


async def test_somebody_moves_to_another_committee(street, pulled):
    await pulled()
    number = next(n for n, (_, p) in street.shelf.people.things.items()
                  if p.house.building.committee == YUANYUAN)  # fmt: skip
    await street.change("move", person=number, committee=HUAXI)
    await pulled()
    row = await person(number)
    assert row["area"] == HUAXI
    elements = await sql("select element from value_change where subject = :id", id=row["id"])
    assert {"house_ref", "committee"} <= {e["element"] for e in elements}


async def test_a_death_and_a_departure_are_told(street, pulled):
    await pulled()
    first, second = (number for _, number in street.shelf.people.order[:2])
    await street.change("die", person=first)
    await street.change("leave", person=second)
    await pulled("population")
    assert (await person(first))["death_date"] is not None
    assert (await person(second))["move_out"] is not None


async def test_population_follows_housing(pulled):
    await pulled("housing")
    jobs = await sql("select name, key, args from job")
    assert [(j["key"], j["args"]) for j in jobs] == [("population", {"feed": "population"})]


async def test_the_end_of_a_run_is_in_the_trace(pulled):
    await pulled("housing")
    trace = await sql("select verb, facts from audit where verb like 'feed.%'")
    assert trace[0]["verb"] == "feed.finish" and trace[0]["facts"]["refused"] == 0


async def test_two_with_one_number_are_a_question_not_an_error(street, pulled):
    people = [p for _, p in street.shelf.people.things.values() if p.status == "1"][:2]
    people[1].id_no, people[1].birth = people[0].id_no, people[0].birth
    people[1].sex = people[0].sex
    await pulled()
    found = await sql("select * from register_conflict")
    assert len(found) == 1 and found[0]["kind"] == "id_no"
    assert (await counts()).people == len(street.shelf.people.order)


async def test_a_building_stands_at_its_point(street, pulled):
    await pulled("housing")
    _, (_, (theirs, _)) = next(iter(street.shelf.buildings.things.items()))
    found = await sql("select lng, lat, data from building where source_id = :id", id=theirs.id)
    assert (found[0]["lng"], found[0]["lat"]) == (theirs.lng, theirs.lat)
    assert found[0]["data"]["coord"] == {"lng": theirs.lng, "lat": theirs.lat}
