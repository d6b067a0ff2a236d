"""Where a return stands: its final figures, what is wrong with it, and what is still to be given.

Pure over a definition, what is known, and what a person gave; the same code runs when a draft
is shown, saved and submitted, so the three can never disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from backend.core import clock
from backend.engine.clocks.periods import parse_period
from backend.engine.form.check import Checker, unanswered
from backend.engine.form.check import Issue as Found
from backend.engine.form.definition import Field, FormDef
from backend.engine.indicators.fold import Basis, fold
from backend.features.returns.shapes import Issue

KnownMap = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Standing:
    """`left` are the fields that still keep the return from being submitted."""

    figures: dict[str, Any]
    issues: tuple[Issue, ...]
    left: frozenset[str]
    form: FormDef
    known: KnownMap
    visible: frozenset[str]

    @property
    def asked(self) -> tuple[str, ...]:
        """Fields that nobody but a person can tell, whether or not they have answered yet: no
        fresh value is held and nothing computes it. An indicator that is asked is a typed field
        of its report."""
        asked = (f.key for f in self.form.fields if f.key in self.visible and _by_hand(f))
        return tuple(key for key in asked if self.known.get(key, {}).get("value") is None)


def standing(
    form: FormDef,
    period: str,
    known: KnownMap,
    answers: Mapping[str, Any],
    reasons: Mapping[str, str],
) -> Standing:
    values = _values(form, known, answers)
    held = {key for key in values if key not in answers}
    checked = _checker(form).check(values, context=_around(period, known), held=held)
    found = [*checked.issues, *_overrides(form, known, answers)]
    left = frozenset(issue.field.split(".")[0] for issue in unanswered(found, reasons))
    issues = tuple(Issue(**_plain(issue)) for issue in found)
    figures = values if form.indicators else checked.answers
    return Standing(figures, issues, left, form, known, checked.visible)


def basis_of(known: KnownMap, answers: Mapping[str, Any]) -> Basis:
    """What figures are folded from: the counted parts, the answers, and last period's figures."""
    leaves: dict[str, Any] = {}
    for held in known.values():
        leaves |= held.get("parts") or {}
    previous = {code: held.get("previous") for code, held in known.items()}
    return Basis(leaves, answers, previous)


def _values(form: FormDef, known: KnownMap, answers: Mapping[str, Any]) -> dict[str, Any]:
    if form.indicators:
        folded = fold(form, basis_of(known, answers))
        extra = {key: value for key, value in answers.items() if key not in folded}
        return {key: value for key, value in folded.items() if value is not None} | extra
    held = {key: fact.get("value") for key, fact in known.items()}
    return {key: value for key, value in held.items() if value is not None} | dict(answers)


def _overrides(form: FormDef, known: KnownMap, answers: Mapping[str, Any]) -> list[Found]:
    """A total typed over the computed one is possible, but never without a reason."""
    typed_over = [key for key in answers if key in known and known[key].get("value") is not None]
    fields = [field for key in typed_over if (field := form.field(key)) is not None]
    return [
        Found(field.key, "override", OVERRIDE.format(label=field.label), "warning")
        for field in fields
        if field.source == "computed"
    ]


OVERRIDE = "“{label}”由系统计算得出，您改了数，请说明原因；以后各级都会看到。"


def _by_hand(field: Field) -> bool:
    return field.source not in ("system", "computed") and field.computed is None


def _around(period: str, known: KnownMap) -> dict[str, Any]:
    previous = {code: held.get("previous") for code, held in known.items()}
    today = clock.today().isoformat()
    return {"today": today, "prev": previous, **_days_of(period), **_others(known)}


@lru_cache(maxsize=512)
def _days_of(period: str) -> Mapping[str, str]:
    span = parse_period(period)
    start, end = span.start.isoformat(), span.end.isoformat()
    return {"period_start": start, "period_end": end, "cut_off": end}


def _others(known: KnownMap) -> dict[str, dict[str, Any]]:
    """Figures of other reports that rules compare with: T03.C09 as `{"T03": {"C09": …}}`."""
    found: dict[str, dict[str, Any]] = {}
    for name, value in (
        pair for held in known.values() for pair in (held.get("others") or {}).items()
    ):
        report, _, code = name.partition(".")
        found.setdefault(report, {})[code] = value
    return found


def _plain(issue: Found) -> dict[str, str]:
    return {name: getattr(issue, name) for name in ("field", "code", "message", "kind")}


# A definition lives as long as the process, and is not hashable: its checker is kept by identity.
_CHECKERS: dict[int, tuple[FormDef, Checker]] = {}


def _checker(form: FormDef) -> Checker:
    kept = _CHECKERS.get(id(form))
    if kept is None or kept[0] is not form:
        kept = _CHECKERS[id(form)] = (form, Checker(form))
    return kept[1]
