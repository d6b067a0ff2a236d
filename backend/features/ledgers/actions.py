"""What people do with ledgers: read them, write an entry by doing the work, correct one."""

from dataclasses import asdict
from uuid import UUID

from backend.core import problems
from backend.core.access import Actor, act, look
from backend.core.db import Record
from backend.core.ids import new_id
from backend.engine.form.diff import compare
from backend.features.areas import store as areas
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers import passing, present, recording, view
from backend.features.ledgers.passing import Orders
from backend.features.ledgers.shapes import (
    About,
    Blank,
    Correction,
    Entry,
    Filter,
    LedgerLine,
    LedgerPage,
    NewEntry,
)
from backend.features.ledgers.store import posting, reading
from backend.features.ledgers.store.posting import Draft
from backend.features.ledgers.told import told
from backend.features.materials import store as materials


@look("ledger.read", "查看台账")
async def listing(actor: Actor, catalogue: Catalogue) -> list[LedgerLine]:
    """The ledgers in force, with how many entries the actor's area has in each."""
    written = await reading.latest(actor.scope)
    gathered = {
        form.code: await view.gathered(actor.scope, catalogue, form)
        for form in catalogue.of_kind("ledger")
        if form.membership is not None
    }
    return [
        LedgerLine(
            code=form.code,
            title=form.title,
            asker=form.asker,
            entries=gathered.get(form.code, written.get(form.code, {}).get("entries", 0)),
            last_at=written.get(form.code, {}).get("last_at"),
            recordable=recording.recordable(form) and actor.may("ledger.record"),
            written=form.entries,
            about=recording.about(form),
        )
        for form in catalogue.forms.values()
        if form.kind == "ledger" or recording.recordable(form)
    ]


@look("ledger.read", "查看台账")
async def rows(actor: Actor, catalogue: Catalogue, code: str, query: Filter) -> LedgerPage:
    """A page of a ledger."""
    return await view.page(actor, catalogue, catalogue.form(code), query)


@look("ledger.read", "查看台账")
async def illustrated(actor: Actor, code: str, query: Filter, most: int) -> list[Record]:
    """Entries with pictures, for papers; those that were corrected are left out."""
    return await reading.illustrated(actor.scope, code, query, most)


@look("ledger.read", "查看台账")
async def one(actor: Actor, catalogue: Catalogue, orders: Orders, code: str, entry: UUID) -> Entry:
    """One entry."""
    return await _shown(actor, catalogue, orders, code, entry)


@look("ledger.record", "登记台账")
async def blank(actor: Actor, catalogue: Catalogue, code: str, query: About) -> Blank:
    """A new entry about somebody, with everything that is already known of them."""
    form = recording.ledger_form(catalogue, code)
    about = await present.subject_of(actor, catalogue, form, query)
    place = (await areas.names([about.area]))[about.area]
    people = await present.colleagues(about.area)
    return recording.blank(actor, catalogue, form, about, place, people)


@act("ledger.record", "登记台账")
async def record(
    actor: Actor, catalogue: Catalogue, orders: Orders, code: str, body: NewEntry
) -> Entry:
    """Write an entry: what the registers hold is snapshotted, the rest was asked."""
    form = recording.ledger_form(catalogue, code)
    if body.form_version != form.version:
        old = catalogue.definition(code, body.form_version)
        changes = [asdict(change) for change in compare(old, form).changes]
        raise problems.form_changed(version=form.version, changes=changes)
    about = await present.subject_of(actor, catalogue, form, body)
    draft = recording.compose(actor, form, about, body, key=f"entry:{new_id()}")
    draft = await present.staffed(draft, body)
    if body.done_for is not None:
        draft = passing.numbered(draft, await orders.number(actor, body.done_for))
    entry = await _write(actor, orders, draft, body.order)
    await materials.attach(actor.scope, list(draft.photos), f"entry:{entry}")
    return await _shown(actor, catalogue, orders, code, entry)


@act("ledger.correct", "更正台账")
async def correct(
    actor: Actor, catalogue: Catalogue, orders: Orders, code: str, entry: UUID, body: Correction
) -> Entry:
    """A counter-entry takes the old one out of every count; the new one says what it corrects."""
    form = recording.ledger_form(catalogue, code)
    old = await reading.one(actor.scope, code, entry)
    if not old["live"]:
        raise problems.wrong_state(state_label="已更正", what="再次更正")
    again = NewEntry(
        form_version=form.version,
        person=old["person_id"],
        house=old["house_id"],
        answers=body.answers,
        reasons=body.reasons,
        photos=(*(UUID(photo) for photo in old["photos"]), *body.photos),
    )
    about = await present.subject_of(actor, catalogue, form, again)
    before = reading.values(catalogue.definition(code, old["version"]), old)
    draft = recording.compose(actor, form, about, again, f"correct:{entry}", before)
    draft = (await present.staffed(draft, again)).correcting(entry, body.reason)
    await posting.reverse(actor.scope, entry)
    made = await _write(actor, orders, draft, body.order)
    fresh = [photo for photo in draft.photos if str(photo) not in old["photos"]]
    await materials.attach(actor.scope, fresh, f"entry:{made}")
    return await _shown(actor, catalogue, orders, code, made)


async def _shown(
    actor: Actor, catalogue: Catalogue, orders: Orders, code: str, entry: UUID
) -> Entry:
    row = await reading.one(actor.scope, code, entry)
    shown = await view.entry(actor, catalogue, row)
    number = row["data"].get(passing.CASE)
    if not isinstance(number, str) or not actor.may("order.read"):
        return shown
    return shown.model_copy(update={"order": await orders.numbered(actor, number)})


async def _write(actor: Actor, orders: Orders, draft: Draft, asked: bool) -> UUID:
    """The entry, and the order it becomes where others have to deal with it. What would leave
    less than nothing in store is refused."""
    if (said := passing.passed(draft, asked)) is not None:
        draft = passing.numbered(draft, await orders.take(actor, said))
    entry = await posting.post(actor, draft)
    for key, value in (await told(actor.scope, draft.form, [entry]))[entry].items():
        if value < 0:
            raise problems.answers_bad(fields=[recording.too_few(draft.form, key, value)])
    return entry
