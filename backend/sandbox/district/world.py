"""The whole district, committee by committee: one street complete, the others thinly."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from backend.sandbox.district.places import Committee
from backend.sandbox.district.town import Town, town

AREAS = Path(__file__).resolve().parents[3] / "forms" / "areas" / "putuo.csv"
SEED = 20230907


@dataclass(frozen=True)
class Plan:
    """How many people, where, and from when to when."""

    since: date
    today: date
    full: str = "310107005"  # 曹杨新村街道
    people_full: int = 1200
    people_thin: int = 60
    seed: int = SEED
    orders_days: int = 30  # of orders and of signals, the platform keeps so much
    signals_days: int = 30

    def people_in(self, committee: str) -> int:
        return self.people_full if committee.startswith(self.full) else self.people_thin


def committees(areas: Path = AREAS) -> list[Committee]:
    """The committees in force of the district's area list, each with its place in it."""
    with areas.open(encoding="utf-8", newline="") as file:
        codes = [
            (row["code"], row["name"])
            for row in csv.DictReader(file)
            if row["kind"] == "committee" and not row["valid_to"]
        ]
    return [Committee(code, name, slot) for slot, (code, name) in enumerate(sorted(codes))]


def towns(plan: Plan, among: Sequence[Committee]) -> Iterator[Town]:
    """One committee after another; nothing else is held in memory."""
    for committee in among:
        people = plan.people_in(committee.code)
        yield town(committee, seed=plan.seed, since=plan.since, today=plan.today, people=people)
