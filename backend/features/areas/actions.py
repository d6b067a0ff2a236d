"""What people do with areas: look at them, and change them on a day."""

from backend.core import clock, problems
from backend.core.access import Actor, act, look
from backend.core.problems import FieldIssue
from backend.core.scope import street_of
from backend.features.areas import store
from backend.features.areas.shapes import Area, AreaChange, NewAreaChange, OnDay

# How many codes end (from) and begin (to) in each kind of change: (at least, at most)
_COUNTS = {
    "split": ((1, 1), (2, 9)),
    "merge": ((2, 9), (1, 1)),
    "rename": ((1, 1), (1, 1)),
    "retire": ((1, 9), (0, 0)),
    "create": ((0, 0), (1, 1)),
}


@look("area.read", "查看区划")
async def listing(actor: Actor, query: OnDay) -> list[Area]:
    """The areas of the actor's scope on a day (today unless told)."""
    return await store.on_day(actor.scope, query.on or clock.today())


@look("area.read", "查看区划")
async def changes(actor: Actor) -> list[AreaChange]:
    """Splits, mergers, renamings and retirements, latest first."""
    return await store.changes(actor.scope)


@act("area.change", "调整区划")
async def change(actor: Actor, body: NewAreaChange) -> AreaChange:
    """Split, merge, rename, retire or found committees on a day. Returns before it stay put."""
    if issues := await _issues(actor, body):
        raise problems.answers_bad(fields=issues)
    return await store.apply(actor, body)


async def _issues(actor: Actor, new: NewAreaChange) -> list[FieldIssue]:
    (least, most), (fewest, largest) = _COUNTS[new.kind]
    if not (least <= len(new.gone) <= most and fewest <= len(new.made) <= largest):
        return [FieldIssue("from", "area.count", "调整前后的居村数量与这种调整不符。")]
    codes = [*new.gone, *(area.code for area in new.made)]
    if any(not actor.scope.covers(code) for code in codes):
        raise problems.not_found(kind="区域")
    if len({street_of(code) for code in codes}) > 1:
        return [FieldIssue("to", "area.street", "调整只能在同一个街镇内进行。")]
    return [*await _ending(actor, new), *await _beginning(new), *_moving(new)]


async def _ending(actor: Actor, new: NewAreaChange) -> list[FieldIssue]:
    standing = {area.code: area for area in await store.committees(actor.scope, new.on)}
    return [
        FieldIssue("from", "area.not_standing", f"{code} 在 {new.on} 不是有效的居村委。")
        for code in new.gone
        if code not in standing or standing[code].valid_to is not None
    ]


async def _beginning(new: NewAreaChange) -> list[FieldIssue]:
    # a renamed committee keeps its code, and one side of a merger or split may
    fresh = {area.code for area in new.made} - set(new.gone)
    used = await store.taken(fresh)
    return [
        FieldIssue("to", "area.code_used", f"代码 {code} 已经用过，请换一个。") for code in used
    ]


def _moving(new: NewAreaChange) -> list[FieldIssue]:
    made = {area.code for area in new.made}
    return [
        FieldIssue("moves", "area.move", f"楼栋只能划到新设的居村委，{move.to} 不在其中。")
        for move in new.moves
        if move.to not in made
    ]
