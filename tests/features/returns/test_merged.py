"""From a street's figure to what each committee contributed, and to the rows that were counted."""

import pytest

from backend.core.access import SYSTEM
from backend.features.returns.actions import reviewing
from backend.features.returns.shapes import Decision
from tests.cast import HUAXI, YUANYUAN
from tests.features.returns.conftest import handed_in, the_return


@pytest.fixture
async def task(as_, street, catalogue):
    """Both committees have handed up (花溪园 has no lead in the cast); the street's task."""
    for who, served in (("alice", 2), ("carol", 1)):
        sheet = await the_return(as_, who)
        assert (await handed_in(as_, sheet, who=who, C13=served)).status == 200
        await reviewing.check(SYSTEM, catalogue, sheet, Decision())
    listed = await (await as_("dora").get("/api/tasks")).json()
    return next(one["id"] for one in listed if one["form"] == "T03")


async def behind(as_, task, field, who="dora", **query):
    response = await as_(who).get(f"/api/tasks/{task}/fields/{field}/rows", **query)
    assert response.status == 200, await response.text()
    return await response.json()


def names(page):
    return [(row["area"], row["cells"]["name"]) for row in page["rows"]]


async def test_it_works(as_, task):
    page = await behind(as_, task, "C01")
    told = [(c["area"]["name"], c["value"], c["rows"]) for c in page["committees"]]
    assert told == [("源园居委会", 4, 4), ("花溪园居委会", 1, 1)]
    assert (page["label"], page["how"], page["drill"]) == ("户籍60岁及以上", "sum", True)
    assert page["total"] == 5 and [area for area, _ in names(page)] == [YUANYUAN] * 4 + [HUAXI]
    assert {row["link"].split("/")[1] for row in page["rows"]} == {"people"}


async def test_page_by_page_and_one_committee(as_, task):
    seen, cursor = [], None
    for _ in range(3):
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = await behind(as_, task, "C01", **query)
        seen, cursor = seen + names(page), page["next"]
    assert cursor is None and len(seen) == len(set(seen)) == 5
    mine = await behind(as_, task, "C01", area=HUAXI)
    assert names(mine) == [(HUAXI, "孙玉兰")] and mine["total"] == 1
    assert [c["rows"] for c in mine["committees"]] == [4, 1], "the list of committees stays"
    assert (await behind(as_, task, "C01", area="310107005009"))["rows"] == []


async def test_a_cursor_belongs_to_its_figure(as_, task):
    cursor = (await behind(as_, task, "C01", limit=2))["next"]
    path = f"/api/tasks/{task}/fields/C02/rows"
    assert (await as_("dora").get(path, cursor=cursor)).status == 400


async def test_what_nobody_counted_has_no_rows(as_, task):
    page = await behind(as_, task, "C13")
    assert (page["drill"], page["rows"], page["total"]) == (False, [], 0)
    assert [c["value"] for c in page["committees"]] == [2, 1]


async def test_only_what_has_reached_the_street_counts(as_, street):
    listed = await (await as_("dora").get("/api/tasks")).json()
    task = next(one["id"] for one in listed if one["form"] == "T03")
    page = await behind(as_, task, "C01")
    assert (page["committees"], page["rows"], page["drill"]) == ([], [], True)


async def test_the_district_sees_figures_and_no_people(as_, task):
    page = await behind(as_, task, "C01", who="frank")
    assert [c["value"] for c in page["committees"]] == [4, 1]
    assert (page["drill"], page["rows"]) == (False, [])
    sheet = page["committees"][0]["return_id"]
    read = await (await as_("frank").get(f"/api/returns/{sheet}")).json()
    assert not any(known["drill"] for known in read["known"].values())
    rows = await as_("frank").get(f"/api/returns/{sheet}/fields/C01/rows")
    assert rows.status == 403 and (await rows.json())["code"] == "access.denied"


@pytest.mark.parametrize(
    ("who", "status"), [(None, 401), ("alice", 403), ("greta", 403), ("erin", 404)]
)
async def test_others(as_, task, who, status):
    assert (await as_(who).get(f"/api/tasks/{task}/fields/C01/rows")).status == status


async def test_no_such_figure(as_, task):
    response = await as_("dora").get(f"/api/tasks/{task}/fields/Z99/rows")
    assert response.status == 404 and "指标" in (await response.json())["title"]
