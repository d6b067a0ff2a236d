"""The vocabulary of the rule language: syntax tree, operators, functions, work on trees.

Values are null, true/false, numbers (IEEE doubles), text, lists and maps; dates are ISO text. Null
propagates as in SQL, `&&` and `||` are three-valued, `==` is null-safe and never converts. A tree
is plain JSON, so that one parser serves the Python, the SQL and the TypeScript evaluator:

    ["lit", v] ["var", name] ["list", e…] ["get", e, name] ["neg", e] ["not", e]
    ["if", c, a, b] ["call", name, e…] ["bin", op, a, b]
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Ast: TypeAlias = list[Any]
Gives: TypeAlias = Literal["number", "text", "bool", "date", "any"]

LONGEST_RULE = 2000
DEEPEST_RULE = 40
MOST_TOKENS = 400  # a chain of operators nests as deep as it is long

PRECEDENCE: Mapping[str, int] = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "in": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
UNARY_PRECEDENCE = 7


@dataclass(frozen=True)
class Signature:
    """What a function takes (kinds as in `types.py`, the last one repeats) and what it gives."""

    takes: tuple[str, ...]
    gives: Gives
    least: int
    most: int


def _takes(
    *kinds: str, gives: Gives, least: int | None = None, most: int | None = None
) -> Signature:
    return Signature(kinds, gives, len(kinds) if least is None else least, most or len(kinds))


FUNCTIONS: Mapping[str, Signature] = {
    "abs": _takes("number", gives="number"),
    "add_days": _takes("date", "number", gives="date"),
    "age": _takes("date", "date", gives="number"),
    "coalesce": _takes("any", gives="any", most=20),
    "contains": _takes("any", "any", gives="bool"),
    "count": _takes("list", gives="number"),
    "day": _takes("date", gives="date"),
    "days": _takes("date", "date", gives="number"),
    "empty": _takes("any", gives="bool"),
    "id_birth": _takes("text", gives="date"),
    "id_sex": _takes("text", gives="text"),
    "len": _takes("any", gives="number"),
    "max": _takes("any", gives="number", most=20),
    "min": _takes("any", gives="number", most=20),
    "month": _takes("date", gives="number"),
    "round": _takes("number", "number", gives="number", least=1),
    "starts": _takes("text", "text", gives="bool"),
    "sum": _takes("list", gives="number"),
    "within": _takes("date", "date", "date", gives="bool"),
    "year": _takes("date", gives="number"),
}


class RuleError(ValueError):
    """A rule that cannot be understood: what is wrong, at which column, what was expected."""

    def __init__(self, wrong: str, column: int, expected: str) -> None:
        super().__init__(f"{wrong} at column {column}; expected {expected}")
        self.wrong = wrong
        self.column = column
        self.expected = expected


def children(ast: Ast) -> list[Ast]:
    """The operands of one node, in order."""
    kind = ast[0]
    if kind in ("lit", "var"):
        return []
    if kind == "get":
        return [ast[1]]
    if kind in ("call", "bin"):
        return list(ast[2:])
    return list(ast[1:])


def walk(ast: Ast) -> Iterator[Ast]:
    """Every node of a tree, the root first."""
    yield ast
    for child in children(ast):
        yield from walk(child)


def variables(ast: Ast) -> frozenset[str]:
    """Names a rule reads; `prev.B09` counts as `prev.B09`, not as `prev`."""
    names: set[str] = set()
    _collect(ast, names)
    return frozenset(names)


def _collect(ast: Ast, names: set[str]) -> None:
    if ast[0] == "var":
        names.add(ast[1])
    elif ast[0] == "get" and ast[1][0] == "var":
        names.add(f"{ast[1][1]}.{ast[2]}")
    else:
        for child in children(ast):
            _collect(child, names)


def substitute(ast: Ast, replacements: Mapping[str, Ast]) -> Ast:
    """Put trees in the place of variables: `open` becomes what the register says it is."""
    if ast[0] == "var":
        return replacements.get(ast[1], ast)
    if ast[0] == "lit":
        return ast
    return [substitute(part, replacements) if isinstance(part, list) else part for part in ast]


def bind(ast: Ast, values: Mapping[str, object]) -> Ast:
    """Put constants in the place of variables, such as the first and last day of a period."""
    return substitute(ast, {name: ["lit", value] for name, value in values.items()})
