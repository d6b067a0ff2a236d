"""What happens by the clock (Asia/Shanghai), and which use case runs which job."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from backend.core import jobs
from backend.core.access import Actor
from backend.features.accounts.actions import roster
from backend.features.connectors import pull
from backend.features.materials import actions as materials
from backend.features.notices import actions as notices
from backend.features.registers import reactions as registers
from backend.features.returns.actions import outlook, reminding, tasks
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
    "connectors.pull": pull.job,
    "core.tidy": tidy,
    "materials.sweep": materials.sweep,
    "notices.send": notices.send,
    "registers.move_homes": registers.move,
    "returns.open_due": tasks.open_due,
    "returns.remind": reminding.remind,
    "returns.warn": outlook.warn,
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
    Daily("00:20", "returns.open_due"),
    Daily("08:40", "returns.remind"),
    Daily("09:10", "returns.warn"),
]
