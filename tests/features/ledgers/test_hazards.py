"""Safety checks: recorded on the phone, checked again later, and handed to others as an order."""

import pytest

from backend.core.db import sql
from backend.features.accounts.shapes import Staff
from backend.features.accounts.store import staff
from tests.cast import CAST
from tests.features.ledgers.conftest import NOW, settle
from tests.pictures import photo

HAZARD = {
    "obj_kind": "楼道",
    "place": "兰溪路3010弄1号2楼",
    "hz_kind": ["楼道堆物"],
    "hz_level": "一般",
    "hz_desc": "纸箱堵住半个楼道。",
    "rectify_deadline": "2026-11-20",
}
SHOP = {
    "ent_name": "顺风快餐店",
    "legal_name": "孙强",
    "legal_phone": "13700137000",
    "ent_addr": "兰溪路88号",
    "biz_status": "营业",
    "license_ok": "齐全",
    "ext_ok": "合格",
    "exit_ok": "畅通",
    "wire_ok": "正常",
    "lpg_use": "未用",
    "dwell_inside": False,
}


@pytest.fixture
def now(http, at):
    with at(NOW):
        yield


@pytest.fixture
async def team(now):
    """alice and bob in the roster of 源园, carol next door."""
    people = [CAST[who] for who in ("alice", "bob", "carol")]
    await staff.save(
        [Staff(one.id, "corp", str(one.id), one.name, one.area, ("worker",), ()) for one in people]
    )


async def record(as_, ledger, answers, who="alice", **more):
    body = {"form_version": 1, "answers": answers} | more
    return await as_(who).post(f"/api/ledgers/{ledger}/entries", body)


async def recorded(as_, ledger, answers, **more):
    response = await record(as_, ledger, answers, **more)
    told = await response.json()
    assert response.status == 201, told
    return told


def texts(entry):
    return {field["key"]: field["text"] for field in entry["fields"]}


async def test_it_works(as_, team):
    blank = await (await as_("alice").get("/api/ledgers/L18/form")).json()
    assert {"obj_kind", "hz_kind", "rectify_deadline"} <= set(blank["asked"])
    assert not {"house_ref", "estate", "case_no", "checkers", "committee"} & set(blank["asked"])
    assert blank["known"]["committee"]["value"] == "源园居委会"
    names = {one["name"]: one["id"] for one in blank["colleagues"]}
    assert names.keys() == {"陆小燕", "顾建平"}
    both = [{"id": one, "label": "随便写的"} for one in (*names.values(), names["陆小燕"])]
    both.append({"id": None, "label": "消防站王队"})
    entry = await recorded(as_, "L18", HAZARD | {"checkers": both})
    told = texts(entry)
    assert told["hz_no"] == entry["no"] == "L18-005001-2026-0001"
    assert (told["recheck_result"], told["check_date"]) == ("未整改", "2026-11-10")
    assert told["checkers"].split("、") == [*names, "消防站王队"], "names as the roster has them"
    assert "recheck_date" not in told and "rechecker" not in told


async def test_checked_again_it_is_settled_on_that_day(as_, now, at):
    entry = await recorded(as_, "L18", HAZARD)
    path = f"/api/ledgers/L18/entries/{entry['id']}/correct"
    with at("2026-11-15 16:00"):
        part = {"answers": {"recheck_result": "部分整改"}, "reason": "复查"}
        partly = await (await as_("bob").post(path, part)).json()
    with at("2026-11-18 09:00"):
        path = f"/api/ledgers/L18/entries/{partly['id']}/correct"
        done = {"answers": {"recheck_result": "已整改"}, "reason": "复查"}
        told = texts(await (await as_("alice").post(path, done)).json())
    assert (told["recheck_date"], told["rechecker"]) == ("2026-11-18", "陆小燕")
    assert (told["rectify_date"], told["check_date"]) == ("2026-11-18", "2026-11-10")
    assert told["hz_no"] == entry["no"], "a hazard keeps its number"


async def test_what_others_have_to_do_becomes_an_order(as_, now, http):
    key = "offline-hazard-1"
    for _ in range(2):
        body = {"form_version": 1, "answers": HAZARD, "order": True}
        response = await as_("alice").post("/api/ledgers/L18/entries", body, key=key)
        entry = await response.json()
        assert response.status == 201, entry
    [order] = await sql("select id, no, title, area, place, system, source from work_order")
    assert texts(entry)["case_no"] == order["no"] and entry["order"] == str(order["id"])
    assert (order["title"], order["source"]) == ("楼道堆物 兰溪路3010弄1号2楼", "04")
    await settle(http)
    assert len(await sql("select 1 from work_order")) == 1


async def test_a_visit_that_hands_on_a_need_is_an_order_at_once(as_, homes):
    need = {
        "visit_kind": "日常",
        "visit_way": "上门",
        "met": "见到本人",
        "content": "说水管漏水。",
        "demand_kind": ["物业"],
        "demand": "厨房水管漏水，物业一直没有来修",
        "handle": "转工单",
    }
    entry = await recorded(as_, "L01", need, person=str(homes["王秀英"]))
    [order] = await sql("select no, title, house_id from work_order")
    assert texts(entry)["case_no"] == order["no"] and order["title"] == need["demand"]
    assert str(order["house_id"]) == entry["house"]["id"]


async def test_done_for_an_order_it_carries_its_number_and_no_second_one(as_, now):
    first = await recorded(as_, "L18", HAZARD, order=True)
    [order] = await sql("select id, no from work_order")
    again = await recorded(as_, "L18", HAZARD, order=True, done_for=str(order["id"]))
    assert texts(again)["case_no"] == texts(first)["case_no"] == order["no"]
    assert len(await sql("select 1 from work_order")) == 1
    shown = await (await as_("alice").get(f"/api/orders/{order['id']}")).json()
    assert {one["id"] for one in shown["entries"]} >= {first["id"], again["id"]}


async def test_nobody_makes_up_a_number(as_, now):
    entry = await recorded(as_, "L18", HAZARD | {"case_no": "普005-20261110-0001"})
    assert "case_no" not in texts(entry)
    stranger = "01890000-0000-7000-8000-000000000000"
    response = await record(as_, "L18", HAZARD, done_for=stranger)
    assert response.status == 404
    assert len(await sql("select 1 from ledger_entry")) == 1


async def test_pictures_before_and_after_are_told_apart(as_, now):
    ids = []
    for shade in (0, 200):
        body = photo(60, 40, color=(shade, 0, 0))
        sent = await as_("alice").upload("/api/files", "x.jpg", body, "image/jpeg")
        ids.append((await sent.json())["id"])
    answers = HAZARD | {"recheck_result": "已整改", "photos": ids[:1], "photo_after": ids[1:]}
    entry = await recorded(as_, "L18", answers, photos=ids)
    assert [photo["label"] for photo in entry["photos"]] == ["现场照片", "整改后照片"]


async def test_the_shops_hazards_are_counted_whenever_they_were_written(as_, now):
    check = await recorded(as_, "L19", SHOP)
    assert texts(check)["hz_cnt"] == "0" and texts(check)["ent_ref"] == "顺风快餐店"
    at_shop = HAZARD | {"obj_kind": "商铺", "ent_name": "顺风快餐店", "hz_kind": ["瓶装液化气"]}
    await recorded(as_, "L18", at_shop)
    await recorded(as_, "L18", at_shop | {"check_date": "2026-11-09"})
    seen = await (await as_("alice").get(f"/api/ledgers/L19/entries/{check['id']}")).json()
    assert texts(seen)["hz_cnt"] == "1", "the other one was found on another day"
    page = await (await as_("alice").get("/api/ledgers/L19/rows")).json()
    assert page["rows"][0]["cells"]["hz_cnt"] == "1"


async def test_next_month_the_shop_is_known(as_, now, at):
    check = await recorded(as_, "L19", SHOP)
    with at("2026-12-08 10:00"):
        blank = await (await as_("alice").get("/api/ledgers/L19/form", like=check["id"])).json()
        assert blank["known"]["ent_name"]["value"] == "顺风快餐店"
        assert blank["known"]["legal_phone"]["value"] == "137****7000"
        assert "ent_name" not in blank["asked"] and "biz_status" in blank["asked"]
        answers = {k: v for k, v in SHOP.items() if k not in blank["known"]}
        again = await recorded(as_, "L19", answers, like=check["id"])
        assert texts(again)["ent_addr"] == "兰溪路88号" and again["no"] != check["no"]
        elsewhere = await as_("carol").get("/api/ledgers/L19/form", like=check["id"])
        assert elsewhere.status == 404


async def test_supplies_add_up_and_never_go_below_nothing(as_, now):
    sandbags = {"mat_name": "沙袋", "spec": "25kg", "unit_m": "只", "store_place": "仓库"}
    first = await recorded(as_, "L20", sandbags | {"in_qty": 100})
    out = sandbags | {"out_qty": 40, "out_reason": "3号楼车库挡水"}
    await recorded(as_, "L20", out)
    await recorded(as_, "L20", sandbags | {"spec": "10kg", "in_qty": 7})
    page = await (await as_("alice").get("/api/ledgers/L20/rows")).json()
    assert sorted(row["cells"]["qty"] for row in page["rows"]) == ["100", "60", "7"]
    refused = await record(as_, "L20", sandbags | {"out_qty": 61, "out_reason": "道路积水"})
    told = await refused.json()
    assert (refused.status, told["fields"][0]["code"]) == (422, "stock.short")
    assert "多了1" in told["fields"][0]["message"]
    assert len(await sql("select 1 from ledger_entry")) == 3
    mend = {"answers": {"in_qty": 80}, "reason": "数错了"}
    await as_("alice").post(f"/api/ledgers/L20/entries/{first['id']}/correct", mend)
    page = await (await as_("alice").get("/api/ledgers/L20/rows")).json()
    good = [row["cells"]["qty"] for row in page["rows"] if row["state"] == "good"]
    assert sorted(good) == ["40", "7", "80"], "what came later counts from what is right"


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"hz_kind": []}, "hz_kind", "required"),
        ({"hz_kind": ["地震"]}, "hz_kind", "code.unknown"),
        ({"rectify_deadline": "2026-11-01"}, "rectify_deadline", "rule.deadline_after"),
        ({"obj_kind": "商铺"}, "ent_name", "required"),
        ({"recheck_result": "移送"}, "transfer_to", "required"),
        ({"photo_after": ["blob:1"], "recheck_result": "已整改"}, "photo_after", "photos.type"),
        (
            {"checkers": [{"id": str(CAST["carol"].id), "label": "陆小燕"}]},
            "checkers",
            "staff.unknown",
        ),
    ],
)
async def test_bad_input_leaves_no_trace(as_, now, change, field, code):
    response = await record(as_, "L18", HAZARD | change, order=True)
    told = await response.json()
    assert response.status == 422, told
    assert (told["fields"][0]["field"], told["fields"][0]["code"]) == (field, code)
    assert await sql("select 1 from ledger_entry") == [] and await sql("select 1 from audit") == []
    assert await sql("select 1 from work_order") == []


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("dora", 403)])
async def test_who_may_not(as_, now, who, status):
    assert (await record(as_, "L18", HAZARD, who=who)).status == status


async def test_what_is_chosen_first(as_, now):
    lines = await (await as_("alice").get("/api/ledgers")).json()
    about = {one["code"]: one["about"] for one in lines if one["recordable"]}
    assert about == {
        "L01": "home", "L15": "perhaps", "L18": "perhaps", "L19": "shop", "L20": "nothing",
    }  # fmt: skip
    assert [one["code"] for one in lines if not one["written"]] == ["L02"]
