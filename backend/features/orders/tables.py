"""Rows. Imported by store only.

What hangs on an order (steps, clocks, parts) has no area of its own: an order may move to another
committee, and whoever reaches the order reaches them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from backend.core.db import Scoped


class OrderRow(Scoped):
    """A work order (工单). `area` is a committee, or the street while nobody knows which one.

    Closed, solved and satisfied are three things: `closed_at` is ours, `solved` and `satisfied`
    are the caller's word. `due_at` and `due_kind` repeat the clock that runs out first.
    """

    id = fields.UUIDField(primary_key=True)
    no = fields.CharField(40)
    source = fields.CharField(2)  # case_source
    system = fields.CharField(24)  # the feed or slice it came by, with its number there
    system_no = fields.CharField(80)
    appeal_type = fields.CharField(1)  # appeal_type
    category = fields.CharField(16, null=True)  # forms/orders/categories.yaml
    severity = fields.CharField(1)  # A B C
    urge = fields.CharField(4)  # 一般 紧急 特急
    title = fields.CharField(100)
    content = fields.TextField()  # sealed, as are the next two
    caller_name = fields.TextField(null=True)
    caller_phone = fields.TextField(null=True)
    phone_bi = fields.BinaryField(null=True)
    hide_name = fields.BooleanField(default=False)
    place = fields.CharField(200)
    house_id = fields.UUIDField(null=True)
    building_id = fields.UUIDField(null=True)
    lng = fields.FloatField(null=True)  # GCJ-02
    lat = fields.FloatField(null=True)
    grid = fields.CharField(24, null=True)
    guess: dict[str, Any] = fields.JSONField()  # why this category and place
    photos: list[str] = fields.JSONField()  # before
    photos_after: list[str] = fields.JSONField()
    stage = fields.CharField(12)
    unit_id: UUID | None = fields.UUIDField(null=True)
    handler_id: UUID | None = fields.UUIDField(null=True)
    handler = fields.CharField(64, null=True)
    own = fields.BooleanField(default=False)  # found and dealt with by the committee itself
    reported_by = fields.UUIDField(null=True)
    reporter = fields.CharField(64, null=True)
    officer_id = fields.UUIDField(null=True)
    received_at = fields.DatetimeField()
    filed_at = fields.DatetimeField(null=True)
    dispatched_at = fields.DatetimeField(null=True)
    signed_at = fields.DatetimeField(null=True)
    contacted_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)
    verified_at = fields.DatetimeField(null=True)
    called_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    measure = fields.TextField(null=True)  # what was done, internal
    reply = fields.TextField(null=True)  # what the public is told, written apart
    result = fields.CharField(8, null=True)  # 已解决 部分解决 解释说明 无法解决 诉求过高
    handle = fields.CharField(8, null=True)  # 自行处置 协调处置
    verifier = fields.CharField(64, null=True)
    solved = fields.BooleanField(null=True)
    satisfied = fields.CharField(8, null=True)  # 满意 基本满意 不满意 未接通
    returned = fields.IntField(default=0)
    redo = fields.IntField(default=0)
    reopened = fields.IntField(default=0)
    posted = fields.IntField(default=0)  # how many ledger entries it was worth so far
    back = fields.CharField(4, default="无")  # 无 申请中 批准 驳回, as the next three
    extend = fields.CharField(4, default="无")
    pause = fields.CharField(4, default="无")
    appeal = fields.CharField(4, default="无")  # somebody says a second time: not solved
    asked: dict[str, Any] = fields.JSONField()  # what is asked for: unit, days, reason
    designated = fields.BooleanField(default=False)  # 指定承办: may not be sent back again
    duplicate_of = fields.UUIDField(null=True)
    parent_id = fields.UUIDField(null=True)
    public = fields.BooleanField(default=False)
    due_at: datetime | None = fields.DatetimeField(null=True)
    due_kind = fields.CharField(8, null=True)
    rev = fields.IntField(default=0)
    updated_at = fields.DatetimeField()

    class Meta:
        table = "work_order"
        unique_together = (("system", "system_no"),)


class OrderStepRow(Model):
    """What happened to an order. `note` stays in the house, `words` may be told to the public."""

    id = fields.UUIDField(primary_key=True)
    order_id = fields.UUIDField()
    act = fields.CharField(16)
    from_stage = fields.CharField(12, null=True)
    to_stage = fields.CharField(12)
    by_id = fields.UUIDField(null=True)
    by = fields.CharField(64, source_field="by_name")
    unit_id = fields.UUIDField(null=True)
    at = fields.DatetimeField()  # when it happened; on a phone without network, earlier than
    recorded_at = fields.DatetimeField()
    note = fields.TextField(null=True)
    words = fields.TextField(null=True)
    photos: list[str] = fields.JSONField()
    facts: dict[str, Any] = fields.JSONField()

    class Meta:
        table = "order_step"


class OrderClockRow(Model):
    """A limit that runs on an order. `rule` is the digest of the calendar it was computed by."""

    id = fields.UUIDField(primary_key=True)
    order_id = fields.UUIDField()
    kind = fields.CharField(8)  # file dispatch sign contact handle verify rehandle
    amount = fields.FloatField()
    unit = fields.CharField(8)  # 紧急工作时 工作时 工作日
    round_clock = fields.BooleanField(default=False)  # in an emergency every hour counts
    started_at = fields.DatetimeField()
    pauses: list[list[str | None]] = fields.JSONField()
    half_at: datetime | None = fields.DatetimeField(null=True)
    most_at: datetime | None = fields.DatetimeField(null=True)
    due_at: datetime | None = fields.DatetimeField(null=True)  # null while it is stopped
    met_at: datetime | None = fields.DatetimeField(null=True)
    void = fields.BooleanField(default=False)  # ended without being met: sent back, merged
    alarmed = fields.SmallIntField(default=0)  # 0 50 80 100
    next_alarm_at: datetime | None = fields.DatetimeField(null=True)
    rule = fields.CharField(16)

    class Meta:
        table = "order_clock"


class OrderPartRow(Model):
    """The share of one more unit in an order: in sequence (`place` 1, 2, …) or all side by side."""

    id = fields.UUIDField(primary_key=True)
    order_id = fields.UUIDField()
    place = fields.SmallIntField()
    unit_id = fields.UUIDField()
    task = fields.CharField(300)
    state = fields.CharField(8)  # waiting open done
    opened_at = fields.DatetimeField(null=True)
    done_at = fields.DatetimeField(null=True)
    done_by = fields.CharField(64, null=True)
    did = fields.TextField(null=True)

    class Meta:
        table = "order_part"
        unique_together = (("order_id", "unit_id"),)


class OrderUnitRow(Scoped):
    """Who handles orders: a committee, or a unit of a street whose people have its key as duty."""

    id = fields.UUIDField(primary_key=True)
    key = fields.CharField(24)
    name = fields.CharField(80)
    kind = fields.CharField(12)  # committee property enforcement station section other
    categories: list[str] = fields.JSONField()  # what it usually gets
    live = fields.BooleanField(default=True)

    class Meta:
        table = "order_unit"
        unique_together = (("area", "key"),)


class OrderLessonRow(Scoped):
    """A person corrected a category; the classifier learns from it. No level 3 words."""

    id = fields.UUIDField(primary_key=True)
    order_id = fields.UUIDField()
    words = fields.CharField(100)
    was = fields.CharField(16, null=True)
    category = fields.CharField(16)
    by = fields.CharField(64, source_field="by_name")
    at = fields.DatetimeField()

    class Meta:
        table = "order_lesson"


class OrderNumberRow(Scoped):
    """The last number given to an order of a street on a day."""

    id = fields.UUIDField(primary_key=True)
    day = fields.DateField()
    last_no = fields.IntField()

    class Meta:
        table = "order_number"
        unique_together = (("area", "day"),)
