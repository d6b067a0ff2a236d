"""Orders that may be the same matter, offered with reasons: the same place, class and days, and
words that are alike. A person decides."""

from datetime import datetime

from backend.core import crypto
from backend.core.db import Record
from backend.core.scope import Scope, street_of
from backend.engine.orders.similar import SOON, Likeness, Sight, alike
from backend.engine.orders.stages import STAGES, rule_for
from backend.features.orders.held import Held
from backend.features.orders.shapes import Similar
from backend.features.orders.store import orders, relating

_MOST = 5
_LIKELY = 0.45  # below it hardly anything is the same


async def of_order(held: Held) -> tuple[Similar, ...]:
    """For an order that could still be merged into another one."""
    if rule_for("merge", held.stage) is None:
        return ()
    found = await relating.near(
        Scope(street_of(held.area)[:9]),
        held.received_at,
        SOON,
        id=held.id,
        building=held.building_id,
        place=held.place,
        lng=held.lng,
        lat=held.lat,
    )
    story = f"{held.title}。{orders.opened(held, 'content') or ''}"
    here = Sight(
        held.category,
        story,
        held.received_at,
        held.lng,
        held.lat,
        str(held.building_id) if held.building_id else None,
        held.place,
    )
    return offered(here, found)


async def of_words(street: Scope, here: Sight, at: datetime) -> tuple[Similar, ...]:
    """For a report that somebody is about to make."""
    found = await relating.near(
        street,
        at,
        SOON,
        id=None,
        building=here.building,
        place=here.place,
        lng=here.lng,
        lat=here.lat,
    )
    return offered(here, found)


def offered(here: Sight, found: list[Record]) -> tuple[Similar, ...]:
    """The likeliest few, with what speaks for each."""
    weighed = [(row, alike(here, _sight(row))) for row in found]
    likely = [(row, like) for row, like in weighed if like and like.score >= _LIKELY]
    likely.sort(key=lambda pair: -pair[1].score)
    return tuple(_similar(row, like) for row, like in likely[:_MOST])


def _sight(row: Record) -> Sight:
    told = crypto.unseal(orders.TABLE, "content", row["id"], row["content"])
    building = str(row["building_id"]) if row["building_id"] else None
    return Sight(
        row["category"],
        f"{row['title']}。{told}",
        row["received_at"],
        row["lng"],
        row["lat"],
        building,
        row["place"],
    )


def _similar(row: Record, like: Likeness) -> Similar:
    near = "同一地点" if like.metres is None else f"相距 {like.metres:.0f} 米"
    reasons = [near, f"相隔 {like.hours:.0f} 小时", f"内容相近 {like.words:.0%}"]
    same = {key: row[key] for key in ("id", "no", "title", "stage", "place", "received_at")}
    return Similar(
        **same,
        stage_label=STAGES[row["stage"]],
        score=like.score,
        metres=round(like.metres) if like.metres is not None else None,
        reasons=tuple(reasons),
    )
