"""Whom an entry is about, and who of ours was there."""

from dataclasses import replace

from backend.core import problems
from backend.core.access import Actor
from backend.core.problems import FieldIssue
from backend.core.scope import scope_of
from backend.engine.form.definition import FormDef
from backend.features.accounts.store import staff
from backend.features.catalogue.catalogue import Catalogue
from backend.features.ledgers.shapes import About, Named, NewEntry
from backend.features.ledgers.store import reading
from backend.features.ledgers.store.posting import Draft
from backend.features.registers.store import facts
from backend.features.registers.store.facts import Fact, Subject


async def subject_of(
    actor: Actor, catalogue: Catalogue, form: FormDef, of: About | NewEntry
) -> Subject:
    """Whom the entry is about; without anybody, it belongs to the actor's own committee.

    What a register that is not in force yet would hold (of a shop: R6) is what an earlier entry
    `like` this one said.
    """
    about = Subject(actor.area, None, None, None, None, None, {})
    if of.person is not None:
        about = await facts.of_person(catalogue, actor.scope, of.person)
    elif of.house is not None:
        about = await facts.of_house(catalogue, actor.scope, of.house)
    if of.like is None:
        return about
    row = await reading.one(actor.scope, form.code, of.like)
    before = reading.values(catalogue.definition(form.code, row["version"]), row)
    said = {
        field.key: Fact(before[field.key], form.code, form.title, row["at"], row["by"])
        for field in form.fields
        if field.source == "prefilled" and field.sources[0].of not in catalogue.forms
        if before.get(field.key) is not None
    }
    return replace(about, area=row["area"], facts=said | dict(about.facts))


async def colleagues(area: str) -> list[Named]:
    """Who of a committee may have been there as well, by name."""
    people = await staff.everybody(scope_of(area), [area])
    return [Named(id=one["id"], name=one["name"]) for one in people]


async def staffed(draft: Draft, body: NewEntry) -> Draft:
    """People that somebody named: ours by their ids, with the names the roster has for them;
    others (who is not of this committee, such as a fire officer) by name."""
    told = {f.key: f for f in draft.form.fields if f.ref == "staff" and f.key in body.answers}
    told = {key: field for key, field in told.items() if draft.values.get(key)}
    if not told:
        return draft
    ours = {str(one.id): one.name for one in await colleagues(draft.area)}
    values = dict(draft.values)
    for key, field in told.items():
        named = values[key] if field.type == "refs" else [values[key]]
        people = [one if isinstance(one, dict) else {"id": None, "label": one} for one in named]
        ids = {one["id"] for one in people if one["id"]}
        if strangers := ids - ours.keys():
            text = f"“{field.label}”里有{len(strangers)}人不在本居村的名册里。"
            raise problems.answers_bad(fields=[FieldIssue(key, "staff.unknown", text)])
        known = {one["id"] or one["label"]: one for one in people}
        refs = [one | {"label": ours.get(one["id"], one["label"])} for one in known.values()]
        values[key] = refs if field.type == "refs" else refs[0]
    return replace(draft, values=values)
