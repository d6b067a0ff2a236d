"""Rules as PostgreSQL: the same values as in Python, over columns instead of a context.

SQL needs a type for every column; what has none (maps, tables, ID numbers) cannot be used in a
filter and raises NotInSql. Where Python gives null for an overflow, PostgreSQL raises.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from backend.engine.rules import sql_dates as dates
from backend.engine.rules.language import Ast
from backend.engine.rules.sql_text import (
    NULL,
    UNKNOWN,
    NotInSql,
    Parameters,
    Sql,
    SqlType,
    as_text,
)

__all__ = ["Columns", "NotInSql", "Parameters", "Sql", "SqlType", "condition", "to_sql"]

Columns: TypeAlias = Mapping[str, Sql]

_DATES = frozenset({"date", "datetime"})
_TEXTLIKE = _DATES | {"text", "ref"}
_NUDGE = "1e-9"
_SAFE_INTEGER = 2**53 - 1


def to_sql(ast: Ast, columns: Columns, parameters: Parameters) -> Sql:
    """The value of a rule; its text may stand wherever an expression may."""
    return _Compiler(columns, parameters).value(ast)


def condition(ast: Ast, columns: Columns, parameters: Parameters) -> str:
    """For `where` and `filter`, where null and false are one: written so that indexes serve."""
    return _Compiler(columns, parameters).truth(ast)


class _Compiler:
    def __init__(self, columns: Columns, parameters: Parameters) -> None:
        self._columns = columns
        self._parameters = parameters

    def truth(self, ast: Ast) -> str:
        """The rule where only true matters: `=` for null-safe equality, `in` without a guard."""
        known = list(self._parameters.values)
        text = self._true(ast)
        self._parameters.keep_used(known, text)
        return text

    def _true(self, ast: Ast) -> str:
        if ast[0] == "bin" and ast[1] in ("&&", "||"):
            word = "and" if ast[1] == "&&" else "or"
            return f"({self.truth(ast[2])} {word} {self.truth(ast[3])})"
        if ast[0] == "bin" and ast[1] == "==":
            return self._equal(ast[2], ast[3], only_true=True).text
        if ast[0] == "bin" and ast[1] == "in":
            return self._among(ast[2], ast[3], only_true=True).text
        value = self.value(ast)
        return value.text if value.type == "bool" else "false"

    def value(self, ast: Ast) -> Sql:
        known = list(self._parameters.values)
        value = _KINDS[ast[0]](self, ast)
        self._parameters.keep_used(known, value.text)
        return value

    def literal(self, ast: Ast) -> Sql:
        value = ast[1]
        if value is None:
            return NULL
        if type(value) is bool:
            return Sql("true" if value else "false", "bool")
        if type(value) is str:
            return Sql(self._parameters.place(value), "text")
        if type(value) in (int, float):
            return Sql(self._parameters.place(float(value)), "number")
        raise NotInSql(f"the value {value!r}")

    def variable(self, ast: Ast) -> Sql:
        if ast[1] not in self._columns:
            raise NotInSql(f"the name {ast[1]}")
        return self._columns[ast[1]]

    def negative(self, ast: Ast) -> Sql:
        operand = self.value(ast[1])
        return Sql(f"(- {operand.text})", "number") if operand.type == "number" else NULL

    def negated(self, ast: Ast) -> Sql:
        operand = self.value(ast[1])
        return Sql(f"(not {operand.text})", "bool") if operand.type == "bool" else UNKNOWN

    def choice(self, ast: Ast) -> Sql:
        test = self.truth(ast[1])
        (then, otherwise), kind = _alike([self.value(ast[2]), self.value(ast[3])])
        return Sql(f"(case when {test} then {then} else {otherwise} end)", kind)

    def binary(self, ast: Ast) -> Sql:
        op, left, right = ast[1:]
        if op in ("&&", "||"):
            return self._logic("and" if op == "&&" else "or", left, right)
        if op == "==":
            return self._equal(left, right)
        if op == "!=":
            return Sql(f"(not {self._equal(left, right).text})", "bool")
        if op == "in":
            return self._among(left, right)
        if op in ("<", "<=", ">", ">="):
            return self._order(op, left, right)
        return _arithmetic(op, self.value(left), self.value(right))

    def _logic(self, word: str, left: Ast, right: Ast) -> Sql:
        sides = [self.value(side) for side in (left, right)]
        texts = [side.text if side.type == "bool" else UNKNOWN.text for side in sides]
        return Sql(f"({texts[0]} {word} {texts[1]})", "bool")

    def _equal(self, left: Ast, right: Ast, *, only_true: bool = False) -> Sql:
        a, b = self._pair(left, right)
        if "null" in (a.type, b.type):
            other = b if a.type == "null" else a
            return Sql(f"({other.text} is null)", "bool")
        if a.type != b.type:
            return Sql(f"({a.text} is null and {b.text} is null)", "bool")
        plain = only_true and (left[0] == "lit" or right[0] == "lit")
        return Sql(f"({a.text} {'=' if plain else 'is not distinct from'} {b.text})", "bool")

    def _pair(self, left: Ast, right: Ast) -> tuple[Sql, Sql]:
        """Two operands in one form: a day in quotes beside a date is a date, not text per row."""
        a, b = self.value_beside(left, right), self.value_beside(right, left)
        if a.type != b.type and {a.type, b.type} <= _TEXTLIKE:
            return as_text(a), as_text(b)
        if {a.type, b.type} == {"codes", "list"}:
            return _as_list(a), _as_list(b)
        return a, b

    def value_beside(self, ast: Ast, other: Ast) -> Sql:
        day = dates.iso_day(ast[1]) if ast[0] == "lit" and type(ast[1]) is str else None
        if day is not None and other[0] != "lit" and self.value(other).type == "date":
            return Sql(self._parameters.place(day), "date")
        return self.value(ast)

    def _order(self, op: str, left: Ast, right: Ast) -> Sql:
        bound = dates.age_bound(op, left, right)
        if bound is not None:
            birth = dates.day_of(self.value(bound[0]))
            return Sql(f"({birth.text} {bound[1]} {self._parameters.place(bound[2])})", "bool")
        a, b = self._pair(left, right)
        if a.type != b.type or a.type not in _TEXTLIKE | {"number"}:
            return UNKNOWN
        if a.type in ("text", "ref"):
            a = Sql(f'{as_text(a).text} collate "C"', "text")
        return Sql(f"({a.text} {op} {as_text(b).text if b.type == 'ref' else b.text})", "bool")

    def _among(self, value: Ast, items: Ast, *, only_true: bool = False) -> Sql:
        if items[0] != "list":
            return self._in_column(value, self.value(items))
        tests = [self._equal(value, item, only_true=only_true) for item in items[1:]]
        return Sql(f"({' or '.join(test.text for test in tests) or 'false'})", "bool")

    def _in_column(self, value: Ast, items: Sql) -> Sql:
        return _contained(items, self.value(value), certain=value[0] == "lit")

    def call(self, ast: Ast) -> Sql:
        name, arguments = ast[1], ast[2:]
        if name in ("add_days", "age", "day", "days", "month", "within", "year"):
            return dates.call(name, self._days(name, arguments))
        if name == "contains":
            whole = self.value(arguments[0])
            if whole.type in ("codes", "list"):
                part = self.value(arguments[1])
                return _contained(whole, part, certain=arguments[1][0] == "lit")
        if name == "coalesce":
            texts, kind = _alike([self.value(argument) for argument in arguments])
            return Sql(f"coalesce({', '.join(texts)})", kind)
        if name not in _CALLS:
            raise NotInSql(f"the function {name}")
        return _CALLS[name](*[as_text(self.value(argument)) for argument in arguments])

    def _days(self, name: str, arguments: list[Ast]) -> list[Sql]:
        found = []
        for index, argument in enumerate(arguments):
            if name == "add_days" and index == 1:
                found.append(self.value(argument))
            elif argument[0] == "lit" and type(argument[1]) is str:
                found.append(dates.day_literal(argument[1], self._parameters))
            else:
                found.append(dates.day_of(self.value(argument)))
        return found

    def refuse(self, ast: Ast) -> Sql:
        raise NotInSql("a part of a table" if ast[0] == "get" else "a list by itself")


_KINDS: Mapping[str, Callable[[_Compiler, Ast], Sql]] = {
    "lit": _Compiler.literal,
    "var": _Compiler.variable,
    "list": _Compiler.refuse,
    "get": _Compiler.refuse,
    "neg": _Compiler.negative,
    "not": _Compiler.negated,
    "if": _Compiler.choice,
    "call": _Compiler.call,
    "bin": _Compiler.binary,
}


def _alike(values: list[Sql]) -> tuple[list[str], SqlType]:
    """The texts of values that may stand in one column: of one type, or all texts and dates."""
    kinds = {value.type for value in values} - {"null"}
    if len(kinds) > 1 and kinds <= _TEXTLIKE:
        values, kinds = [as_text(value) for value in values], {"text"}
    if len(kinds) > 1:
        raise NotInSql("a value that is sometimes of one type and sometimes of another")
    kind = next(iter(kinds), NULL.type)
    texts = [NULL.text if value.type == "null" else value.text for value in values]
    return texts, kind


def _as_list(value: Sql) -> Sql:
    return Sql(f"to_jsonb({value.text})", "list") if value.type == "codes" else value


def _contained(whole: Sql, part: Sql, *, certain: bool) -> Sql:
    """Whether a list holds a value; `@>` where the value is no null, so that GIN indexes serve."""
    if whole.type == "codes":
        if part.type not in ("text", "null"):
            return Sql(f"(case when {whole.text} is not null then false end)", "bool")
        if certain and part.type == "text":
            return Sql(f"({whole.text} @> array[{part.text}])", "bool")
        place = f"array_position({whole.text}, {as_text(part).text}) is not null"
        return Sql(f"(case when {whole.text} is not null then {place} end)", "bool")
    if whole.type != "list":
        return UNKNOWN
    item = "'null'" if part.type == "null" else f"coalesce(to_jsonb({as_text(part).text}), 'null')"
    found = f"{whole.text} @> {item}"
    return Sql(f"(case when jsonb_typeof({whole.text}) = 'array' then {found} end)", "bool")


def _arithmetic(op: str, a: Sql, b: Sql) -> Sql:
    if op == "+" and {a.type, b.type} <= _TEXTLIKE:
        return Sql(f"({as_text(a).text} || {as_text(b).text})", "text")
    if a.type != "number" or b.type != "number":
        return NULL
    x, y = (f"cast({side.text} as float8)" for side in (a, b))
    if op == "/":
        return Sql(f"({x} / nullif({y}, 0))", "number")
    if op != "%":
        return Sql(f"({x} {op} {y})", "number")
    whole = f"{x} = trunc({x}) and {y} = trunc({y}) and {y} <> 0"
    small = f"abs({x}) <= {_SAFE_INTEGER} and abs({y}) <= {_SAFE_INTEGER}"
    rest = f"cast(mod(cast({x} as bigint), cast({y} as bigint)) as float8)"
    return Sql(f"(case when {whole} and {small} then {rest} end)", "number")


def _abs(value: Sql) -> Sql:
    return Sql(f"abs({value.text})", "number") if value.type == "number" else NULL


def _round(value: Sql, digits: Sql | None = None) -> Sql:
    if value.type != "number":
        return NULL
    factor = "1" if digits is None else f"power(cast(10 as float8), {digits.text})"
    x = f"cast({value.text} as float8)"
    return Sql(f"(sign({x}) * floor(abs({x}) * {factor} + 0.5 + {_NUDGE}) / {factor})", "number")


def _len(value: Sql) -> Sql:
    lengths = {
        "text": f"length({value.text})",
        "codes": f"cardinality({value.text})",
        "list": f"case when jsonb_typeof({value.text}) = 'array' "
        f"then jsonb_array_length({value.text}) end",
    }
    known = lengths.get(value.type)
    return NULL if known is None else Sql(f"cast({known} as float8)", "number")


def _empty(value: Sql) -> Sql:
    if value.type == "text":
        return Sql(f"(coalesce({value.text}, '') = '')", "bool")
    if value.type == "codes":
        return Sql(f"(coalesce(cardinality({value.text}), 0) = 0)", "bool")
    if value.type == "list":
        return Sql(f"""(coalesce({value.text}, 'null') in ('null', '[]', '""'))""", "bool")
    return Sql(f"({value.text} is null)", "bool")


def _starts(text: Sql, prefix: Sql) -> Sql:
    if text.type != "text" or prefix.type != "text":
        return UNKNOWN
    return Sql(f"starts_with({text.text}, {prefix.text})", "bool")


def _contains(whole: Sql, part: Sql) -> Sql:
    if whole.type != "text" or part.type != "text":
        return UNKNOWN
    return Sql(f"(strpos({whole.text}, {part.text}) > 0)", "bool")


def _extreme(word: str) -> Callable[..., Sql]:
    def extreme(*values: Sql) -> Sql:
        if len(values) == 1 and values[0].type in ("codes", "list"):
            raise NotInSql(f"the {word} of a list")
        numbers = [value.text for value in values if value.type == "number"]
        return Sql(f"{word}({', '.join(numbers)})", "number") if numbers else NULL

    return extreme


_CALLS: Mapping[str, Callable[..., Sql]] = {
    "abs": _abs,
    "contains": _contains,
    "empty": _empty,
    "len": _len,
    "max": _extreme("greatest"),
    "min": _extreme("least"),
    "round": _round,
    "starts": _starts,
}
