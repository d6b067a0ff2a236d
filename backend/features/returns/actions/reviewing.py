"""The other side of a return: checking, sending single fields back, approving."""

from uuid import UUID

from backend.core import problems
from backend.core.access import Actor, act, look
from backend.core.problems import FieldIssue
from backend.core.scope import scope_of
from backend.engine.clocks.periods import parse_period
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers import drilling
from backend.features.ledgers.drilling import Figure
from backend.features.ledgers.shapes import Rows
from backend.features.returns import view
from backend.features.returns.shapes import STATE_LABELS, Decision, Return, SendBack, Version
from backend.features.returns.sheet import Sheet
from backend.features.returns.store import sheets
from backend.web.paging import Page

# Who may send back, by the state the return is in
_JUDGES = {"checking": "return.check", "submitted": "return.review"}


@act("return.check", "复核填报")
async def check(actor: Actor, catalogue: Catalogue, sheet: UUID, body: Decision) -> Return:
    """The committee's lead has checked it: it goes up to the street."""
    held = await _in_state(actor, sheet, "checking", "复核")
    await sheets.mark(actor, held, state="submitted", what="checked", note=body.note)
    return await _decided(actor, catalogue, sheet)


@act("return.send_back", "退回填报")
async def send_back(actor: Actor, catalogue: Catalogue, sheet: UUID, body: SendBack) -> Return:
    """Send single fields back, each with a remark; only these unlock, all others stay as sent."""
    held = await sheets.locked(actor.scope, sheet)
    if held.state not in _JUDGES:
        raise _not_now(held, "退回")
    actor.require(_JUDGES[held.state])
    form = catalogue.definition(held.form, held.version)
    unknown = [one.field for one in body.remarks if form.field(one.field) is None]
    if unknown:
        issues = [FieldIssue(key, "unknown", f"这张表没有“{key}”这一项。") for key in unknown]
        raise problems.answers_bad(fields=issues)
    remarks = {one.field: one.remark for one in body.remarks}
    await sheets.remark(actor, held, remarks)
    await sheets.mark(
        actor, held, state="returned", what="sent_back", note=body.note, open_fields=list(remarks)
    )
    return await _decided(actor, catalogue, sheet)


@act("return.review", "审定填报")
async def approve(actor: Actor, catalogue: Catalogue, sheet: UUID, body: Decision) -> Return:
    """Approve: the version stays as it is for good, under its SM3 digest."""
    held = await _in_state(actor, sheet, "submitted", "审定")
    await sheets.mark(actor, held, state="approved", what="approved", note=body.note)
    return await _decided(actor, catalogue, sheet)


@act("return.look", "查看变化")
async def seen(actor: Actor, sheet: UUID) -> None:
    """Remember what this reader has seen, so that the next look shows what has changed."""
    held = await sheets.one(actor.scope, sheet)
    if actor.id is not None:
        await sheets.look(held, actor.id)


@look("return.read", "查看填报")
async def versions(actor: Actor, sheet: UUID) -> list[Version]:
    """Everything that was ever handed in, newest first."""
    return await view.history(await sheets.one(actor.scope, sheet))


@look("return.drill", "查看数字的明细")
async def rows_behind(
    actor: Actor, catalogue: Catalogue, sheet: UUID, field: str, query: Page
) -> Rows:
    """The rows that a figure was counted from."""
    held = await sheets.one(actor.scope, sheet)
    form, period = catalogue.definition(held.form, held.version), parse_period(held.period)
    figure = Figure(form, field, period, scope_of(held.area), [held.area])
    return (await drilling.rows_behind(actor, catalogue, figure, query)).rows


async def _in_state(actor: Actor, sheet: UUID, state: str, what: str) -> Sheet:
    held = await sheets.locked(actor.scope, sheet)
    if held.state != state:
        raise _not_now(held, what)
    return held


def _not_now(held: Sheet, what: str) -> problems.Problem:
    return problems.wrong_state(state=held.state, state_label=STATE_LABELS[held.state], what=what)


async def _decided(actor: Actor, catalogue: Catalogue, sheet: UUID) -> Return:
    """The return after a decision. Who decides has looked: what comes later is what is new."""
    held = await sheets.one(actor.scope, sheet)
    shown = await view.shown(actor, catalogue, held)
    if actor.id is not None:
        await sheets.look(held, actor.id)
    return shown
