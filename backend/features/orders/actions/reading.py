"""Looking at orders: lists, the board, the map, one with its whole story."""

from datetime import datetime
from uuid import UUID

from backend.core import clock
from backend.core.access import Actor, act, look
from backend.core.db import Record
from backend.engine.orders.stages import OPEN, STAGES
from backend.features.catalogue.catalogue import Catalogue
from backend.features.orders import view
from backend.features.orders.bodies import BoardFilter, MapFilter, Opened, OrderFilter
from backend.features.orders.handbook import Handbook
from backend.features.orders.shapes import (
    Board,
    BoardColumn,
    MapPoint,
    OpenedCaller,
    Order,
    OrderMap,
    OrderPage,
)
from backend.features.orders.store import listing as lists
from backend.features.orders.store import orders, units
from backend.web.paging import cursor_of


@look("order.read", "查看工单")
async def listing(
    actor: Actor, catalogue: Catalogue, book: Handbook, query: OrderFilter
) -> OrderPage:
    """A page of orders: mine by due time, the pool, my committee's, or all."""
    reach = await units.reach_of(actor)
    found, total = await lists.page(reach, query)
    some = found[: query.limit]
    more = len(found) > query.limit
    return OrderPage(
        rows=await view.lines(actor, reach, catalogue, book, some),
        total=total,
        next=cursor_of(*lists.keys(some[-1], query.view), of=query.view) if more else None,
    )


@look("order.survey", "查看辖区工单")
async def board(actor: Actor, catalogue: Catalogue, book: Handbook, query: BoardFilter) -> Board:
    """What is not ended, stage by stage: how many, how many late, and the most urgent cards."""
    reach = await units.reach_of(actor)
    counts, found = await lists.board(reach, query)
    cards = await view.lines(actor, reach, catalogue, book, found)
    counted = {row["stage"]: row for row in counts}
    return Board(
        columns=tuple(
            BoardColumn(
                stage=stage,
                stage_label=STAGES[stage],
                count=counted.get(stage, {}).get("count", 0),
                late=counted.get(stage, {}).get("late", 0),
                cards=tuple(card for card in cards if card.stage == stage),
            )
            for stage in OPEN
        )
    )


@look("order.survey", "查看辖区工单")
async def points(actor: Actor, query: MapFilter) -> OrderMap:
    """Orders as points, the most urgent first; no more than a map can show."""
    reach = await units.reach_of(actor)
    found = await lists.points(reach, query)
    some, moment = found[: lists.MOST_POINTS], clock.now()
    return OrderMap(
        points=tuple(_point(row, moment) for row in some), more=len(found) > lists.MOST_POINTS
    )


def _point(row: Record, moment: datetime) -> MapPoint:
    kind = "handle" if row["due_at"] else None
    row["due_state"] = view.due_state(kind, row.pop("due_at"), row.pop("pause"), moment)
    # thousands of them, straight from our own table: checked there
    return MapPoint.model_construct(**row)


@look("order.read", "查看工单")
async def one(actor: Actor, catalogue: Catalogue, book: Handbook, order: UUID) -> Order:
    """One order, with everything its reader may see and do now."""
    reach = await units.reach_of(actor)
    return await view.shown(actor, reach, catalogue, book, await orders.one(reach, order))


@act("order.caller", "查看诉求人联系方式")
async def caller(actor: Actor, order: UUID, body: Opened) -> OpenedCaller:
    """The caller's number, for whoever has to do with the order; it leaves a trace with why."""
    reach = await units.reach_of(actor)
    held = await orders.one(reach, order)
    view.make_sure_involved(actor, reach, held)
    return OpenedCaller(
        id=held.id,
        name=None if held.hide_name else orders.opened(held, "caller_name"),
        phone=orders.opened(held, "caller_phone"),
        hidden=held.hide_name,
        reason=body.reason,
    )
