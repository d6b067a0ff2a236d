"""What sensors say and what it means (体征指标): signals, levels, silence, advice, warnings.

Levels are ranks from 1 (提示) upwards; 0 is no alarm. All of it is data: forms/orders/sensors.yaml.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Source = Literal["alarm", "order", "visit"]
UNKNOWN = "unknown"
"""The signal that stands for all those nobody has described, and `OTHER` the kind of device."""
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Step:
    """A level and when it is reached: a value at least or at most so much, for so many minutes."""

    level: int
    at_least: float | None = None
    at_most: float | None = None
    minutes: float = 0

    @property
    def limit(self) -> float | None:
        return self.at_least if self.at_least is not None else self.at_most

    def meets(self, value: float | None) -> bool:
        """A step without bounds is met by the signal itself, one with bounds needs a value."""
        if self.at_least is None and self.at_most is None:
            return True
        if value is None:
            return False
        low = self.at_least is None or value >= self.at_least
        return low and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True, slots=True)
class Ask:
    """From which level on an alarm is an order, and what kind of order."""

    level: int
    category: str | None
    urge: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One signal: its levels, ascending. `alive`: a sign of life. `silent_of`: not said by the
    device but found out, when it has not said that signal for so many hours."""

    key: str
    label: str
    unit: str = ""
    alive: bool = False
    silent_of: str | None = None
    quiet: int = 0  # minutes after the end in which a repetition is no new alarm
    steps: tuple[Step, ...] = ()
    order: Ask | None = None
    title: str = ""
    content: str = ""

    def rank(self, value: float | None) -> int:
        """The highest level whose bounds a value meets, whatever its minutes; 0 for none."""
        return max((step.level for step in self.steps if step.meets(value)), default=0)

    def step(self, level: int) -> Step | None:
        return next((step for step in self.steps if step.level == level), None)

    def worse(self, one: float | None, other: float | None) -> float | None:
        """The value that lies further out."""
        if one is None or other is None:
            return other if one is None else one
        below = any(step.at_most is not None for step in self.steps)
        return min(one, other) if below else max(one, other)

    def tuned(self, steps: Sequence[Step]) -> "Measure":
        """The same signal with one device's own levels."""
        return replace(self, steps=tuple(sorted(steps, key=lambda step: step.level)))


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of device; `offline` is after how many hours without a word it counts as away."""

    key: str
    label: str
    offline: int
    measures: Mapping[str, Measure]

    @property
    def silences(self) -> tuple[Measure, ...]:
        return tuple(one for one in self.measures.values() if one.silent_of)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an alarm was false, and what is then to be done with the device (调阈值 移位 检修)."""

    key: str
    advice: str
    words: str


@dataclass(frozen=True, slots=True)
class Adjust:
    """When a device is brought up for adjustment: of the last days, judged so often, so many
    false. Values above the limit by less than the `margin` are only just above it."""

    days: int
    judged: int
    rate: float
    margin: float


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of trouble in a building, by where it comes from."""

    of: Source
    points: int
    words: str
    kinds: tuple[str, ...] = ()
    level: int = 1
    categories: tuple[str, ...] = ()
    met: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Danger:
    """What several sources together point to (多源预警)."""

    key: str
    label: str
    days: int
    sources: int
    points: int
    signs: tuple[Sign, ...]
    category: str | None
    urge: str


@dataclass(frozen=True)
class Measures:
    """Everything in force. `late`: hours after which a signal is history, and nobody is sent."""

    levels: tuple[str, ...]
    late: int
    clear: int
    kinds: Mapping[str, Kind]
    reasons: Mapping[str, Reason]
    adjust: Adjust
    dangers: Mapping[str, Danger]

    def kind(self, key: str) -> Kind:
        return self.kinds.get(key) or self.kinds[OTHER]

    def measure(self, kind: str, signal: str) -> Measure:
        """What a signal of a kind of device means; one that is not described is an alarm too."""
        known = self.kind(kind).measures
        return known.get(signal) or known[UNKNOWN]

    def name(self, level: int) -> str:
        return self.levels[level - 1] if level else ""
