"""Who stands in a derived ledger: the labels a person gets and whether they make a member."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.engine.form.definition import Membership
from backend.engine.rules.evaluate import evaluate


@dataclass(frozen=True, slots=True)
class Standing:
    """The codes derived for the membership's field, after those given by hand, and the verdict."""

    kinds: tuple[str, ...]
    member: bool


def standing(membership: Membership, row: Mapping[str, Any]) -> Standing:
    """For a person's row with `hh_living`, `hh_youngest`, the derived names and `cut_off`."""
    given = row.get(membership.sets) or []
    derived = [kind.code for kind in membership.kinds if evaluate(kind.when.ast, row) is True]
    kinds = [*(code for code in given if code not in derived), *derived]
    member = evaluate(membership.member.ast, {**row, membership.sets: kinds})
    return Standing(tuple(kinds), member is True)
