"""What is already known about the fields of a form, and what is left to ask a person.

Values come from several holders at once: a register, a department's feed, a ledger, an earlier
answer. The field says whom to believe first; a fresh value beats a stale one of any holder; values
that contradict the one shown are kept beside it, never dropped.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from backend.engine.form.definition import Field
from backend.engine.form.elements import Source
from backend.engine.rules.values import equal


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value somebody holds: `as_of` when it was true, `confirmed` when last said again."""

    field: str
    value: Any
    source: Source
    source_label: str
    as_of: date | None
    by: str | None = None
    confirmed: date | None = None

    @property
    def told(self) -> date | None:
        """The day that freshness is counted from."""
        days = [day for day in (self.as_of, self.confirmed) if day is not None]
        return max(days, default=None)


@dataclass(frozen=True, slots=True)
class Known:
    """The value to show, whether it is too old to pass unasked, and those that contradict it."""

    best: Candidate
    stale: bool
    against: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """`asked` are the fields a person must answer or confirm, in the order of the form."""

    known: Mapping[str, Known]
    asked: tuple[str, ...]

    @property
    def conflicts(self) -> tuple[str, ...]:
        """Fields whose holders do not agree."""
        return tuple(key for key, known in self.known.items() if known.against)


def resolve(fields: Sequence[Field], candidates: Iterable[Candidate], today: date) -> Resolved:
    """Choose among what is held. System and computed fields are never asked."""
    held: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.value is not None:
            held.setdefault(candidate.field, []).append(candidate)
    known = {
        field.key: _choose(field, held[field.key], today) for field in fields if field.key in held
    }
    asked = [
        field.key
        for field in fields
        if field.source not in ("system", "computed")
        if field.key not in known or known[field.key].stale
    ]
    return Resolved(known, tuple(asked))


def _choose(field: Field, candidates: Sequence[Candidate], today: date) -> Known:
    def order(candidate: Candidate) -> tuple[bool, int, date]:
        rank = len(field.sources)
        if candidate.source in field.sources:
            rank = field.sources.index(candidate.source)
        return not is_stale(field, candidate, today), -rank, candidate.told or date.min

    best = max(candidates, key=order)
    against = [one for one in candidates if not equal(one.value, best.value)]
    return Known(best, is_stale(field, best, today), tuple(against))


def is_stale(field: Field, candidate: Candidate, today: date) -> bool:
    """Older than the element stays fresh. A value of unknown age is stale where age matters."""
    if field.fresh_days is None:
        return False
    told = candidate.told
    return told is None or told < today - timedelta(days=field.fresh_days)
