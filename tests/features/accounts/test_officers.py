"""Experience officers: invited for a term, come in without a corp account, and may be sent away."""

import asyncio
import hashlib
import io

import pytest
from PIL import Image

from backend.core.db import sql
from backend.engine.pdf.qr import qr_png
from backend.features.accounts import whoever
from tests.officers import DOOR, TERM, Phone, invited, officer
from tests.wechat import WU, ZHOU

NOW = "2026-10-08 09:00"
REFRESH = "/api/sign-in/refresh"


@pytest.fixture(autouse=True)
async def now(at, contacts):
    with at(NOW):
        whoever.forget()
        yield


@pytest.fixture
def phone(http):
    return Phone(http)


async def told(response, status=200):
    body = await response.json()
    assert response.status == status, body
    return body


async def code_of(response):
    return response.status, (await response.json())["code"]


async def test_it_works(as_, http, phone):
    invitation = await invited(as_, field="expert")
    card = await told(await http.get(DOOR, params={"invite": invitation["invite"]}))
    assert (card["street"], card["field_label"]) == ("曹杨新村街道", "专家学者")
    given = await told(await phone.accept(invitation["invite"], phone="13800138000"))
    me = given["me"]
    assert (me["name"], me["officer"]["term_until"]) == ("周敏", "2027-08-31")
    assert me["corp_id"] is None and me["area"]["name"] == "曹杨新村街道"
    assert (await told(await phone.get("/api/me")))["id"] == me["id"]
    (line,) = await told(await as_("dora").get("/api/officers"))
    assert (line["name"], line["state_label"], line["has_phone"]) == ("周敏", "在任", True)
    (shown,) = await told(await as_("dora").get("/api/officers/invitations"))
    assert (shown["state"], shown["used"]) == ("used", 1)


async def test_a_browser_keeps_its_token_where_no_script_can_read_it(as_, http, phone):
    response = await phone.accept((await invited(as_))["invite"])
    assert (await response.json())["refresh_token"] is None
    assert "HttpOnly" in response.headers["Set-Cookie"]


async def test_the_mini_program_knows_its_phone_again(as_, http, phone, contacts):
    invitation = await invited(as_)
    given = await told(await phone.accept(invitation["invite"], code=await contacts.wx_code(ZHOU)))
    assert given["refresh_token"]
    again = await told(await http.post(f"{DOOR}/mini", json={"code": await contacts.wx_code(ZHOU)}))
    assert again["me"] == given["me"]
    renewed = await told(await http.post(REFRESH, json={"refresh_token": again["refresh_token"]}))
    assert renewed["me"]["officer"]["field_label"] == "热心居民"
    assert ZHOU not in str(await sql("select openid, openid_bi from wechat_holder"))
    stranger = await http.post(f"{DOOR}/mini", json={"code": await contacts.wx_code(WU)})
    assert await code_of(stranger) == (403, "officer.unknown")


async def test_a_second_attempt_is_the_first_one(as_, phone):
    invitation = await invited(as_)
    first, again = [
        (await told(await phone.accept(invitation["invite"])))["me"]["id"] for _ in range(2)
    ]
    assert first == again
    assert await sql("select used from officer_invitation") == [{"used": 1}]


async def test_it_is_taken_as_often_as_it_may_be_and_no_more(as_, http):
    invitation = await invited(as_, uses=2)
    phones = [Phone(http) for _ in range(5)]
    answers = await asyncio.gather(*(one.accept(invitation["invite"]) for one in phones))
    assert sorted(answer.status for answer in answers) == [200, 200, 410, 410, 410]
    assert len(await sql("select id from officer")) == 2


async def test_a_letter_to_one_person_names_them(as_, http, phone):
    invitation = await invited(as_, name="吴昊", field="deputy")
    given = await told(await phone.accept(invitation["invite"], name="别人"))
    assert given["me"]["name"] == "吴昊"
    asked = {"field": "deputy", "name": "吴昊", "uses": 2, **TERM}
    response = await as_("dora").post("/api/officers/invitations", asked)
    assert await code_of(response) == (422, "answers.bad")


@pytest.mark.parametrize("invite", ["x" * 38, "A" * 38, "é" * 30, "A" * 60])
async def test_a_made_up_invitation(http, phone, invite):
    assert (await phone.accept(invite)).status == 404
    assert (await http.get(DOOR, params={"invite": invite})).status == 404
    assert await sql("select 1 from officer") == [] and await sql("select 1 from audit") == []


async def test_what_is_wrong_leaves_no_trace(as_, phone):
    invite = (await invited(as_))["invite"]
    wrong = [{"name": None}, {"name": "x" * 40}, {"phone": "123"}, {"key": "short"}, {"code": "?"}]
    for given in wrong:
        response = await phone.accept(invite, **given)
        assert response.status in (400, 401, 422), given
    assert await sql("select 1 from officer") == []
    assert await sql("select used from officer_invitation") == [{"used": 0}]


async def test_an_invitation_ends(as_, at, phone):
    over = (await invited(as_, days=3))["invite"]
    withdrawn = await invited(as_)
    await told(await as_("dora").post(f"/api/officers/invitations/{withdrawn['id']}/withdraw"))
    assert await code_of(await phone.accept(withdrawn["invite"])) == (410, "invitation.over")
    with at("2026-10-12 09:00"):
        assert await code_of(await phone.accept(over)) == (410, "invitation.over")
    early = await invited(as_, term_from="2026-11-01")
    assert await code_of(await phone.accept(early["invite"])) == (409, "officer.early")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"term_from": "2026-12-01", "term_until": "2026-11-01"}, "term_until"),
        ({"term_until": "2026-10-01"}, "term_until"),
        ({"term_until": "2032-10-01"}, "term_until"),
    ],
)
async def test_a_term_that_cannot_be(as_, given, field):
    body = {"field": "resident", **TERM} | given
    response = await as_("dora").post("/api/officers/invitations", body)
    assert (await told(response, 422))["fields"][0]["field"] == field
    assert await sql("select 1 from officer_invitation") == []


async def test_a_term_at_the_end_of_days(as_):
    far = {"term_from": "2200-01-01", "term_until": "2200-12-31"}
    assert (await invited(as_, **far))["term_until"] == "2200-12-31"


async def test_the_session_ends_with_the_term(as_, at, http):
    zhou = await officer(as_, http, term_until="2026-10-20")
    with at("2026-10-20 23:00"):
        assert (await zhou.renew()).status == 200
        assert (await zhou.get("/api/me")).status == 200
    with at("2026-10-21 00:05"):
        whoever.forget()
        assert (await zhou.get("/api/me")).status == 401
        assert await code_of(await zhou.renew()) == (403, "officer.over")


async def test_dismissed_is_out_at_once(as_, http, contacts):
    zhou = await officer(as_, http, code=await contacts.wx_code(ZHOU))
    me = zhou.tokens["me"]["id"]
    body = {"reason": "本人申请退出"}
    line = await told(await as_("dora").post(f"/api/officers/{me}/dismiss", body))
    assert (line["state_label"], line["reason"]) == ("已解聘", "本人申请退出")
    assert (await zhou.get("/api/me")).status == 401
    held = {"refresh_token": zhou.tokens["refresh_token"]}
    assert (await http.post(REFRESH, json=held)).status == 403
    back = await http.post(f"{DOOR}/mini", json={"code": await contacts.wx_code(ZHOU)})
    assert await code_of(back) == (403, "officer.over")
    group = await invited(as_, uses=50)
    again = await zhou.accept(group["invite"], code=await contacts.wx_code(ZHOU), key="k" * 20)
    assert await code_of(again) == (403, "officer.over"), "an open letter is not for them"
    refused = await as_("dora").post(f"/api/officers/{me}/dismiss", body)
    assert await code_of(refused) == (409, "state.wrong")


async def test_invited_once_more_it_is_the_same_officer(as_, http, contacts):
    zhou = await officer(as_, http, code=await contacts.wx_code(ZHOU))
    letter = await invited(as_, name="周敏", field="member", term_until="2028-08-31")
    code = await contacts.wx_code(ZHOU)
    again = await told(await zhou.accept(letter["invite"], code=code, key="another-key-of-hers"))
    (line,) = await told(await as_("dora").get("/api/officers"))
    assert (line["field"], line["term_until"], line["by_wechat"]) == ("member", "2028-08-31", True)
    assert line["id"] == again["me"]["id"]


async def test_one_phone_serves_one_street(as_, http, contacts, phone):
    await officer(as_, http, code=await contacts.wx_code(ZHOU))
    other = await invited(as_, "erin")
    response = await phone.accept(other["invite"], code=await contacts.wx_code(ZHOU))
    assert await code_of(response) == (409, "officer.elsewhere")


async def test_a_way_back_in_for_a_browser(as_, http, phone):
    zhou = await officer(as_, http)
    me = zhou.tokens["me"]["id"]
    made = await told(await as_("dora").post(f"/api/officers/{me}/back"), 201)
    invite = made["url"].rpartition("/")[2]
    assert (await told(await http.get(DOOR, params={"invite": invite})))["back"]
    given = await told(await phone.accept(invite, name=None))
    assert given["me"]["id"] == me and len(await sql("select 1 from officer")) == 1
    assert await code_of(await Phone(http).accept(invite)) == (410, "invitation.over")


async def test_another_term(as_, at, http):
    zhou = await officer(as_, http)
    me, to = zhou.tokens["me"]["id"], {"field": "expert", **TERM, "term_until": "2026-10-07"}
    assert (await as_("dora").put(f"/api/officers/{me}", to)).status == 422
    line = await told(
        await as_("dora").put(f"/api/officers/{me}", to | {"term_until": "2026-10-08"})
    )
    assert (line["field_label"], line["state"]) == ("专家学者", "serving")
    with at("2026-10-09 09:00"):
        whoever.forget()
        assert (await zhou.get("/api/me")).status == 401


async def test_the_phone_is_shown_by_a_step_that_leaves_a_trace(as_, http):
    zhou = await officer(as_, http, phone="13800138000")
    me = zhou.tokens["me"]["id"]
    assert "13800138000" not in str(await sql("select * from officer"))
    shown = await told(await as_("dora").post(f"/api/officers/{me}/reveal"))
    assert shown["phone"] == "13800138000"
    (row,) = await sql("select subject, facts::text from audit where verb = 'officer.call'")
    assert row["subject"] == f"officer:{me}" and "138" not in row["facts"]
    wu = await officer(as_, http, name="吴昊")
    response = await as_("dora").post(f"/api/officers/{wu.tokens['me']['id']}/reveal")
    assert response.status == 404


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("alice", 403), ("erin", 404)])
async def test_who_may_not(as_, http, who, status):
    zhou, invitation = await officer(as_, http), await invited(as_)
    me = zhou.tokens["me"]["id"]
    asked = [
        as_(who).post(f"/api/officers/{me}/dismiss", {"reason": "不再担任"}),
        as_(who).put(f"/api/officers/{me}", {"field": "other", **TERM}),
        as_(who).post(f"/api/officers/{me}/back"),
        as_(who).post(f"/api/officers/{me}/reveal"),
        as_(who).post(f"/api/officers/invitations/{invitation['id']}/withdraw"),
        as_(who).get(f"/api/officers/invitations/{invitation['id']}/qr"),
    ]
    assert [(await one).status for one in asked] == [status] * len(asked)
    rows = await sql("select state, field from officer")
    assert rows == [{"state": "active", "field": "resident"}]
    assert await sql("select 1 from officer_invitation where revoked_at is not null") == []


async def test_another_street_sees_none_of_it(as_, http):
    await officer(as_, http)
    for path in ("/api/officers", "/api/officers/invitations"):
        assert await told(await as_("erin").get(path)) == []
        assert (await as_("alice").get(path)).status == 403


async def test_the_code_on_paper(as_, http):
    invitation = await invited(as_)
    response = await as_("dora").get(f"/api/officers/invitations/{invitation['id']}/qr")
    body = await response.read()
    assert response.content_type == "image/png" and body == qr_png(invitation["url"])
    opened = await http.get(f"/o/{invitation['invite']}", allow_redirects=False)
    where = f"/m/#/pages/officer/accept/index?invite={invitation['invite']}"
    assert (opened.status, opened.headers["Location"]) == (302, where)


def test_a_code_that_a_reader_has_read():
    """Read back by zxing once; since then the picture is known by its bits."""
    picture = Image.open(io.BytesIO(qr_png("https://jucun.example.gov.cn/o/AaZiYFvdc9GAAAA")))
    assert picture.size == (615, 615) and picture.getpixel((0, 0))
    modules = [picture.getpixel((x, y)) for y in range(7, 615, 15) for x in range(7, 615, 15)]
    assert len(modules) == 41 * 41
    assert hashlib.sha256(bytes(map(bool, modules))).hexdigest()[:16] == "d4f678af9b6eb804"
