"""What changed between two versions of a form, and which answers survive the change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from backend.engine.form.answers import Answer
from backend.engine.form.definition import Field, FormDef, field_json

# Changes of these make a field another question; a new hint or formula does not.
_MATTERS = ("label", "type", "unit", "codes", "columns", "required", "min", "max", "ref")


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is new, gone, or asks something else now."""

    field: str
    label: str
    what: Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class Difference:
    """From one version to another, in the order of the newer form, what is gone at the end."""

    changes: tuple[Change, ...]
    kept: frozenset[str]

    def carry(self, answers: Mapping[str, Answer]) -> dict[str, Answer]:
        """The answers that still fit: those to fields of the same type that are still there.

        A code that is no longer in its list stays, so that the person is told, not silenced.
        """
        return {key: value for key, value in answers.items() if key in self.kept}


def compare(old: FormDef, new: FormDef) -> Difference:
    """What a person who began with `old` must know about `new`."""
    before = {field.key: field for field in old.fields}
    after = {field.key: field for field in new.fields}
    changes = [
        Change(key, field.label, "changed" if key in before else "added")
        for key, field in after.items()
        if key not in before or _asks(before[key]) != _asks(field)
    ]
    gone = [
        Change(key, field.label, "removed") for key, field in before.items() if key not in after
    ]
    kept = frozenset(key for key in after if key in before and before[key].type == after[key].type)
    return Difference((*changes, *gone), kept)


def _asks(field: Field) -> dict[str, object]:
    body = field_json(field)
    return {name: body.get(name) for name in _MATTERS}
