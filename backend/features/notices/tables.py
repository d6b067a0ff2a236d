"""Rows. Imported by store only."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class NoticeRow(Model):
    """One message to one person, written in the transaction of what it tells about.

    `key` names the event: a person is told of it once. `until` is the lease of whoever is
    sending it just now. `msgid` is WeCom's, for taking the message back within a day.
    """

    id = fields.UUIDField(primary_key=True)
    key = fields.CharField(120)
    staff_id = fields.UUIDField()
    corp_id = fields.CharField(64)
    userid = fields.CharField(64)
    template = fields.CharField(48)
    facts: dict[str, Any] = fields.JSONField()
    state = fields.CharField(8)  # waiting sending sent failed
    send_after = fields.DatetimeField()
    until = fields.DatetimeField(null=True)
    tries = fields.IntField(default=0)
    created_at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True)
    msgid = fields.CharField(128, null=True)
    failure = fields.CharField(48, null=True)

    class Meta:
        table = "notice"
        unique_together = (("key", "staff_id"),)
