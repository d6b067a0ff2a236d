"""What people do with the registers: find people and houses, open a number, set a value right."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from backend.core import audit, clock, problems
from backend.core.access import VERBS, Actor, act, look
from backend.core.levels import seen
from backend.core.problems import FieldIssue
from backend.engine.form.answers import Refused, Setting, is_blank, take, trimmed
from backend.engine.form.cells import text_of
from backend.engine.form.definition import Field, FormDef
from backend.engine.form.messages import MESSAGES
from backend.engine.outline import middle, outline
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.catalogue.catalogue import Catalogue
from backend.features.registers import view
from backend.features.registers.elements import may_be_typed
from backend.features.registers.holding import person_form, person_layout
from backend.features.registers.shapes import (
    BuildingLine,
    Change,
    Conflict,
    Find,
    House,
    Houses,
    Mentions,
    NewValues,
    OfCommittee,
    Outline,
    People,
    Person,
    Reveal,
    Revealed,
    Sources,
)
from backend.features.registers.store import buildings, change, facts, finding, outlines, past
from backend.features.registers.store.change import Said
from backend.features.registers.store.facts import Subject
from backend.web.paging import cursor_of

VERBS["person.high"] = "查看四级字段"
_HIGH = 4


@look("person.read", "查看人员")
async def people(actor: Actor, catalogue: Catalogue, query: Find) -> People:
    """People of the actor's place by name, spelling, number, tail, address or tag."""
    found, total = await finding.people(actor.scope, catalogue, query)
    rows = found[: query.limit]
    more = len(found) > query.limit
    return People(
        rows=tuple(view.line(actor, catalogue, row) for row in rows),
        total=total,
        next=cursor_of(rows[-1]["name_py"], rows[-1]["id"]) if more else None,
    )


@look("person.read", "查看人员")
async def person(
    actor: Actor, catalogue: Catalogue, sources: Sources, mentions: Mentions, person: UUID
) -> Person:
    """Everything that is held of a person, each value with its source and date."""
    about = await facts.of_person(catalogue, actor.scope, person)
    return await _page(actor, catalogue, sources, mentions, about)


@act("person.reveal", "查看完整号码")
async def reveal(actor: Actor, catalogue: Catalogue, person: UUID, body: Reveal) -> Revealed:
    """One masked value in full; who, which and why stay in the trace."""
    field = person_form(catalogue).field(body.field)
    about = await facts.of_person(catalogue, actor.scope, person)
    if field is None or field.key not in about.facts:
        raise problems.not_found(kind="内容")
    text = text_of(field, about.value(field.key))
    shown = seen(actor, about.area, level=field.level, kind=field.type, text=text)
    if field.level >= _HIGH and shown.masked:
        raise problems.may_not(verb="person.reveal", label=f"查看{field.label}")
    return Revealed(field=field.key, value=text, person=person, reason=body.reason)


@act("person.update", "更新人员信息")
async def update(
    actor: Actor,
    catalogue: Catalogue,
    sources: Sources,
    mentions: Mentions,
    person: UUID,
    body: NewValues,
) -> Person:
    """Values that somebody has found out become our word; the feed's stay beside them."""
    form = person_form(catalogue)
    before = await facts.of_person(catalogue, actor.scope, person)
    values = _checked(form, before, body.values)
    said = Said(actor.name, f"note:{body.note}"[:80] if body.note else None)
    changed = await change.change(actor.scope, person_layout(catalogue), person, values, said)
    about = await facts.of_person(catalogue, actor.scope, person)
    page = await _page(actor, catalogue, sources, mentions, about)
    return page.model_copy(update={"changed": tuple(changed)})


@look("person.read", "查看人员")
async def history(
    actor: Actor, catalogue: Catalogue, sources: Sources, person: UUID
) -> list[Change]:
    """What a person's values were, who changed them and on whose word."""
    form = person_form(catalogue)
    about = await facts.of_person(catalogue, actor.scope, person)
    found = await past.history(actor.scope, person_layout(catalogue), person)
    return [view.change(actor, form, about.area, row, sources) for row in found]


@look("person.read", "查看人员")
async def conflicts(actor: Actor) -> list[Conflict]:
    """Records of the actor's place that cannot be right together with another."""
    return await view.conflicts(actor, await past.conflicts(actor.scope))


@look("house.read", "查看房屋")
async def houses(actor: Actor, catalogue: Catalogue, query: Find) -> Houses:
    """Houses of the actor's place by words of their address."""
    found, total = await finding.houses(actor.scope, query)
    rows = found[: query.limit]
    last = rows[-1] if len(found) > query.limit else None
    return Houses(
        rows=tuple(view.house_line(catalogue, row) for row in rows),
        total=total,
        next=cursor_of(last["building_id"], last["room"], last["id"]) if last else None,
    )


@look("house.read", "查看房屋")
async def house(
    actor: Actor, catalogue: Catalogue, sources: Sources, mentions: Mentions, house: UUID
) -> House:
    """A house, the households in it, and who has called there."""
    about = await facts.of_house(catalogue, actor.scope, house)
    known = {key: fact for key, fact in about.facts.items() if fact.register == "R5"}
    return House(
        id=house,
        address=about.address or "",
        area=await view.area_name(about.area),
        fields=tuple(view.values(actor, catalogue.form("R5"), about.area, known, sources)),
        households=tuple(await view.in_house(actor, catalogue, house)),
        visits=tuple(await mentions.visits(actor.scope, house)),
    )


@look("building.read", "查看楼栋")
async def buildings_of(actor: Actor, query: OfCommittee) -> list[BuildingLine]:
    """The buildings of one committee, also of one that has ended, with how many live there."""
    if not actor.scope.covers(query.area):
        raise problems.not_found(kind="区域")
    found = await buildings.of_committee(actor.scope, query.area)
    return [BuildingLine(**row) for row in found]


async def _page(
    actor: Actor, catalogue: Catalogue, sources: Sources, mentions: Mentions, about: Subject
) -> Person:
    person = about.person or UUID(int=0)
    tags = await view.tags(actor, catalogue, about)
    form = view.concerned(catalogue, about, tags)
    fields = tuple(view.values(actor, form, about.area, about.facts, sources))
    high = [f.key for f in fields if f.level >= _HIGH and f.text and not f.masked]
    if high:
        await audit.record(actor.who, "person.high", f"person:{person}", {"fields": high})
    home = about.household and await view.household(actor, catalogue, about.household)
    return Person(
        id=person,
        name=str(about.value("name")),
        area=await view.area_name(about.area),
        fields=fields,
        household=home or None,
        house=view.house_name(about),
        tags=tags,
        ledgers=tuple(await mentions.of_person(actor.scope, person)),
    )


def _checked(form: FormDef, about: Subject, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in stored form; problem with every one that cannot be taken."""
    setting = Setting(clock.today(), values.get("id_type") or about.value("id_type"))
    found: dict[str, Any] = {}
    issues: list[FieldIssue] = []
    for key, value in values.items():
        field = form.field(key)
        if field is None or not may_be_typed(field):
            label = field.label if field else key
            issues.append(FieldIssue(key, "field.source", f"“{label}”由来源返还或计算，不能填写。"))
            continue
        taken = _taken(field, value, setting)
        if isinstance(taken, Refused):
            text = MESSAGES[taken.code].format(label=field.label, **taken.details)
            issues.append(FieldIssue(key, taken.code, text))
        else:
            found[key] = taken
    if issues:
        raise problems.answers_bad(fields=issues)
    return found


def _taken(field: Field, value: Any, setting: Setting) -> Any:
    """In stored form; a blank takes the value away, unless the register cannot do without."""
    if not is_blank(trimmed(value)):
        return take(field, trimmed(value), setting)
    return Refused("required") if field.required else None


@look("area.read", "查看区划")
async def map_of(actor: Actor) -> tuple[Outline, ...]:
    """The committees of the actor's place as they lie on the map, drawn from their buildings."""
    placed = await outlines.points(actor.scope)
    called = await areas.names(placed)
    return tuple(
        Outline(
            area=AreaName(code=code, name=called.get(code, code)),
            ring=tuple(outline(points)),
            middle=middle(points),
            buildings=tuple(points),
        )
        for code, points in sorted(placed.items())
    )
