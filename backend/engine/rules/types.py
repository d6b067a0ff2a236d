"""Whether a rule makes sense before any value is known: types, codes that exist, names that exist.

Evaluation never fails, it gives null; so a comparison of a number with a text would be silently
null for ever. Authors are told when the definition is loaded instead.
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from backend.engine.rules.language import FUNCTIONS, Ast
from backend.engine.rules.values import day

Kind: TypeAlias = Literal["number", "text", "bool", "date", "datetime", "list", "map", "any"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a name or a part of a rule is; `codes` are all values that a code may take."""

    kind: Kind
    codes: frozenset[str] | None = None
    members: Mapping[str, "Shape"] | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is wrong with a rule, and what was expected."""

    wrong: str
    expected: str


ANY, NUMBER, TEXT, BOOL = Shape("any"), Shape("number"), Shape("text"), Shape("bool")
DATE = Shape("date")
_ORDERED = frozenset({"number", "text", "date", "datetime", "any"})
_DAYS = frozenset({"date", "datetime", "any"})


def examine(ast: Ast, names: Mapping[str, Shape], wanted: Kind | None = None) -> list[Doubt]:
    """Everything doubtful about a rule over `names`; with `wanted`, also about its own kind."""
    examiner = _Examiner(names)
    shape = examiner.shape(ast)
    if wanted is not None and shape.kind not in (wanted, "any"):
        examiner.doubt(f"the rule gives a {shape.kind}", f"a {wanted}")
    return examiner.doubts


def shape_of(ast: Ast, names: Mapping[str, Shape]) -> Shape:
    """What a rule gives, doubts aside."""
    return _Examiner(names).shape(ast)


class _Examiner:
    def __init__(self, names: Mapping[str, Shape]) -> None:
        self._names = names
        self.doubts: list[Doubt] = []

    def doubt(self, wrong: str, expected: str) -> None:
        found = Doubt(wrong, expected)
        if found not in self.doubts:
            self.doubts.append(found)

    def shape(self, ast: Ast) -> Shape:
        return _READERS[ast[0]](self, ast)

    def literal(self, ast: Ast) -> Shape:
        value = ast[1]
        if type(value) is str:
            return DATE if day(value) and len(value) == 10 else TEXT
        return {bool: BOOL, int: NUMBER, float: NUMBER}.get(type(value), ANY)

    def variable(self, ast: Ast) -> Shape:
        known = self._names.get(ast[1])
        if known is None:
            near = difflib.get_close_matches(ast[1], self._names, 1)
            self.doubt(f"unknown name {ast[1]}", near[0] if near else "a field or a known name")
        return known or ANY

    def member(self, ast: Ast) -> Shape:
        whole = self.shape(ast[1])
        if whole.members is None or ast[2] in whole.members:
            found = (whole.members or {}).get(ast[2], ANY)
            return Shape("list", found.codes) if whole.kind == "list" else found
        near = difflib.get_close_matches(ast[2], whole.members, 1)
        self.doubt(f"unknown name {ast[2]}", near[0] if near else "a column of the table")
        return ANY

    def list(self, ast: Ast) -> Shape:
        for item in ast[1:]:
            self.shape(item)
        return Shape("list")

    def negative(self, ast: Ast) -> Shape:
        self._must(ast[1], NUMBER.kind, "-")
        return NUMBER

    def negated(self, ast: Ast) -> Shape:
        self._must(ast[1], BOOL.kind, "!")
        return BOOL

    def choice(self, ast: Ast) -> Shape:
        self._must(ast[1], BOOL.kind, "?")
        then, otherwise = self.shape(ast[2]), self.shape(ast[3])
        return then if then.kind == otherwise.kind else ANY

    def call(self, ast: Ast) -> Shape:
        name, signature = ast[1], FUNCTIONS[ast[1]]
        shapes = [self.shape(argument) for argument in ast[2:]]
        for index, (argument, given) in enumerate(zip(ast[2:], shapes, strict=True)):
            wanted = signature.takes[min(index, len(signature.takes) - 1)]
            if not _fits(given, wanted):
                self.doubt(f"`{name}` is given a {given.kind}", f"a {wanted}")
            elif wanted == "date" and given.kind == "text" and argument[0] == "lit":
                self.doubt(f"'{argument[1]}' is no day", "a day such as '2026-11-30'")
        if name == "contains":
            self._code(shapes[0], ast[3])
        if name == "coalesce":
            return shapes[0] if len({shape.kind for shape in shapes}) == 1 else ANY
        return Shape(signature.gives)

    def binary(self, ast: Ast) -> Shape:
        op, left, right = ast[1:]
        if op in ("&&", "||"):
            self._must(left, "bool", op)
            self._must(right, "bool", op)
            return BOOL
        a, b = self.shape(left), self.shape(right)
        if op == "in":
            for item in right[1:] if right[0] == "list" else ():
                self._compare(op, a, self.shape(item), item)
            return BOOL
        if op in ("==", "!=", "<", "<=", ">", ">="):
            self._compare(op, a, b, right)
            self._code(b, left)
            return BOOL
        return self._calculate(op, a, b)

    def _compare(self, op: str, a: Shape, b: Shape, right: Ast) -> None:
        self._code(a, right)
        kinds = {a.kind, b.kind} - {"any"}
        if kinds == {"date", "datetime"}:
            self.doubt(f"`{op}` compares a day with a moment", "`day(…)` around the moment")
        elif len(kinds) > 1 and kinds != {"text", "date"}:
            self.doubt(f"`{op}` compares a {a.kind} with a {b.kind}", "two of one kind")
        elif op not in ("==", "!=", "in") and not kinds <= _ORDERED:
            self.doubt(f"`{op}` orders a {a.kind}", "numbers, texts or dates")

    def _calculate(self, op: str, a: Shape, b: Shape) -> Shape:
        kinds = {a.kind, b.kind} - {"any"}
        if op == "+" and kinds and kinds <= {"text", "date"}:
            return TEXT
        if kinds - {"number"}:
            self.doubt(f"`{op}` is given a {min(kinds - {'number'})}", "numbers")
        return NUMBER

    def _code(self, coded: Shape, literal: Ast) -> None:
        """A code written out in a rule must be in its list."""
        if coded.codes is None or literal[0] != "lit" or type(literal[1]) is not str:
            return
        if literal[1] not in coded.codes:
            near = difflib.get_close_matches(literal[1], coded.codes, 1)
            some = ", ".join(sorted(coded.codes)[:12])
            self.doubt(f"unknown code '{literal[1]}'", near[0] if near else f"one of {some}")

    def _must(self, ast: Ast, kind: Kind, op: str) -> None:
        found = self.shape(ast)
        if found.kind not in (kind, "any"):
            self.doubt(f"`{op}` is given a {found.kind}", f"a {kind}")


def _fits(given: Shape, wanted: str) -> bool:
    if wanted == "any" or given.kind in (wanted, "any"):
        return True
    if wanted == "date":
        return given.kind in _DAYS or given.kind == "text"
    return wanted == "text" and given.kind == "date"


_READERS: Mapping[str, Callable[[_Examiner, Ast], Shape]] = {
    "lit": _Examiner.literal,
    "var": _Examiner.variable,
    "list": _Examiner.list,
    "get": _Examiner.member,
    "neg": _Examiner.negative,
    "not": _Examiner.negated,
    "if": _Examiner.choice,
    "call": _Examiner.call,
    "bin": _Examiner.binary,
}
