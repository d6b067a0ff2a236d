"""The quarter's list: public words, no names, open to anybody with its link, also on paper."""

from io import BytesIO

import openpyxl
import pdfplumber
import pytest

from backend.core.db import sql
from tests.features.feedback.conftest import (
    answered,
    code_of,
    counted,
    covered,
    fields_of,
    good,
    judged,
    mine,
    picture,
    sent,
)

PATH = "/api/finding-lists/2026Q4"
WORDS = {"words": "感谢各位体验官一个季度的奔走。"}


@pytest.fixture
async def quarter(as_, desk, zhou, wu):
    """Solved, declined, under way and unread, with and without a summary."""
    one = await picture(zhou)
    first = (await sent(zhou, photos=[one], content="王秀英家门口垃圾满溢。"))["id"]
    await answered(desk, first)
    await good(await judged(zhou, first, solved=True))
    copy = await covered(as_, one)
    await desk("dora", first, "publish", public=True, summary="垃圾箱房满溢。", photos=[copy])
    second = (await sent(wu, scene="traffic"))["id"]
    await desk("dora", second, "register")
    await desk("dora", second, "publish", public=False, summary="路口缺少非机动车停放点。")
    await desk("dora", second, "decide", decision="declined", reason="路幅不够，已报区里统筹。")
    third = (await sent(wu, scene="safety"))["id"]
    await desk("dora", third, "decide", decision="adopted", order=False)
    await sent(wu)
    return {"first": first, "copy": copy}


async def published(as_):
    return await good(await as_("dora").post(f"{PATH}/publish", WORDS))


async def test_it_works(as_, http, quarter, zhou):
    draft = await good(await as_("dora").get(PATH))
    assert (draft["state_label"], len(draft["rows"]), draft["url"]) == ("未公布", 2, None)
    totals = draft["totals"]
    assert (totals["received"], totals["adopted"], totals["declined"]) == (4, 2, 1)
    assert (totals["adopted_share"], totals["done_share"], totals["solved_share"]) == (67, 50, 100)
    assert totals["handy"] is None, "fewer than five scores say something about single people"
    listed = await published(as_)
    assert listed["state"] == "published" and listed["url"].endswith(listed["id"])
    opened = await good(await http.get(f"/api/open/finding-lists/{listed['id']}"))
    assert (opened["street"], opened["period_label"]) == ("普陀区曹杨新村街道", "2026年第四季度")
    done, declined = opened["rows"]
    assert (done["summary"], done["judged_label"]) == ("垃圾箱房满溢。", "已解决")
    assert (declined["decision_label"], declined["result"]) == (
        "未采纳",
        "路幅不够，已报区里统筹。",
    )
    for name in ("王秀英", "周敏", "吴昊", "沈敏", "热心居民", "体005"):
        assert name not in str(opened), name
    assert (await http.get(done["before"][0]["url"])).status == 200
    (line,) = await good(await zhou.get("/api/officer/lists"))
    assert line["id"] == listed["id"]


async def test_what_is_published_stays_until_it_is_published_again(as_, http, desk, quarter):
    listed = await published(as_)
    path = f"/api/open/finding-lists/{listed['id']}"
    await desk("dora", quarter["first"], "publish", public=True, summary="另一种说法。")
    assert "另一种说法" not in str(await good(await http.get(path)))
    assert (await good(await as_("dora").get(PATH)))["changed"]
    again = await published(as_)
    assert again["id"] == listed["id"] and not again["changed"]
    assert "另一种说法" in str(await good(await http.get(path)))


async def test_withdrawn_the_link_leads_nowhere(as_, http, zhou, quarter):
    listed = await published(as_)
    told = await good(await as_("dora").post(f"{PATH}/withdraw"))
    assert (told["state_label"], told["url"]) == ("已撤下", None)
    for ending in ("", "/pdf"):
        path = f"/api/open/finding-lists/{listed['id']}{ending}"
        assert await code_of(await http.get(path)) == (404, "thing.missing")
    assert await good(await zhou.get("/api/officer/lists")) == []
    assert (await as_("dora").post(f"{PATH}/withdraw")).status == 404


async def text_of(response):
    assert response.status == 200, await response.text()
    assert response.content_type == "application/pdf"
    with pdfplumber.open(BytesIO(await response.read())) as paper:
        return "".join(page.extract_text() for page in paper.pages)


async def test_on_paper(as_, http, quarter):
    draft = await text_of(await as_("dora").get(f"{PATH}/pdf"))
    assert "尚未公布" in draft and "治理体验官反馈办理清单" in draft
    listed = await published(as_)
    path = f"/api/open/finding-lists/{listed['id']}/pdf"
    first, again = [await (await http.get(path)).read() for _ in range(2)]
    assert first == again, "drawn once"
    open_text = await text_of(await http.get(f"/api/open/finding-lists/{listed['id']}/pdf"))
    assert "垃圾箱房满溢" in open_text and "采纳率67%" in open_text.replace("\n", "")
    assert "尚未公布" not in open_text
    for name in ("周敏", "吴昊", "沈敏", "王秀英"):
        assert name not in open_text
    (trace,) = await sql("select subject, facts from audit where verb = 'document.export'")
    assert trace["facts"]["period"] == "2026Q4" and trace["facts"]["format"] == "pdf"


async def test_as_a_spreadsheet(as_, quarter):
    await published(as_)
    response = await as_("dora").get(f"{PATH}/xlsx")
    sheet = openpyxl.load_workbook(BytesIO(await response.read())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "治理体验官反馈办理清单"
    assert rows[2][:3] == ["序号", "体验场景", "问题"]
    assert [row[2] for row in rows[3:5]] == ["垃圾箱房满溢。", "路口缺少非机动车停放点。"]
    assert rows[4][4] == "未采纳"


async def test_an_empty_list_is_not_published(as_, zhou):
    await sent(zhou)
    response = await as_("dora").post(f"{PATH}/publish", WORDS)
    assert await code_of(response) == (422, "finding.list_empty")
    assert await counted("finding_list") == 0


async def test_bad_input_leaves_no_trace(as_, quarter):
    for body in ({}, {"words": ""}, {"words": "x" * 1001}):
        response = await as_("dora").post(f"{PATH}/publish", body)
        assert await fields_of(response) == {"words"}
    for period in ("2026Q5", "2026-10", "2027Q1", "x"):
        assert (await as_("dora").get(f"/api/finding-lists/{period}")).status == 404
    assert await counted("finding_list") == 0


async def test_who_may_not(as_, zhou, quarter):
    for who, status in ((as_(None), 401), (as_("alice"), 403), (zhou, 403), (as_("kate"), 403)):
        assert (await who.get(PATH)).status == status
        assert (await who.post(f"{PATH}/publish", WORDS)).status == status
        assert (await who.get(f"{PATH}/pdf")).status == status
    theirs = await good(await as_("henry").get(PATH))
    assert len(theirs["rows"]) == 2
    assert await counted("finding_list") == 0


async def test_another_street_has_a_list_of_its_own(as_, http, quarter, fang):
    await published(as_)
    response = await as_("erin").get(PATH)
    assert response.status == 200 and (await response.json())["rows"] == []
    assert await good(await as_("erin").get("/api/finding-lists")) == []
    assert await good(await fang.get("/api/officer/lists")) == []
    assert (
        await http.get("/api/open/finding-lists/01a206b6-9792-7a9f-9340-5c18b07df149")
    ).status == 404
    shown = await mine(fang, (await sent(fang))["id"])
    assert shown["no"].startswith("体014-")
