"""Text to syntax tree: a small Pratt parser whose errors say where, and what was expected."""

import re
from dataclasses import dataclass

from backend.engine.rules.language import (
    DEEPEST_RULE,
    FUNCTIONS,
    LONGEST_RULE,
    MOST_TOKENS,
    PRECEDENCE,
    UNARY_PRECEDENCE,
    Ast,
    RuleError,
)

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
        (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<name>[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]*)
      | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
      | (?P<sign>==|!=|<=|>=|&&|\|\||[-+*/%<>!().,\[\]?:])
    )""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"true": True, "false": False, "null": None}
_INSTEAD = {
    "=": "`==` to compare",
    "&": "`&&`",
    "|": "`||`",
    "，": "an ASCII comma",
    "（": "an ASCII bracket",
    "）": "an ASCII bracket",
    "“": "straight quotes",
    "‘": "straight quotes",
    "'": "a closing quote",
    '"': "a closing quote",
}
_WHOLE_DIGITS = range(0, 10)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    column: int

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else f"`{self.text}`"


def parse(source: str) -> Ast:
    """Give the syntax tree of a rule; raise RuleError for text that is not one."""
    if len(source) > LONGEST_RULE:
        raise RuleError("the rule is too long", LONGEST_RULE, f"at most {LONGEST_RULE} characters")
    parser = _Parser(_tokens(source))
    ast = parser.expression(0, 0)
    if parser.here.kind != "end":
        raise parser.wrong("an operator or the end")
    return ast


def _tokens(source: str) -> list[_Token]:
    tokens: list[_Token] = []
    position, end = 0, len(source.rstrip())
    while position < end:
        match = _TOKEN.match(source, position)
        if match is None:
            start = position + len(source[position:]) - len(source[position:].lstrip())
            sign = source[start]
            raise RuleError(
                f"unexpected `{sign}`", start + 1, _INSTEAD.get(sign, "a value or an operator")
            )
        kind = match.lastgroup or ""
        text = match.group(kind)
        tokens.append(_Token("sign" if text == "in" else kind, text, match.start(kind) + 1))
        position = match.end()
    if len(tokens) > MOST_TOKENS:
        column = tokens[MOST_TOKENS].column
        raise RuleError("the rule is too long", column, f"at most {MOST_TOKENS} words and signs")
    tokens.append(_Token("end", "", end + 1))
    return tokens


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def here(self) -> _Token:
        return self._tokens[self._at]

    def wrong(self, expected: str) -> RuleError:
        return RuleError(f"unexpected {self.here}", self.here.column, expected)

    def expression(self, binding: int, depth: int) -> Ast:
        if depth > DEEPEST_RULE:
            raise RuleError(
                "the rule is nested too deeply", self.here.column, f"at most {DEEPEST_RULE} levels"
            )
        left = self._operand(depth)
        while True:
            sign = self.here.text if self.here.kind == "sign" else ""
            if sign == "?" and binding == 0:
                left = self._choice(left, depth)
            elif PRECEDENCE.get(sign, -1) > binding:
                self._at += 1
                left = ["bin", sign, left, self.expression(PRECEDENCE[sign], depth + 1)]
            else:
                return left

    def _choice(self, condition: Ast, depth: int) -> Ast:
        self._eat("?")
        then = self.expression(0, depth + 1)
        self._eat(":")
        return ["if", condition, then, self.expression(0, depth + 1)]

    def _operand(self, depth: int) -> Ast:
        token = self.here
        if token.kind == "end":
            raise self.wrong("a value")
        self._at += 1
        operand = self._plain(token) or self._compound(token, depth)
        while self._is("."):
            self._at += 1
            if self.here.kind != "name":
                raise self.wrong("a name after the dot")
            operand = ["get", operand, self.here.text]
            self._at += 1
        return operand

    def _plain(self, token: _Token) -> Ast | None:
        if token.kind == "number":
            return ["lit", float(token.text) if "." in token.text else int(token.text)]
        if token.kind == "text":
            return ["lit", re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL)]
        if token.kind != "name":
            return None
        if token.text in _WORDS:
            return ["lit", _WORDS[token.text]]
        return None if self._is("(") else ["var", token.text]

    def _compound(self, token: _Token, depth: int) -> Ast:
        if token.kind == "name":
            return self._call(token, depth)
        if token.text == "(":
            inner = self.expression(0, depth + 1)
            self._eat(")")
            return inner
        if token.text == "[":
            return ["list", *self._items("]", depth)]
        if token.text in ("-", "!"):
            operand = self.expression(UNARY_PRECEDENCE, depth + 1)
            return ["neg" if token.text == "-" else "not", operand]
        self._at -= 1
        raise self.wrong("a value")

    def _call(self, name: _Token, depth: int) -> Ast:
        signature = FUNCTIONS.get(name.text)
        if signature is None:
            raise RuleError(
                f"unknown function {name}", name.column, "one of " + " ".join(FUNCTIONS)
            )
        self._eat("(")
        arguments = self._items(")", depth)
        if not signature.least <= len(arguments) <= signature.most:
            wanted = f"{signature.least}"
            if signature.most != signature.least:
                wanted += f" to {signature.most}"
            raise RuleError(
                f"{name} has {len(arguments)} arguments", name.column, f"{wanted} arguments"
            )
        if name.text == "round" and len(arguments) == 2:
            _literal_digits(arguments[1], name)
        return ["call", name.text, *arguments]

    def _items(self, closing: str, depth: int) -> list[Ast]:
        items: list[Ast] = []
        while not self._is(closing):
            items.append(self.expression(0, depth + 1))
            if self._is(","):
                self._at += 1
            elif not self._is(closing):
                raise self.wrong(f"`,` or `{closing}`")
        self._eat(closing)
        return items

    def _is(self, sign: str) -> bool:
        return self.here.kind == "sign" and self.here.text == sign

    def _eat(self, sign: str) -> None:
        if not self._is(sign):
            raise self.wrong(f"`{sign}`")
        self._at += 1


def _literal_digits(argument: Ast, name: _Token) -> None:
    if argument[0] != "lit" or argument[1] not in _WHOLE_DIGITS:
        raise RuleError(
            "`round` has digits that are not fixed", name.column, "a whole number from 0 to 9"
        )
