"""After what, what. The audit row that an act leaves is the event; these follow it.

A reaction runs in one transaction with the mark that it has run, so for our own rows it happens
exactly once, whenever the worker is killed. Whatever leaves the house goes through a job.
"""

from collections.abc import Awaitable, Callable, Mapping

from backend.features.connectors import reactions as connectors
from backend.features.duty import reactions as duty
from backend.features.feedback import reactions as feedback
from backend.features.ledgers import reactions as ledgers
from backend.features.orders import reactions as orders
from backend.features.registers import reactions as registers
from backend.features.returns import reactions as returns
from backend.features.sensors import reactions as sensors

# async def reaction(actor: Actor, event: Event, <ports by type>) -> None
Reaction = Callable[..., Awaitable[None]]

_OURS: dict[str, list[Reaction]] = {
    "area.change": [registers.move_homes, orders.follow_areas],
    "feed.fail": [connectors.tell_failed],
    "ledger.record": [ledgers.tell_registers],
    "ledger.correct": [ledgers.tell_registers],
    "task.publish": [returns.tell_opened],
    "return.submit": [returns.tell_lead],
    "return.send_back": [returns.tell_sent_back],
    "return.review": [returns.post_entry, returns.tell_approved],
}


def _together(*told: Mapping[str, list[Reaction]]) -> dict[str, list[Reaction]]:
    """By verb, those of all slices, in the order given."""
    verbs = dict.fromkeys(verb for one in told for verb in one)
    return {verb: [each for one in told for each in one.get(verb, ())] for verb in verbs}


AFTER = _together(_OURS, orders.AFTER, duty.AFTER, feedback.AFTER, sensors.AFTER)
