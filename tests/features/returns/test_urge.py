"""The street urges those with whom a return still lies, and nobody twice on a day (催办)."""

from uuid import uuid4

import pytest

from backend.core.db import sql
from backend.features.accounts.shapes import Staff
from backend.features.accounts.store import staff
from tests.cast import HUAXI, YUANYUAN
from tests.features.returns.conftest import handed_in, the_return


@pytest.fixture
async def people(street):
    """A worker and the lead of 源园; 花溪园 has only somebody who left."""
    found = [
        Staff(uuid4(), "ww", "lu.xiaoyan", "陆小燕", YUANYUAN, ("worker",)),
        Staff(uuid4(), "ww", "gu.jianping", "顾建平", YUANYUAN, ("lead",)),
        Staff(uuid4(), "ww", "gone", "旧人", HUAXI, ("worker",), status="left"),
    ]
    await staff.save(found)


async def the_task(as_, form="T03", who="dora"):
    listed = await (await as_(who).get("/api/tasks")).json()
    return next(one["id"] for one in listed if one["form"] == form)


async def urge(as_, task, *committees, who="dora", key=None):
    body = {"areas": list(committees)} if committees else {}
    response = await as_(who).post(f"/api/tasks/{task}/reminders", body, key)
    return response.status, await response.json()


async def messages():
    return await sql(
        """select userid, facts from notice where template = 'return_urged' order by userid"""
    )


async def test_it_works(as_, people):
    task = await the_task(as_)
    status, told = await urge(as_, task)
    assert (status, told["told"], told["already"], told["at_night"]) == (200, 2, 0, False)
    assert "花溪园居委会" in [one["name"] for one in told["silent"]]
    sent = await messages()
    assert [row["userid"] for row in sent] == ["gu.jianping", "lu.xiaoyan"]
    said = sent[1]["facts"]
    assert (said["left"], said["todo"], said["by"]) == ("今天截止", "还要填 1 项", "沈敏")
    assert said["others"] == "还有 5 张表没有上报"
    assert said["return_id"] == await the_return(as_)
    (row,) = await sql("select subject, facts from audit where verb = 'task.urge'")
    assert row["subject"] == f"task:{task}" and row["facts"]["told"] == 2


async def test_once_a_day_whatever_the_task(as_, people, at):
    task, other = await the_task(as_), await the_task(as_, "T06")
    await urge(as_, task, YUANYUAN)
    for again in (task, other):
        status, told = await urge(as_, again, YUANYUAN)
        assert (status, told["told"], told["already"]) == (200, 0, 2)
    with at("2026-10-09 09:00"):
        assert (await urge(as_, task, YUANYUAN))[1]["told"] == 2
    assert len(await messages()) == 4


async def test_the_task_says_who_was_urged_today(as_, people, at):
    task = await the_task(as_)
    await urge(as_, task, YUANYUAN)

    async def urged():
        page = await (await as_("dora").get(f"/api/tasks/{task}")).json()
        return [line["area"]["code"] for line in page["returns"] if line["urged"]]

    assert await urged() == [YUANYUAN], "where there is nobody, nobody was"
    with at("2026-10-09 09:00"):
        assert await urged() == []


async def test_what_waits_to_be_checked_is_the_leads(as_, people):
    sheet = await the_return(as_)
    assert (await handed_in(as_, sheet, C13=1)).status == 200
    _, told = await urge(as_, await the_task(as_), YUANYUAN)
    assert told["told"] == 1
    (sent,) = await messages()
    assert (sent["userid"], sent["facts"]["todo"]) == ("gu.jianping", "等您复核")


async def test_what_was_sent_back(as_, people):
    sheet = await the_return(as_)
    await handed_in(as_, sheet, C13=1)
    await as_("bob").post(f"/api/returns/{sheet}/check")
    remarks = [{"field": "C13", "remark": "请核对"}]
    await as_("dora").post(f"/api/returns/{sheet}/send-back", {"remarks": remarks})
    await urge(as_, await the_task(as_), YUANYUAN)
    assert {row["facts"]["todo"] for row in await messages()} == {"退回 1 项，改好重报"}


async def test_what_was_handed_up_is_not_asked_for(as_, people):
    sheet = await the_return(as_)
    await handed_in(as_, sheet, C13=1)
    await as_("bob").post(f"/api/returns/{sheet}/check")
    status, problem = await urge(as_, await the_task(as_), YUANYUAN)
    assert (status, problem["code"]) == (409, "task.nothing_owed")
    assert await messages() == []


async def test_after_nine_it_waits_for_the_morning(as_, people, at):
    task = await the_task(as_)
    with at("2026-10-08 21:30"):
        _, told = await urge(as_, task, YUANYUAN)
    assert told["at_night"]
    rows = await sql("select send_after from notice where template = 'return_urged'")
    assert {row["send_after"].isoformat()[:16] for row in rows} <= {
        f"2026-10-08T23:{minute}" for minute in range(30, 42)
    }, "half past seven in Shanghai"


async def test_pressing_twice_is_one_request(as_, people):
    task = await the_task(as_)
    first = await urge(as_, task, key="urge-1234")
    assert await urge(as_, task, key="urge-1234") == first


@pytest.mark.parametrize(
    ("who", "status"), [(None, 401), ("alice", 403), ("frank", 403), ("erin", 404)]
)
async def test_others(as_, people, who, status):
    task = await the_task(as_)
    assert (await urge(as_, task, who=who))[0] == status
    assert await messages() == []


@pytest.mark.parametrize(
    ("committees", "status"), [(["310107014001"], 422), (["x"], 400), ([], 400)]
)
async def test_bad_input(as_, people, committees, status):
    task = await the_task(as_)
    response = await as_("dora").post(f"/api/tasks/{task}/reminders", {"areas": committees})
    told = await response.json()
    assert response.status == status and told["fields"][0]["field"].startswith("areas")
    assert await messages() == []
