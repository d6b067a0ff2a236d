"""Gathers the pictures of a ledger's entries for printing (图文材料), each with what it shows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.clients.files import Files
from backend.core import clock, problems
from backend.core.access import Actor
from backend.engine.form.definition import FormDef
from backend.engine.pdf.papers import Picture, PicturePaper
from backend.engine.text.dates import date_text
from backend.features.areas import store as areas
from backend.features.catalogue.catalogue import Catalogue
from backend.features.documents import ledgers
from backend.features.documents.issue import About, Issue, full_name
from backend.features.documents.shapes import Span
from backend.features.ledgers import actions, recording, view
from backend.features.ledgers.shapes import Entry
from backend.features.ledgers.store import reading
from backend.features.materials import store as materials

MOST = 100
# What a caption takes over from the printed columns; everybody who reads it knows the city.
_TOLD = frozenset({"text", "address"})
_CITY = re.compile(r"^[^市]{2,3}市[^区]{1,4}区")


@dataclass(frozen=True, slots=True)
class _Told:
    """An entry as its reader may see it: when, where, what, and its pictures."""

    at: datetime
    area: str
    cells: Mapping[str, str]
    photos: Sequence[UUID]


async def gather(
    actor: Actor, catalogue: Catalogue, files: Files, code: str, span: Span, issue: Issue
) -> tuple[PicturePaper, About]:
    """The pictures of all entries of a span, in the order in which things happened."""
    form = recording.ledger_form(catalogue, code)
    place = await ledgers.place_of(actor, span)
    # every one of them has a picture: more cannot be printed
    found = await actions.illustrated(actor, code, ledgers.filter_of(span), MOST + 1)
    told = [
        _Told(
            row["at"],
            row["area"],
            view.cells(actor, form, row["area"], reading.values(form, row)),
            [UUID(photo) for photo in row["photos"]],
        )
        for row in found
    ]
    facts: dict[str, object] = {"area": span.area or actor.area}
    facts |= {"from": span.since, "to": span.until}
    shown = ledgers.days_of(form, span, issue.office.words)
    heading = span.area or actor.area
    called = await areas.names(row["area"] for row in found if row["area"] != heading)
    about = About(f"ledger:{code}", form.title, place, shown, facts)
    return await _paper(actor, files, form, told, called, issue, about)


async def of_entry(
    actor: Actor, catalogue: Catalogue, files: Files, shown: Entry, code: str, issue: Issue
) -> tuple[PicturePaper, About]:
    """The pictures of one entry: of a visit, of a mediation."""
    form = catalogue.form(code)
    place, day = await full_name(shown.area.code), _day(shown.at)
    facts: dict[str, object] = {"area": shown.area.code, "no": shown.no}
    cells = {field.key: field.text for field in shown.fields}
    told = _Told(shown.at, shown.area.code, cells, [photo.id for photo in shown.photos])
    about = About(f"entry:{shown.id}", form.title, place, day, facts)
    return await _paper(actor, files, form, [told], {}, issue, about)


async def _paper(
    actor: Actor,
    files: Files,
    form: FormDef,
    entries: Sequence[_Told],
    called: Mapping[str, str],
    issue: Issue,
    about: About,
) -> tuple[PicturePaper, About]:
    """`called` are the committees to be named in captions: those the heading does not name."""
    wanted = [(one, photo) for one in entries for photo in one.photos]
    if len(wanted) > MOST:
        raise problems.too_many_pictures(most=MOST)
    bodies = await materials.read_all(actor.scope, files, [photo for _, photo in wanted])
    if not bodies:
        raise problems.no_pictures()
    title = issue.office.words.pictures.format(title=form.title)
    shown = [(one, bodies[photo]) for one, photo in wanted if photo in bodies]
    paper = PicturePaper(
        title=title,
        pictures=[Picture(body, _caption(form, one, called)) for one, body in shown],
        subtitle=f"{form.print.unit_line.format(committee=about.place)}　{about.span}",
        footer=issue.footer,
        copy=issue.copy,
    )
    facts = about.facts | {"ledger": form.code, "pictures": len(shown)}
    return paper, About(about.ref, title, about.place, about.span, facts)


def _caption(form: FormDef, one: _Told, called: Mapping[str, str]) -> str:
    """When, in which committee, who, where and what; there is room for three short lines."""
    told = [one.cells.get(f.key, "") for f, _, _ in view.columns_of(form) if f.type in _TOLD]
    near = [_CITY.sub("", text) for text in told]
    return "　".join(filter(None, (_day(one.at), called.get(one.area, ""), *near)))


def _day(at: datetime) -> str:
    return date_text(at.astimezone(clock.SHANGHAI).date())
