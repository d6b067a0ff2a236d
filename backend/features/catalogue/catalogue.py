"""The forms in force, read once from `forms/`: a port that use cases ask for by type."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

from backend.core import problems
from backend.engine.clocks.load import load_calendar
from backend.engine.clocks.read_hours import load_hours
from backend.engine.clocks.worked import WorkedHours, worked_hours
from backend.engine.form.definition import FormDef
from backend.engine.form.elements import CodeList, Element
from backend.engine.form.load import Loaded, load_all
from backend.engine.orders.categories import read_categories


class Mistaken(ValueError):
    """The definitions cannot be used; every mistake stands on a line of its own."""


class Catalogue:
    """Definitions in force by code, every known version, the elements and the code lists, the
    working hours that figures are reckoned by, and the paths of the classes of orders."""

    def __init__(self, loaded: Loaded, hours: WorkedHours, paths: Mapping[str, str]) -> None:
        self.hours = hours
        self.paths = paths
        self.forms: Mapping[str, FormDef] = loaded.forms
        self.elements: Mapping[str, Element] = loaded.elements
        self.lists: Mapping[str, CodeList] = loaded.lists
        self.versions: dict[tuple[str, int], FormDef] = {
            (form.code, form.version): form for form in self.forms.values()
        }

    @classmethod
    def read(cls, folders: Sequence[Path]) -> Self:
        """Load all folders, the calendar from the first; raises Mistaken with every mistake."""
        loaded = load_all(folders)
        if loaded.mistakes:
            raise Mistaken("\n".join(str(mistake) for mistake in loaded.mistakes))
        days = folders[0] / "calendar"
        calendar = load_calendar(days)
        hours = worked_hours(calendar, load_hours(days / "hours.yaml", calendar))
        return cls(loaded, hours, {one.code: one.path for one in read_categories(folders)})

    def remember(self, versions: Iterable[FormDef]) -> None:
        """Older versions from the database, for returns that were made with them."""
        for form in versions:
            self.versions.setdefault((form.code, form.version), form)

    def form(self, code: str) -> FormDef:
        """The version in force."""
        found = self.forms.get(code)
        if found is None:
            raise problems.not_found(kind="表单")
        return found

    def definition(self, code: str, version: int) -> FormDef:
        """A version as it was when an answer was given with it."""
        found = self.versions.get((code, version))
        if found is None:
            raise problems.not_found(kind="表单版本")
        return found

    def title(self, code: str) -> str:
        """The title of a form in force, or the code itself for one that is not."""
        found = self.forms.get(code)
        return found.title if found else code

    def of_kind(self, kind: str) -> list[FormDef]:
        return [form for form in self.forms.values() if form.kind == kind]

    def label(self, list_key: str, code: str) -> str:
        """The Chinese label of a code; the code itself when the list does not have it."""
        entries = self.lists[list_key].codes if list_key in self.lists else ()
        return next((entry.label for entry in entries if entry.code == code), code)
