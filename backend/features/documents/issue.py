"""One copy of a document: who takes it, when, under which trace; printed, traced, handed out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from backend.core import audit, clock
from backend.core.access import Actor
from backend.core.cpu import cpu
from backend.core.files import Download
from backend.core.ids import new_id
from backend.engine.pdf.papers import (
    AccountPaper,
    Copy,
    GroupedPaper,
    LedgerPaper,
    PicturePaper,
    Printed,
    ReportPaper,
)
from backend.engine.sheet.papers import Cell, SheetColumn, SheetPaper
from backend.features.areas import store as areas
from backend.features.documents import printing
from backend.features.documents.office import Office

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORT = "document.export"
_TRACE = 10  # hex digits of the random end of an id: 40 bits

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class About:
    """What the copy is of: `ref` and `facts` for the trace, the rest for the file's name."""

    ref: str
    title: str
    place: str
    span: str
    facts: dict[str, object]


@dataclass(frozen=True)
class Issue:
    """A copy about to be made: its trace and the marks it carries."""

    actor: Actor
    office: Office
    at: datetime
    trace: str
    place: str

    @property
    def footer(self) -> str:
        return self.office.words.footer.format(trace=self.trace)

    @property
    def copy(self) -> Copy:
        """The marks of a PDF: its reader tiled over the page, its trace in the file."""
        mark = self.office.words.watermark.format(
            name=self.actor.name,
            tail=str(self.actor.id or "")[-4:],
            place=self.place,
            at=f"{self.at:%Y-%m-%d %H:%M}",
        )
        return Copy(author=self.place, made_at=self.at, trace_id=self.trace, watermark=mark)

    def as_sheet(
        self,
        paper: LedgerPaper | ReportPaper,
        columns: Sequence[SheetColumn],
        rows: Sequence[Sequence[Cell]],
    ) -> SheetPaper:
        """A spreadsheet that says around its table what the paper says, with the same marks."""
        words = self.office.press.look.words
        mark = paper.copy.watermark.replace("\n", " ")
        return SheetPaper(
            title=paper.title,
            columns=columns,
            rows=rows,
            subtitle=paper.subtitle,
            unit_line=paper.unit_line,
            signature=[words.signed.format(label=s.label) + s.value for s in paper.signature],
            notes=[f"{words.note}{note}" for note in paper.notes],
            footer=f"{mark} {paper.footer}",
            page=words.page.format(page="&P") + words.pages.format(pages="&N"),
            author=paper.copy.author,
            made_at=paper.copy.made_at,
            trace_id=paper.copy.trace_id,
        )

    async def ledger(self, paper: LedgerPaper, about: About) -> Download:
        printed = await cpu(printing.ledger, paper, self.office.press)
        return await self._pdf(printed, about)

    async def report(self, paper: ReportPaper, about: About) -> Download:
        printed = await cpu(printing.report, paper, self.office.press)
        return await self._pdf(printed, about)

    async def grouped(self, paper: GroupedPaper, about: About) -> Download:
        printed = await cpu(printing.grouped, paper, self.office.press)
        return await self._pdf(printed, about)

    async def account(self, paper: AccountPaper, about: About) -> Download:
        printed = await cpu(printing.account, paper, self.office.press)
        return await self._pdf(printed, about)

    async def pictures(self, paper: PicturePaper, about: About) -> Download:
        printed = await cpu(printing.pictures, paper, self.office.press)
        return await self._pdf(printed, about)

    async def sheet(self, paper: SheetPaper, about: About) -> Download:
        body = await cpu(printing.sheet, paper)
        return await self._hand_out(about, body, "xlsx", XLSX, {})

    async def _pdf(self, printed: Printed, about: About) -> Download:
        facts: dict[str, object] = {"pages": printed.pages}
        if printed.missing:
            # Characters that no font on this machine has stand there as boxes: somebody must know.
            facts["missing"] = "".join(sorted(printed.missing))
            log.warning("document.characters_missing", trace=self.trace, chars=facts["missing"])
        return await self._hand_out(about, printed.body, "pdf", PDF, facts)

    async def _hand_out(
        self, about: About, body: bytes, ending: str, media: str, facts: dict[str, object]
    ) -> Download:
        told = {"trace": self.trace, "format": ending, "bytes": len(body)}
        await audit.record(self.actor.who, EXPORT, about.ref, about.facts | told | facts)
        name = self.office.words.file.format(
            title=about.title, place=about.place, span=about.span, ending=ending
        )
        return Download(name.replace("/", "／"), media, body)


async def full_name(code: str) -> str:
    """An area as papers name it: a committee with its street before it."""
    return "".join(area.name for area in (await areas.path(code))[-2:]) or code


async def begin(actor: Actor, office: Office) -> Issue:
    """A new copy for this reader, now."""
    called = await areas.names([actor.area])
    trace = new_id().hex[-_TRACE:]
    return Issue(actor, office, clock.now(), trace, called.get(actor.area, actor.area))
