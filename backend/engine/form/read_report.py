"""Indicators of a report from YAML: each says in one line where its figure comes from.

- {code: C01, label: …, unit: 人, formula: "…", count: R1, where: "open && age >= 60"}
- {code: C17, …, ratio: {of: {distinct: L01.person, where: …}, per: C09, times: 100}}
- {code: B01, …, previous: B09, otherwise: {count: R1, at: opening, where: open}}
- {code: S01, …, distinct: [L18.occasion, L19.occasion], where: …}
- {code: N12, …, worked: L17, between: [found_time, finish_time], where: …}
"""

from collections.abc import Callable, Iterator, Mapping
from typing import cast

from backend.engine.form.definition import Field, Rule, Swing
from backend.engine.form.elements import Expression, FieldType, Source
from backend.engine.form.measures import (
    MERGES,
    Asked,
    Average,
    Count,
    Distinct,
    Formula,
    Indicator,
    Join,
    Latest,
    Measure,
    Merge,
    Previous,
    Ratio,
    Read,
    Several,
    Sum,
    Taken,
    Top,
    Worked,
)
from backend.engine.form.yaml_nodes import UNREADABLE, Table
from backend.engine.rules.parse import parse

# fmt: off
HOW = (
    "count", "distinct", "sum", "average", "worked", "latest", "top", "read", "expr", "ratio",
    "previous", "taken",
)
ROWS = ("where", "at", "join")
HEAD = (
    "code", "label", "unit", "type", "decimals", "formula", "caliber", "otherwise", "merge",
)
# fmt: on
EXTRA = ("divide_by", "n", "between", "parts", "asked")
_TEXT_MEASURES = ("top",)
_DECIMAL_UNITS = ("%", "万元", "倍", "㎡")


def read_indicators(top: Table, places: dict[str, Table]) -> Iterator[Indicator]:
    for table in top.tables("indicators", *HEAD, *HOW, *ROWS, *EXTRA):
        indicator = _indicator(table)
        if indicator.code in places:
            table.wrong("code", f"duplicate key {indicator.code}", "each code once")
            continue
        places[indicator.code] = table
        yield indicator


def _indicator(table: Table) -> Indicator:
    measure = read_measure(table)
    unit = table.text("unit")
    decimal = unit in _DECIMAL_UNITS or "decimals" in table
    kind = "text" if measure.how in _TEXT_MEASURES else "decimal" if decimal else "integer"
    nested = table.table("otherwise", *HOW, *ROWS, *EXTRA)
    merges = ("sum", "distinct", "ratio", "recompute", "text")
    return Indicator(
        code=table.text("code"),
        label=table.text("label"),
        type=cast(FieldType, table.choice("type", ("integer", "decimal", "text", "bool"), kind)),
        unit=unit,
        decimals=table.whole("decimals", 2 if decimal else 0),
        formula=table.text("formula"),
        caliber=table.maybe("caliber"),
        measure=measure,
        otherwise=read_measure(nested) if nested else None,
        merge=cast(Merge, table.choice("merge", merges, MERGES[measure.how])),
    )


def read_measure(table: Table) -> Measure:
    """The one measure a table names; a table with none or with two is a mistake."""
    named = [name for name in (*HOW, "asked") if name in table]
    if len(named) != 1:
        found = " and ".join(named) or "no measure"
        table.page.wrong(table.line, f"{found} given", "one of " + ", ".join((*HOW, "asked")))
        return Asked(why="")
    return _READERS[named[0]](table)


def _rows(table: Table, of: str) -> dict[str, object]:
    join = table.table("join", "of", "on", "where")
    return {
        "of": of,
        "where": table.rule("where"),
        "at": table.choice("at", ("closing", "opening"), "closing"),
        "join": None if join is None else _join(join),
    }


def _join(table: Table) -> Join:
    on = table.choice("on", ("person", "house", "household"))
    return Join.model_validate({"of": table.text("of"), "on": on, "where": table.rule("where")})


def _path(table: Table, name: str) -> tuple[str, str]:
    return _parted(table, name, table.text(name))


def _parted(table: Table, name: str, text: str) -> tuple[str, str]:
    of, dot, key = text.partition(".")
    if not dot or not key:
        table.wrong(name, f"{name} names no field", f"`{name}: L15.people_cnt`")
    return of, key


def _keyed(table: Table, name: str) -> dict[str, object]:
    of, key = _path(table, name)
    return _rows(table, of) | {"key": key}


def _count(table: Table) -> Measure:
    return Count.model_validate(_rows(table, table.text("count")))


def _distinct(table: Table) -> Measure:
    if table.is_list("distinct"):
        paths = [_parted(table, "distinct", text) for text in table.texts("distinct")]
        return Several(
            over=tuple(Distinct.model_validate(_rows(table, of) | {"key": k}) for of, k in paths)
        )
    return Distinct.model_validate(_keyed(table, "distinct"))


def _sum(table: Table) -> Measure:
    return Sum.model_validate(_keyed(table, "sum") | {"divide_by": table.number("divide_by") or 1})


def _average(table: Table) -> Measure:
    return Average.model_validate(_keyed(table, "average"))


def _worked(table: Table) -> Measure:
    between = table.texts("between")
    if len(between) != 2:
        table.wrong("between", f"{len(between)} moments", "`between: [found_time, finish_time]`")
        return Asked(why="")
    moments = dict(zip(("start", "end"), between, strict=True))
    return Worked.model_validate(_rows(table, table.text("worked")) | moments)


def _latest(table: Table) -> Measure:
    return Latest.model_validate(_keyed(table, "latest"))


def _top(table: Table) -> Measure:
    return Top.model_validate(_keyed(table, "top") | {"n": table.whole("n", 3)})


def _read(table: Table) -> Measure:
    of, key = _path(table, "read")
    return Read(of=of, key=key)


def _formula(table: Table) -> Measure:
    parts = table.table("parts")
    named = {} if parts is None else {name: _part(parts, name) for name in parts.names()}
    return Formula(expr=table.rule("expr") or UNREADABLE, parts=named)


def _part(table: Table, name: str) -> Measure:
    """A measure inside another: a table, or a rule over indicators as text."""
    if table.is_table(name):
        nested = table.table(name, *HOW, *ROWS, *EXTRA)
        assert nested is not None
        return read_measure(nested)
    rule = table.rule(name)
    if rule is None:
        table.wrong(name, f"{name} is missing", f"`{name}: C09` or `{name}: {{count: …}}`")
    return Formula(expr=rule or UNREADABLE)


def _ratio(table: Table) -> Measure:
    inner = table.table("ratio", "of", "per", "times")
    if inner is None:
        return Asked(why="")
    times = inner.number("times")
    return Ratio(
        of=_part(inner, "of"), per=_part(inner, "per"), times=100 if times is None else times
    )


def _previous(table: Table) -> Measure:
    return Previous(code=table.text("previous"))


def _taken(table: Table) -> Measure:
    report, code = _path(table, "taken")
    return Taken(report=report, code=code)


def _asked(table: Table) -> Measure:
    return Asked(why=table.text("asked"))


_READERS: Mapping[str, Callable[[Table], Measure]] = {
    "count": _count,
    "distinct": _distinct,
    "sum": _sum,
    "average": _average,
    "worked": _worked,
    "latest": _latest,
    "top": _top,
    "read": _read,
    "expr": _formula,
    "ratio": _ratio,
    "previous": _previous,
    "taken": _taken,
    "asked": _asked,
}


def indicator_fields(indicators: tuple[Indicator, ...]) -> Iterator[Field]:
    """Every indicator is a field of its report: computed and shown, or asked."""
    for one in indicators:
        asked = isinstance(one.measure, Asked)
        yield Field(
            key=one.code,
            label=one.label,
            type=one.type,
            unit=one.unit,
            min=0 if asked else None,
            required=asked,
            level=1,
            sources=(Source(kind="typed" if asked else "computed", of=one.code),),
            source_label="人工填写" if asked else "由登记和台账计算",
            hint=one.measure.why if isinstance(one.measure, Asked) else None,
            formula=one.formula,
            caliber=one.caliber,
        )


def swing_rules(indicators: tuple[Indicator, ...], swing: Swing | None) -> Iterator[Rule]:
    """One soft rule per figure: moved far since last period, so say why."""
    if swing is None:
        return
    for one in indicators:
        if one.type == "text" or isinstance(one.measure, Previous):
            continue
        change = f"abs({one.code} - prev.{one.code})"
        text = (
            f"{change} < {_plain(swing.least)} || "
            f"{change} * 100 <= {_plain(swing.percent)} * abs(prev.{one.code})"
        )
        yield Rule(
            id=f"swing_{one.code}",
            check=Expression(text=text, ast=parse(text)),
            message=f"“{one.label}”与上期相比变动超过 {_plain(swing.percent)}%，请说明原因。",
            fields=(one.code,),
            soft=True,
        )


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)
