"""Statistics of orders by class, place, unit, week and what else they are asked by."""

from io import BytesIO

import openpyxl

from backend.core.db import sql
from tests.cast import CAOYANG, HUAXI, YUANYUAN
from tests.features.boards.conftest import MONTH, fetched, line, past

PATH = "/api/boards/orders"


async def counted(as_, who, **query):
    found = await fetched(as_, who, PATH, **MONTH, **query)
    return {row["label"]: row["counts"]["received"]["shown"] for row in found["table"]["rows"]}


async def test_it_works(as_, units, book):
    await past(book, 3, unit=units["城管"], category="E0504")
    await past(book, 2, HUAXI, category="H0703", source="04")
    await past(book, 1, category=None, title="其他", content="说不清楚的事")
    by = {
        by: await counted(as_, "henry", by=by)
        for by in ("category", "class", "area", "unit", "source", "week", "place", "street")
    }
    assert by["category"] == {"店外经营": "3", "楼道堆物": "2", "未定": "1"}
    assert by["class"] == {"街面秩序": "3", "公共安全": "2", "未定": "1"}
    assert by["area"] == {"源园居委会": "4", "花溪园居委会": "2"}
    assert by["unit"] == {"曹杨城管中队": "3", "未定": "3"}
    assert by["source"] == {"12345市民热线": "4", "居村自主上报": "2"}
    assert by["week"] == {"10月5日–10月11日": "6"}
    assert by["place"] == {"未定": "6"}
    assert by["street"] == {"曹杨新村街道": "6"}
    assert await counted(as_, "henry", by="category", area=HUAXI) == {"楼道堆物": "2"}
    found = await fetched(as_, "henry", PATH, **MONTH)
    assert (found["by"], found["by_label"]) == ("category", "问题分类")
    assert found["table"]["total"]["counts"]["received"]["value"] == 6
    assert {column["key"] for column in found["counts"]} == set(found["table"]["total"]["counts"])
    assert "visited" not in {rate["key"] for rate in found["rates"]}


async def test_a_committee_sees_its_own(as_, units, book):
    await past(book, 3)
    await past(book, 2, HUAXI)
    assert await counted(as_, "alice", by="area") == {"源园居委会": "3"}
    assert (await as_("alice").get(PATH, area=HUAXI)).status == 404
    assert (await as_("henry").get(PATH, area="310107014000")).status == 404


async def test_the_district_sees_nothing_fine(as_, units, book):
    await past(book, 6)
    assert await counted(as_, "frank", by="class") == {"公共安全": "6"}
    for fine in ({"by": "place"}, {"by": "unit"}, {"by": "category"}, {"by": "area"}):
        response = await as_("frank").get(PATH, **fine)
        assert (response.status, (await response.json())["code"]) == (422, "board.too_fine"), fine
    response = await as_("frank").get(PATH, by="class", area=CAOYANG)
    assert response.status == 422


async def test_who_may_not(as_, units):
    assert (await as_(None).get(PATH)).status == 401
    for name in ("iris", "greta"):
        assert (await as_(name).get(PATH)).status == 403
    assert (await as_("henry").get(PATH, by="person")).status == 400


async def test_a_long_list_ends_and_its_total_holds(as_, units, book, monkeypatch):
    monkeypatch.setattr("backend.features.boards.gathering.MOST_ROWS", 2)
    for n, code in enumerate(("E0102", "E0504", "H0703", "H0107"), 1):
        await past(book, n, category=code)
    found = await fetched(as_, "henry", PATH, **MONTH)
    received = [row["counts"]["received"]["value"] for row in found["table"]["rows"]]
    assert received == [4, 3, 3]
    assert found["table"]["total"]["counts"]["received"]["value"] == 10


EXPORTS = (
    ("henry", "/api/boards/street/xlsx", {}, "街镇工单看板", "曹杨新村街道"),
    ("frank", "/api/boards/district/xlsx", {}, "全区工单看板", "普陀区"),
    ("henry", PATH + "/xlsx", {"by": "class"}, "工单统计（按大类）", "曹杨新村街道"),
)


async def test_what_is_exported_hides_small_numbers(as_, units, book):
    await past(book, 30, category="E0102", on_time=True)
    await past(book, 2, HUAXI, category="H0703")
    await past(book, 7, HUAXI, category="E0504")
    for who, path, by, title, place in EXPORTS:
        response = await as_(who).get(path, **MONTH, **by)
        assert response.status == 200, await response.text()
        sheet = openpyxl.load_workbook(BytesIO(await response.read())).active
        cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
        assert any(title in cell for cell in cells) and any(place in cell for cell in cells)
        assert any("按时办结率＝按时办结÷到期应办结" in cell for cell in cells)
        assert any("“<5”" in cell for cell in cells)
        assert "2" not in cells
    trace = await sql("select facts from audit where verb = 'document.export'")
    assert [row["facts"]["format"] for row in trace] == ["xlsx"] * len(EXPORTS)


async def test_who_may_not_export(as_, units):
    for path in ("/api/boards/street/xlsx", "/api/boards/orders/xlsx"):
        assert (await as_(None).get(path)).status == 401
        assert (await as_("alice").get(path)).status == 403
    assert (await as_("frank").get("/api/boards/street/xlsx")).status == 403
    assert (await as_("henry").get("/api/boards/district/xlsx")).status == 403
    for fine in ("place", "category"):
        assert (await as_("henry").get("/api/boards/orders/xlsx", by=fine)).status == 422


async def test_lines_are_of_this_place(as_, units, book):
    await past(book, 1, YUANYUAN)
    found = await fetched(as_, "leo", PATH, **MONTH)
    assert found["table"]["rows"] == []
    own = await fetched(as_, "henry", PATH, **MONTH)
    assert line(own["table"], "楼道堆物")["key"] == "H0703"
