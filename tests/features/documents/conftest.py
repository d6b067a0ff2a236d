"""A street with a report to print and a mediation ledger with entries in it."""

from io import BytesIO

import openpyxl
import pdfplumber
import pikepdf

from backend.core.db import sql
from tests.features.returns.conftest import (  # noqa: F401
    calendar,
    catalogue,
    handed_in,
    street,
    the_return,
)

DISPUTE = {
    "dis_source": "居民申请",
    "dis_kind": "邻里",
    "name": "王秀英",
    "phone": "13800138000",
    "name_b": "李国强",
    "dis_content": "楼上漏水，要求赔偿（已现场查看）。",
    "people_cnt": 3,
    "mediator": "陆小燕",
    "result": "成功",
    "agree_kind": "书面",
    "money": 120050,
}


async def entered(as_, who="alice", **more):
    """One mediation in the ledger of 源园, through the wire."""
    about = await sql("select id from person where name = '王秀英'")
    body = {
        "form_version": 1,
        "person": str(about[0]["id"]),
        "answers": DISPUTE | {"found_date": "2026-10-08", "close_date": "2026-10-08"} | more,
    }
    response = await as_(who).post("/api/ledgers/L15/entries", body)
    assert response.status == 201, await response.text()
    return await response.json()


async def traces():
    """The rows that downloads left in the trace."""
    return await sql(
        "select actor, area, subject, facts from audit where verb = 'document.export' order by id"
    )


async def pages(response):
    """The tables of a PDF, page by page, without the line breaks of printing; and all its text."""
    assert response.status == 200, await response.text()
    assert response.content_type == "application/pdf"
    tables, text = [], ""
    with pdfplumber.open(_without_watermark(await response.read())) as pdf:
        for page in pdf.pages:
            found = page.extract_table() or []
            tables.append([["".join((cell or "").split()) for cell in row] for row in found])
            text += "".join((page.extract_text() or "").split())
        return tables, text, pdf.metadata


def _without_watermark(body):
    """Every copy has one; its thousands of curves would cost pdfplumber seconds per page."""
    out = BytesIO()
    with pikepdf.open(BytesIO(body)) as pdf:
        pdf.pages[0].Resources.XObject.Mark.write(b"")
        pdf.save(out)
    return out


async def book(response):
    """The cells of a spreadsheet by row, blank ones as None, and its custom properties."""
    assert response.status == 200, await response.text()
    opened = openpyxl.load_workbook(BytesIO(await response.read()))
    rows = [[cell.value for cell in row] for row in opened.active.iter_rows()]
    return rows, {one.name: one.value for one in opened.custom_doc_props.props}
