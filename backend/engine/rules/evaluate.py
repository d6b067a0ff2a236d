"""The Python evaluator: a syntax tree becomes a closure once, then is called for each context."""

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

from backend.engine.rules.functions import CALLS
from backend.engine.rules.language import Ast
from backend.engine.rules.values import Value, equal, finite, less, number

Context: TypeAlias = Mapping[str, Value]
Compiled: TypeAlias = Callable[[Context], Value]

_SAFE_INTEGER = 2**53 - 1


def compile_rule(ast: Ast) -> Compiled:
    """Give a function from a context (name → value) to the rule's value; it never raises."""
    return _KINDS[ast[0]](ast)


def evaluate(ast: Ast, context: Context) -> Value:
    """The value of a rule used once; compile it when it is used often."""
    return compile_rule(ast)(context)


def _literal(ast: Ast) -> Compiled:
    value = ast[1]
    return lambda context: value


def _variable(ast: Ast) -> Compiled:
    name = ast[1]
    return lambda context: context.get(name)


def _list(ast: Ast) -> Compiled:
    items = [compile_rule(item) for item in ast[1:]]
    return lambda context: [item(context) for item in items]


def _get(ast: Ast) -> Compiled:
    whole, name = compile_rule(ast[1]), ast[2]

    def member(value: Value) -> Value:
        return value.get(name) if type(value) is dict else None

    def get(context: Context) -> Value:
        value = whole(context)
        return [member(item) for item in value] if type(value) is list else member(value)

    return get


def _negative(ast: Ast) -> Compiled:
    operand = compile_rule(ast[1])

    def negative(context: Context) -> Value:
        x = number(operand(context))
        return None if x is None else finite(-x)

    return negative


def _not(ast: Ast) -> Compiled:
    operand = compile_rule(ast[1])

    def negated(context: Context) -> Value:
        value = operand(context)
        return not value if type(value) is bool else None

    return negated


def _choice(ast: Ast) -> Compiled:
    condition, then, otherwise = (compile_rule(part) for part in ast[1:])
    return lambda context: then(context) if condition(context) is True else otherwise(context)


def _call(ast: Ast) -> Compiled:
    function = CALLS[ast[1]]
    arguments = [compile_rule(part) for part in ast[2:]]
    return lambda context: function(*[argument(context) for argument in arguments])


def _binary(ast: Ast) -> Compiled:
    op, left, right = ast[1], compile_rule(ast[2]), compile_rule(ast[3])
    if op in ("&&", "||"):
        return _logic(left, right, decisive=op == "||")
    operate = _OPERATORS[op]
    return lambda context: operate(left(context), right(context))


def _logic(left: Compiled, right: Compiled, decisive: bool) -> Compiled:
    """Three-valued and/or: `decisive` is the value that settles it whatever the other side is."""

    def logic(context: Context) -> Value:
        a = left(context)
        if a is decisive:
            return decisive
        b = right(context)
        if b is decisive:
            return decisive
        return (not decisive) if type(a) is bool and type(b) is bool else None

    return logic


def _not_less(a: Value, b: Value) -> bool | None:
    result = less(a, b)
    return None if result is None else not result


def _among(value: Value, items: Value) -> bool | None:
    return any(equal(value, item) for item in items) if type(items) is list else None


def _add(a: Value, b: Value) -> Value:
    if type(a) is type(b) is str:
        return a + b
    return _arithmetic(lambda x, y: x + y)(a, b)


def _arithmetic(operate: Callable[[float, float], float | None]) -> Callable[[Value, Value], Value]:
    def on_numbers(a: Value, b: Value) -> Value:
        x, y = number(a), number(b)
        if x is None or y is None:
            return None
        result = operate(x, y)
        return None if result is None else finite(result)

    return on_numbers


def _divide(x: float, y: float) -> float | None:
    return None if y == 0 else x / y


def _remainder(x: float, y: float) -> float | None:
    """Only of whole numbers a double holds exactly; the sign follows the left one."""
    if y == 0 or not (x.is_integer() and y.is_integer()) or max(abs(x), abs(y)) > _SAFE_INTEGER:
        return None
    return math.fmod(x, y)


_OPERATORS: Mapping[str, Callable[[Value, Value], Value]] = {
    "==": equal,
    "!=": lambda a, b: not equal(a, b),
    "<": less,
    ">": lambda a, b: less(b, a),
    "<=": lambda a, b: _not_less(b, a),
    ">=": _not_less,
    "in": _among,
    "+": _add,
    "-": _arithmetic(lambda x, y: x - y),
    "*": _arithmetic(lambda x, y: x * y),
    "/": _arithmetic(_divide),
    "%": _arithmetic(_remainder),
}
_KINDS: Mapping[str, Callable[[Ast], Compiled]] = {
    "lit": _literal,
    "var": _variable,
    "list": _list,
    "get": _get,
    "neg": _negative,
    "not": _not,
    "if": _choice,
    "call": _call,
    "bin": _binary,
}
