"""What people do with areas: look at them, and change them on a day."""

from backend.core import clock, problems
from backend.core.access import Actor, act, look
from backend.core.problems import FieldIssue
from backend.core.scope import street_of
from backend.features.areas import store
from backend.features.areas.shapes import Area, AreaChange, Buildings, NewAreaChange, OnDay

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
async def change(actor: Actor, buildings: Buildings, body: NewAreaChange) -> AreaChange:
    """Split, merge, rename, retire or found committees on a day. Returns before it stay put."""
    issues = await _issues(actor, body) or await _homeless(actor, buildings, body)
    if issues:
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


async def _homeless(actor: Actor, buildings: Buildings, new: NewAreaChange) -> list[FieldIssue]:
    """A split says of every building where it goes, unless the old committee goes on."""
    if new.kind != "split":
        return []
    standing = await buildings.standing(actor.scope, new.gone)
    moved = {move.building for move in new.moves}
    if len(moved) < len(new.moves):
        return [FieldIssue("moves", "area.move_twice", "同一幢楼划给了两个居村，请重新选择。")]
    if foreign := moved - standing:
        say = f"有 {len(foreign)} 幢楼不在被拆分的居村里，请重新选择。"
        return [FieldIssue("moves", "area.foreign_building", say)]
    left = standing - moved
    if left and new.gone[0] not in {area.code for area in new.made}:
        say = f"还有 {len(left)} 幢楼没有划到新居村，请逐幢指定。"
        return [FieldIssue("moves", "area.building_left", say)]
    return []
