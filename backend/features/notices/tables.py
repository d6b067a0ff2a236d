"""Rows. Imported by store only."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class NoticeRow(Model):
    """One message to one person, written in the transaction of what it tells about.

    `key` names the event: a person is told of it once. `until` is the lease of whoever is
    sending it just now. `msgid` is WeCom's, for taking the message back within a day. One to an
    experience officer has no corp; `staff_id` is the officer.

    A card with buttons is known to WeCom by its `task`. `card` and `about` say whose acts its
    buttons are and on what; `left` those still to be pressed, `said` what came of the last one.
    `code` lets the card be changed once; it is `stale` while the phone shows something else.
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
    task = fields.CharField(128, null=True)
    card = fields.CharField(16, null=True)
    about = fields.UUIDField(null=True)
    left: list[str] | None = fields.JSONField(null=True, source_field="left_keys")
    said = fields.CharField(200, null=True)
    label = fields.CharField(12, null=True)
    code = fields.TextField(null=True)
    stale = fields.BooleanField(default=False)

    class Meta:
        table = "notice"
        unique_together = (("key", "staff_id"), ("corp_id", "task"))
