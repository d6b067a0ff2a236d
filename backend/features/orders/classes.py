"""The classifier with what people have corrected: trained again when somebody has, wherever."""

import asyncio
from uuid import UUID

from backend.engine.orders.categories import Categories
from backend.engine.orders.classify import SURE, Classifier, Lesson
from backend.features.orders.shapes import Guess
from backend.features.orders.store import lessons


class Classes:
    """Every process trains its own; the newest lesson tells whether it is behind."""

    def __init__(self, tree: Categories) -> None:
        self._tree = tree
        self._trained = Classifier(tree)
        self._newest: UUID | None = None
        self._training = asyncio.Lock()

    async def guesses(self, *texts: str) -> list[tuple[Guess, ...]]:
        """For each text the classes it speaks for, the likeliest first."""
        trained = await self._current()
        return [
            tuple(
                Guess(
                    category=one.category.code,
                    label=one.category.name,
                    probability=round(one.probability, 3),
                    words=one.words,
                )
                for one in trained.propose(text)
            )
            for text in texts
        ]

    async def _current(self) -> Classifier:
        if await lessons.newest() != self._newest:
            async with self._training:
                await self._learn()
        return self._trained

    async def _learn(self) -> None:
        newest = await lessons.newest()
        if newest == self._newest:
            return  # somebody else has waited for the same
        said = [Lesson(words, category) for words, category in await lessons.learnt()]
        self._trained = await asyncio.to_thread(Classifier, self._tree, said)
        self._newest = newest


def sure(guesses: tuple[Guess, ...]) -> str | None:
    """The class to write down before a person has looked, if any is likely enough."""
    return guesses[0].category if guesses and guesses[0].probability >= SURE else None
