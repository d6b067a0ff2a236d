"""An officer reports what they have found; nothing of others is in sight, nothing half written."""

import io

import pytest
from PIL import Image

from backend.core import clock
from backend.core.db import sql
from tests.features.feedback.conftest import (
    FINDING,
    code_of,
    counted,
    fields_of,
    good,
    mine,
    picture,
    sent,
)
from tests.pictures import photo

PATH = "/api/officer/findings"


async def test_it_works(zhou):
    first, second = await picture(zhou), await picture(zhou, 90)
    told = await sent(zhou, photos=[first, second])
    assert told["no"] == "体005-20261012-0001"
    assert (told["state_label"], told["scene_label"], told["handy"]) == ("已提交", "小区环境", 2)
    assert told["due"] == "2026-10-13T17:30:00+08:00" and not told["late"]
    assert [one["id"] for one in told["photos"]] == [first, second]
    assert [step["label"] for step in told["steps"]] == ["提交"]
    (line,) = await good(await zhou.get(PATH))
    assert line["id"] == told["id"] and await mine(zhou, told["id"]) == told
    assert (await sent(zhou))["no"] == "体005-20261012-0002"


async def test_its_limits_count_working_days(zhou, at):
    with at("2026-09-30 16:00"):
        told = await sent(zhou)
    (row,) = await sql("select decide_due from finding")
    assert told["due"] == "2026-10-08T17:30:00+08:00"
    assert f"{row['decide_due'].astimezone(clock.SHANGHAI):%m-%d %H:%M}" == "10-13 17:30"


async def test_a_year_without_a_calendar_loses_nothing(zhou, at):
    await sql("update officer set term_until = '2032-01-01'")
    await sql("update session set ends_at = '2032-01-01', last_seen_at = '2031-03-01'")
    with at("2031-03-03 10:00"):
        told = await sent(zhou)
    assert told["due"] is None and await counted("finding") == 1


async def test_words_are_sealed_and_stay_out_of_the_trace(zhou):
    await sent(zhou, content="王秀英家门口的灯坏了，电话13800138000。")
    (row,) = await sql("select content from finding")
    assert "王秀英" not in row["content"]
    (trace,) = await sql(
        "select subject, facts::text as facts from audit where verb = 'finding.send'"
    )
    assert "王秀英" not in trace["facts"] and "138" not in trace["facts"]


async def test_pictures_show_neither_the_place_nor_the_phone(http, zhou):
    body = photo(1200, 800, orientation=1)
    assert b"PHONE-OF-LU" in body
    given = await good(await zhou.upload("/api/files", "x.jpg", body, "image/jpeg"), 201)
    told = await sent(zhou, photos=[given["id"]])
    for url in (given["url"], told["photos"][0]["url"], told["photos"][0]["thumb_url"]):
        response = await http.get(url)
        shown = await response.read()
        assert response.status == 200 and b"PHONE-OF-LU" not in shown
        assert not Image.open(io.BytesIO(shown)).getexif()


async def test_what_is_no_picture_is_refused(zhou):
    response = await zhou.upload("/api/files", "x.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    assert await code_of(response) == (415, "file.kind")
    assert await counted("material") == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"content": "字" * 20_000}, "最多 2000 个字"),
        ({"content": " "}, ""),
        ({"content": "  \n  "}, "没有填写"),
        ({"scene": None}, ""),
        ({"handy": 6}, "不应大于 5"),
        ({"liked": 0}, "不应小于 1"),
        ({"lng": 200.0}, ""),
        ({"photos": ["x"]}, ""),
        ({"officer": "somebody"}, "不认识这一项"),
    ],
)
async def test_bad_input_is_named_and_leaves_no_trace(zhou, given, said):
    response = await zhou.post(PATH, FINDING | given)
    body = await response.json()
    assert (response.status, body["code"]) == (400, "input.bad"), body
    issue = body["fields"][0]
    assert issue["field"].startswith(next(iter(given))) and said in issue["message"]
    assert await counted("finding") == 0 and await counted("finding_step") == 0


async def test_an_unknown_scene(zhou):
    response = await zhou.post(PATH, FINDING | {"scene": "weather"})
    assert await fields_of(response) == {"scene"} and await counted("finding") == 0
    known = await good(await zhou.get("/api/officer/scenes"))
    assert {"key": "environment", "label": "小区环境"} in known


async def test_what_the_mini_program_may_ask_to_send(zhou):
    told = await good(await zhou.get("/api/officer/subscriptions"))
    assert {"name": "finding_decided", "template_id": "tmpl-finding_decided-0001"} in told


async def test_only_ones_own_pictures(as_, zhou, wu):
    theirs = await picture(wu)
    staff = await picture(as_("alice"))
    for foreign in (theirs, staff, "00000000-0000-4000-8000-000000000000"):
        response = await zhou.post(PATH, FINDING | {"photos": [foreign]})
        assert await code_of(response) == (404, "thing.missing")
    assert await counted("finding") == 0
    used = await sql("select 1 from material where used_by is not null")
    assert used == []


async def test_a_picture_tells_of_one_matter(zhou):
    one = await picture(zhou)
    await sent(zhou, photos=[one])
    response = await zhou.post(PATH, FINDING | {"photos": [one]})
    assert await code_of(response) == (409, "file.used")
    assert await counted("finding") == 1


async def test_sent_twice_it_is_one(zhou):
    answers = [await zhou.post(PATH, FINDING, key="the-same-key-0001") for _ in range(2)]
    first, again = [await good(answer, 201) for answer in answers]
    assert first == again and await counted("finding") == 1


async def test_nobody_sees_those_of_others(as_, zhou, wu, fang):
    told = await sent(zhou)
    for other in (wu, fang):
        assert (await other.get(f"{PATH}/{told['id']}")).status == 404
        assert await good(await other.get(PATH)) == []
    assert (await as_(None).get(PATH)).status == 401
    assert (await as_(None).post(PATH, FINDING)).status == 401
    for staff in ("alice", "dora", "frank"):
        assert (await as_(staff).post(PATH, FINDING)).status == 403
    assert await counted("finding") == 1
