"""Downloads. Each is gathered through the use case that shows the same thing on a screen, so that
nobody gets on paper what they may not see, and leaves its own row in the trace."""

from uuid import UUID

from backend.clients.files import Files
from backend.core.access import Actor, look
from backend.core.files import Download
from backend.features.catalogue.catalogue import Catalogue
from backend.features.documents import issue, ledgers, pictures, returns, tasks
from backend.features.documents.office import Office
from backend.features.documents.shapes import Span
from backend.features.ledgers.actions import one
from backend.features.ledgers.passing import Orders
from backend.features.returns.actions import filling
from backend.features.returns.actions import tasks as watching
from backend.features.returns.store import sheets


@look("document.export", "导出文件")
async def return_pdf(actor: Actor, catalogue: Catalogue, office: Office, sheet: UUID) -> Download:
    """A return on paper."""
    shown = await filling.read(actor, catalogue, sheet)
    copy = await issue.begin(actor, office)
    form = catalogue.definition(shown.form.code, shown.form.version)
    place = await issue.full_name(shown.area.code)
    return await copy.report(returns.paper_of(shown, form, place, copy), returns.about(shown))


@look("document.export", "导出文件")
async def return_xlsx(actor: Actor, catalogue: Catalogue, office: Office, sheet: UUID) -> Download:
    """A return as a spreadsheet."""
    shown = await filling.read(actor, catalogue, sheet)
    copy = await issue.begin(actor, office)
    form = catalogue.definition(shown.form.code, shown.form.version)
    paper = returns.paper_of(shown, form, await issue.full_name(shown.area.code), copy)
    return await copy.sheet(returns.sheet_of(paper, copy), returns.about(shown))


@look("document.export", "导出文件")
async def task_pdf(actor: Actor, catalogue: Catalogue, office: Office, task: UUID) -> Download:
    """A street's merged report on paper."""
    page = await watching.one(actor, catalogue, task)
    copy = await issue.begin(actor, office)
    place = await issue.full_name(page.area.code)
    paper = tasks.paper_of(page, catalogue.form(page.form), place, copy)
    return await copy.report(paper, tasks.about(page))


@look("document.export", "导出文件")
async def task_xlsx(actor: Actor, catalogue: Catalogue, office: Office, task: UUID) -> Download:
    """The table of a street's committees with its merged figures below."""
    page = await watching.one(actor, catalogue, task)
    copy = await issue.begin(actor, office)
    form, place = catalogue.form(page.form), await issue.full_name(page.area.code)
    handed = await sheets.handed_up(actor.scope, task)
    figures = {row["area"]: row["figures"] for row in handed}
    paper = tasks.paper_of(page, form, place, copy)
    return await copy.sheet(tasks.sheet_of(page, paper, form, figures, copy), tasks.about(page))


@look("document.export", "导出文件")
async def ledger_pdf(
    actor: Actor, catalogue: Catalogue, office: Office, code: str, query: Span
) -> Download:
    """A ledger on paper."""
    copy = await issue.begin(actor, office)
    paper, about = await ledgers.gather(actor, catalogue, code, query, copy)
    return await copy.ledger(paper, about)


@look("document.export", "导出文件")
async def ledger_xlsx(
    actor: Actor, catalogue: Catalogue, office: Office, code: str, query: Span
) -> Download:
    """A ledger as a spreadsheet."""
    copy = await issue.begin(actor, office)
    paper, about = await ledgers.gather(actor, catalogue, code, query, copy)
    return await copy.sheet(ledgers.sheet_of(paper, copy), about)


@look("document.export", "导出文件")
async def ledger_pictures(
    actor: Actor, catalogue: Catalogue, office: Office, files: Files, code: str, query: Span
) -> Download:
    """The pictures of a ledger's entries as pages of a PDF."""
    copy = await issue.begin(actor, office)
    paper, about = await pictures.gather(actor, catalogue, files, code, query, copy)
    return await copy.pictures(paper, about)


@look("document.export", "导出文件")
async def entry_pictures(
    actor: Actor,
    catalogue: Catalogue,
    orders: Orders,
    office: Office,
    files: Files,
    code: str,
    entry: UUID,
) -> Download:
    """The pictures of one entry as pages of a PDF."""
    copy, shown = await issue.begin(actor, office), await one(actor, catalogue, orders, code, entry)
    paper, about = await pictures.of_entry(actor, catalogue, files, shown, code, copy)
    return await copy.pictures(paper, about)
