"""Faces and plates are covered on a copy, which alone may be shown outside."""

import io

import pytest
from PIL import Image

from backend.core.db import sql
from tests.pictures import photo

FACE = {"x": 0.6, "y": 0.2, "width": 0.2, "height": 0.3}


@pytest.fixture
async def sent(as_):
    body = photo(1200, 800, orientation=1)
    return await (await as_("alice").upload("/api/files", "x.jpg", body, "image/jpeg")).json()


def half_white():
    """A picture whose right half is striped, so that a covered part of it can be told."""
    picture = Image.new("RGB", (1000, 800), "white")
    for x in range(500, 1000, 20):
        picture.paste((0, 0, 0), (x, 0, x + 10, 800))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


async def picture_of(as_, told):
    response = await as_(None).get(told["url"])
    return Image.open(io.BytesIO(await response.read())).convert("L")


async def test_it_works(as_):
    body = half_white()
    sent = await (await as_("alice").upload("/api/files", "x.png", body, "image/png")).json()
    response = await as_("dora").post(f"/api/files/{sent['id']}/cover", {"boxes": [FACE]})
    told = await response.json()
    assert response.status == 201, told
    assert (told["copy_of"], told["covered"]) == (sent["id"], 1) and told["id"] != sent["id"]
    copy = await picture_of(as_, told)
    inside = copy.crop((620, 180, 780, 380)).getextrema()
    outside = copy.crop((820, 180, 980, 380)).getextrema()
    assert inside[1] - inside[0] < 12 and outside[1] - outside[0] > 200
    was = (await picture_of(as_, sent)).crop((620, 180, 780, 380)).getextrema()
    assert was[1] - was[0] > 200, "the original stays as it is"
    rows = await sql("select released, copy_of is null as first from material order by at")
    assert [(row["released"], row["first"]) for row in rows] == [(False, True), (True, False)]
    (trace,) = await sql("select facts from audit where verb = 'file.release'")
    assert trace["facts"] == {"copy_of": sent["id"], "covered": 1}


async def test_nothing_to_cover_is_an_answer_too(as_, sent):
    told = await (await as_("dora").post(f"/api/files/{sent['id']}/cover", {"boxes": []})).json()
    assert told["covered"] == 0
    assert (await picture_of(as_, told)).size == (1200, 800)


@pytest.mark.parametrize("box", [(0.95, 0.95, 1, 1), (0, 0, 1, 1), (0.999, 0.5, 0.001, 0.001)])
async def test_a_box_may_reach_over_the_edge(as_, sent, box):
    boxes = [dict(zip(("x", "y", "width", "height"), box, strict=True))]
    response = await as_("dora").post(f"/api/files/{sent['id']}/cover", {"boxes": boxes})
    assert response.status == 201


@pytest.mark.parametrize(
    "boxes", [None, [FACE | {"x": 1}], [FACE | {"width": 0}], [FACE | {"y": -0.1}], [FACE] * 41]
)
async def test_bad_boxes_leave_no_trace(as_, sent, boxes):
    body = {} if boxes is None else {"boxes": boxes}
    response = await as_("dora").post(f"/api/files/{sent['id']}/cover", body)
    assert (response.status, (await response.json())["code"]) == (400, "input.bad")
    assert len(await sql("select 1 from material")) == 1


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("alice", 403), ("erin", 404)])
async def test_who_may_not(as_, sent, who, status):
    response = await as_(who).post(f"/api/files/{sent['id']}/cover", {"boxes": []})
    assert response.status == status
    assert len(await sql("select 1 from material")) == 1
