"""Tags (七色标签) and the labels of elders, computed in SQL by the rules of the forms in force.

The colours are Caoyang's palette; 独居, 纯老家庭, 高龄 and 百岁 are the kinds of L02's membership,
so a list of people and the ledger cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from backend.engine.form.definition import FormDef, Membership
from backend.engine.rules.language import Ast
from backend.engine.rules.parse import parse
from backend.engine.rules.sql import Parameters, Sql, SqlType, condition, to_sql
from backend.features.catalogue.catalogue import Catalogue
from backend.features.registers.elements import PERSON

_PALETTE = {
    "老年": "age >= 60",
    "青少年": "age < 18",
    "分离": "residence_status in ['2', '3']",
}
_DATES = ("birth", "death_date", "move_in", "move_out")
_CODES = ("residence_status", "population_kind", "sex", "relation")
# R1's derived names, worked out once per row: the rules ask for them again and again
_ONCE: dict[str, SqlType] = {"open": "bool", "age": "number"}


@dataclass(frozen=True, slots=True)
class Tagging:
    """SQL over `person r`. `given` are its parameters, to which the caller adds `cut_off` (an ISO
    day), and `homes` (household ids) when the joins are narrow."""

    derived: str
    figures: str
    tags: str
    given: Mapping[str, Any]

    def joins(self, *, narrow: bool = False) -> str:
        """What follows `from person r`: then `d.open` may be asked and `t.tags` is there."""
        homes = "and r.household_id = any(:homes)" if narrow else ""
        return (
            f"{self.derived} {self.figures.replace('<homes>', homes)} "
            f"cross join lateral (select {self.tags} as tags) t"
        )


def tagging(catalogue: Catalogue) -> Tagging:
    """The tags as the forms in force define them."""
    elders = catalogue.forms.get("L02")
    return _compiled(_Key(catalogue.form("R1"), elders.membership if elders else None))


@dataclass(frozen=True)
class _Key:
    person: FormDef
    rule: Membership | None

    def __hash__(self) -> int:
        return hash((self.person.code, self.person.version))


@lru_cache(maxsize=8)
def _compiled(key: _Key) -> Tagging:
    given = Parameters(prefix="tag_")
    plain = _columns()
    once = ", ".join(
        f"{to_sql(key.person.derived[name].ast, plain, given).text} as {name}" for name in _ONCE
    )
    # offset 0 keeps the planner from writing the expressions out wherever they are named
    derived = f"cross join lateral (select {once} offset 0) d"
    columns = plain | {name: Sql(f"d.{name}", kind) for name, kind in _ONCE.items()}
    tests: dict[str, Ast] = {tag: parse(text) for tag, text in _PALETTE.items()}
    figures = ""
    if key.rule is not None:
        living = condition(key.rule.living.ast, columns, given)
        figures = (
            "left join (select r.household_id, count(*)::float8 as hh_living, "
            f"min(d.age) as hh_youngest from person r {derived} "
            f"where r.area like :scope <homes> and {living} "
            "group by r.household_id) g on g.household_id = r.household_id"
        )
        added = {name: Sql(f"g.{name}", "number") for name in ("hh_living", "hh_youngest")}
        columns = columns | added
        tests |= {kind.code: kind.when.ast for kind in key.rule.kinds}
    cases = ", ".join(
        f"case when {condition(test, columns, given)} then '{tag}' end"
        for tag, test in tests.items()
    )
    return Tagging(derived, figures, f"array_remove(array[{cases}], null)", dict(given.values))


def _columns() -> dict[str, Sql]:
    kinds: dict[str, SqlType] = dict.fromkeys(_DATES, "date")
    kinds |= dict.fromkeys(_CODES, "text")
    found = {name: Sql(PERSON.sql(name), kind) for name, kind in kinds.items()}
    return found | {"cut_off": Sql(":cut_off::text::date", "date")}
