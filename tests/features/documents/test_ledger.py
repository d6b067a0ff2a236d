"""A ledger on paper and as a spreadsheet: every row as far as its reader may see it."""

import pytest

from backend.features.documents import ledgers
from tests.cast import HUAXI, YUANYUAN
from tests.features.documents.conftest import book, entered, pages, traces

PDF, XLSX = "/api/ledgers/L15/pdf", "/api/ledgers/L15/xlsx"


async def test_it_works(as_, street):
    await entered(as_)
    response = await as_("alice").get(PDF, **{"from": "2026-10-01", "to": "2026-10-31"})
    (table, *_), text, info = await pages(response)
    assert table[0][:4] == ["序号", "纠纷编号", "受理日期", "纠纷类型"]
    row = dict(zip(table[0], table[1], strict=True))
    assert row["序号"] == "1"
    assert row["纠纷简要情况"] == "楼上漏水，要求赔偿（已现场查看）。"
    assert text.startswith("矛盾纠纷排查调解台账填报单位：曹杨新村街道源园居委会2026年10月1日至")
    assert "填报人：审核人：负责人：填报日期：" in text
    assert "曹杨新村街道源园居委会（盖章）" in text
    (trace,) = await traces()
    assert (trace["subject"], trace["facts"]["rows"]) == ("ledger:L15", 1)
    assert info["TraceId"] == trace["facts"]["trace"]
    assert info["Title"] == "矛盾纠纷排查调解台账"


async def test_as_a_spreadsheet(as_, street):
    await entered(as_)
    rows, properties = await book(await as_("alice").get(XLSX))
    row = dict(zip(rows[2], rows[3], strict=True))
    assert (row["序号"], row["人数"]) == (1, 3)
    assert properties["TraceId"] == (await traces())[0]["facts"]["trace"]


async def test_money_and_numbers_stay_masked(as_, street):
    await entered(as_)
    _, inside, _ = await pages(await as_("alice").get(PDF))
    _, outside, _ = await pages(await as_("dora").get(PDF))
    assert "1,200.50" not in inside + outside
    assert "楼上漏水" in inside and "楼上漏水" not in outside


async def test_a_derived_ledger(as_, street):
    (table, *_), text, _ = await pages(await as_("alice").get("/api/ledgers/L02/pdf"))
    assert {row[1] for row in table[1:]} == {"王秀英", "李国强", "陈桂芳"}
    assert "截至2026年10月8日" in text
    assert "仅限条线人员使用" in text


async def test_days_and_committee(as_, street):
    await entered(as_)
    _, text, _ = await pages(await as_("alice").get(PDF, to="2026-10-07"))
    assert "没有记录" in text
    _, text, _ = await pages(await as_("dora").get(PDF, area=HUAXI))
    assert "没有记录" in text and "曹杨新村街道花溪园居委会（盖章）" in text
    _, text, _ = await pages(await as_("dora").get(PDF, area=YUANYUAN))
    assert "没有记录" not in text


async def test_days_the_wrong_way_round(as_, street):
    response = await as_("alice").get(PDF, **{"from": "2026-10-31", "to": "2026-10-01"})
    problem = await response.json()
    assert (response.status, problem["fields"][0]["field"]) == (422, "to")


async def test_too_long_is_refused_with_a_sentence(as_, street, monkeypatch):
    await entered(as_)
    await entered(as_)
    monkeypatch.setattr(ledgers, "MOST_ROWS", 1)
    response = await as_("alice").get(XLSX)
    problem = await response.json()
    assert (response.status, problem["code"]) == (422, "document.too_long")
    assert problem["title"].startswith("台账有 2 行，一次最多导出 1 行")
    assert await traces() == []


@pytest.mark.parametrize("ending", ["pdf", "xlsx"])
async def test_who_may_not(as_, street, ending):
    for who, code, status in (
        (None, "L15", 401),
        ("greta", "L15", 403),
        ("frank", "L15", 403),
        ("alice", "L99", 404),
        ("alice", "T03", 404),
    ):
        assert (await as_(who).get(f"/api/ledgers/{code}/{ending}")).status == status
    other = await as_("alice").get(f"/api/ledgers/L15/{ending}", area=HUAXI)
    assert other.status == 404
    assert await traces() == []
