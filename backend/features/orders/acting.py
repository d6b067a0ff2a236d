"""How every act on an order runs: hold the order, ask the table of stages, move it on, say so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor
from backend.core.problems import FieldIssue
from backend.engine.orders import stages
from backend.engine.orders.stages import Rule, Standing
from backend.features.materials import store as materials
from backend.features.orders.held import Held, Reach, Said
from backend.features.orders.store import orders, units

_BACK_DATED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Deed:
    """An act in hand: who does it to which order, and the rule that lets them."""

    actor: Actor
    reach: Reach
    held: Held
    rule: Rule

    @property
    def to(self) -> str:
        return self.rule.leads(self.held.stage)


async def begin(
    actor: Actor, order: UUID, act: str, rev: int | None = None, outcome: str = ""
) -> Deed:
    """Hold the order for an act, or say why not. Without a `rev` it may have changed meanwhile."""
    reach = await units.reach_of(actor)
    return await hold(actor, reach, await orders.locked(reach, order), act, rev, outcome)


async def hold(
    actor: Actor, reach: Reach, held: Held, act: str, rev: int | None, outcome: str = ""
) -> Deed:
    """The same for an order that is held already."""
    if rev is not None and rev != held.rev:
        raise await _overtaken(held)
    return Deed(actor, reach, held, permitted(actor, reach, held, act, outcome))


def permitted(actor: Actor, reach: Reach, held: Held, act: str, outcome: str = "") -> Rule:
    """The rule by which somebody may do an act now; a problem when there is none."""
    what, rule = stages.LABELS[act], stages.rule_for(act, held.stage, outcome)
    if rule is None:
        label = stages.STAGES[held.stage]
        raise problems.wrong_state(state=held.stage, state_label=label, what=what)
    if guard := stages.held_up(rule, standing(actor, reach, held)):
        raise problems.order_held_up(what=what, why=stages.GUARDS[guard].why, guard=guard)
    return rule


def standing(actor: Actor, reach: Reach, held: Any) -> Standing:
    """What the guards look at: of an order, or of its line in a list."""
    return Standing(
        stage=held.stage,
        unit=held.unit_id in reach.mine,
        part=not reach.mine.isdisjoint(held.part_units),
        centre=actor.may("order.dispatch"),
        lead=held.own and held.unit_id in reach.mine,
        reported=held.reported,
        contacted=held.contacted_at is not None,
        called=held.called_at is not None,
        late=held.handle_due is not None and held.handle_due <= clock.now(),
        parts=held.parts_open,
        children=held.children_open,
        **{name: getattr(held, name) for name in _SAME},
    )


_SAME = (
    "back",
    "extend",
    "pause",
    "appeal",
    "designated",
    "returned",
    "redo",
    "reopened",
)


async def done(
    deed: Deed,
    said: Said,
    *,
    unit: UUID | None = None,
    **values: Any,
) -> dict[str, Any]:
    """Write the act down and move the order on; what happened, for the trace."""
    held, to = deed.held, deed.to
    if said.photos:
        await materials.attach(deed.actor.scope, said.photos, f"order:{held.id}")
    await orders.step(deed.actor, held, deed.rule.act, to, said, unit)
    rev = await orders.change(held, **values | {"stage": to})
    return event(held, deed.rule.act, to, rev, said.facts)


def event(
    held: Held, act: str, to: str, rev: int, facts: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What the trace and its reactions learn; no level 3 value."""
    return {"act": act, "from": held.stage, "stage": to, "rev": rev, "no": held.no, **(facts or {})}


def happened(held: Held, at: datetime | None) -> datetime:
    """When something happened: now, or earlier when it was noted without network."""
    moment = clock.now()
    if at is None:
        return moment
    earliest = max(held.received_at, moment - _BACK_DATED)
    at = at if at.tzinfo else at.replace(tzinfo=clock.SHANGHAI)
    if not earliest <= at <= moment:
        say = f"“发生时间”应在 {earliest:%m月%d日 %H:%M} 和现在之间。"
        raise problems.answers_bad(fields=[FieldIssue("at", "at.range", say)])
    return at


def asks(kind: str, actor: Actor, reason: str, **more: Any) -> dict[str, Any]:
    """What is asked for, until somebody decides: kept on the order under its kind."""
    at = clock.now().isoformat()
    return {kind: {"reason": reason, "by": actor.name, "at": at, **_NOTHING, **more}}


_NOTHING: dict[str, Any] = {"unit": None, "days": None}


async def _overtaken(held: Held) -> problems.Problem:
    """Somebody was faster: who, and what they did."""
    last = await orders.last_step(held.id)
    what = f"已经{stages.LABELS.get(last['act'], last['act'])}" if last else "改了这件工单"
    return problems.order_overtaken(
        by=last["by"] if last else "有人", what=what, rev=held.rev, stage=held.stage
    )
