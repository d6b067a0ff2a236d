"""What happens by the clock (Asia/Shanghai), and which use case runs which job."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from backend.core import jobs
from backend.core.access import Actor
from backend.features.accounts.actions import roster
from backend.features.boards import covering
from backend.features.connectors import pull
from backend.features.duty.actions import calling, reporting
from backend.features.feedback import reactions as feedback
from backend.features.materials import actions as materials
from backend.features.notices import actions as notices
from backend.features.notices import cards
from backend.features.orders import alarms
from backend.features.registers import reactions as registers
from backend.features.returns.actions import outlook, reminding, tasks
from backend.features.sensors import silence, warnings
from backend.web import idempotency

# async def job(actor: Actor, <ports by type>, <the job's own arguments>) -> anything
Job = Callable[..., Awaitable[Any]]


async def tidy(_: Actor) -> None:
    """What the kernel keeps for a while only: jobs that are done, answers to repeated requests."""
    await jobs.sweep()
    await idempotency.forget()


JOBS: dict[str, Job] = {
    "accounts.night": roster.night,
    "accounts.reread": roster.reread_one,
    "accounts.sync": roster.sync_one,
    "boards.cover": covering.count_visits,
    "connectors.pull": pull.job,
    "connectors.tidy": pull.tidy,
    "core.tidy": tidy,
    "duty.first_report": reporting.first_report,
    "duty.flash": reporting.flash,
    "duty.remind_call": calling.remind,
    "feedback.remind": feedback.remind,
    "materials.sweep": materials.sweep,
    "notices.change_cards": cards.change,
    "notices.send": notices.send,
    "orders.missing_years": alarms.missing_years,
    "registers.move_homes": registers.move,
    "returns.open_due": tasks.open_due,
    "returns.remind": reminding.remind,
    "returns.warn": outlook.warn,
    "sensors.night": silence.night,
}


@dataclass(frozen=True, slots=True)
class Daily:
    """A job once a day at a time, enqueued under the day's key so that it runs once."""

    at: str
    job: str
    args: dict[str, Any] = field(default_factory=dict)


DAILY: list[Daily] = [
    Daily("02:10", "connectors.pull", {"feed": "housing"}),  # population follows it
    Daily("02:30", "accounts.night"),
    Daily("03:10", "materials.sweep"),
    Daily("03:20", "core.tidy"),
    Daily("03:25", "connectors.tidy"),
    Daily("03:30", "sensors.night"),
    Daily("00:20", "returns.open_due"),
    Daily("04:40", "boards.cover"),
    Daily("08:40", "returns.remind"),
    Daily("08:50", "feedback.remind"),
    Daily("09:05", "orders.missing_years"),
    Daily("09:10", "returns.warn"),
]


@dataclass(frozen=True, slots=True)
class Pulse:
    """What every worker looks at again and again. It finds what is due by an index and holds the
    rows meanwhile, so that many workers do no harm and one that is killed loses nothing."""

    seconds: float
    job: Job


PULSES: list[Pulse] = [
    Pulse(15, alarms.ring),
    Pulse(60, alarms.reckon),
    Pulse(180, pull.often),
    Pulse(300, silence.listen),
    Pulse(300, silence.settle),
    Pulse(300, warnings.look_around),
]
