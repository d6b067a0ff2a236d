"""Rows of the feeds' own bookkeeping. Imported by the store only.

No personal value stands in clear.
"""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from backend.core.db import Scoped


class FeedCursorRow(Model):
    """How far a stream of a feed has been taken over; moves with the page, in its transaction."""

    feed = fields.CharField(24)
    stream = fields.CharField(24)
    cursor = fields.CharField(400)
    moved_at = fields.DatetimeField()
    id = fields.UUIDField(primary_key=True)

    class Meta:
        table = "feed_cursor"
        unique_together = (("feed", "stream"),)


class FeedRunRow(Model):
    """One pull of a feed, from its start to its end, across as many workers as it took; or all
    that was pushed on a `day`."""

    id = fields.UUIDField(primary_key=True)
    feed = fields.CharField(24)
    state = fields.CharField(8)  # running done failed pushed
    day = fields.DateField(null=True)
    started_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    seen = fields.IntField(default=0)
    added = fields.IntField(default=0)
    changed = fields.IntField(default=0)
    same = fields.IntField(default=0)
    refused = fields.IntField(default=0)
    problem = fields.TextField(null=True)

    class Meta:
        table = "feed_run"


class FeedMemoryRow(Model):
    """A row of a source that became something which keeps no digest itself (an order, a device).

    Known by its number and digest, a row that comes again by whatever way is not taken twice.
    """

    id = fields.UUIDField(primary_key=True)
    feed = fields.CharField(24)
    stream = fields.CharField(24)
    source_id = fields.CharField(64)
    digest = fields.BinaryField()
    at = fields.DatetimeField()

    class Meta:
        table = "feed_memory"
        unique_together = (("feed", "stream", "source_id"),)


class FeedPushRow(Model):
    """A push that was taken over, by the number its sender gave it: it counts once."""

    id = fields.UUIDField(primary_key=True)
    feed = fields.CharField(24)
    nonce = fields.CharField(64)
    at = fields.DatetimeField()

    class Meta:
        table = "feed_push"
        unique_together = (("feed", "nonce"),)


class QuarantineRow(Scoped):
    """A row of a source that was not taken over, and why. The row itself is sealed."""

    id = fields.UUIDField(primary_key=True)
    feed = fields.CharField(24)
    stream = fields.CharField(24)
    source_id = fields.CharField(64)
    field = fields.CharField(40)
    reason = fields.CharField(200)
    whole = fields.BooleanField()  # row refused; otherwise only this value was left out
    row = fields.TextField()
    masked: dict[str, Any] = fields.JSONField()
    at = fields.DatetimeField()

    class Meta:
        table = "feed_quarantine"
        unique_together = (("feed", "stream", "source_id", "field"),)
