"""Pressing the buttons of cards, as other slices see it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from backend.core.access import Actor


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a button: a sentence for the card, the keys of the buttons that stay, and for
    when none does a word that stands grey in their place."""

    said: str
    left: tuple[str, ...] = ()
    label: str = "已处理"


CardAct = Callable[[Actor, UUID, str], Awaitable[Answer]]
"""Who presses, what the card is about, which button. A Problem is shown on the card."""


class CardActs(dict[str, CardAct]):
    """The port to the slices whose acts stand on cards: the name of a card, and what it does."""
