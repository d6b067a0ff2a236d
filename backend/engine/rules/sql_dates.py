"""Calendar arithmetic in SQL, with the same idea of a day as `values.day`."""

from collections.abc import Callable, Mapping
from datetime import date

from backend.engine.rules.language import Ast
from backend.engine.rules.sql_text import Parameters, Sql

# A text is a day when its first ten characters are one that exists; nothing else may follow but
# a time. `to_date` would raise for 30 February, so the length of the month is worked out.
_IS_DAY = "'^[0-9]{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ].*)?$'"
_MONTH_END = (
    "extract(day from make_date(cast(left({0}, 4) as int), cast(substr({0}, 6, 2) as int), 1)"
    " + interval '1 month - 1 day')"
)
_TEXT_DAY = (
    "(case when {0} ~ " + _IS_DAY + " and left({0}, 4) <> '0000' then "
    "case when cast(substr({0}, 9, 2) as int) <= " + _MONTH_END + " "
    "then cast(left({0}, 10) as date) end end)"
)
_AGE = (
    "cast(floor((extract(year from {1}) * 10000 + extract(month from {1}) * 100"
    " + extract(day from {1}) - extract(year from {0}) * 10000 - extract(month from {0}) * 100"
    " - extract(day from {0})) / 10000) as float8)"
)
_FIRST, _LAST = "date '0001-01-01'", "date '9999-12-31'"
_MOST_DAYS = 4_000_000


def iso_day(text: str) -> date | None:
    """The day a literal names, when it is exactly one."""
    try:
        return date.fromisoformat(text) if len(text) == 10 and text[4] == "-" else None
    except ValueError:
        return None


def day_of(value: Sql) -> Sql:
    """A value as a date, null when it is none."""
    if value.type == "date":
        return value
    if value.type == "datetime":
        return Sql(f"cast({value.text} at time zone 'Asia/Shanghai' as date)", "date")
    if value.type == "text":
        return Sql(_TEXT_DAY.format(value.text), "date")
    return Sql("cast(null as date)", "date")


def day_literal(text: str, parameters: Parameters) -> Sql:
    """A text literal where a day is meant: worked out here, not for every row."""
    day = iso_day(text[:10]) if len(text) == 10 or text[10:11] in ("T", " ") else None
    return Sql("cast(null as date)", "date") if day is None else Sql(parameters.place(day), "date")


def call(name: str, arguments: list[Sql]) -> Sql:
    """The date functions over arguments that are dates (and, for add_days, a number)."""
    return _CALLS[name](*arguments)


def _day(value: Sql) -> Sql:
    return value


def _days(start: Sql, end: Sql) -> Sql:
    return Sql(f"cast({end.text} - {start.text} as float8)", "number")


def _within(value: Sql, first: Sql, last: Sql) -> Sql:
    # `between` would give false where Python gives null, when one bound alone settles it
    texts = (value.text, first.text, last.text)
    known = " and ".join(f"{text} is not null" for text in texts)
    return Sql(f"(case when {known} then {texts[0]} between {texts[1]} and {texts[2]} end)", "bool")


def _age(birth: Sql, at: Sql) -> Sql:
    return Sql(_AGE.format(birth.text, at.text), "number")


def _year(value: Sql) -> Sql:
    return Sql(f"cast(extract(year from {value.text}) as float8)", "number")


def _month(value: Sql) -> Sql:
    return Sql(f"cast(extract(month from {value.text}) as float8)", "number")


def _add_days(start: Sql, count: Sql) -> Sql:
    if count.type != "number":
        return Sql("cast(null as date)", "date")
    whole = f"{count.text} = trunc({count.text}) and abs({count.text}) <= {_MOST_DAYS}"
    moved = f"{start.text} + cast({count.text} as int)"
    inside = f"case when {moved} between {_FIRST} and {_LAST} then {moved} end"
    return Sql(f"(case when {whole} then {inside} end)", "date")


_CALLS: Mapping[str, Callable[..., Sql]] = {
    "add_days": _add_days,
    "age": _age,
    "day": _day,
    "days": _days,
    "month": _month,
    "within": _within,
    "year": _year,
}


def age_bound(op: str, left: Ast, right: Ast) -> tuple[Ast, str, date] | None:
    """`age(birth, '2026-11-30') >= 60` as a bound on birth, which costs far less per row.

    Gives the birth's tree, the comparison and the day: born on or before it, or after it.
    """
    if left[:2] != ["call", "age"] or left[3][0] != "lit" or right[0] != "lit":
        return None
    at = iso_day(left[3][1]) if isinstance(left[3][1], str) else None
    years = right[1]
    if at is None or type(years) not in (int, float) or years != int(years):
        return None
    reached = {">=": 0, "<": 0, ">": 1, "<=": 1}.get(op)
    if reached is None or not 1 <= at.year - years - reached <= 9999:
        return None
    bound = _years_before(at, int(years) + reached)
    return left[2], "<=" if op in (">=", ">") else ">", bound


def _years_before(at: date, years: int) -> date:
    try:
        return at.replace(year=at.year - years)
    except (
        ValueError
    ):  # 29 February in a common year: who was born on the 28th has had the birthday
        return date(at.year - years, 2, 28)
