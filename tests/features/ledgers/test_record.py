"""A visit recorded on the phone is an entry of L01, and nobody typed what was known."""

import pytest

from backend.core.db import sql
from tests.features.ledgers.conftest import settle, visit


async def test_it_works(as_, homes):
    blank = await (
        await as_("alice").get("/api/ledgers/L01/form", person=str(homes["王秀英"]))
    ).json()
    assert blank["known"]["name"]["value"] == "王秀英"
    assert blank["known"]["phone"]["value"] == "138****8000"
    assert "phone" not in blank["asked"] and {"visit_kind", "content"} <= set(blank["asked"])
    response = await visit(as_, homes["王秀英"])
    entry = await response.json()
    assert response.status == 201, entry
    fields = {field["key"]: field["text"] for field in entry["fields"]}
    assert (fields["name"], fields["age"], fields["met"]) == ("王秀英", "78", "见到本人")
    assert fields["phone"] == "138****8000" and entry["no"] == "L01-005001-2026-0001"
    stored = (await sql("select data, secret from ledger_entry"))[0]
    assert "phone" not in stored["data"] and stored["secret"]["phone"].startswith("k1.")


async def test_rows_of_the_ledger(as_, homes):
    for name in ("王秀英", "李国强"):
        await visit(as_, homes[name])
    page = await (await as_("alice").get("/api/ledgers/L01/rows")).json()
    assert page["total"] == 2 and {row["cells"]["name"] for row in page["rows"]} == {
        "王秀英",
        "李国强",
    }
    found = await (await as_("alice").get("/api/ledgers/L01/rows", q="秀英")).json()
    assert [row["cells"]["name"] for row in found["rows"]] == ["王秀英"]
    none = await (await as_("alice").get("/api/ledgers/L01/rows", **{"from": "2026-11-11"})).json()
    assert none["total"] == 0


async def test_pages_follow_each_other(as_, homes):
    for _ in range(5):
        await visit(as_, homes["王秀英"])
    seen, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = await (await as_("alice").get("/api/ledgers/L01/rows", limit="2", **more)).json()
        seen += [row["id"] for row in page["rows"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("dora", 403), ("carol", 404)])
async def test_who_may_not(as_, homes, who, status):
    assert (await visit(as_, homes["王秀英"], who=who)).status == status
    assert await sql("select 1 from ledger_entry") == []


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"visit_kind": None}, "visit_kind", "required"),
        ({"visit_kind": "喝茶"}, "visit_kind", "code.unknown"),
        ({"content": "好" * 1001}, "content", "text.long"),
        ({"phone": "1380013800O"}, "phone", "phone.letter"),
        ({"visit_time": "2026-11-11T09:00:00"}, "visit_time", "rule.visit_known"),
    ],
)
async def test_bad_input_leaves_no_trace(as_, homes, change, field, code):
    response = await visit(as_, homes["王秀英"], **change)
    told = await response.json()
    assert response.status == 422, told
    assert (told["fields"][0]["field"], told["fields"][0]["code"]) == (field, code)
    assert await sql("select 1 from ledger_entry") == [] and await sql("select 1 from audit") == []


async def test_a_retry_from_the_stairwell_is_one_visit(as_, homes):
    body = {
        "form_version": 1,
        "person": str(homes["王秀英"]),
        "answers": {
            "visit_kind": "日常",
            "visit_way": "电话",
            "met": "电话接通",
            "content": "都好",
            "handle": "解释说明",
        },
    }
    for _ in range(2):
        response = await as_("alice").post("/api/ledgers/L01/entries", body, key="offline-0001")
        assert response.status == 201
    assert len(await sql("select 1 from ledger_entry")) == 1


async def test_what_a_visit_finds_out_reaches_the_register(as_, homes, http):
    change = [{"field": "联系电话", "old": "13800138000", "new": "13912345678"}]
    assert (await visit(as_, homes["王秀英"], info_change=change)).status == 201
    await settle(http)
    person = await (await as_("alice").get(f"/api/people/{homes['王秀英']}")).json()
    phone = next(field for field in person["fields"] if field["key"] == "phone")
    assert (phone["text"], phone["by"]) == ("139****5678", "陆小燕")
    assert len(await sql("select 1 from value_change where element = 'phone'")) == 1
    again = await (
        await as_("alice").get("/api/ledgers/L01/form", person=str(homes["王秀英"]))
    ).json()
    assert again["known"]["phone"]["value"] == "139****5678"


async def test_a_mediation_without_a_registered_person(as_, homes):
    answers = {
        "dis_source": "居民申请",
        "dis_kind": "邻里",
        "name": "外来人甲",
        "name_b": "楼上住户",
        "dis_content": "漏水争执",
        "people_cnt": 2,
        "result": "成功",
        "agree_kind": "口头",
        "med_date": "2026-11-10",
        "close_date": "2026-11-10",
    }
    response = await as_("alice").post(
        "/api/ledgers/L15/entries", {"form_version": 1, "answers": answers}
    )
    entry = await response.json()
    assert response.status == 201, entry
    assert entry["person"] is None and entry["area"]["code"] == "310107005001"
    numbers = [field["text"] for field in entry["fields"] if field["key"] == "dis_no"]
    assert numbers == [entry["no"]] == ["L15-005001-2026-0001"]
