"""Rows. Imported by store.py only."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class FormVersionRow(Model):
    """One version of a definition as it once was in force, so that old returns stay readable."""

    id = fields.UUIDField(primary_key=True)
    code = fields.CharField(12)
    version = fields.IntField()
    sha = fields.CharField(64)
    body: dict[str, Any] = fields.JSONField()
    in_force_from = fields.DateField()
    at = fields.DatetimeField()

    class Meta:
        table = "form_version"
        unique_together = (("code", "version"),)
