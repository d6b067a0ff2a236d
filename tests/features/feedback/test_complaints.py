"""The complaint button: everybody may, nothing is gathered in silence, everybody gets an answer."""

import pytest

from backend.core.db import sql
from tests.features.feedback.conftest import code_of, counted, fields_of, good, picture

PATH = "/api/complaints"
NEW = {"content": "填报页面的保存按钮太小，老花眼点不到。", "screen": "/pages/return/index"}


async def complained(who, **given):
    return await good(await who.post(PATH, NEW | given), 201)


async def test_it_works(as_, street, worked, work):
    told = await complained(as_("alice"))
    assert (told["no"], told["state_label"]) == ("诉005-20261012-0001", "已提交")
    await worked()
    notices = await sql("select template, staff_id from notice")
    assert [(n["template"], n["staff_id"].int) for n in notices] == [("complaint_sent", 4)]
    page = await good(await as_("dora").get(PATH))
    (row,) = page["rows"]
    assert (row["sender"], row["due"][:10]) == ("陆小燕", "2026-10-13")
    path = f"{PATH}/{told['id']}"
    row = await good(await as_("dora").post(f"{path}/register", {"rev": row["rev"]}))
    answer = {"rev": row["rev"], "words": "下一版按钮加大到60像素，谢谢。"}
    row = await good(await as_("dora").post(f"{path}/answer", answer))
    assert row["state_label"] == "待评价"
    await worked()
    (mine,) = await good(await as_("alice").get(f"{PATH}/mine"))
    assert mine["reply"] == answer["words"] and mine["may"] == ["judge"]
    rows = await sql("select template, staff_id from notice order by created_at, id")
    assert (rows[-1]["template"], rows[-1]["staff_id"].int) == ("complaint_answered", 1)
    body = {"rev": mine["rev"], "solved": True, "satisfied": "满意"}
    assert (await good(await as_("alice").post(f"{path}/judge", body)))["state"] == "settled"


async def test_an_answer_that_does_not_help_is_taken_up_again(as_, street, worked):
    told = await complained(as_("bob"))
    path = f"{PATH}/{told['id']}"
    for words in ("请放大字体。", "已修好。"):
        rev = (await good(await as_("bob").get(f"{PATH}/mine")))[0]["rev"]
        row = await good(await as_("dora").post(f"{path}/answer", {"rev": rev, "words": words}))
        body = {"rev": row["rev"], "solved": words == "已修好。", "satisfied": "不满意"}
        if not body["solved"]:
            assert await fields_of(await as_("bob").post(f"{path}/judge", body)) == {"reason"}
        mine = await good(await as_("bob").post(f"{path}/judge", body | {"reason": "不是字体的事"}))
        assert mine["state"] == ("settled" if body["solved"] else "working")
    await worked()


async def test_officers_too_and_only_to_their_own_street(as_, zhou, fang):
    told = await complained(zhou, photos=[await picture(zhou)])
    await complained(fang)
    (row,) = (await good(await as_("dora").get(PATH)))["rows"]
    assert row["id"] == told["id"] and len(row["photos"]) == 1
    assert await sql("select officer_id is null as none from finding") == [{"none": False}] * 2
    assert await good(await zhou.get("/api/officer/findings")) == [], "a matter of its own"
    assert (await good(await as_("dora").get("/api/findings", view="all")))["rows"] == []


async def test_the_district_answers_its_own_people_only(as_, street):
    mine, theirs = await complained(as_("greta")), await complained(as_("alice"))
    assert [r["id"] for r in (await good(await as_("frank").get(PATH)))["rows"]] == [mine["id"]]
    assert [r["id"] for r in (await good(await as_("dora").get(PATH)))["rows"]] == [theirs["id"]]
    body = {"rev": 0, "words": "已转交。"}
    assert (await as_("dora").post(f"{PATH}/{mine['id']}/answer", body)).status == 404
    assert (await as_("frank").post(f"{PATH}/{theirs['id']}/answer", body)).status == 404
    assert (await as_("frank").post(f"{PATH}/{mine['id']}/answer", body)).status == 200


@pytest.mark.parametrize(
    ("screen", "kept"),
    [
        (
            "/pages/residents/person?id=01a206b6-9792-7a9f-9340-5c18b07df149",
            "/pages/residents/person",
        ),
        ("#/people/01a206b6-9792-7a9f-9340-5c18b07df149/history", "#/people/…/history"),
        ("/pages/call/13800138000", "/pages/call/…"),
        ("", None),
        (None, None),
    ],
)
async def test_the_screen_says_where_and_not_whom(as_, street, screen, kept):
    assert (await complained(as_("alice"), screen=screen))["screen"] == kept
    (row,) = await sql("select * from finding")
    assert (row["place"], row["lng"], row["photos"]) == ("", None, [])


async def test_words_are_sealed(as_, street):
    await complained(as_("alice"), content="王秀英说页面看不清")
    assert "王秀英" not in str(await sql("select * from finding"))
    assert "王秀英" not in str(await sql("select facts from audit"))


@pytest.mark.parametrize(
    "given",
    [{"content": "字" * 2001}, {"content": ""}, {"screen": "x" * 201}, {"device": "iPhone"}],
)
async def test_bad_input_leaves_no_trace(as_, street, given):
    response = await as_("alice").post(PATH, NEW | given)
    assert await code_of(response) == (400, "input.bad")
    assert await fields_of(response) == set(given) and await counted("finding") == 0


async def test_who_may_not(as_, street, zhou, wu):
    told = await complained(zhou)
    path, body = f"{PATH}/{told['id']}", {"rev": 0, "words": "好的。"}
    for who, status in ((as_(None), 401), (as_("alice"), 403), (zhou, 403), (as_("erin"), 404)):
        assert (await who.post(f"{path}/answer", body)).status == status
        assert (await who.post(f"{path}/register", {"rev": 0})).status == status
    judged = {"rev": 0, "solved": True, "satisfied": "满意"}
    for other in (wu, as_("alice")):
        assert (await other.post(f"{path}/judge", judged)).status == 404
    assert (await as_("alice").get(PATH)).status == 403 and (await zhou.get(PATH)).status == 403
    assert await good(await as_("alice").get(f"{PATH}/mine")) == []
    assert (await as_(None).post(PATH, NEW)).status == 401
    assert await sql("select state from finding") == [{"state": "sent"}]


async def test_a_finding_is_no_complaint(as_, street, zhou):
    body = {"scene": "other", "content": "路灯不亮了。"}
    finding = (await good(await zhou.post("/api/officer/findings", body), 201))["id"]
    answer = {"rev": 0, "words": "好的。"}
    assert (await as_("dora").post(f"{PATH}/{finding}/answer", answer)).status == 404
    told = await complained(zhou)
    assert (await zhou.get(f"/api/officer/findings/{told['id']}")).status == 404
    assert (await as_("dora").get(f"/api/findings/{told['id']}")).status == 404
