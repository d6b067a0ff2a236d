"""What can be made to happen by hand: people who come and go, calls, finds, alarms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from backend.sandbox.street import happenings, moves
from backend.sandbox.street.words import Row

if TYPE_CHECKING:
    from backend.sandbox.street.shelf import Shelf

CHANGES: dict[str, tuple[str, Callable[[Shelf, Row], list[str]]]] = {
    **moves.MOVES,
    **happenings.HAPPENINGS,
}


class Nonsense(ValueError):
    """A change that the shelf cannot make, with the reason."""


def make(shelf: Shelf, change: Row) -> list[str]:
    """Make a change on its own day; the ids of the rows that are new or altered."""
    kind = change.get("kind")
    if kind not in CHANGES:
        raise Nonsense(f"no change of kind {kind!r}; there are {sorted(CHANGES)}")
    try:
        return CHANGES[kind][1](shelf, change)
    except LookupError as error:
        raise Nonsense(str(error.args[0] if error.args else error)) from None
