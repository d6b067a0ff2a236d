"""What is carried along when there is no network: lists by building, stores, the closing report."""

import pytest

from backend.core.db import sql
from tests.cast import HUAXI, YUANYUAN
from tests.features.documents.conftest import pages, traces
from tests.features.duty.conftest import begun, did, got, planned, shift
from tests.features.duty.test_people import TestLoans

END = {"rev": 1, "summary": "风雨减弱，险情排除。"}


@pytest.fixture
async def paper(as_, neighbours, work):
    """The path of an emergency with its lists."""
    page = await begun(as_, level="red")
    await work()
    return f"/api/emergencies/{page['id']}"


async def test_it_works(as_, paper):
    await planned(as_, shift())
    _, text, info = await pages(await as_("alice").get(f"{paper}/people/pdf"))
    assert info["Title"] == "防汛防台应急人员名单"
    assert "曹杨新村街道源园居委会红色预警" in text and "共3幢4人截至10月12日09:00" in text
    assert "兰溪小区兰溪路3010弄1号1人" in text and "王秀英女78独居13800138000" in text
    assert "孕产" in text, "who is on duty must know"
    assert "孙玉兰" not in text
    (trace,) = await traces()
    assert (trace["facts"]["people"], trace["facts"]["numbers"]) == (4, True)
    assert info["TraceId"] == trace["facts"]["trace"]
    (opened,) = await sql("select facts from audit where verb = 'emergency.numbers'")
    assert opened["facts"] == {"people": 4, "area": YUANYUAN}


async def test_off_duty_numbers_stay_masked(as_, paper):
    _, text, _ = await pages(await as_("bob").get(f"{paper}/people/pdf"))
    assert "138****8000" in text and "13800138000" not in text and "孕产" not in text
    assert (await traces())[0]["facts"]["numbers"] is False
    answer = await as_("bob").get(f"{paper}/people/pdf", kind="孕产")
    assert answer.status == 403


async def test_of_a_committee_or_of_all(as_, paper):
    _, text, _ = await pages(await as_("dora").get(f"{paper}/people/pdf", area=HUAXI))
    assert "孙玉兰" in text and "王秀英" not in text and "花溪园居委会" in text
    _, text, _ = await pages(await as_("dora").get(f"{paper}/people/pdf"))
    assert "共4幢5人" in text and "花溪园居委会兰溪小区" in text
    _, text, _ = await pages(await as_("dora").get(f"{paper}/people/pdf", kind="低洼"))
    assert "赵敏" in text and "王秀英" not in text


async def test_who_may_not(as_, paper):
    for what in ["people", "supplies", "report"]:
        for who, status in ((None, 401), ("greta", 403), ("frank", 403), ("erin", 404)):
            assert (await as_(who).get(f"{paper}/{what}/pdf")).status == status, who
        if what != "report":
            assert (await as_("alice").get(f"{paper}/{what}/pdf", area=HUAXI)).status == 404
        assert await traces() == []


async def test_too_many_for_one_paper(as_, paper, monkeypatch):
    from backend.features.duty.actions import printing

    monkeypatch.setattr(printing, "MOST_PEOPLE", 3)
    answer = await as_("dora").get(f"{paper}/people/pdf")
    assert (answer.status, (await answer.json())["code"]) == (422, "document.too_long")


async def test_the_stores(as_, paper):
    await TestLoans().stocked(as_)
    _, text, _ = await pages(await as_("alice").get(f"{paper}/supplies/pdf"))
    assert "防汛防台应急物资清单" in text and "源园居委会居委会仓库" in text
    assert "沙袋25kg60只20" in text


async def test_the_closing_report(as_, paper, at):
    turn = {"rev": 0, "level": "IV", "reason": "风雨加大"}
    await did(as_, "dora", f"{paper}/level", turn)
    await TestLoans().stocked(as_)
    loan = await TestLoans().lent(as_, {"id": paper.rsplit("/", 1)[1]})
    await did(as_, "dora", f"{paper}/calls", {"words": "请立即到岗。"}, 201)
    found = await sql("select person_id from emergency_person where kinds ? '低洼'")
    body = {"state": "moved", "place": "曹杨中学"}
    await did(as_, "alice", f"{paper}/people/{found[0]['person_id']}", body)
    await planned(as_, shift())
    (running,) = (await got(as_, "alice", "/api/duty/now"))["shifts"]
    line = {"source": "巡查", "content": "5号楼前积水", "handled": "已疏通"}
    await did(as_, "alice", f"/api/duty/shifts/{running['id']}/lines", line, 201)
    with at("2026-10-12 09:20"):
        said = {"what": "oral", "words": "已向区总值班室电话报告"}
        await did(as_, "dora", f"{paper}/reports", said)
    with at("2026-10-13 08:00"):
        path = f"/api/emergencies/loans/{loan['id']}/return"
        await did(as_, "alice", path, {"rev": 0, "quantity": 35})
        await did(as_, "dora", f"{paper}/end", END)
        _, text, info = await pages(await as_("dora").get(f"{paper}/report/pdf"))
    assert info["Title"] == "防汛防台应急处置总结报告"
    for words in (
        "10月12日09:00至10月13日08:00",
        "口头首报10月12日09:20完成。书面首报没有记录（超时）。",
        "风雨减弱，险情排除。",
        "名单5人，已联系1人，联系不上0人，没有登记4人。",
        "借出1笔，其中1笔还没有还清。",
        "3号楼车库40只5只",
        "通知5人：请立即到岗。",
        "源园居委会巡查：5号楼前积水已疏通",
        "曹杨新村街道（盖章）",
    ):
        assert words in text, words
    assert "王秀英" not in text, "nobody is named"


async def test_an_exercise_says_so(as_, neighbours, work):
    page = await begun(as_, drill=True)
    path = f"/api/emergencies/{page['id']}/report/pdf"
    _, text, _ = await pages(await as_("dora").get(path))
    assert "防汛防台应急处置总结报告（演练）" in text
