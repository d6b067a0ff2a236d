"""What runs in the process pool: papers in, bytes out.

The engines are imported late: the server itself never prints, so it need not load reportlab.
"""

from backend.engine.pdf.papers import (
    AccountPaper,
    GroupedPaper,
    LedgerPaper,
    PicturePaper,
    Printed,
    ReportPaper,
)
from backend.engine.pdf.press import Press
from backend.engine.sheet.papers import SheetPaper


def ledger(paper: LedgerPaper, press: Press) -> Printed:
    from backend.engine.pdf.ledger import ledger_pdf  # noqa: PLC0415

    return ledger_pdf(paper, press)


def report(paper: ReportPaper, press: Press) -> Printed:
    from backend.engine.pdf.report import report_pdf  # noqa: PLC0415

    return report_pdf(paper, press)


def grouped(paper: GroupedPaper, press: Press) -> Printed:
    from backend.engine.pdf.grouped import grouped_pdf  # noqa: PLC0415

    return grouped_pdf(paper, press)


def account(paper: AccountPaper, press: Press) -> Printed:
    from backend.engine.pdf.account import account_pdf  # noqa: PLC0415

    return account_pdf(paper, press)


def pictures(paper: PicturePaper, press: Press) -> Printed:
    from backend.engine.pdf.pictures import picture_pdf  # noqa: PLC0415

    return picture_pdf(paper, press)


def sheet(paper: SheetPaper) -> bytes:
    from backend.engine.sheet.write import sheet_xlsx  # noqa: PLC0415

    return sheet_xlsx(paper)
