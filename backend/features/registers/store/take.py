"""Taking over a page of a feed: unchanged rows cost a comparison, the rest one statement per table.

Runs on the caller's transaction, so that rows, quarantine and cursor move together. What a
committee has confirmed is never overwritten: the feed's value is kept beside it as a difference.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core import clock
from backend.core.db import Record, copy_rows, select, sql, transaction
from backend.core.ids import new_id
from backend.core.scope import EVERYWHERE
from backend.features.registers.elements import Layout
from backend.features.registers.shapes import Incoming, Refusal, Taken

ANYWHERE = "r.area || '' like :scope"
"""The scope of a feed is everywhere; said so that the key's index is taken and not the place's."""

Settle = Callable[[Record, Incoming], Refusal | None]
"""Fills in what follows from references (area, house, derived columns), or says why it cannot."""


@dataclass
class Page:
    """One page on its way in: what is known of its rows, and what will be written."""

    source: str
    layout: Layout
    rows: Sequence[Incoming]
    known: Mapping[str, Record]
    now: datetime

    def __post_init__(self) -> None:
        self.fresh: list[Record] = []
        self.altered: list[Record] = []
        self.touched: list[UUID] = []  # altered only in what is kept beside the values
        self.history: list[Record] = []
        self.refused: list[Refusal] = []
        self.same = 0

    @property
    def written(self) -> list[Record]:
        return [*self.fresh, *self.altered]

    @property
    def taken(self) -> Taken:
        changed = len(self.altered) - len(self.touched)
        same = self.same + len(self.touched)
        return Taken(len(self.fresh), changed, same, tuple(self.refused))


async def plan_anew() -> None:
    """Plan this transaction's statements for the tables as they are: a plan that a connection made
    while they were empty would read them whole for every page of the first pull."""
    await sql("set local plan_cache_mode = force_custom_plan")


async def weigh() -> None:
    """Tell the planner what has come; otherwise it learns it minutes after a first pull."""
    for table in ("building", "house", "household", "person"):
        await sql(f"analyze {table}")


async def digests(layout: Layout, source: str, ids: Iterable[str]) -> dict[str, bytes]:
    """The digests under which rows of a source were last taken over."""
    async with transaction():
        await plan_anew()
        found = await select(
            EVERYWHERE,
            f"""select source_id, digest from {layout.register.table} r
                where r.source = :source and r.source_id = any(:ids) and {ANYWHERE}""",
            source=source,
            ids=list(ids),
        )
    return {row["source_id"]: row["digest"] for row in found}


async def begin(source: str, layout: Layout, rows: Sequence[Incoming]) -> Page:
    """Lock the rows that are already there; the last of several with one id counts."""
    await plan_anew()
    last = {row.source_id: row for row in rows}
    found = await select(
        EVERYWHERE,
        f"""select * from {layout.register.table} r
            where r.source = :source and r.source_id = any(:ids) and {ANYWHERE}
            for update""",
        source=source,
        ids=list(last),
    )
    known = {row["source_id"]: row for row in found}
    return Page(source, layout, list(last.values()), known, clock.now())


def sort(page: Page, settle: Settle) -> None:
    """Decide row by row: new, changed, the same, or refused."""
    for row in page.rows:
        old = page.known.get(row.source_id)
        made = _blank(page, row) if old is None else _copy(old, row)
        changes = [] if old is None else _differences(page, made, row)
        if old is None:
            for element, value in row.values.items():
                if value is not None:
                    page.layout.put(made, element, value)
        if refusal := settle(made, row):
            page.refused.append(refusal)
        elif old is None:
            page.fresh.append(made)
        else:
            _altered(page, old, made, row, changes)


Change = tuple[str, Any, Any]  # element, before, after


def _altered(page: Page, old: Record, made: Record, row: Incoming, changes: list[Change]) -> None:
    moved = [(e, old[c], made[c]) for e, c in _REFS if old.get(c) != made.get(c)]
    page.altered.append(made)
    page.history += [_past(page, made, row, change) for change in (*changes, *moved)]
    if changes or moved:
        made["updated_at"] = page.now
    else:
        page.touched.append(made["id"])


# what follows from references: element, column
_REFS = (
    ("house_ref", "house_id"),
    ("household_ref", "household_id"),
    ("committee", "area"),
    ("address", "address"),
    ("std_addr", "std_addr"),
)


async def write(page: Page) -> None:
    """COPY what is new, merge what has changed, append to the history."""
    table = page.layout.register.table
    if page.fresh:
        await _copy_in(table, page.fresh)
    if page.altered:
        await merge(table, page.altered)
    if page.history:
        await _copy_in("value_change", page.history)


async def merge(table: str, records: Sequence[Record]) -> None:
    """Write whole rows over those with the same id, in one statement."""
    staged = f"{table}_in"
    await sql(f"create temp table if not exists {staged} (like {table}) on commit drop")
    await sql(f"truncate {staged}")
    await _copy_in(staged, records)
    columns = [c for c in records[0] if c != "id"]
    assigned = ", ".join(f"{c} = i.{c}" for c in columns)
    await select(
        EVERYWHERE,
        f"update {table} r set {assigned} from {staged} i where r.id = i.id and {ANYWHERE}",
    )


async def _copy_in(table: str, records: Sequence[Record]) -> None:
    columns = list(records[0])
    await copy_rows(table, columns, ([record[c] for c in columns] for record in records))


def _blank(page: Page, row: Incoming) -> Record:
    empty = dict.fromkeys(page.layout.register.columns.values())
    return empty | {
        "id": new_id(),
        "area": "",
        "grid": None,
        "source": page.source,
        "source_id": row.source_id,
        "as_of": row.as_of,
        "digest": row.digest,
        "data": {},
        "secret": {},
        "prov": {},
        "differs": {},
        "updated_at": page.now,
    }


def _copy(old: Record, row: Incoming) -> Record:
    own = {key: dict(old[key]) for key in ("data", "secret", "prov", "differs")}
    return {**old, **own, "as_of": row.as_of, "digest": row.digest}


def _differences(page: Page, made: Record, row: Incoming) -> list[Change]:
    """Put the feed's values in, but not over what people have confirmed: (element, was, is)."""
    layout, changes = page.layout, []
    for element, value in row.values.items():
        before = layout.value(made, element)
        if element in made["prov"]:
            _beside(layout, made, (element, before, value), row.as_of)
        elif value != before:
            layout.put(made, element, value)
            changes.append((element, before, value))
    return changes


def _beside(layout: Layout, made: Record, both: Change, as_of: datetime) -> None:
    """The feed's value next to a confirmed one; when they agree, the feed is the source again."""
    element, ours, theirs = both
    if theirs == ours:
        made["prov"].pop(element)
        made["differs"].pop(element, None)
    elif theirs is None:
        made["differs"].pop(element, None)
    else:
        text = layout.text(made["id"], element, theirs)
        made["differs"][element] = [text, as_of.isoformat()]


def _past(page: Page, made: Record, row: Incoming, change: Change) -> Record:
    element, old, new = change
    return {
        "id": new_id(),
        "area": made["area"],
        "register": page.layout.register.table,
        "subject": made["id"],
        "element": element,
        "before": page.layout.text(made["id"], element, old),
        "after": page.layout.text(made["id"], element, new),
        "source": page.source,
        "source_record": row.source_id,
        "as_of": row.as_of,
        "by_name": None,
        "at": page.now,
    }
