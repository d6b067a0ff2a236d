"""A wrong row is kept aside with its reason, sealed; when it is put right it leaves again."""

import pytest

from backend.core import crypto
from tests.cast import YUANYUAN
from tests.features.connectors.conftest import counts, person, refusals

WRONG = [
    ("check_digit", "id_no", "证件号码校验位不对"),
    ("unknown_code", "residence_status", "人户状态的代码不认识：09"),
    ("missing_house", "house_ref", "房屋 F000000000 不在房屋库中"),
    ("no_name", "name", "姓名为空"),
]


@pytest.mark.parametrize(("fault", "field", "reason"), WRONG)
async def test_a_wrong_row_waits_with_its_reason(street, pulled, fault, field, reason):
    await pulled("housing")
    await street.fault(fault)
    run = await pulled("population")
    assert (run.state, run.refused) == ("done", 1)
    assert run.seen == run.added + run.refused == len(street.shelf.people.order)
    refused = await refusals()
    assert [(r["field"], r["reason"], r["whole"]) for r in refused] == [(field, reason, True)]
    assert refused[0]["source_id"] == street.shelf.people.order[0][1]
    assert await person(refused[0]["source_id"]) is None


async def test_an_unknown_committee(street, pulled):
    await street.fault("unknown_committee", stream="ld")
    await pulled("housing")
    reasons = {r["stream"]: r["reason"] for r in await refusals()}
    assert reasons["buildings"] == "居村代码 310107999001 不在区划表中"
    assert reasons["houses"].startswith("楼栋 L")  # its houses wait for it


async def test_an_optional_value_is_left_out_and_noted(street, pulled):
    await pulled("housing")
    await street.fault("bad_phone")
    run = await pulled("population")
    assert run.refused == 0 and run.added == len(street.shelf.people.order)
    refused = await refusals()
    assert [(r["field"], r["reason"], r["whole"]) for r in refused] == [
        ("phone", "联系电话里有形似数字的字母，请核对", False)
    ]
    assert "phone" not in (await person(refused[0]["source_id"]))["secret"]


async def test_what_was_put_right_leaves(street, pulled):
    await pulled("housing")
    await street.fault("check_digit")
    await pulled("population")
    number = (await refusals())[0]["source_id"]
    await street.change("phone", person=number)
    run = await pulled("population")
    assert run.added == 1 and await refusals() == []
    assert await person(number) is not None


async def test_a_house_that_comes_later_lets_its_people_in(street, pulled):
    await street.fault("unknown_committee", stream="ld")
    await pulled("housing", "population")
    before = await counts()
    assert before.people < len(street.shelf.people.order)
    number = next(r["source_id"] for r in await refusals() if r["field"] == "committee")
    _, building = street.shelf.buildings.things[number]
    street.shelf.buildings.put(number, "20991231000000", building)  # told again, rightly
    await pulled("housing", "population")
    assert (await counts()).people == len(street.shelf.people.order)
    assert await refusals() == []


async def test_what_is_shown_is_masked_and_what_is_kept_is_sealed(street, pulled, as_):
    await pulled("housing")
    await street.fault("check_digit")
    await pulled("population")
    stored = (await refusals())[0]
    number = street.shelf.people.things[stored["source_id"]][1].id_no
    assert number[:14] not in stored["row"]
    assert number[:14] in crypto.unseal("feed_quarantine", "row", stored["id"], stored["row"])
    shown = await (await as_("dora").get("/api/feeds/population/quarantine")).json()
    assert shown[0]["row"]["证件号码"].startswith("310199********")
    assert shown[0]["reason"] == "证件号码校验位不对"


async def test_another_street_does_not_see_it(street, pulled, as_):
    await pulled("housing")
    await street.fault("check_digit")
    await pulled("population")
    assert (await refusals())[0]["area"].startswith(YUANYUAN[:9])
    assert await (await as_("erin").get("/api/feeds/population/quarantine")).json() == []
