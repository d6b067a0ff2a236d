"""Looking up the forms in force."""

from typing import Any

from backend.core.access import Actor, look
from backend.engine.form.definition import to_json
from backend.features.catalogue.catalogue import Catalogue
from backend.features.catalogue.shapes import FormLine


@look("form.read", "查看表单目录")
async def listing(actor: Actor, catalogue: Catalogue) -> list[FormLine]:
    """The catalogue: every register, ledger and report in force."""
    keys = ("code", "title", "kind", "version", "freq", "asker")
    return [
        FormLine(**{key: getattr(form, key) for key in keys}) for form in catalogue.forms.values()
    ]


@look("form.read", "查看表单目录")
async def one(actor: Actor, catalogue: Catalogue, code: str) -> dict[str, Any]:
    """One definition as the phone's form engine reads it."""
    return to_json(catalogue.form(code))
