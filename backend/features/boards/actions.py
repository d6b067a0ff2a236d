"""Boards as use cases."""

from uuid import UUID

from backend.core import clock, problems
from backend.core.access import Actor, look
from backend.core.db import Record
from backend.core.files import Download
from backend.core.scope import Scope, scope_of
from backend.engine.clocks.periods import period_of
from backend.engine.indicators.fold import Basis, fold
from backend.engine.orders.hotspots import HotSpot, hot_spots
from backend.engine.orders.rates import Yardstick
from backend.engine.orders.stages import STAGES
from backend.engine.text.masking import mask
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.boards import sheets
from backend.features.boards.gathering import Gathering, leaves_street
from backend.features.boards.shapes import (
    Board,
    BoardSpan,
    CallerOrder,
    Callers,
    CallersQuery,
    HazardsNow,
    OrdersNow,
    RepeatedCaller,
    ReturnsNow,
    Spot,
    SpotCategory,
    Spots,
    Statistics,
    StatisticsQuery,
    Today,
    Waiting,
)
from backend.features.boards.spans import ONE_DAY, days_of
from backend.features.catalogue.catalogue import Catalogue
from backend.features.documents import issue
from backend.features.documents.office import Office
from backend.features.ledgers import counting as ledgers
from backend.features.ledgers.store import due as promised
from backend.features.orders.actions import reading
from backend.features.orders.bodies import OrderFilter
from backend.features.orders.handbook import Handbook
from backend.features.orders.store import counting
from backend.features.returns.store import tasks

NEXT = 10
LEAST_SPOT = 5
MOST_CALLERS = 50
_WITH_COMMITTEE = ("draft", "returned", "checking")
# Dimensions of which none lies within another: a class less its categories would tell the last
_COARSE = ("street", "class", "week", "source")
_OUTSIDE = (*_COARSE, "area", "unit")


@look("board.today", "查看今日看板")
async def today(actor: Actor, catalogue: Catalogue, book: Handbook, yardstick: Yardstick) -> Today:
    """A committee's day: what runs out, who is to be visited, which returns and hazards wait."""
    day = clock.today()
    now = await counting.standing(actor.scope, clock.at(day + ONE_DAY))
    mine = await reading.listing(actor, catalogue, book, OrderFilter(view="mine", limit=NEXT))
    called = await areas.names([actor.area])
    return Today(
        area=AreaName(code=actor.area, name=called.get(actor.area, actor.area)),
        as_of=clock.now(),
        orders=OrdersNow(**now, next=mine.rows),
        visits=Waiting(**await promised.visits(actor.scope, day)),
        returns=await _returns(actor.scope),
        hazards=await _hazards(actor.scope, catalogue, yardstick),
    )


@look("board.street", "查看街镇看板")
async def street(
    actor: Actor, catalogue: Catalogue, book: Handbook, yardstick: Yardstick, query: BoardSpan
) -> Board:
    """The committees of the actor's street."""
    gathering = Gathering(actor.scope, catalogue, book, yardstick, veiled=False)
    return await gathering.board(actor.area, days_of(query), "area")


@look("board.district", "查看全区看板")
async def district(
    actor: Actor, catalogue: Catalogue, book: Handbook, yardstick: Yardstick, query: BoardSpan
) -> Board:
    """The streets of the district, small numbers hidden."""
    gathering = Gathering(actor.scope, catalogue, book, yardstick, veiled=True)
    return await gathering.board(actor.area, days_of(query), "street")


@look("board.statistics", "查看工单统计")
async def statistics(
    actor: Actor,
    catalogue: Catalogue,
    book: Handbook,
    yardstick: Yardstick,
    query: StatisticsQuery,
) -> Statistics:
    """Orders by class, place, unit, week, … within the actor's place or a part of it."""
    veiled = leaves_street(actor)
    if veiled and (query.by not in _COARSE or query.area is not None):
        raise problems.board_too_fine()
    gathering = Gathering(_part(actor, query.area), catalogue, book, yardstick, veiled)
    return await gathering.statistics(days_of(query), query.by)


@look("board.spots", "查看热点")
async def spots(actor: Actor, book: Handbook, query: BoardSpan) -> Spots:
    """Places where orders gather, with how many there were in as many days before."""
    days = days_of(query)
    cells = await counting.cells(actor.scope, clock.at(days.before), days.span)
    found = hot_spots(cells, LEAST_SPOT)
    rows = tuple(_spot(book, one) for one in found)
    return Spots(since=days.since, until=days.until, least=LEAST_SPOT, rows=rows)


@look("board.callers", "查看重复来电")
async def callers(actor: Actor, book: Handbook, query: CallersQuery) -> Callers:
    """Who called again and again, with what; numbers are masked."""
    days = days_of(query)
    found = await counting.callers(actor.scope, days.span, query.least, MOST_CALLERS)
    ids = [order for row in found for order in row["orders"]]
    told = {row["id"]: row for row in await counting.brief(actor.scope, ids)}
    called = await areas.names(row["area"] for row in told.values())
    orders = {order: _order(book, row, called) for order, row in told.items()}
    rows = tuple(_caller(row, orders) for row in found)
    return Callers(since=days.since, until=days.until, least=query.least, rows=rows)


@look("board.export", "导出看板")
async def street_xlsx(
    actor: Actor,
    catalogue: Catalogue,
    book: Handbook,
    yardstick: Yardstick,
    office: Office,
    query: BoardSpan,
) -> Download:
    """A street's board as a spreadsheet. It may go anywhere, so small numbers are hidden."""
    actor.require("board.street")
    gathering = Gathering(actor.scope, catalogue, book, yardstick, veiled=True)
    board = await gathering.board(actor.area, days_of(query), "area")
    copy = await issue.begin(actor, office)
    return await copy.sheet(*sheets.of_board(board, yardstick, "street", copy))


@look("board.export", "导出看板")
async def district_xlsx(
    actor: Actor,
    catalogue: Catalogue,
    book: Handbook,
    yardstick: Yardstick,
    office: Office,
    query: BoardSpan,
) -> Download:
    """The district's board as a spreadsheet."""
    board = await district(actor, catalogue, book, yardstick, query)
    copy = await issue.begin(actor, office)
    return await copy.sheet(*sheets.of_board(board, yardstick, "district", copy))


@look("board.export", "导出看板")
async def statistics_xlsx(
    actor: Actor,
    catalogue: Catalogue,
    book: Handbook,
    yardstick: Yardstick,
    office: Office,
    query: StatisticsQuery,
) -> Download:
    """Statistics as a spreadsheet, small numbers hidden."""
    actor.require("board.statistics")
    allowed = _COARSE if leaves_street(actor) else _OUTSIDE
    if query.by not in allowed or query.area is not None:
        raise problems.board_too_fine()
    gathering = Gathering(actor.scope, catalogue, book, yardstick, veiled=True)
    found = await gathering.statistics(days_of(query), query.by)
    copy = await issue.begin(actor, office)
    return await copy.sheet(*sheets.of_statistics(found, yardstick, copy))


def _part(actor: Actor, area: str | None) -> Scope:
    """The actor's place, or the part of it that is asked for."""
    if area is None:
        return actor.scope
    if not actor.scope.covers(scope_of(area).prefix):
        raise problems.not_found(kind="区域")
    return scope_of(area)


async def _returns(scope: Scope) -> ReturnsNow:
    found = await tasks.due(scope, clock.today())
    waiting = [row for row in found if row["state"] in _WITH_COMMITTEE and not row["paused"]]
    return ReturnsNow(
        open=len(waiting),
        overdue=sum(row["late"] for row in waiting),
        next_due=min((row["due_on"] for row in waiting if not row["late"]), default=None),
    )


async def _hazards(scope: Scope, catalogue: Catalogue, yardstick: Yardstick) -> HazardsNow | None:
    """Hazards that nobody has settled, as the monthly report would count them today."""
    wanted = yardstick.hazards
    report = catalogue.forms.get(wanted["report"])
    if report is None:
        return None
    codes = (wanted["open"], wanted["overdue"])
    form = report.model_copy(
        update={"indicators": tuple(one for one in report.indicators if one.code in codes)}
    )
    period = period_of("month", clock.today())
    counted = await ledgers.count(catalogue, scope, form, period)
    told = fold(form, Basis(counted.total))
    later, overdue = (int(told.get(code) or 0) for code in codes)
    return HazardsNow(open=later + overdue, overdue=overdue)


def _spot(book: Handbook, spot: HotSpot) -> Spot:
    return Spot(
        lng=round(spot.lng, 6),
        lat=round(spot.lat, 6),
        place=spot.place,
        count=spot.count,
        before=spot.before,
        live=spot.live,
        categories=tuple(
            SpotCategory(code=code, label=book.label(code) or "", count=count)
            for code, count in spot.categories
        ),
    )


def _order(book: Handbook, row: Record, called: dict[str, str]) -> CallerOrder:
    area = AreaName(code=row["area"], name=called.get(row["area"], row["area"]))
    same = {key: row[key] for key in ("id", "no", "title", "stage", "received_at")}
    return CallerOrder(
        **same,
        category_label=book.label(row["category"]),
        stage_label=STAGES[row["stage"]],
        area=area,
    )


def _caller(row: Record, orders: dict[UUID, CallerOrder]) -> RepeatedCaller:
    own = tuple(orders[order] for order in row["orders"] if order in orders)
    same = {key: row[key] for key in ("count", "live", "unsolved", "first_at", "last_at")}
    return RepeatedCaller(**same, phone=mask("phone", row["phone"]), orders=own)
