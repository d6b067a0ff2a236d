"""The pictures of visits as pages of a PDF (图文材料), each with what it shows."""

from io import BytesIO

import pdfplumber
import pytest

from backend.core.db import sql
from backend.features.documents import pictures
from tests.cast import HUAXI, YUANYUAN
from tests.features.documents.conftest import traces
from tests.features.ledgers.conftest import VISIT
from tests.pictures import photo

ALL = "/api/ledgers/L01/pictures"


async def visited(as_, *shades, who="alice", name="王秀英", **change):
    """A visit with a picture of each shade; the entry's id."""
    photos = []
    for shade in shades:
        body = photo(120, 80, color=(shade, 0, 0))
        sent = await as_(who).upload("/api/files", "x.jpg", body, "image/jpeg")
        photos.append((await sent.json())["id"])
    about = await sql("select id from person where name = :name", name=name)
    body = {"form_version": 1, "person": str(about[0]["id"]), "answers": VISIT | change}
    response = await as_(who).post("/api/ledgers/L01/entries", body | {"photos": photos})
    assert response.status == 201, await response.text()
    return (await response.json())["id"]


async def read(response):
    """How many pictures are on each page, and all the text."""
    assert response.status == 200, await response.text()
    assert response.content_type == "application/pdf"
    with pdfplumber.open(BytesIO(await response.read())) as pdf:
        text = "".join("".join((page.extract_text() or "").split()) for page in pdf.pages)
        return [len(page.images) for page in pdf.pages], text


async def test_it_works(as_, street):
    await visited(as_, 10, 20, 30)
    await visited(as_, 40, 50, name="李国强")
    response = await as_("alice").get(ALL, **{"from": "2026-10-01", "to": "2026-10-31"})
    images, text = await read(response)
    assert images == [4, 1]
    assert text.startswith(
        "走访联系居民记录图文材料填报单位：曹杨新村街道源园居委会2026年10月1日至"
    )
    assert "图12026年10月8日王秀英" in text and "图52026年10月8日李国强" in text
    assert "兰溪路3010弄2号101室" in text and "上海市" not in text
    assert "水管有点漏" in text
    (trace,) = await traces()
    assert trace["subject"] == "ledger:L01"
    assert (trace["facts"]["pictures"], trace["facts"]["ledger"]) == (5, "L01")


async def test_one_visit(as_, street):
    await visited(as_, 10)
    entry = await visited(as_, 20, 30)
    images, text = await read(await as_("alice").get(f"/api/ledgers/L01/entries/{entry}/pictures"))
    assert images == [2] and "图22026年10月8日王秀英" in text
    assert (await traces())[0]["subject"] == f"entry:{entry}"


async def test_the_street_sees_committees_and_no_house_numbers(as_, street):
    await visited(as_, 10)
    await visited(as_, 20, who="carol", name="孙玉兰")
    images, text = await read(await as_("dora").get(ALL))
    assert images == [2]
    assert "图12026年10月8日源园居委会王秀英" in text and "花溪园居委会孙玉兰" in text
    assert "3010弄1号101室" not in text
    images, text = await read(await as_("dora").get(ALL, area=HUAXI))
    assert images == [1] and "王秀英" not in text and "2026年10月8日孙玉兰" in text


async def test_what_was_corrected_is_printed_once(as_, street):
    entry = await visited(as_, 10)
    body = {"answers": {"met": "见到家属"}, "reason": "记错了"}
    corrected = await as_("alice").post(f"/api/ledgers/L01/entries/{entry}/correct", body)
    assert corrected.status == 201, await corrected.text()
    images, _ = await read(await as_("alice").get(ALL))
    assert images == [1]


async def test_without_any(as_, street):
    entry = await visited(as_)
    for path in (ALL, f"/api/ledgers/L01/entries/{entry}/pictures"):
        response = await as_("alice").get(path)
        assert (response.status, (await response.json())["code"]) == (422, "document.no_pictures")
    assert await traces() == []


async def test_too_many_are_refused_with_a_sentence(as_, street, monkeypatch):
    await visited(as_, 10, 20, 30)
    monkeypatch.setattr(pictures, "MOST", 2)
    response = await as_("alice").get(ALL)
    problem = await response.json()
    assert (response.status, problem["code"]) == (422, "document.too_many_pictures")
    assert "超过 2 张" in problem["title"]


async def test_days_the_wrong_way_round(as_, street):
    response = await as_("alice").get(ALL, **{"from": "2026-10-31", "to": "2026-10-01"})
    assert (response.status, (await response.json())["fields"][0]["field"]) == (422, "to")


@pytest.mark.parametrize(
    ("who", "code", "status"),
    [
        (None, "L01", 401),
        ("greta", "L01", 403),
        ("frank", "L01", 403),
        ("erin", "L01", 422),
        ("alice", "L02", 404),
        ("alice", "L99", 404),
    ],
)
async def test_others(as_, street, who, code, status):
    entry = await visited(as_, 10)
    assert (await as_(who).get(f"/api/ledgers/{code}/pictures")).status == status
    one = await as_(who).get(f"/api/ledgers/{code}/entries/{entry}/pictures")
    assert one.status == (404 if status == 422 else status)
    assert await traces() == []


async def test_next_door(as_, street):
    entry = await visited(as_, 10)
    assert (await as_("carol").get(f"/api/ledgers/L01/entries/{entry}/pictures")).status == 404
    assert (await as_("carol").get(ALL, area=YUANYUAN)).status == 404
