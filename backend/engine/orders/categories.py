"""What an order can be about: the category tree of `forms/orders/categories.yaml`, in which parts
and events of GB/T 30428, the hotline's classes and the citizens' messages stand as one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from backend.engine.form.yaml_nodes import Mistake, MistakenFileError, Page, Table

Severity = Literal["A", "B", "C"]  # 危及安全, 影响通行或生活, 一般

SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
OURS_FROM = "80"  # a number from 80 on is not the standard's
_ALSO = re.compile(r"[BEH]\d{4}|C\d{4}(\d\d)?")


@dataclass(frozen=True, slots=True)
class Category:
    """A leaf of the tree. `words` are alternatives, the parts of one must all occur."""

    code: str
    name: str
    group: str  # the class above, e.g. E04 突发事件
    group_name: str
    tree: str  # B 部件, E 事件, H 诉求, A 其他政务
    tree_name: str
    unit: str  # who usually deals with it
    severity: Severity = "C"
    also: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()
    say: tuple[str, ...] = ()
    hazard: str | None = None  # its kind in ledger L18
    dispute: str | None = None  # its kind in ledger L15
    mark: str | None = None  # what report T18 counts it as

    @property
    def path(self) -> str:
        """事件/突发事件/道路积水, as ledger L16 prints it."""
        return f"{self.tree_name}/{self.group_name}/{self.name}"

    @property
    def gbt(self) -> str | None:
        """大类 and 小类 of GB/T 30428.2, when the standard has this one."""
        standard = self.tree in ("B", "E") and self.code[3:] < OURS_FROM
        return self.code[1:] if standard else None


@dataclass(frozen=True)
class Categories:
    """The whole tree, in the order of its file."""

    by_code: Mapping[str, Category]
    by_name: Mapping[str, Category]  # also by synonyms, and by codes of other trees
    same: Mapping[str, str]  # 助动车 → 电动车: the one word that stands for all of its kind

    def __iter__(self) -> Iterator[Category]:
        return iter(self.by_code.values())

    def find(self, text: str) -> Category | None:
        """The one with this code, this name or synonym, or this code in another tree."""
        text = text.strip()
        return self.by_code.get(text) or self.by_name.get(text)


def read_categories(folders: Sequence[Path]) -> Categories:
    """The trees of all folders (`orders/categories.yaml`, where there is one) as one; raises
    MistakenFileError with every mistake, its line and what was expected."""
    mistakes: list[Mistake] = []
    by_code: dict[str, Category] = {}
    by_name: dict[str, Category] = {}
    same: dict[str, str] = {}
    for table, category in _leaves(folders, mistakes, same):
        if category.code in by_code:
            table.wrong("code", f"duplicate code {category.code}", "each code once")
        by_code[category.code] = category
        for key, names in _names(category).items():
            for name in names:
                if name in by_name:
                    other = by_name[name].code
                    table.wrong(key, f"{name} also stands at {other}", "each name once")
                by_name[name] = category
    if not by_code and not mistakes:
        mistakes.append(Mistake("orders/categories.yaml", 1, "no category", "at least one"))
    if mistakes:
        raise MistakenFileError(mistakes)
    return Categories(by_code, by_name, same)


def _names(category: Category) -> dict[str, tuple[str, ...]]:
    return {
        "name": (category.name,),
        "synonyms": category.synonyms,
        "also": category.also,
    }


def _leaves(
    folders: Sequence[Path], mistakes: list[Mistake], same: dict[str, str]
) -> Iterator[tuple[Table, Category]]:
    for folder in folders:
        path = folder / "orders" / "categories.yaml"
        if not path.exists():
            continue
        page = Page(f"{folder.name}/orders/{path.name}", mistakes)
        if (top := page.compose(path.read_text(encoding="utf-8"))) is not None:
            top.allow("same", "trees")
            if (kinds := top.table("same")) is not None:
                same |= {word: name for name in kinds.names() for word in kinds.texts(name)}
            for tree in top.tables("trees", "key", "name", "classes"):
                yield from _of(tree)


def _of(tree: Table) -> Iterator[tuple[Table, Category]]:
    key = tree.text("key")
    for group in tree.tables("classes", "code", "name", "unit", "leaves"):
        code = group.text("code")
        if not re.fullmatch(rf"{re.escape(key)}\d\d", code):
            group.wrong("code", f"{code} is no class of {key}", f"{key} and two digits")
        for leaf in group.tables("leaves"):
            yield leaf, _leaf(leaf, group, tree)


def _leaf(leaf: Table, group: Table, tree: Table) -> Category:
    leaf.allow(
        *("code", "name", "also", "unit", "severity", "synonyms", "words", "say"),
        *("hazard", "dispute", "mark"),
    )
    code, above = leaf.text("code"), group.text("code")
    if not re.fullmatch(rf"{re.escape(above)}\d\d", code):
        leaf.wrong("code", f"{code} does not stand in {above}", f"{above} and two digits")
    for other in leaf.texts("also"):
        if not _ALSO.fullmatch(other):
            leaf.wrong("also", f"{other} is no code", "such as H0804 or C010209")
    words = tuple(tuple(text.split("+")) for text in leaf.texts("words"))
    if any(not part for word in words for part in word):
        leaf.wrong("words", "an empty word", "`甲` or `甲+乙`")
    severity = leaf.choice("severity", SEVERITIES, "C")
    return Category(
        code=code,
        name=leaf.text("name"),
        group=above,
        group_name=group.text("name"),
        tree=tree.text("key"),
        tree_name=tree.text("name"),
        unit=leaf.maybe("unit") or group.text("unit"),
        severity=next(known for known in SEVERITIES if known == severity),
        also=leaf.texts("also"),
        synonyms=leaf.texts("synonyms"),
        words=words,
        say=leaf.texts("say"),
        hazard=leaf.maybe("hazard"),
        dispute=leaf.maybe("dispute"),
        mark=leaf.maybe("mark"),
    )
