"""Rows. Imported by store only.

What hangs on a device (watches, signals) has no area of its own: whoever reaches the device
reaches them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from backend.core.db import Scoped


class DeviceRow(Scoped):
    """A sensor and where it hangs. `tuned` are levels of its own, by signal; while `paused_until`
    lies ahead its alarms are only counted."""

    id = fields.UUIDField(primary_key=True)
    source = fields.CharField(24)  # the feed's key, or 自采
    source_id = fields.CharField(64)
    kind = fields.CharField(12)
    state = fields.CharField(4)  # 在用 停用 检修 报废 待核
    model = fields.CharField(60, null=True)
    place = fields.CharField(200)
    building_id: UUID | None = fields.UUIDField(null=True)
    lng = fields.FloatField(null=True)  # GCJ-02
    lat = fields.FloatField(null=True)
    grid = fields.CharField(24, null=True)
    installed_on = fields.DateField(null=True)
    heard_at: datetime | None = fields.DatetimeField(null=True)
    battery = fields.SmallIntField(null=True)
    tuned: dict[str, Any] = fields.JSONField(default=dict)
    paused_until = fields.DateField(null=True)
    note = fields.CharField(200, null=True)
    by_hand: list[str] = fields.JSONField(default=list)  # what no feed overwrites any more
    rev = fields.IntField(default=0)
    updated_at = fields.DatetimeField()

    class Meta:
        table = "sensor_device"
        unique_together = (("source", "source_id"),)


class WatchRow(Model):
    """What is remembered of a device's signal between alarms; see engine/sensors/fold.py."""

    id = fields.UUIDField(primary_key=True)
    device_id = fields.UUIDField()
    signal = fields.CharField(24)
    since: list[str | None] = fields.JSONField()
    waiting = fields.IntField()
    last_at: datetime | None = fields.DatetimeField(null=True)
    last_value = fields.FloatField(null=True)
    alarm_id: UUID | None = fields.UUIDField(null=True)  # the last one

    class Meta:
        table = "sensor_watch"
        unique_together = (("device_id", "signal"),)


class SignalRow(Model):
    """Everything a device has said, for a while: nothing is lost in what it was merged into."""

    id = fields.UUIDField(primary_key=True)
    device_id = fields.UUIDField()
    alarm_id: UUID | None = fields.UUIDField(null=True)
    source = fields.CharField(24)
    source_id = fields.CharField(64)
    digest = fields.BinaryField()
    signal = fields.CharField(24)
    value = fields.FloatField(null=True)
    words = fields.CharField(200, null=True)
    at = fields.DatetimeField()
    taken_at = fields.DatetimeField()

    class Meta:
        table = "sensor_signal"
        unique_together = (("source", "source_id"),)


class AlarmRow(Scoped):
    """An alarm: the same signal of one device, however often it was said, until somebody ends it.

    `rev` counts what people did to it; signals only add.
    """

    id = fields.UUIDField(primary_key=True)
    device_id = fields.UUIDField()
    building_id: UUID | None = fields.UUIDField(null=True)
    kind = fields.CharField(12)
    signal = fields.CharField(24)
    level = fields.SmallIntField()
    state = fields.CharField(5)  # open real false ended
    first_at = fields.DatetimeField()
    last_at = fields.DatetimeField()
    count = fields.IntField()
    worst = fields.FloatField(null=True)
    bound = fields.FloatField(null=True)  # that the value went beyond
    recovered_at: datetime | None = fields.DatetimeField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    past = fields.BooleanField()
    order_id: UUID | None = fields.UUIDField(null=True)
    reason = fields.CharField(12, null=True)  # why it was false
    note = fields.CharField(500, null=True)
    judged_at: datetime | None = fields.DatetimeField(null=True)
    judge = fields.CharField(64, null=True)
    rev = fields.IntField(default=0)

    class Meta:
        table = "sensor_alarm"


class WarningRow(Scoped):
    """What several sources together point to in one building (多源预警), with its reasons."""

    id = fields.UUIDField(primary_key=True)
    danger = fields.CharField(12)
    building_id = fields.UUIDField()
    place = fields.CharField(200)
    state = fields.CharField(6)  # open closed
    points = fields.IntField()
    reasons: list[dict[str, Any]] = fields.JSONField()
    raised_at = fields.DatetimeField()
    last_at = fields.DatetimeField()  # of its newest reason
    order_id: UUID | None = fields.UUIDField(null=True)
    closed_at: datetime | None = fields.DatetimeField(null=True)
    closed_by = fields.CharField(64, null=True)
    note = fields.CharField(500, null=True)
    rev = fields.IntField(default=0)

    class Meta:
        table = "sensor_warning"
