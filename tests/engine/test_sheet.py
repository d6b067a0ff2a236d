"""Sheets written here are read back by another library, and files of people are understood."""

import zipfile
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.engine.sheet.headed import find_table
from backend.engine.sheet.papers import SheetColumn, SheetPaper
from backend.engine.sheet.read import Grid, SheetError, read_sheets
from backend.engine.sheet.write import sheet_xlsx

COLUMNS = (
    SheetColumn("no", "序号", "index"),
    SheetColumn("name", "姓名"),
    SheetColumn("id_no", "证件号码", "id_no"),
    SheetColumn("amount", "金额（元）", "money"),
    SheetColumn("count", "人数", "integer"),
    SheetColumn("at", "登记日期", "date"),
)
ROWS = (
    (1, "李四", "310199195001010018", Decimal("1234.5"), 12, date(2026, 10, 8)),
    (2, "=cmd|'/c calc'!A1", "310199********0018", None, 0, "2026-10-09"),
)
SHANGHAI = timezone(timedelta(hours=8))


def paper(**more: object) -> SheetPaper:
    whole = SheetPaper(
        title="走访联系居民记录台账",
        columns=COLUMNS,
        rows=ROWS,
        subtitle="兰溪居民委员会　2026年10月",
        unit_line="单位：人次",
        signature=("填报人：王小明", "审核人：李华", "负责人：", "填报日期："),
        notes=("注：更正以冲销行记。",),
        footer="王小明 & 李华",
        page="第 &P 页　共 &N 页",
        author="兰溪居民委员会",
        made_at=datetime(2026, 11, 23, 10, 5, tzinfo=SHANGHAI),
        trace_id="4f2a91c07b",
    )
    return SheetPaper(**(vars(whole) | more))


def opened(body: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(BytesIO(body)).active


def test_a_ledger_as_a_sheet() -> None:
    sheet = opened(sheet_xlsx(paper()))
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "走访联系居民记录台账"
    assert (rows[1][0], rows[1][5]) == ("兰溪居民委员会　2026年10月", "单位：人次")
    assert rows[2] == [column.label for column in COLUMNS]
    assert rows[3] == [1, "李四", "310199195001010018", 1234.5, 12, datetime(2026, 10, 8)]
    assert rows[5][0] == "注：更正以冲销行记。"
    assert [cell for cell in rows[7] if cell] == list(paper().signature)
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.paperSize == 9
    assert sheet.auto_filter.ref == "A3:F5"
    assert sheet.oddFooter.left.text == "王小明 && 李华"
    assert sheet.oddFooter.center.text == "第 &P 页　共 &N 页"
    assert sheet.column_dimensions["C"].width > 20


def test_numbers_of_people_are_text_and_nothing_is_a_formula() -> None:
    sheet = opened(sheet_xlsx(paper()))
    number, attack = sheet["C4"], sheet["B5"]
    assert (number.data_type, number.number_format) == ("s", "@")
    assert (attack.data_type, attack.value) == ("s", "=cmd|'/c calc'!A1")
    assert attack.quotePrefix
    with zipfile.ZipFile(BytesIO(sheet_xlsx(paper()))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_the_file_names_its_copy() -> None:
    book = openpyxl.load_workbook(BytesIO(sheet_xlsx(paper())))
    assert book.properties.title == "走访联系居民记录台账"
    assert book.properties.creator == "兰溪居民委员会"
    assert book.custom_doc_props["TraceId"].value == "4f2a91c07b"
    assert sheet_xlsx(paper()) == sheet_xlsx(paper())


def test_odd_tables() -> None:
    assert opened(sheet_xlsx(paper(rows=())))["A3"].value == "序号"
    narrow = paper(title="a/b[c]" * 9, columns=COLUMNS[:1], rows=[(1,)], subtitle="", unit_line="")
    sheet = opened(sheet_xlsx(narrow))
    assert len(sheet.title) == 31
    assert [sheet["A2"].value, sheet["A3"].value] == ["序号", 1]
    year = opened(sheet_xlsx(paper(columns=[SheetColumn("y", "年份", "year")], rows=[(2026,)])))
    assert year["A4"].value == "2026"


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=30)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
def test_any_text_survives(rows: list[tuple[str, str]]) -> None:
    columns = [SheetColumn("a", "甲"), SheetColumn("b", "乙", "id_no")]
    (grid,) = read_sheets(sheet_xlsx(SheetPaper("表", columns, rows)))
    assert grid.rows[1] == ("甲", "乙")
    written = [tuple(cell.strip() for cell in row) for row in rows]
    assert [row for row in grid.rows[2:] if any(row)] == [row for row in written if any(row)]


ROSTER = {
    "name": ["姓名", "人员姓名"],
    "userid": ["企业微信账号", "账号", "userid"],
    "phone": ["手机号", "联系电话", "手机"],
    "area": ["居村委", "所属居村委", "单位"],
}


def workbook(rows: list[list[object]], hidden: bool = False) -> bytes:
    book = openpyxl.Workbook()
    first = book.active
    if hidden:
        first.sheet_state = "hidden"
        first.append(["姓名", "账号", "手机", "单位"])
        first.append(["不该读到", "x", "", ""])
        first = book.create_sheet("名册")
    for row in rows:
        first.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_roster_among_title_rows_and_signatures() -> None:
    body = workbook(
        [
            ["曹杨新村街道居村工作人员名册"],
            ["填报单位：兰溪居民委员会", None, None, None, "2026-10-08"],
            [],
            ["序号", "姓 名*", "企业微信账号\n（必填）", "手机号码", "联系电话", "所属居村委"],
            [1, "王小明", "wangxm", None, 13800138000, "兰溪居民委员会"],
            [None, None, None, None, None, None],
            [2, "欧阳建国", "ouyang", None, "１３８０００", datetime(2026, 10, 8)],
            ["填报人：", "王小明", "审核人：李华", None, None, None],
        ],
        hidden=True,
    )
    found = find_table(read_sheets(body), ROSTER, required=["name", "userid"])
    assert found is not None
    assert found.head == 4
    assert found.columns == {"name": 1, "userid": 2, "phone": 4, "area": 5}
    assert found.unknown == ("序号", "手机号码")
    assert [line.number for line in found.lines] == [5, 7]
    assert found.lines[0].values == {
        "name": "王小明",
        "userid": "wangxm",
        "phone": "13800138000",
        "area": "兰溪居民委员会",
    }
    assert found.lines[1].values["area"] == "2026-10-08"


def test_an_id_number_kept_as_a_figure_is_flagged() -> None:
    body = workbook([["姓名", "账号", "手机"], ["李四", 310199195001010018, 13800138000]])
    found = find_table(read_sheets(body), ROSTER, required=["name", "userid"])
    assert found is not None
    assert found.lines[0].rounded == {"userid"}
    assert found.lines[0].values["phone"] == "13800138000"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_csv(encoding: str, sign: str) -> None:
    text = f'姓名{sign}账号\r\n"王\n小明"{sign}wangxm\r\n㛃喆{sign}x\r\n'
    (grid,) = read_sheets(text.encode(encoding))
    assert grid.rows == (("姓名", "账号"), ("王\n小明", "wangxm"), ("㛃喆", "x"))


def test_no_table_to_be_found() -> None:
    grids = [Grid("", (("姓名", "电话"), ("李四", "1")))]
    assert find_table(grids, ROSTER, required=["name", "userid"]) is None
    assert find_table([], ROSTER, required=[]) is None


def test_what_is_no_spreadsheet() -> None:
    xlsx = workbook([["姓名"]])
    plain_zip = BytesIO()
    with zipfile.ZipFile(plain_zip, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(300 * 1024 * 1024))
    for body, trouble in (
        (b"", "kind"),
        (b"\xff\xd8\xff\xe0 JPEG", "kind"),
        (b"\x89PNG\r\n\x1a\n\0\0", "kind"),
        (plain_zip.getvalue(), "kind"),
        (xlsx[: len(xlsx) // 2], "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut", "broken"),
        (b'a,b\n"never closed', "broken"),
        (bomb.getvalue(), "large"),
    ):
        with pytest.raises(SheetError) as refused:
            read_sheets(body)
        assert refused.value.trouble == trouble, body[:20]


def test_a_sheet_with_one_cell_far_away_is_too_large() -> None:
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "!"
    out = BytesIO()
    book.save(out)
    with pytest.raises(SheetError) as refused:
        read_sheets(out.getvalue())
    assert refused.value.trouble == "large"
