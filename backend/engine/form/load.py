"""`forms/` → definitions, with every mistake named by file and line.

    loaded = load_all([Path("forms")])
    for mistake in loaded.mistakes: …   # str(mistake): forms/reports/T03.yaml:12: …; expected …

A folder holds elements/ codes/ registers/ ledgers/ reports/ requests/ with one YAML file per form.
Later folders add to earlier ones, so that a street keeps its own forms beside the product's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from backend.engine.form.agree import agree
from backend.engine.form.definition import FormDef
from backend.engine.form.elements import CodeList, Element
from backend.engine.form.examples import Example, MemberExample, read_examples, run_examples
from backend.engine.form.read_dictionary import read_code_lists, read_elements
from backend.engine.form.read_form import Dictionary, Draft, read_form
from backend.engine.form.yaml_nodes import Mistake, Page, Table

T = TypeVar("T")
FORM_FOLDERS = ("registers", "ledgers", "reports", "requests")


@dataclass(frozen=True)
class Loaded:
    """All definitions. Only when `mistakes` is empty are they fit for use."""

    elements: Mapping[str, Element]
    lists: Mapping[str, CodeList]
    forms: Mapping[str, FormDef]
    examples: Mapping[str, tuple[Example, ...]]
    members: Mapping[str, tuple[MemberExample, ...]]
    mistakes: tuple[Mistake, ...]


@dataclass
class _Reading:
    folders: Sequence[Path]
    mistakes: list[Mistake] = field(default_factory=list)

    def tables(self, *kinds: str) -> Iterator[Table]:
        for folder in self.folders:
            for kind in kinds:
                for path in sorted((folder / kind).glob("*.yaml")):
                    page = Page(f"{folder.name}/{kind}/{path.name}", self.mistakes)
                    table = page.compose(path.read_text(encoding="utf-8"))
                    if table is not None:
                        yield table


def load_all(folders: Sequence[Path]) -> Loaded:
    """Read every definition below the folders and run its examples."""
    reading = _Reading(folders)
    lists: dict[str, CodeList] = {}
    for top in reading.tables("codes"):
        for one in read_code_lists(top):
            _add(lists, one.key, one, top, f"duplicate code list {one.key}")
    elements: dict[str, Element] = {}
    for top in reading.tables("elements"):
        for table, element in read_elements(top, lists):
            _add(elements, element.key, element, table, f"duplicate element {element.key}")
    drafts: dict[str, Draft] = {}
    for top in reading.tables(*FORM_FOLDERS):
        draft = read_form(top, Dictionary(elements, lists))
        _add(drafts, draft.form.code, draft, top, f"duplicate form {draft.form.code}")
    agree(drafts)
    examples = {code: read_examples(draft) for code, draft in drafts.items()}
    if not reading.mistakes:
        for code, draft in drafts.items():
            member = draft.form.membership
            register = drafts[member.of].form if member else None
            run_examples(draft, *examples[code], of=register)
    return Loaded(
        elements=elements,
        lists=lists,
        forms={code: draft.form for code, draft in drafts.items()},
        examples={code: plain for code, (plain, _) in examples.items()},
        members={code: members for code, (_, members) in examples.items()},
        mistakes=tuple(sorted(reading.mistakes)),
    )


def _add(found: dict[str, T], key: str, value: T, table: Table, wrong: str) -> None:
    if key in found:
        table.wrong("key", wrong, "each once")
    else:
        found[key] = value
