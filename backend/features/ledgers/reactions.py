"""What a new entry changes elsewhere: what a visit has found out becomes the register's word."""

from backend.core.access import Actor
from backend.core.events import Event
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers import recording
from backend.features.ledgers.store import reading
from backend.features.registers.holding import person_layout
from backend.features.registers.store import change, facts
from backend.features.registers.store.change import Said


async def tell_registers(actor: Actor, event: Event, catalogue: Catalogue) -> None:
    """A shared value typed in an entry is a change request: it is written with its provenance."""
    row = await reading.one(actor.scope, str(event.facts["ledger"]), event.subject_id)
    if row["person_id"] is None:
        return
    form = catalogue.definition(row["ledger"], row["version"])
    about = await facts.of_person(catalogue, actor.scope, row["person_id"])
    found = recording.changes(catalogue, form, about, reading.values(form, row))
    if found:
        kept = person_layout(catalogue)
        said = Said(by=event.actor, record=event.subject)
        await change.change(actor.scope, kept, row["person_id"], found, said)
