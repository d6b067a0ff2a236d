"""Values as people read them: codes by their label, money in 元, days, places and names."""

from typing import Any

from backend.engine.form.definition import Field
from backend.engine.text.divisions import division_text, grid_text
from backend.engine.text.money import yuan_short

_LONGEST = 300
DIVISIONS = "GB/T 2260"


def text_of(field: Field, value: Any) -> str:
    """The readable form of a stored value; empty for nothing."""
    if value is None or value in ("", []):
        return ""
    if field.type == "bool":
        return "是" if value else "否"
    if field.type == "money":
        return yuan_short(int(value))
    if field.type == "datetime":
        return str(value)[:16].replace("T", " ")
    if field.type in ("photos", "files"):
        return f"{len(value)} 张" if field.type == "photos" else f"{len(value)} 个"
    if field.type == "table":
        return "；".join(_row(field, row) for row in value)[:_LONGEST]
    return _words(field, value)


def _words(field: Field, value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_words(field, one) for one in value)
    if isinstance(value, dict):
        return str(value.get("label") or value.get("name") or value.get("id") or "")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if field.codes is not None:
        return next((code.label for code in field.codes if code.code == value), str(value))
    if field.standard == DIVISIONS:
        return division_text(str(value))
    return grid_text(str(value)) if field.ref == "grid" else str(value)


def _row(field: Field, row: dict[str, Any]) -> str:
    columns = field.columns or ()
    return " ".join(text for c in columns if (text := text_of(c, row.get(c.key))))
