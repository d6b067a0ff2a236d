"""A street's merged report on paper, and the table of its committees as a spreadsheet."""

import pytest

from tests.features.documents.conftest import book, handed_in, pages, the_return, traces


async def the_task(as_):
    tasks = await (await as_("dora").get("/api/tasks")).json()
    return next(task["id"] for task in tasks if task["form"] == "T03")


async def handed_up(as_):
    """Both neighbours' returns have reached the street."""
    for who in ("alice", "carol"):
        await handed_in(as_, await the_return(as_, who), who, C13=1)
    await as_("bob").post(f"/api/returns/{await the_return(as_)}/check")


async def test_it_works(as_, street):
    await handed_up(as_)
    task = await the_task(as_)
    (table, *_), text, _ = await pages(await as_("dora").get(f"/api/tasks/{task}/pdf"))
    figures = {row[0]: row[3] for row in table}
    assert (figures["C01"], figures["C13"]) == ("4", "1")
    assert "填报单位：普陀区曹杨新村街道" in text
    assert "汇总1个居村委" in text
    (trace,) = await traces()
    assert trace["subject"] == f"task:{task}" and trace["facts"]["period"] == "2026Q3"


async def test_the_table_of_committees(as_, street):
    await handed_up(as_)
    task = await the_task(as_)
    rows, _ = await book(await as_("dora").get(f"/api/tasks/{task}/xlsx"))
    head = rows[2]
    assert head[:3] == ["居村委", "状态", "C01 户籍60岁及以上（人）"]
    body = {row[0]: row for row in rows[3:] if row[0]}
    assert body["源园居委会"][1:3] == ["已上报", 4]
    assert body["花溪园居委会"][1:3] == ["待复核", ""]
    assert body["合计"][2] == 4


@pytest.mark.parametrize("ending", ["pdf", "xlsx"])
async def test_who_may_not(as_, street, ending):
    task = await the_task(as_)
    for who, status in ((None, 401), ("alice", 403), ("greta", 403), ("erin", 404)):
        assert (await as_(who).get(f"/api/tasks/{task}/{ending}")).status == status
    assert await traces() == []
