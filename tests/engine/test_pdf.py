"""Printed documents are read back: every cell, head and mark must be found where it belongs.

Text is extracted by pdfplumber and pdfium, structure is looked at with pikepdf.
"""

import pickle
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import pdfplumber
import pikepdf
import pypdfium2
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.engine.pdf.fonts import Fonts, FontsMissingError
from backend.engine.pdf.ledger import ledger_pdf
from backend.engine.pdf.papers import (
    Column,
    Copy,
    LedgerPaper,
    Picture,
    PicturePaper,
    Printed,
    ReportPaper,
    ReportRow,
    Signer,
)
from backend.engine.pdf.pictures import PictureError, picture_pdf, ready
from backend.engine.pdf.press import Press, set_up
from backend.engine.pdf.report import report_pdf

TEMPLATES = Path(__file__).parents[2] / "templates"
SHANGHAI = timezone(timedelta(hours=8))
COLUMNS = (
    Column("no", "序号", kind="index"),
    Column("name", "姓名", pinned=True),
    Column("id_no", "证件号码", kind="id_no"),
    Column("phone", "联系电话", kind="phone"),
    Column("address", "居住地址", kind="address"),
    Column("amount", "金额（元）", kind="money"),
    Column("note", "办理情况"),
    Column("at", "登记日期", kind="date"),
)
SIGNATURE = (
    Signer("填报人", "王小明"),
    Signer("审核人", "李华"),
    Signer("负责人"),
    Signer("填报日期"),
)
# Without a watermark: its thousands of curves cost pdfplumber seconds on every page.
COPY = Copy(
    author="兰溪居民委员会",
    made_at=datetime(2026, 11, 23, 10, 5, tzinfo=SHANGHAI),
    trace_id="4f2a91c07b",
)
MARKED = replace(COPY, watermark="王小明 0018\n曹杨新村街道 2026-11-23 10:05")


@pytest.fixture(scope="module")
def press() -> Press:
    return set_up(TEMPLATES)


def rows(count: int) -> list[tuple[str, ...]]:
    return [
        (
            str(n),
            "欧阳建国" if n % 7 == 0 else "李四",
            "310199********0018",
            "138****8000",
            f"枫桥路{n}弄12号502室",
            f"{n * 1000:,}.00",
            "已上门核实，材料齐全，提交街道审核（预计7个工作日内答复）。" * (n % 3),
            "2026-10-08",
        )
        for n in range(1, count + 1)
    ]


def ledger(content: list[tuple[str, ...]], **more: object) -> LedgerPaper:
    paper = LedgerPaper(
        title="走访联系居民记录台账",
        columns=COLUMNS,
        rows=content,
        subtitle="兰溪居民委员会　2026年10月",
        unit_line="单位：人次",
        signature=SIGNATURE,
        stamp="兰溪居民委员会",
        footer="居村通 4f2a91c07b",
        copy=COPY,
    )
    return LedgerPaper(**(vars(paper) | more))


def tables(printed: Printed) -> Iterator[list[list[str]]]:
    """The table of each page, cells without the line breaks that printing put in."""
    with pdfplumber.open(BytesIO(printed.body)) as pdf:
        for page in pdf.pages:
            table = page.extract_table()
            if table:
                yield [[re.sub(r"\s", "", cell or "") for cell in row] for row in table]


def texts(printed: Printed) -> list[str]:
    """The text of each page as a reader's program copies it."""
    document = pypdfium2.PdfDocument(printed.body)
    return [page.get_textpage().get_text_bounded() for page in document]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_every_cell_comes_back(press: Press) -> None:
    content = rows(90)
    printed = ledger_pdf(ledger(content), press)
    found = []
    for table in tables(printed):
        assert table[0] == [column.label for column in COLUMNS]
        found += table[1:]
    assert found == [[squeezed(cell) for cell in row] for row in content]
    assert printed.pages > 3
    assert printed.missing == frozenset()


def test_what_stands_around_the_table(press: Press) -> None:
    printed = ledger_pdf(ledger(rows(90), notes=("更正以冲销行记。",)), press)
    pages = [squeezed(text) for text in texts(printed)]
    assert pages[0].startswith("走访联系居民记录台账兰溪居民委员会2026年10月单位：人次序号姓名")
    for number, page in enumerate(pages, 1):
        assert f"第{number}页共{printed.pages}页" in page
        assert "居村通4f2a91c07b" in page
        assert ("走访联系居民记录台账（续）" in page) == (number > 1)
        last = number == printed.pages
        assert ("填报人：王小明审核人：李华负责人：填报日期：" in page) == last
        assert ("兰溪居民委员会（盖章）" in page) == last
        assert ("注：更正以冲销行记。" in page) == last


@pytest.mark.parametrize("count", range(8, 24))
def test_the_signature_never_stands_alone(press: Press, count: int) -> None:
    printed = ledger_pdf(ledger(rows(count)), press)
    *_, last = tables(printed)
    assert len(last) > 1
    assert last[-1][0] == str(count)
    assert "（盖章）" in squeezed(texts(printed)[-1])


def test_an_empty_ledger_says_so(press: Press) -> None:
    printed = ledger_pdf(ledger([]), press)
    assert printed.pages == 1
    text = squeezed(texts(printed)[0])
    assert "没有记录" in text
    assert "填报人：王小明" in text


def test_a_cell_longer_than_a_page_is_continued(press: Press) -> None:
    story = "居民反映楼道灯不亮，已报修并于当日修复。" * 300
    content = [*rows(3), (*rows(1)[0][:6], story, "2026-10-09"), *rows(2)]
    printed = ledger_pdf(ledger(content), press)
    column = [row[6] for table in tables(printed) for row in table[1:]]
    assert "".join(column) == "".join(row[6] for row in content)


def test_a_wide_table_is_printed_in_parts(press: Press) -> None:
    columns = [
        COLUMNS[0],
        COLUMNS[1],
        *(Column(f"c{n}", f"联系人{n}电话", kind="phone") for n in range(20)),
    ]
    content = [(str(n), f"住户{n}", *(f"138{n:04d}{k:04d}" for k in range(20))) for n in range(30)]
    printed = ledger_pdf(ledger(content, columns=columns), press)
    seen: dict[str, dict[str, str]] = {}
    for table in tables(printed):
        head = table[0]
        assert "姓名" in head
        for row in table[1:]:
            seen.setdefault(row[head.index("姓名")], {}).update(zip(head, row, strict=True))
    labels = [column.label for column in columns]
    assert [[line[label] for label in labels] for line in seen.values()] == list(map(list, content))
    with pdfplumber.open(BytesIO(printed.body)) as pdf:
        assert all(page.width > page.height for page in pdf.pages)


def test_numbers_line_up_on_the_right_and_are_never_cut(press: Press) -> None:
    printed = ledger_pdf(ledger(rows(20)), press)
    with pdfplumber.open(BytesIO(printed.body)) as pdf:
        words = pdf.pages[0].extract_words()
    amounts = [word for word in words if re.fullmatch(r"[\d,]+\.00", word["text"])]
    assert len(amounts) > 5
    assert max(word["x1"] for word in amounts) - min(word["x1"] for word in amounts) < 0.5
    assert {"310199********0018", "138****8000", "2026-10-08"} <= {word["text"] for word in words}


def test_the_file_says_what_it_is(press: Press) -> None:
    printed = ledger_pdf(ledger(rows(5)), press)
    with pikepdf.open(BytesIO(printed.body)) as pdf:
        assert str(pdf.Root.Lang) == "zh-CN"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        info = {key: str(value) for key, value in pdf.docinfo.items()}
    assert info["/Title"] == "走访联系居民记录台账"
    assert info["/Author"] == "兰溪居民委员会"
    assert info["/TraceId"] == "4f2a91c07b"
    assert info["/CreationDate"] == "D:20261123100500+08'00'"


def test_fonts_are_embedded_as_subsets(press: Press) -> None:
    printed = ledger_pdf(ledger(rows(5)), press)
    assert b"Helvetica" not in printed.body
    with pikepdf.open(BytesIO(printed.body)) as pdf:
        fonts = pdf.pages[0].Resources.Font
        assert len(fonts) >= 3
        for font in fonts.values():
            assert "/ToUnicode" in font
            assert re.fullmatch(r"/[A-Z]{6}\+\w[\w-]*", str(font.BaseFont))
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
    assert len(printed.body) < 120_000


def test_the_watermark_is_seen_but_not_read(press: Press) -> None:
    marked = ledger_pdf(ledger(rows(5), copy=MARKED), press)
    plain = ledger_pdf(ledger(rows(5)), press)
    assert "0018\n曹杨" not in "".join(texts(marked))
    assert texts(marked) == texts(plain)
    with pikepdf.open(BytesIO(marked.body)) as pdf:
        content = pdf.pages[0].Contents.read_bytes()
        assert b"/Artifact <</Type /Pagination /Subtype /Watermark>> BDC" in content
    assert _ink(marked) > _ink(plain) * 1.05


def _ink(printed: Printed) -> int:
    """How much of the first page is not white."""
    page = pypdfium2.PdfDocument(printed.body)[0].render(scale=0.5, grayscale=True).to_pil()
    return sum(page.histogram()[:250])


def test_the_same_paper_gives_the_same_bytes(press: Press) -> None:
    first, second = (ledger_pdf(ledger(rows(12), copy=MARKED), press).body for _ in range(2))
    assert first == second
    assert ledger_pdf(ledger(rows(13), copy=MARKED), press).body != first


def test_printing_works_in_another_process(press: Press) -> None:
    paper = ledger(rows(12))
    here = ledger_pdf(paper, press)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(ledger_pdf, paper, press).result(60).body == here.body
    assert pickle.loads(pickle.dumps(press)) == press


def test_rare_characters(press: Press) -> None:
    """Beyond the Basic Plane a character still comes out as itself; what no font has is told."""
    serif = press.fonts.typeface("song").faces[0]
    rare = next(chr(code) for code in range(0x20000, 0x2A6E0) if serif.glyph_of(code))
    content = [("1", f"王{rare}喆", "㛃䶮犇赟", "", f"{rare}路8号", "", "葛\U000e0100先生🙂", "")]
    printed = ledger_pdf(ledger(content), press)
    (table,) = tables(printed)
    assert table[1][:5] == ["1", f"王{rare}喆", "㛃䶮犇赟", "", f"{rare}路8号"]
    assert table[1][6] == "葛先生🙂"
    assert printed.missing == {"🙂"}


def test_debian_fonts_draw_what_noto_lacks(press: Press) -> None:
    if not any(path.is_file() for path in press.fonts.rare):
        pytest.skip("fonts-babelstone-han and fonts-hanazono are not installed")
    printed = ledger_pdf(ledger([("1", "𠮷野", "", "", "𤧛", "", "𬭎", "")]), press)
    (table,) = tables(printed)
    assert [table[1][1], table[1][4], table[1][6]] == ["𠮷野", "𤧛", "𬭎"]
    assert printed.missing == frozenset()


def test_missing_font_files_are_named(tmp_path: Path, press: Press) -> None:
    fonts = Fonts(tmp_path)
    assert len(fonts.missing_files()) == 5
    with pytest.raises(FontsMissingError, match=r"npm ci.*NotoSerifSC"):
        ledger_pdf(ledger(rows(1)), Press(fonts, press.look))


CELL = st.text(
    st.sampled_from("居民王小明走访，。（）《》“”—…0123456789.,-%ABCabc @/_é²①㎡"), max_size=60
)
PLAIN = (Column("a", "甲", width=22), Column("b", "乙", align="right"), Column("c", "丙", width=30))


@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(st.tuples(*[CELL] * len(PLAIN)), min_size=1, max_size=12))
def test_any_text_survives_printing(press: Press, content: list[tuple[str, ...]]) -> None:
    printed = ledger_pdf(ledger(content, columns=PLAIN), press)
    found = [row for table in tables(printed) for row in table[1:]]
    assert found == [[squeezed(cell) for cell in row] for row in content]


REPORT_HEAD = ["指标代码", "指标名称", "计量单位", "本期", "上期", "增减", "口径／说明", "变化原因"]
REPORT = (
    ReportRow("G01", "受理件数", "件", "12", "9", "+3", "本月受理", "新增两起楼道堆物纠纷"),
    ReportRow("G02", "邻里", "件", "7", "5", "+2", level=1),
    ReportRow("G15", "调解成功率", "%", "90.0", "87.5", "+2.5", "成功／（成功＋不成功）"),
)


def test_a_report(press: Press) -> None:
    paper = ReportPaper(
        "矛盾纠纷排查化解情况月报",
        REPORT,
        subtitle="兰溪居民委员会　2026年10月",
        signature=SIGNATURE,
        stamp="兰溪居民委员会",
        copy=COPY,
    )
    printed = report_pdf(paper, press)
    (table,) = tables(printed)
    assert table[0] == REPORT_HEAD
    assert table[1] == ["G01", "受理件数", "件", "12", "9", "+3", "本月受理", REPORT[0].reason]
    assert table[2] == ["G02", "邻里", "件", "7", "5", "+2", "", ""]
    assert "填报人：王小明" in squeezed(texts(printed)[0])
    with pdfplumber.open(BytesIO(printed.body)) as pdf:
        assert pdf.pages[0].height > pdf.pages[0].width


def test_a_report_leaves_out_what_nobody_filled(press: Press) -> None:
    first = ReportRow("G01", "受理件数", "件", "12")
    (table,) = tables(report_pdf(ReportPaper("月报", [first]), press))
    assert table == [["指标代码", "指标名称", "计量单位", "本期"], ["G01", "受理件数", "件", "12"]]


def test_a_report_that_nearly_fits_stands_on_one_page(press: Press) -> None:
    long = "实有口径：实际居住在本居村，不论户籍在哪里，年龄算到截止日"
    report = [ReportRow(f"C{n:02}", "独居老人", "人", "12", note=long) for n in range(20)]
    assert report_pdf(ReportPaper("月报", report[:16]), press).pages == 1
    paper = ReportPaper("月报", report, signature=SIGNATURE, stamp="兰溪居民委员会")
    printed = report_pdf(paper, press)
    assert printed.pages == 1
    with pdfplumber.open(BytesIO(printed.body)) as pdf:
        sizes = {round(char["size"], 1) for char in pdf.pages[0].chars if char["text"] == "独"}
        signed = [char for char in pdf.pages[0].chars if char["text"] in "负责人填报日期"]
    assert max(sizes) < 10.5
    assert max(char["x1"] for char in signed) < pdf.pages[0].width - 40
    many = [ReportRow(f"C{n:02}", "独居老人", "人", "12", note=long) for n in range(90)]
    assert report_pdf(ReportPaper("月报", many), press).pages > 1


def jpeg(size: tuple[int, int], orientation: int = 1) -> bytes:
    out, exif = BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_pictures_four_to_a_page(press: Press) -> None:
    pictures = [Picture(jpeg((800, 600)), f"第{n}次活动（2026年10月{n}日）") for n in range(1, 7)]
    printed = picture_pdf(PicturePaper("社区活动图文台账", pictures, copy=COPY), press)
    assert printed.pages == 2
    with pdfplumber.open(BytesIO(printed.body)) as pdf:
        assert [len(page.images) for page in pdf.pages] == [4, 2]
        for page in pdf.pages:
            for image in page.images:
                assert image["width"] / image["height"] == pytest.approx(4 / 3, rel=0.01)
    pages = list(map(squeezed, texts(printed)))
    assert "图1第1次活动（2026年10月1日）" in pages[0]
    assert "图6第6次活动（2026年10月6日）" in pages[1]


def test_pictures_are_made_ready_for_print() -> None:
    small = jpeg((800, 600))
    assert ready(small) == (small, (800, 600), "DeviceRGB")
    assert ready(jpeg((4000, 3000), orientation=6))[1] == (750, 1000)
    out = BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    body, size, _ = ready(out.getvalue())
    assert size == (40, 40)
    assert Image.open(BytesIO(body)).getpixel((20, 20)) == (255, 255, 255)


def test_a_broken_picture_is_named(press: Press) -> None:
    pictures = [Picture(jpeg((80, 60)), "好"), Picture(b"no picture", "坏")]
    with pytest.raises(PictureError) as broken:
        picture_pdf(PicturePaper("图", pictures), press)
    assert broken.value.number == 2
