"""What follows when a return moves on: its ledger entry, and who is told."""

from uuid import UUID

from backend.core import clock
from backend.core.access import Actor
from backend.core.events import Event
from backend.core.scope import Scope
from backend.engine.clocks.periods import parse_period
from backend.engine.text.dates import short_date_text
from backend.features.accounts.store import staff
from backend.features.areas import store as areas
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers import recording
from backend.features.ledgers.store import posting
from backend.features.notices import store as notices
from backend.features.returns.sheet import Sheet
from backend.features.returns.store import sheets, tasks


async def post_entry(actor: Actor, event: Event, catalogue: Catalogue) -> None:
    """An approved form that writes a ledger becomes an entry of it, once per version."""
    sheet = await sheets.one(actor.scope, event.subject_id)
    form = catalogue.definition(sheet.form, sheet.version)
    if form.writes is None or not recording.recordable(catalogue.form(form.writes)):
        return
    frozen = (await sheets.versions_of(sheet))[0]
    draft = posting.Draft(
        form=catalogue.form(form.writes),
        area=sheet.area,
        grid=None,
        day=sheet.cut_off,
        at=clock.now(),
        values=frozen["figures"],
        person=None,
        household=None,
        house=None,
        photos=(),
        wrote=f"return:{sheet.id}",
        key=f"return:{sheet.id}:{sheet.n}",
    )
    writer = Actor(event.actor_id, event.actor, frozenset(), Scope(sheet.area), sheet.area)
    await posting.post(writer, draft)


async def tell_opened(actor: Actor, event: Event, catalogue: Catalogue) -> None:
    """A task published by hand is told to those who will fill it."""
    for row in await tasks.returns_of(actor.scope, event.subject_id, None):
        sheet = await sheets.one(actor.scope, row["id"])
        people = await staff.holding("return.submit", sheet.area)
        await _tell(event, catalogue, sheet, "task_opened", people, asked=sheet.asked_left)


async def tell_lead(actor: Actor, event: Event, catalogue: Catalogue) -> None:
    """The committee's lead learns that something waits to be checked."""
    sheet = await sheets.one(actor.scope, event.subject_id)
    if sheet.state == "checking":
        leads = await staff.holding("return.check", sheet.area)
        await _tell(event, catalogue, sheet, "return_to_check", leads)


async def tell_sent_back(actor: Actor, event: Event, catalogue: Catalogue) -> None:
    """Those who fill it learn which fields came back."""
    sheet = await sheets.one(actor.scope, event.subject_id)
    form = catalogue.definition(sheet.form, sheet.version)
    labels = [field.label for field in form.fields if field.key in (sheet.open or ())]
    people = await staff.holding("return.submit", sheet.area)
    more: dict[str, str | int] = {"count": len(labels), "fields": "、".join(labels)}
    await _tell(event, catalogue, sheet, "return_sent_back", people, **more)


async def tell_approved(actor: Actor, event: Event, catalogue: Catalogue) -> None:
    sheet = await sheets.one(actor.scope, event.subject_id)
    people = await staff.holding("return.submit", sheet.area)
    await _tell(event, catalogue, sheet, "return_approved", people)


async def _tell(
    event: Event,
    catalogue: Catalogue,
    sheet: Sheet,
    template: str,
    people: list[UUID],
    **more: str | int,
) -> None:
    called = await areas.names([sheet.area])
    facts: dict[str, str | int] = {
        "form": catalogue.title(sheet.form),
        "period": parse_period(sheet.period).label,
        "area": called.get(sheet.area, sheet.area),
        "by": event.actor,
        "due": short_date_text(sheet.due_on),
        "return_id": str(sheet.id),
    }
    key = f"{template}:{sheet.id}:{sheet.n}"
    await notices.tell(people, template, facts | more, key)
