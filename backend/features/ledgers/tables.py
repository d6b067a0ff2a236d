"""Rows. Imported by store.py only."""

from typing import Any

from tortoise import fields

from backend.core.db import Scoped


class EntryRow(Scoped):
    """One entry of a ledger (台账). Its content is never edited: a correction is a counter-entry.

    `data` holds what may be read and counted, `secret` sealed tokens; both keyed by field.
    `live` is false once the entry has been reversed; a trigger guards everything else.
    """

    id = fields.UUIDField(primary_key=True)
    ledger = fields.CharField(8)
    version = fields.IntField()
    no = fields.CharField(24)
    day = fields.DateField()  # the business day: of the visit, of the receipt of a dispute
    at = fields.DatetimeField()
    grid = fields.CharField(24, null=True)
    person_id = fields.UUIDField(null=True)
    household_id = fields.UUIDField(null=True)
    house_id = fields.UUIDField(null=True)
    data: dict[str, Any] = fields.JSONField()
    secret: dict[str, str] = fields.JSONField()
    photos: list[str] = fields.JSONField()
    wrote = fields.CharField(60)  # what wrote it: a form's code, return:<id>, 更正
    key = fields.CharField(80)  # of the writing event: an event posted twice is one entry
    corrects = fields.UUIDField(null=True)
    reason = fields.CharField(500, null=True)
    live = fields.BooleanField(default=True)
    by_id = fields.UUIDField(null=True)
    by = fields.CharField(64, source_field="by_name")
    created_at = fields.DatetimeField()
    digest = fields.BinaryField()

    class Meta:
        table = "ledger_entry"
        unique_together = (("ledger", "key"),)


class NumberRow(Scoped):
    """The last number given to an entry of a ledger in a committee and year."""

    id = fields.UUIDField(primary_key=True)
    ledger = fields.CharField(8)
    year = fields.IntField()
    last_no = fields.IntField()

    class Meta:
        table = "ledger_number"
        unique_together = (("ledger", "area", "year"),)
