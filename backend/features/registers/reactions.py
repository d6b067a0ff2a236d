"""What the registers do when the map changes: homes go along with their building, on its day."""

from uuid import UUID

from backend.core import clock, jobs
from backend.core.access import Actor
from backend.core.events import Event
from backend.features.areas import store as areas
from backend.features.registers.store import moving

JOB = "registers.move_homes"


async def move_homes(actor: Actor, event: Event) -> None:
    """Move what the change says; one that is dated ahead waits for its day."""
    change = await areas.change(actor.scope, event.subject_id)
    wait = (clock.at(change.on) - clock.now()).total_seconds()
    if wait > 0:
        key = f"once:{event.subject}"
        await jobs.enqueue(JOB, key=key, delay=wait, change=str(event.subject_id))
        return
    await move(actor, str(event.subject_id))


async def move(actor: Actor, change: str) -> None:
    """After a split the named buildings move; after a merger everything goes to the one heir."""
    found = await areas.change(actor.scope, UUID(change))
    moves = [(move.building, move.to) for move in found.moves]
    if moves:
        await moving.move_buildings(actor.scope, moves, found.on)
    if len(found.made) == 1:
        for old in found.gone:
            if old.code != found.made[0].code:
                await moving.inherit(actor.scope, old.code, found.made[0].code, found.on)
