"""Orders in numbers: lists by due time, the board, the map. All by index, none by N+1."""

from typing import Any
from uuid import UUID

from backend.core import clock, problems
from backend.core.db import Record, select
from backend.core.scope import Scope, scope_of
from backend.features.orders.bodies import BoardFilter, MapFilter, OrderFilter
from backend.features.orders.held import Reach
from backend.features.orders.store.orders import within
from backend.web.paging import keys_of

LIVE = "o.stage not in ('closed', 'refused', 'merged')"
CARDS = 20
MOST_POINTS = 3000

_LINE = """o.id, o.no, o.rev, o.title, o.source, o.category, o.urge, o.severity, o.stage, o.area,
  o.place, o.unit_id, o.handler, o.received_at, o.due_at, o.due_kind, o.back, o.extend, o.pause,
  o.appeal, o.caller_phone is not null as reported, o.contacted_at, o.called_at, o.finished_at,
  o.own, o.designated, o.returned, o.redo, o.reopened, u.name as unit_name, u.kind as unit_kind,
  case when o.due_kind in ('handle', 'rehandle') then o.due_at end as handle_due,
  exists (select 1 from order_part p where p.order_id = o.id and p.state <> 'done') as parts_open,
  array(select p.unit_id from order_part p
        where p.order_id = o.id and p.state = 'open') as part_units,
  false as children_open"""
_FROM = "from work_order o left join order_unit u on u.id = o.unit_id where o.area like :scope"

# which orders a view shows, how they are sorted, and by what a page goes on
_BY_DUE = ("coalesce(o.due_at, 'infinity'), o.id", "(coalesce(o.due_at, 'infinity'), o.id) >")
_NEWEST = ("o.received_at desc, o.id desc", "(o.received_at, o.id) <")
"""Sorted by what runs out first; newest first."""


async def page(reach: Reach, query: OrderFilter) -> tuple[list[Record], int]:
    """A page of a view, one row more than asked for when there are more, and the total."""
    where, given = _where(reach, query)
    if query.view == "mine":
        where += f" and {LIVE} and o.unit_id = any(:own)"
        given["own"] = list(reach.mine)
    elif query.view == "pool":
        where += f" and {LIVE}"
    scope = _scope(reach, query.area)
    total = await select(scope, f"select count(*) as n {_FROM}{where}", **given)
    order, after = _BY_DUE if query.view in ("mine", "pool") else _NEWEST
    if query.cursor:
        moment, last = keys_of(query.cursor, 2, of=query.view)
        where += f" and {after} (:after::text::timestamptz, :last::text::uuid)"
        given |= {"after": moment, "last": last}
    found = await select(
        scope,
        f"select {_LINE} {_FROM}{where} order by {order} limit :limit",
        limit=query.limit + 1,
        **given,
    )
    return found, total[0]["n"]


def keys(row: Record, view: str) -> tuple[str, UUID]:
    """What a page that ends with this row goes on by."""
    if view in ("mine", "pool"):
        return (row["due_at"].isoformat() if row["due_at"] else "infinity"), row["id"]
    return row["received_at"].isoformat(), row["id"]


async def board(reach: Reach, query: BoardFilter) -> tuple[list[Record], list[Record]]:
    """Counts by stage of what is not ended, and the first cards of each stage by due time."""
    where, given = _where(reach, query)
    scope = _scope(reach, query.area)
    counts = await select(
        scope,
        f"""select o.stage, count(*) as count, count(*) filter (where o.due_at <= :now) as late
            {_FROM}{where} and {LIVE} group by o.stage""",
        now=clock.now(),
        **given,
    )
    cards = await select(
        scope,
        f"""select s.* from unnest(:stages::text[]) as t(stage) cross join lateral (
              select {_LINE} {_FROM}{where} and {LIVE} and o.stage = t.stage
              order by coalesce(o.due_at, 'infinity'), o.id limit :cards) s""",
        stages=[row["stage"] for row in counts],
        cards=CARDS,
        **given,
    )
    return counts, cards


async def points(reach: Reach, query: MapFilter) -> list[Record]:
    """What lies within a box, or in all of the area; the most urgent first when it is too much."""
    where, given = _where(reach, query)
    where += " and o.lat is not null" + ("" if query.ended else f" and {LIVE}")
    for name, test in _BOX.items():
        if (edge := getattr(query, name)) is not None:
            where += f" and {test} :{name}"
            given[name] = edge
    return await select(
        _scope(reach, query.area),
        f"""select o.id, o.no, o.title, o.lng, o.lat, o.stage, o.urge, o.category, o.due_at,
              o.pause
            {_FROM}{where} order by coalesce(o.due_at, 'infinity'), o.id limit :most""",
        most=MOST_POINTS + 1,
        **given,
    )


_BOX = {"west": "o.lng >=", "east": "o.lng <=", "south": "o.lat >=", "north": "o.lat <="}


def _scope(reach: Reach, area: str | None) -> Scope:
    """The scope itself, or the part of it that is asked for."""
    if area is None:
        return reach.scope
    if not reach.scope.covers(scope_of(area).prefix):
        raise problems.not_found(kind="区域")
    return scope_of(area)


def _where(reach: Reach, query: OrderFilter | BoardFilter) -> tuple[str, Record]:
    text, given = within(reach)
    words = query.q.strip() if query.q else ""
    tests: dict[str, tuple[str, Any]] = {
        "source": ("o.source = :source", query.source),
        "category": ("starts_with(o.category, :category)", query.category),
        "unit": ("o.unit_id = :unit", query.unit),
        "stage": ("o.stage = :stage", getattr(query, "stage", None)),
        "words": (_WORDS, f"%{_plain(words)}%" if words else None),
    }
    for name, (test, value) in tests.items():
        if value is not None:
            text, given = f"{text} and {test}", given | {name: value}
    return _more(text, given, query)


_WORDS = "(o.title ilike :words or o.place ilike :words or o.no ilike :words)"


def _more(text: str, given: Record, query: OrderFilter | BoardFilter) -> tuple[str, Record]:
    if query.overdue is not None:
        late = f"({LIVE} and o.due_at <= :moment)"
        text += f" and {late}" if query.overdue else f" and not coalesce({late}, false)"
        given = given | {"moment": clock.now()}
    if asks := getattr(query, "asks", None):
        text += f" and o.{asks} = '申请中'"
    return text, given


def _plain(words: str) -> str:
    """Words as they are, also where they hold signs that LIKE understands."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
