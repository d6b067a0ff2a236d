"""The quarter's list (采纳、整改、复评): what a street publishes of what its officers found, in
public words, without names. Pure: rows in, the list out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core.shape import Shape
from backend.features.feedback.stages import DECISIONS

FEWEST = 5  # figures of fewer than so many say something about single people

_DONE = ("answered", "settled")


class ListRow(Shape):
    """One finding: what, where, whether it was adopted, what was done, what the officer says."""

    id: UUID
    scene_label: str
    summary: str
    area: str
    decision_label: str
    result: str
    judged_label: str
    before: tuple[UUID, ...]
    after: tuple[UUID, ...]


class ListTotals(Shape):
    """How many came in and what became of them; shares in percent, none where nothing is known."""

    received: int
    adopted: int
    partly: int
    declined: int
    undecided: int
    done: int
    judged: int
    solved: int
    again: int
    """How often an officer said "not solved"."""
    improved: int
    """How many of those were solved when it was done again."""
    adopted_share: int | None
    done_share: int | None
    solved_share: int | None
    in_time_share: int | None
    handy: float | None
    useful: float | None
    liked: float | None


class ListContent(Shape):
    rows: tuple[ListRow, ...]
    totals: ListTotals


def content(
    found: Sequence[Mapping[str, Any]],
    scenes: Mapping[str, str],
    places: Mapping[str, str],
    now: datetime,
) -> ListContent:
    """The list of what came in. What has no summary in public words is counted and not shown."""
    shown = [one for one in found if one["summary"] and one["decision"]]
    return ListContent(
        rows=tuple(_row(one, scenes, places) for one in shown), totals=_totals(found, now)
    )


def _row(one: Mapping[str, Any], scenes: Mapping[str, str], places: Mapping[str, str]) -> ListRow:
    return ListRow(
        id=one["id"],
        scene_label=scenes.get(one["scene"], one["scene"]),
        summary=one["summary"],
        area=places.get(one["area"], ""),
        decision_label=DECISIONS[one["decision"]],
        result=_result(one),
        judged_label=_judged(one),
        before=tuple(UUID(each) for each in one["shown_before"]),
        after=tuple(UUID(each) for each in one["shown_after"]),
    )


def _result(one: Mapping[str, Any]) -> str:
    if one["decision"] == "declined":
        return one["reason"] or ""
    return one["reply"] if one["reply"] and one["state"] in _DONE else "整改中"


def _judged(one: Mapping[str, Any]) -> str:
    if one["decision"] == "declined":
        return "—"
    if one["solved"] is None:
        return "未评价"
    return "已解决" if one["solved"] else "未解决"


def _totals(found: Sequence[Mapping[str, Any]], now: datetime) -> ListTotals:
    by = {key: sum(one["decision"] == key for one in found) for key in DECISIONS}
    taken = by["adopted"] + by["partly"]
    done = sum(one["state"] in _DONE and one["decision"] != "declined" for one in found)
    again = [one for one in found if one["unsolved"]]
    judged = [one["solved"] for one in found if one["solved"] is not None]
    due = [
        one
        for one in found
        if one["decide_due"] and (one["decided_at"] or one["decide_due"] <= now)
    ]
    in_time = sum(bool(one["decided_at"] and one["decided_at"] <= one["decide_due"]) for one in due)
    return ListTotals(
        received=len(found),
        **by,
        undecided=sum(one["decision"] is None for one in found),
        done=done,
        judged=len(judged),
        solved=sum(judged),
        again=len(again),
        improved=sum(one["solved"] is True for one in again),
        adopted_share=_share(taken, sum(by.values())),
        done_share=_share(done, taken),
        solved_share=_share(sum(judged), len(judged)),
        in_time_share=_share(in_time, len(due)),
        **{key: _mean(found, key) for key in ("handy", "useful", "liked")},
    )


def _share(part: int, of: int) -> int | None:
    return round(100 * part / of) if of else None


def _mean(found: Sequence[Mapping[str, Any]], key: str) -> float | None:
    scores = [one[key] for one in found if one[key] is not None]
    return round(sum(scores) / len(scores), 1) if len(scores) >= FEWEST else None
