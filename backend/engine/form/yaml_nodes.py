"""YAML that remembers its lines, so that every mistake in a definition is told where it stands.

Files are composed into nodes, not loaded into values: text stays as written (`01` is not a number,
`on` is not true) and each node knows its line. Reading goes on after a mistake to find them all.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from backend.engine.form.elements import Expression
from backend.engine.rules.language import RuleError
from backend.engine.rules.parse import parse

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
UNREADABLE = Expression(text="null", ast=["lit", None])


@dataclass(frozen=True, order=True)
class Mistake:
    """`forms/ledgers/L01.yaml:12: unknown key requird; expected required`"""

    file: str
    line: int
    wrong: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.wrong}; expected {self.expected}"


class MistakenFileError(ValueError):
    """A file that cannot be used; every mistake in it is named with its line."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, sorted(mistakes))))
        self.mistakes = tuple(sorted(mistakes))


@dataclass
class Page:
    """One file being read, and the mistakes found on it."""

    file: str
    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(self, line: int, wrong: str, expected: str) -> None:
        mistake = Mistake(self.file, line, wrong, expected)
        if mistake not in self.mistakes:
            self.mistakes.append(mistake)

    def compose(self, text: str) -> "Table | None":
        """The top-level table of a file; None (and a mistake) when there is none."""
        try:
            node = _compose(text)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.wrong(mark.line + 1 if mark else 1, error.problem or "not YAML", "valid YAML")
            return None
        if isinstance(node, yaml.MappingNode):
            return Table(node, self)
        self.wrong(1, "the file holds no table", "`key: value` lines")
        return None


def _compose(text: str) -> yaml.Node | None:
    """With libyaml where it is there (eight times faster), whose errors are told worse."""
    try:
        return yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError:
        return yaml.compose(text, Loader=yaml.SafeLoader)


def line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


class Table:
    """A YAML mapping. Reading a key that is absent or wrong notes it and gives a stand-in."""

    def __init__(self, node: yaml.MappingNode, page: Page) -> None:
        self.page = page
        self.line = line_of(node)
        self._nodes: dict[str, yaml.Node] = {}
        self._lines: dict[str, int] = {}
        for key, value in node.value:
            name = str(getattr(key, "value", key))
            if name in self._nodes:
                page.wrong(line_of(key), f"duplicate key {name}", "each key once")
            self._nodes[name] = value
            self._lines[name] = line_of(key)

    def allow(self, *names: str) -> None:
        """Note every key that is not one of these, with the nearest that is."""
        for name, line in self._lines.items():
            if name not in names:
                near = difflib.get_close_matches(name, names, 1)
                expected = f"{near[0]}" if near else "one of " + ", ".join(sorted(names))
                self.page.wrong(line, f"unknown key {name}", expected)

    def __contains__(self, name: str) -> bool:
        return name in self._nodes

    def names(self) -> list[str]:
        return list(self._nodes)

    def line_at(self, name: str) -> int:
        return self._lines.get(name, self.line)

    def wrong(self, name: str, wrong: str, expected: str) -> None:
        self.page.wrong(self.line_at(name), wrong, expected)

    def _scalar(self, name: str, expected: str) -> str | None:
        node = self._nodes.get(name)
        if isinstance(node, yaml.ScalarNode):
            return str(node.value).strip()
        if node is not None:
            self.wrong(name, f"{name} is not {expected}", expected)
        return None

    def maybe(self, name: str) -> str | None:
        """Optional text."""
        return self._scalar(name, "a text") or None

    def text(self, name: str) -> str:
        """Text that must be there."""
        value = self._scalar(name, "a text")
        if not value and not isinstance(self._nodes.get(name), yaml.CollectionNode):
            self.wrong(name, f"{name} is missing", f"`{name}: …`")
        return value or ""

    def number(self, name: str) -> float | None:
        value = self._scalar(name, "a number")
        if value is None or _NUMBER.fullmatch(value):
            return None if value is None else float(value)
        self.wrong(name, f"{name} is {value}", "a number")
        return None

    def whole(self, name: str, default: int | None = None) -> int:
        """A whole number; without a default it must be there."""
        value = self.number(name)
        if value is not None and value.is_integer():
            return int(value)
        if name not in self._nodes and default is not None:
            return default
        if value is not None or name not in self._nodes:
            self.wrong(name, f"{name} is missing or no whole number", f"`{name}: 1`")
        return default or 0

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._scalar(name, "true or false")
        if value is None:
            return default
        if value not in ("true", "false"):
            self.wrong(name, f"{name} is {value}", "true or false")
        return value == "true"

    def choice(self, name: str, options: Sequence[str], default: str | None = None) -> str:
        value = self._scalar(name, "a text")
        if value in options:
            return value or ""
        if value is not None:
            self.wrong(name, f"{name} is {value}", "one of " + ", ".join(options))
        elif default is None and name not in self._nodes:
            self.wrong(name, f"{name} is missing", "one of " + ", ".join(options))
        return default or options[0]

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; one text stands for a list of one."""
        node = self._nodes.get(name)
        if node is None:
            return ()
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if all(isinstance(item, yaml.ScalarNode) for item in items):
            return tuple(str(item.value) for item in items)
        self.wrong(name, f"{name} is no list of texts", "`[a, b]`")
        return ()

    def table(self, name: str, *allowed: str) -> "Table | None":
        node = self._nodes.get(name)
        if isinstance(node, yaml.MappingNode):
            table = Table(node, self.page)
            if allowed:
                table.allow(*allowed)
            return table
        if node is not None:
            self.wrong(name, f"{name} is no table", f"`{name}: {{key: value}}`")
        return None

    def tables(self, name: str, *allowed: str) -> Iterator["Table"]:
        """The tables of a list of tables."""
        node = self._nodes.get(name)
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(name, f"{name} is no list", "`- key: value` lines")
            return
        for item in node.value:
            if isinstance(item, yaml.MappingNode):
                table = Table(item, self.page)
                if allowed:
                    table.allow(*allowed)
                yield table
            else:
                self.page.wrong(line_of(item), f"{name} holds something else", "`key: value`")

    def is_list(self, name: str) -> bool:
        return isinstance(self._nodes.get(name), yaml.SequenceNode)

    def is_table(self, name: str) -> bool:
        return isinstance(self._nodes.get(name), yaml.MappingNode)

    def rule(self, name: str) -> Expression | None:
        """An optional rule; one that cannot be parsed is noted and stands in as null."""
        text = self._scalar(name, "a rule")
        if not text:
            return None
        try:
            return Expression(text=text, ast=parse(text))
        except RuleError as error:
            place = f"{name}: {error.wrong} at column {error.column}"
            self.wrong(name, place, error.expected)
            return UNREADABLE

    def plain(self, name: str) -> Any:
        """The value as plain data: JSON's types, everything else text."""
        node = self._nodes.get(name)
        return None if node is None else _plain(node)


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    text = str(node.value)
    if not isinstance(node, yaml.ScalarNode) or node.style:  # in quotes, or a block
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if not _NUMBER.fullmatch(text) or (re.match(r"-?0[0-9]", text)):
        return text
    return float(text) if "." in text else int(text)
