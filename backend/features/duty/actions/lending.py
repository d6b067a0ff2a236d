"""Supplies lent out and taken back: each time the ledger of supplies (L20) says so as well."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor, act, look
from backend.core.db import Record
from backend.core.problems import FieldIssue
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.catalogue.catalogue import Catalogue
from backend.features.duty import summing, view
from backend.features.duty.emergencies import Loan, NewLoan, Returned, Supply
from backend.features.duty.plan import Plan
from backend.features.duty.store import emergencies, loans
from backend.features.ledgers import recording
from backend.features.ledgers.shapes import NewEntry
from backend.features.ledgers.store import posting
from backend.features.ledgers.store.stock import hold, stock
from backend.features.registers.store.facts import Subject

_THING = ("area", "what", "spec", "unit", "store_place")


@look("emergency.supplies", "查看应急物资")
async def supplies(actor: Actor, plan: Plan) -> list[Supply]:
    """What the stores of one's place hold."""
    return await in_stores(actor, plan)


async def in_stores(actor: Actor, plan: Plan, area: str | None = None) -> list[Supply]:
    """The same, of one committee or of all."""
    found = await stock(actor.scope, plan.supplies, area)
    called = await areas.names(row["area"] for row in found)
    return [_supply(row, called) for row in found]


@act("emergency.lend", "借出应急物资")
async def lend(
    actor: Actor, catalogue: Catalogue, plan: Plan, emergency: UUID, body: NewLoan
) -> Loan:
    """Out of a store, to somebody, for something."""
    held = await emergencies.one(view.street_scope(actor), emergency)
    if held["until"] is not None:
        raise problems.emergency_over(kind=held["kind"])
    given = body.model_dump()
    left = await _left(actor, plan, given)
    if left < body.quantity:
        raise problems.supply_short(left=f"{left:g}", unit=body.unit)
    loan = await loans.lend(actor, emergency, given)
    reason = f"{body.borrower}：{body.reason}"[:100]
    more = {
        "out_qty": _plain(body.quantity),
        "out_reason": reason,
        "qty": _plain(left - body.quantity),
    }
    await _write(actor, catalogue, plan, given, more, f"loan:{loan}")
    words = f"{body.what} {body.quantity:g}{body.unit}，{reason}"
    await emergencies.step(actor.name, held, "lent", words)
    return await _shown(await loans.one(actor.scope, loan))


@act("emergency.return", "归还应急物资")
async def give_back(
    actor: Actor, catalogue: Catalogue, plan: Plan, loan: UUID, body: Returned
) -> Loan:
    """Some of it, or all, has come back; also when the emergency is over."""
    held = await loans.locked(actor.scope, loan)
    if body.rev != held["rev"]:
        raise problems.overtaken()
    out = held["quantity"] - held["back"]
    if body.quantity > out:
        say = f"“归还数量”最多 {out:g}{held['unit']}，其余已经归还。"
        raise problems.answers_bad(fields=[FieldIssue("quantity", "number.max", say)])
    given = {key: held[key] for key in _THING}
    left = await _left(actor, plan, given)
    await loans.take_back(actor.scope, held, body.quantity)
    more = {
        "in_qty": _plain(body.quantity),
        "qty": _plain(left + body.quantity),
        "note": "应急借用归还",
    }
    await _write(actor, catalogue, plan, given, more, f"loan:{loan}:{held['rev'] + 1}")
    of = await emergencies.by_id(held["emergency_id"])
    words = f"{held['what']} {body.quantity:g}{held['unit']}，{held['borrower']}"
    await emergencies.step(actor.name, of, "returned", words)
    return await _shown(await loans.one(actor.scope, loan))


async def _left(actor: Actor, plan: Plan, thing: Record) -> float:
    """How many of a thing its store holds; nobody else takes any meanwhile."""
    await hold(plan.supplies, thing["area"])
    found = await stock(actor.scope, plan.supplies, thing["area"])
    same = (row for row in found if all((row[key] or None) == thing[key] for key in _THING))
    return next((row["quantity"] for row in same), 0.0)


async def _write(
    actor: Actor,
    catalogue: Catalogue,
    plan: Plan,
    thing: Record,
    more: dict[str, Any],
    key: str,
) -> None:
    """One entry of the ledger, by its own rules."""
    form = catalogue.form(plan.supplies)
    answers = {
        "mat_name": thing["what"],
        "spec": thing["spec"],
        "unit_m": thing["unit"],
        "store_place": thing["store_place"],
        "check_date": clock.today().isoformat(),
        **more,
    }
    about = Subject(thing["area"], None, None, None, None, None, {})
    body = NewEntry(form_version=form.version, answers=answers)
    draft = recording.compose(actor, form, about, body, key)
    await posting.post(actor, replace(draft, wrote=key))


def _plain(number: float) -> float:
    """Whole ones without a point, as people count sandbags."""
    return int(number) if number == int(number) else number


async def _shown(row: Record) -> Loan:
    return summing.loan(row, await areas.names([row["area"]]))


def _supply(row: Record, called: dict[str, str]) -> Supply:
    keys = ("what", "spec", "unit", "store_place", "quantity", "expire")
    return Supply(
        **{key: row[key] for key in keys},
        area=AreaName(code=row["area"], name=called.get(row["area"], row["area"])),
        least=float(row["least"]) if row["least"] is not None else None,
        keeper=row["keeper"] or "",
    )
