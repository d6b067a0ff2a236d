"""Reminding those who fill that a return is nearly due; each return once."""

from datetime import timedelta

from backend.core import clock
from backend.core.access import Actor, act
from backend.engine.clocks.periods import parse_period
from backend.engine.text.dates import short_date_text
from backend.features.accounts.store import staff
from backend.features.catalogue.catalogue import Catalogue
from backend.features.notices import store as notices
from backend.features.returns.shapes import Reminded
from backend.features.returns.store import tasks

AHEAD = timedelta(days=2)


@act("task.remind", "提醒填报")
async def remind(actor: Actor, catalogue: Catalogue) -> Reminded:
    """What is due within two days and still lies with its committee."""
    told, today = 0, clock.today()
    for row in await tasks.nearly_due(actor.scope, today, today + AHEAD):
        people = await staff.holding("return.submit", row["area"])
        facts: dict[str, str | int] = {
            "form": catalogue.title(row["form"]),
            "period": parse_period(row["period"]).label,
            "days": (row["due_on"] - today).days,
            "due": short_date_text(row["due_on"]),
            "asked": row["asked_left"],
            "return_id": str(row["id"]),
        }
        key = f"return_due:{row['id']}:{row['due_on']}"
        told += await notices.tell(people, "return_due", facts, key)
    return Reminded(told=told)
