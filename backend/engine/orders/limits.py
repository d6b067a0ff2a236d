"""How long each step of an order may take: the district's figures of `forms/orders/limits.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from backend.engine.clocks.limits import Limit
from backend.engine.orders.categories import Categories, Severity

Step = Literal["file", "dispatch", "sign", "contact", "verify", "rehandle"]

STEPS: Final[tuple[Step, ...]] = get_args(Step)
OTHER: Final = "9"  # appeal_type 其他


@dataclass(frozen=True, slots=True)
class Timing:
    """A limit, and how soon the place must be made safe or the act stopped, where that is asked."""

    limit: Limit
    guard: Limit | None = None


@dataclass(frozen=True, slots=True)
class StepLimit:
    """The limit of a step on ordinary and on urgent orders."""

    ordinary: Limit
    urgent: Limit


@dataclass(frozen=True)
class Limits:
    """All limits. `rules` go by leaf or class and by severity (None: any)."""

    steps: Mapping[Step, StepLimit]
    extended: Limit
    rules: Mapping[tuple[str, Severity | None], Timing]
    severities: Mapping[Severity, Timing]
    sources: Mapping[str, Limit]
    appeals: Mapping[str, Limit]
    categories: Categories

    def of_step(self, step: Step, *, urgent: bool = False) -> Limit:
        """立案, 派遣, 签收, 先行联系, 核查 and 再次处置."""
        both = self.steps[step]
        return both.urgent if urgent else both.ordinary

    def handling(
        self, category: str | None, severity: Severity, appeal: str, source: str | None = None
    ) -> Timing:
        """处置: by category, else by severity, else by source, else by what the caller wants.

        `category` is a code of the tree or None, `appeal` and `source` are codes of appeal_type
        and case_source; an unknown appeal counts as 其他.
        """
        leaf = self.categories.by_code.get(category) if category else None
        if leaf is not None:
            for code in (leaf.code, leaf.group):
                for weight in (severity, None):
                    if timing := self.rules.get((code, weight)):
                        return timing
        if severity in self.severities:
            return self.severities[severity]
        if source is not None and source in self.sources:
            return Timing(self.sources[source])
        return Timing(self.appeals.get(appeal) or self.appeals[OTHER])
