"""Rows. Imported by store.py only."""

from tortoise import fields

from backend.core.db import Scoped


class MaterialRow(Scoped):
    """One uploaded picture. Its two sizes lie in the file store under its area and id.

    `released` is a copy of another one that somebody has looked over and covered where needed: it
    may be shown to anybody.
    """

    id = fields.UUIDField(primary_key=True)
    sha = fields.CharField(64)  # SHA-256 of what was sent: the same picture sent twice is one
    size = fields.IntField()
    width = fields.IntField()
    height = fields.IntField()
    by_id = fields.UUIDField(null=True)
    by = fields.CharField(64, source_field="by_name")
    at = fields.DatetimeField()
    copy_of = fields.UUIDField(null=True)
    released = fields.BooleanField(default=False)
    used_by = fields.CharField(120, null=True)  # entry:<uuid>; until then nobody needs it

    class Meta:
        table = "material"
