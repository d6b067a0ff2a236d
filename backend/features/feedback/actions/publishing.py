"""The quarter's list: drawn up from what came in, published by the street, open to anybody with
its link; on paper and as a spreadsheet."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from backend.core import clock, problems
from backend.core.access import Actor, act, look
from backend.core.cpu import cpu
from backend.core.db import Record
from backend.core.files import Download
from backend.core.scope import Scope, scope_of, street_of
from backend.engine.clocks.periods import Period, parse_period
from backend.features.areas import store as areas
from backend.features.areas.shapes import AreaName
from backend.features.catalogue.catalogue import Catalogue
from backend.features.documents import issue, printing
from backend.features.documents.issue import About
from backend.features.documents.office import Office
from backend.features.feedback import paper, quarter, view
from backend.features.feedback.lists import (
    FindingList,
    ListLine,
    NewList,
    OpenList,
    OpenRow,
    Quarter,
)
from backend.features.feedback.quarter import ListContent, ListRow
from backend.features.feedback.store import listing, lists
from backend.features.materials import store as materials
from backend.settings import Settings

LINK = "/m/#/pages/officer/list/index?id="
_STATES = {"draft": "未公布", "published": "已公布", "withdrawn": "已撤下"}


@look("finding.list", "公布季度清单")
async def all_lists(actor: Actor) -> list[ListLine]:
    """The lists that my street has published."""
    return await _lines(await lists.listing(actor.scope))


@look("finding.read_own", "查看本人的反馈")
async def open_lists(actor: Actor) -> list[ListLine]:
    """The lists of the officer's street that are open to everybody."""
    return await _lines(await lists.listing(scope_of(street_of(actor.area)), "published"))


@look("finding.list", "公布季度清单")
async def one(
    actor: Actor, catalogue: Catalogue, settings: Settings, period: Quarter
) -> FindingList:
    """A quarter's list as it stands now, and what of it is published."""
    return await _list(actor, catalogue, settings, _period(period))


@act("finding.list", "公布季度清单")
async def publish(
    actor: Actor, catalogue: Catalogue, settings: Settings, period: Quarter, body: NewList
) -> FindingList:
    """Open to anybody with the link, as it stands now."""
    span = _period(period)
    content = await _content(actor, catalogue, span)
    if not content.rows:
        raise problems.finding_list_empty(period=span.label)
    told = content.model_dump(mode="json")
    await lists.publish(actor, street_of(actor.area), span.key, body.words, told)
    return await _list(actor, catalogue, settings, span)


@act("finding.list", "公布季度清单")
async def withdraw(
    actor: Actor, catalogue: Catalogue, settings: Settings, period: Quarter
) -> FindingList:
    """No longer open; the link leads nowhere until it is published again."""
    span = _period(period)
    if not await lists.withdraw(actor.scope, span.key):
        raise problems.not_found(kind="清单")
    return await _list(actor, catalogue, settings, span)


@look("finding.list", "公布季度清单")
async def pdf(
    actor: Actor, catalogue: Catalogue, settings: Settings, office: Office, period: Quarter
) -> Download:
    """The list on paper, as the public sees it, or (not published) as a draft."""
    shown = await _list(actor, catalogue, settings, _period(period))
    copy = await issue.begin(actor, office)
    content, place = await _said(actor, shown), await issue.full_name(shown.area.code)
    printed = paper.paper(
        office.words.findings,
        content,
        street=place,
        period=shown.period_label,
        intro=shown.words,
        draft=shown.state != "published",
        footer=copy.footer,
        copy=copy.copy,
    )
    return await copy.ledger(printed, _about(shown, office))


@look("finding.list", "公布季度清单")
async def xlsx(
    actor: Actor, catalogue: Catalogue, settings: Settings, office: Office, period: Quarter
) -> Download:
    """The list as a spreadsheet."""
    shown = await _list(actor, catalogue, settings, _period(period))
    copy = await issue.begin(actor, office)
    content, words = await _said(actor, shown), office.words.findings
    printed = paper.paper(
        words,
        content,
        street=await issue.full_name(shown.area.code),
        period=shown.period_label,
        intro=shown.words,
        draft=shown.state != "published",
        footer=copy.footer,
        copy=copy.copy,
    )
    columns, rows = paper.sheet(content, words)
    return await copy.sheet(copy.as_sheet(printed, columns, rows), _about(shown, office))


async def opened(listed: UUID, office: Office) -> OpenList:
    """A published list, for anybody with the link."""
    row, content, street = await _open(listed)
    pictures = await materials.links_out(
        [one for line in content.rows for one in (*line.before, *line.after)]
    )
    return OpenList(
        id=listed,
        title=office.words.findings.title,
        street=street,
        period_label=parse_period(row["period"]).label,
        words=row["words"],
        published_at=row["published_at"],
        rows=tuple(_open_row(line, pictures) for line in content.rows),
        totals=content.totals,
    )


async def opened_pdf(listed: UUID, office: Office) -> Download:
    """The same on paper, for anybody with the link; drawn once, however many ask."""
    row, content, street = await _open(listed)
    label = parse_period(row["period"]).label
    name = office.words.file.format(
        title=office.words.findings.title, place=street, span=label, ending="pdf"
    )
    key = listed, row["published_at"]
    if key not in _drawn:
        _drawn[key] = await _draw(row, content, street, label, office)
        while len(_drawn) > _MOST_DRAWN:
            del _drawn[next(iter(_drawn))]
    return Download(name, issue.PDF, _drawn[key])


_MOST_DRAWN = 16
_drawn: dict[tuple[UUID, datetime], bytes] = {}


async def _draw(
    row: Record, content: ListContent, street: str, label: str, office: Office
) -> bytes:
    printed = await cpu(
        printing.ledger,
        paper.paper(
            office.words.findings,
            content,
            street=street,
            period=label,
            intro=row["words"],
            draft=False,
            footer="",
            copy=paper.public_copy(street, row["published_at"]),
        ),
        office.press,
    )
    return printed.body


async def _open(listed: UUID) -> tuple[Record, ListContent, str]:
    row = await lists.published(listed)
    if row is None:
        raise problems.not_found(kind="清单")
    content = ListContent.model_validate_json(_json(row["content"]))
    return row, content, await issue.full_name(row["area"])


def _open_row(line: ListRow, pictures: dict[UUID, Any]) -> OpenRow:
    kept = line.model_dump(exclude={"id", "before", "after"})
    return OpenRow(
        **kept,
        before=tuple(pictures[one] for one in line.before if one in pictures),
        after=tuple(pictures[one] for one in line.after if one in pictures),
    )


async def _list(
    actor: Actor, catalogue: Catalogue, settings: Settings, period: Period
) -> FindingList:
    street = street_of(actor.area)
    held = await lists.of_period(actor.scope, period.key)
    content = await _content(actor, catalogue, period)
    now = content.model_dump(mode="json")
    called = await areas.names([street])
    state = held["state"] if held else "draft"
    return FindingList(
        id=held["id"] if held else None,
        period=period.key,
        period_label=period.label,
        area=AreaName(code=street, name=called.get(street, street)),
        state=state,
        state_label=_STATES[state],
        words=held["words"] if held else "",
        by=held["by"] if held else None,
        published_at=held["published_at"] if held else None,
        url=settings.url + LINK + str(held["id"]) if held and state == "published" else None,
        changed=bool(held and held["content"] != now),
        rows=content.rows,
        totals=content.totals,
    )


async def _said(actor: Actor, shown: FindingList) -> ListContent:
    """What is printed: the list that is published, else the one that would be."""
    held = await lists.of_period(actor.scope, shown.period)
    if held and shown.state == "published":
        return ListContent.model_validate_json(_json(held["content"]))
    return ListContent(rows=shown.rows, totals=shown.totals)


async def _content(actor: Actor, catalogue: Catalogue, period: Period) -> ListContent:
    street = Scope(street_of(actor.area)[:9])
    found = await listing.of_quarter(street, period.start, period.end)
    places = await areas.names(row["area"] for row in found)
    scenes = {code.code: code.label for code in catalogue.lists[view.SCENES].codes}
    return quarter.content(found, scenes, places, clock.now())


async def _lines(rows: list[Record]) -> list[ListLine]:
    called = await areas.names(row["area"] for row in rows)
    return [
        ListLine(
            **{key: row[key] for key in ("id", "period", "state", "published_at", "rows")},
            period_label=parse_period(row["period"]).label,
            area=AreaName(code=row["area"], name=called.get(row["area"], row["area"])),
        )
        for row in rows
    ]


def _about(shown: FindingList, office: Office) -> About:
    facts: dict[str, object] = {"period": shown.period, "area": shown.area.code}
    title = office.words.findings.title
    ref = f"finding_list:{shown.id or shown.period}"
    return About(ref, title, shown.area.name, shown.period_label, facts)


def _period(key: str) -> Period:
    """A quarter that has begun."""
    period = parse_period(key)
    if period.start > clock.today():
        raise problems.not_found(kind="季度")
    return period


def _json(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content)
