"""Rows. Imported by store.py only."""

from tortoise import fields

from backend.core.db import Scoped


class CoverRow(Scoped):
    """How many old people who live alone a committee has visited this quarter. Counted at night,
    because it goes through everybody in the register."""

    id = fields.UUIDField(primary_key=True)
    quarter = fields.CharField(8)
    as_of = fields.DateField()
    alone = fields.IntField()
    visited = fields.IntField()

    class Meta:
        table = "board_cover"
        unique_together = (("area",),)
