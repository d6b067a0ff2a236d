"""Reminding those with whom a return still lies: by the clock before it is due, by hand (催办)."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import chain
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor, act
from backend.core.db import Record
from backend.core.problems import FieldIssue
from backend.engine.clocks.periods import parse_period
from backend.engine.text.dates import short_date_text
from backend.features.accounts.store import staff
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.catalogue.catalogue import Catalogue
from backend.features.notices import hours
from backend.features.notices import store as notices
from backend.features.notices.messages import Facts
from backend.features.returns.store import tasks
from backend.features.returns.task_shapes import Reminded, Urge, Urged

AHEAD = timedelta(days=2)
# With whom a return lies: those who may do what is next.
_NEXT = {"draft": "return.submit", "returned": "return.submit", "checking": "return.check"}


@act("task.remind", "提醒填报")
async def remind(actor: Actor, catalogue: Catalogue) -> Reminded:
    """What is due within two days and still lies with its committee."""
    told, today = 0, clock.today()
    found = await tasks.nearly_due(actor.scope, today, today + AHEAD)
    people = await staff.holding_in("return.submit", {row["area"] for row in found})
    for row in found:
        facts = {
            "form": catalogue.title(row["form"]),
            "period": parse_period(row["period"]).label,
            "left": left(row["due_on"]),
            "due": short_date_text(row["due_on"]),
            "asked": row["asked_left"],
            "return_id": str(row["id"]),
        }
        key = f"return_due:{row['id']}:{row['due_on']}"
        told += await notices.tell(people.get(row["area"], []), "return_due", facts, key)
    return Reminded(told=told)


@act("task.urge", "催办")
async def urge(actor: Actor, catalogue: Catalogue, task: UUID, body: Urge) -> Urged:
    """Remind those with whom a task's returns still lie, all or those of some committees.

    Nobody is urged twice on a day, whatever the task: the message says what else is waiting.
    """
    row = await tasks.one(actor.scope, task)
    owing = await _owing(actor, task, body.areas)
    lies_with = await _with_whom(owing)
    facts = {
        person: _urging(actor, catalogue, row, one)
        for one in owing
        for person in lies_with[one["area"]]
    }
    told = await notices.tell_each(facts, "return_urged", _key())
    silent = [one["area"] for one in owing if not lies_with[one["area"]]]
    called = await areas.names(silent)
    return Urged(
        task=task,
        form=row["form"],
        period=row["period"],
        told=len(told),
        already=len(facts) - len(told),
        silent=tuple(AreaName(code=code, name=called.get(code, code)) for code in silent),
        at_night=hours.allowed(clock.now(), urgent=False, share=0) > clock.now(),
    )


async def urged(returns: Sequence[Record]) -> frozenset[str]:
    """The committees where everybody with whom a return lies was urged today."""
    lies_with = await _with_whom([row for row in returns if row["state"] in _NEXT])
    told = await notices.told(chain.from_iterable(lies_with.values()), _key())
    return frozenset(area for area, people in lies_with.items() if people and told >= set(people))


def _key() -> str:
    """Under it somebody is urged once a day."""
    return f"urge:{clock.today()}"


async def _with_whom(owing: Sequence[Record]) -> dict[str, list[UUID]]:
    """Committee → the people with whom its return lies; every committee asked for is there."""
    found: dict[str, list[UUID]] = {row["area"]: [] for row in owing}
    for verb in sorted(set(_NEXT.values())):
        places = [row["area"] for row in owing if _NEXT[row["state"]] == verb]
        found |= await staff.holding_in(verb, places)
    return found


async def _owing(actor: Actor, task: UUID, wanted: tuple[str, ...] | None) -> list[Record]:
    """What the committees still owe; committees that the task does not ask are bad input."""
    asked = await tasks.owing(actor.scope, task)
    if unknown := set(wanted or ()) - {row["area"] for row in asked}:
        say = f"发给哪些居村：{'、'.join(sorted(unknown))} 不在这项任务里。"
        raise problems.answers_bad(fields=[FieldIssue("areas", "task.not_asked", say)])
    mine = [row for row in asked if wanted is None or row["area"] in wanted]
    owing = [row for row in mine if row["state"] in _NEXT]
    if not owing:
        raise problems.nothing_owed()
    return owing


def _urging(actor: Actor, catalogue: Catalogue, task: Record, one: Record) -> Facts:
    others = one["others"]
    return {
        "form": catalogue.title(task["form"]),
        "period": parse_period(task["period"]).label,
        "left": left(task["due_on"]),
        "due": short_date_text(task["due_on"]),
        "todo": _todo(one),
        "others": f"还有 {others} 张表没有上报" if others else "",
        "by": actor.name,
        "return_id": str(one["id"]),
    }


def _todo(one: Record) -> str:
    if one["state"] == "checking":
        return "等您复核"
    if one["state"] == "returned":
        return f"退回 {len(one['open_fields'] or ())} 项，改好重报"
    return f"还要填 {one['asked_left']} 项" if one["asked_left"] else "已填好，只差提交"


def left(due_on: date) -> str:
    """How long there is: 还有 2 天, 今天截止, 已逾期 3 天."""
    days = (due_on - clock.today()).days
    if days == 0:
        return "今天截止"
    return f"还有 {days} 天" if days > 0 else f"已逾期 {-days} 天"
