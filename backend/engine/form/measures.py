"""How an indicator (指标) of a report is got: counted, summed, divided, carried over or asked.

Figures are computed over rows of registers and ledgers by `engine/indicators`; this file only says
which. Names in conditions are the fields of the form counted, its `derived` names (`open`, `age`),
and `period_start`, `period_end`, `cut_off`, `year_start`.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import Field as Option

from backend.engine.form.elements import Definition, Expression, FieldType

# sum: add the committees' figures. distinct: count again over all rows. ratio: add numerators and
# denominators, then divide. recompute: evaluate the expression over merged figures. text: list.
Merge: TypeAlias = Literal["sum", "distinct", "ratio", "recompute", "text"]


class Join(Definition):
    """Only rows whose person, house or household also stands in `of` (and meets `where` there)."""

    of: str
    on: Literal["person", "house", "household"]
    where: Expression | None = None


class Rows(Definition):
    """Which rows: those of `of` that meet `where`, as they stood at the cut-off or, `opening`,
    on the eve of the period (then `cut_off` in conditions is that eve)."""

    of: str
    where: Expression | None = None
    at: Literal["closing", "opening"] = "closing"
    join: Join | None = None


class Count(Rows):
    how: Literal["count"] = "count"


class Distinct(Rows):
    """How many different values of `key` (a field, or person, house, household)."""

    how: Literal["distinct"] = "distinct"
    key: str


class Sum(Rows):
    """The total of `key`, divided by `divide_by` (money is stored in 分, reports may say 万元)."""

    how: Literal["sum"] = "sum"
    key: str
    divide_by: float = 1


class Average(Rows):
    how: Literal["average"] = "average"
    key: str


class Top(Rows):
    """The `n` commonest values of `key` with their counts, as text."""

    how: Literal["top"] = "top"
    key: str
    n: int


class Several(Definition):
    """How many different values together, over several registers or ledgers."""

    how: Literal["several"] = "several"
    over: tuple[Distinct, ...]


class Worked(Rows):
    """The average of the working hours from one moment of a row to another."""

    how: Literal["worked"] = "worked"
    start: str
    end: str


class Latest(Rows):
    """The value of `key` in the row that happened last."""

    how: Literal["latest"] = "latest"
    key: str


class Read(Definition):
    """One field of the committee's own row in a register, such as R8.group_cnt."""

    how: Literal["read"] = "read"
    of: str
    key: str


class Formula(Definition):
    """Arithmetic over other indicators and over `parts` that are measured for this one only."""

    how: Literal["formula"] = "formula"
    expr: Expression
    parts: Mapping[str, "Measure"] = {}


class Ratio(Definition):
    """`times` × numerator ÷ denominator, each kept so that merged figures divide merged totals."""

    how: Literal["ratio"] = "ratio"
    of: "Measure"
    per: "Measure"
    times: float = 100


class Previous(Definition):
    """The figure `code` of the previous period's return."""

    how: Literal["previous"] = "previous"
    code: str


class Taken(Definition):
    """The figure `code` of another report of the same period and area: as it was handed up there,
    else as it would be counted now."""

    how: Literal["taken"] = "taken"
    report: str
    code: str


class Asked(Definition):
    """Nobody holds it, so a person is asked; `why` says so on the screen."""

    how: Literal["asked"] = "asked"
    why: str


Measure: TypeAlias = Annotated[
    Count
    | Distinct
    | Several
    | Sum
    | Average
    | Worked
    | Latest
    | Top
    | Read
    | Formula
    | Ratio
    | Previous
    | Taken
    | Asked,
    Option(discriminator="how"),
]


class Indicator(Definition):
    """One figure of a report: the paperwork's formula, its caliber (口径), and how it is got here.

    `otherwise` is used where `measure` has nothing, such as the first period of a chain.
    """

    code: str
    label: str
    type: FieldType
    unit: str
    decimals: int
    formula: str
    caliber: str | None = None
    measure: Measure
    otherwise: Measure | None = None
    merge: Merge


MERGES: Mapping[str, Merge] = {
    "count": "sum",
    "sum": "sum",
    "read": "sum",
    "previous": "sum",
    "taken": "sum",
    "asked": "sum",
    "distinct": "distinct",
    "several": "distinct",
    "average": "distinct",
    "worked": "distinct",
    "latest": "sum",
    "ratio": "ratio",
    "formula": "recompute",
    "top": "text",
}

Formula.model_rebuild()
Ratio.model_rebuild()
