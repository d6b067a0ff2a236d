"""An entry that others have to deal with becomes an order, in the transaction that writes it; its
number stands in the entry, and the order knows which entry it is from."""

from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from backend.core.access import Actor
from backend.engine.form.cells import text_of
from backend.engine.rules.evaluate import evaluate
from backend.features.ledgers.store.posting import Draft

CASE = "case_no"
_TITLE, _CONTENT, _PLACE = 60, 2000, 200
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Passed:
    """What an order is told by the entry it comes from."""

    ledger: str
    entry: UUID
    area: str
    title: str
    content: str
    place: str
    house: UUID | None


class Orders(Protocol):
    """The port to the pool of orders; the orders slice fills it."""

    async def take(self, actor: Actor, passed: Passed) -> str:
        """The number of the order that an entry became; the same one when asked again."""
        ...

    async def number(self, actor: Actor, order: UUID) -> str:
        """The number of an order, for whoever may see it; for others there is none (404)."""
        ...

    async def numbered(self, actor: Actor, number: str) -> UUID | None:
        """The order of a number, for whoever may see it."""
        ...


def numbered(draft: Draft, number: str) -> Draft:
    """The entry with its order's number, where its form has a place for it."""
    if draft.form.field(CASE) is None:
        return draft
    return replace(draft, values=draft.values | {CASE: number})


def passed(draft: Draft, asked: bool) -> Passed | None:
    """What to tell the pool, where the form's rule makes an order of the entry, or somebody asked
    for it and the form offers it. None where there is an order already."""
    rule, values = draft.form.order, draft.values
    if rule is None or values.get(CASE):
        return None
    due = evaluate(rule.when.ast, values) is True
    if not due and not (asked and evaluate(rule.offer.ast, values) is True):
        return None
    title = _words(draft, rule.title, " ", _TITLE)
    content = _words(draft, rule.content, "。", _CONTENT)
    return Passed(
        ledger=draft.form.code,
        entry=draft.id,
        area=draft.area,
        title=title if len(title) >= _SHORTEST else draft.form.title,
        content=content if len(content) >= _SHORTEST else title or draft.form.title,
        place=_words(draft, rule.place, " ", _PLACE),
        house=draft.house,
    )


def _words(draft: Draft, keys: tuple[str, ...], mark: str, most: int) -> str:
    fields = (draft.form.field(key) for key in keys)
    texts = [text_of(field, draft.values.get(field.key)) for field in fields if field is not None]
    return mark.join(dict.fromkeys(text for text in texts if text))[:most]
