"""A photo is taken in, made small and safe, and shown to those who may see it."""

import io
from pathlib import Path

import pytest
from PIL import Image

from backend.core.db import sql
from backend.settings import Settings
from tests.pictures import bomb, photo

HEIC = b"\x00\x00\x00\x18ftypheic" + bytes(300)


async def send(as_, who="alice", body=None, kind="image/jpeg", name="照片.jpg"):
    return await as_(who).upload("/api/files", name, body or photo(), kind)


async def test_it_works(as_):
    response = await send(as_)
    told = await response.json()
    assert response.status == 201, told
    assert (told["width"], told["height"]) == (1067, 1600)
    shown = await as_("alice").get(f"/api/files/{told['id']}")
    body = await shown.read()
    assert shown.status == 200 and shown.content_type == "image/jpeg"
    assert Image.open(io.BytesIO(body)).size == (1067, 1600) and b"Exif" not in body
    assert shown.headers["Cache-Control"].startswith("private, max-age=")
    thumb = await (await as_("alice").get(f"/api/files/{told['id']}", size="thumb")).read()
    assert max(Image.open(io.BytesIO(thumb)).size) == 400
    trace = await sql("select verb, subject from audit")
    assert trace == [{"verb": "file.add", "subject": f"material:{told['id']}"}]


async def test_an_address_for_img_needs_no_token(as_):
    told = await (await send(as_)).json()
    for key, side in (("url", 1600), ("thumb_url", 400)):
        shown = await as_(None).get(told[key])
        assert shown.status == 200 and max(Image.open(io.BytesIO(await shown.read())).size) == side


async def test_the_name_and_the_announced_kind_do_not_count(as_):
    assert (await send(as_, kind="application/octet-stream", name="x.exe")).status == 201
    refused = await send(as_, body=HEIC, name="照片.jpg")
    told = await refused.json()
    assert (refused.status, told["code"]) == (415, "file.kind")
    assert told["title"] == "不支持这种文件：请上传JPEG 或 PNG 图片。"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"%PDF-1.7 " + bytes(300), 415, "file.kind"),
        (b"<svg onload='alert(1)'/>", 415, "file.kind"),
        (bomb(), 413, "file.pixels"),
        (photo()[:3000], 422, "file.broken"),
    ],
)
async def test_bad_files_leave_no_trace(as_, settings, body, status, code):
    before = kept(settings)
    refused = await send(as_, body=body)
    told = await refused.json()
    assert (refused.status, told["code"]) == (status, code), told
    assert await sql("select 1 from material") == [] and await sql("select 1 from audit") == []
    assert kept(settings) == before


def kept(settings: Settings) -> list[Path]:
    return sorted(path for path in (settings.var / "files").rglob("*") if path.is_file())


async def test_too_large_is_refused_before_it_is_held(as_):
    refused = await send(as_, body=io.BytesIO(b"\xff\xd8\xff\xe0" + bytes(11 << 20)))
    assert (refused.status, (await refused.json())["code"]) == (413, "file.too_large")
    assert await sql("select 1 from material") == []


async def test_sent_twice_it_is_one_until_it_is_used(as_):
    first, again = [await (await send(as_)).json() for _ in range(2)]
    assert first["id"] == again["id"]
    assert (await (await send(as_, "bob")).json())["id"] != first["id"]
    await sql("update material set used_by = 'entry:1'")
    assert (await (await send(as_)).json())["id"] != first["id"]


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("greta", 403)])
async def test_who_may_not(as_, who, status):
    assert (await send(as_, who)).status == status
    assert await sql("select 1 from material") == []


@pytest.mark.parametrize(
    ("who", "status"), [("bob", 200), ("dora", 200), ("carol", 404), ("erin", 404)]
)
async def test_who_sees_it(as_, who, status):
    told = await (await send(as_)).json()
    assert (await as_(who).get(f"/api/files/{told['id']}")).status == status


async def test_nothing_and_something_else(as_, http):
    headers = {"Authorization": "Bearer alice"}
    for given in ({"json": {}}, {"data": b""}, {"data": {"note": "no file"}}):
        refused = await http.post("/api/files", headers=headers, **given)
        assert (refused.status, (await refused.json())["code"]) == (400, "file.missing")
    assert (await as_("alice").get("/api/files/nonsense")).status == 404
