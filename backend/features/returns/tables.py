"""Rows. Imported by store only."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from backend.core.db import Scoped


class TaskRow(Scoped):
    """A form or report × period, asked of the committees of a street (`area`) until a day.

    A flash report (快报) is due at a moment. While the street is in an emergency a routine task
    rests since `paused_on`: nobody is reminded of it, and it is not late.
    """

    id = fields.UUIDField(primary_key=True)
    form = fields.CharField(12)
    version = fields.IntField()
    period = fields.CharField(16)
    opened_on = fields.DateField()
    cut_off = fields.DateField()
    due_on = fields.DateField()
    due_at = fields.DatetimeField(null=True)
    paused_on = fields.DateField(null=True)
    state = fields.CharField(8)  # open closed
    one_off = fields.BooleanField(default=False)
    by = fields.CharField(64, source_field="by_name")
    at = fields.DatetimeField()

    class Meta:
        table = "task"
        unique_together = (("form", "period", "area"),)


class ReturnRow(Scoped):
    """One committee's answer to a task (填报). `known` is the snapshot of what the system knew.

    `answers` holds only what a person gave: asked figures and overrides of computed ones.
    `open` is null while everything may be edited; after a send-back it lists the open fields.
    """

    id = fields.UUIDField(primary_key=True)
    task_id = fields.UUIDField()
    form = fields.CharField(12)
    version = fields.IntField()
    period = fields.CharField(16)
    state = fields.CharField(10)  # draft checking submitted returned approved
    n = fields.IntField(default=0)  # versions submitted so far
    rev = fields.IntField(default=0)  # of the draft: optimistic lock
    answers: dict[str, Any] = fields.JSONField()
    reasons: dict[str, str] = fields.JSONField()
    known: dict[str, Any] = fields.JSONField()
    open: list[str] | None = fields.JSONField(null=True, source_field="open_fields")
    asked_left = fields.IntField(default=0)
    saved_at = fields.DatetimeField(null=True)
    submitted_at = fields.DatetimeField(null=True)
    digest = fields.CharField(64, null=True)

    class Meta:
        table = "form_return"
        unique_together = (("task_id", "area"),)


class VersionRow(Scoped):
    """What was submitted, as it was: never changed, whatever becomes of the return."""

    id = fields.UUIDField(primary_key=True)
    return_id = fields.UUIDField()
    n = fields.IntField()
    version = fields.IntField()
    answers: dict[str, Any] = fields.JSONField()
    reasons: dict[str, str] = fields.JSONField()
    known: dict[str, Any] = fields.JSONField()
    figures: dict[str, Any] = fields.JSONField()  # the final value of every field
    digest = fields.CharField(64)
    by = fields.CharField(64, source_field="by_name")
    at = fields.DatetimeField()

    class Meta:
        table = "return_version"
        unique_together = (("return_id", "n"),)


class StepRow(Scoped):
    """What happened to a return, in order: opened, submitted, checked, sent back, approved."""

    id = fields.UUIDField(primary_key=True)
    return_id = fields.UUIDField()
    what = fields.CharField(12)
    n = fields.IntField()
    by_id = fields.UUIDField(null=True)
    by = fields.CharField(64, source_field="by_name")
    at = fields.DatetimeField()
    note = fields.CharField(500, null=True)

    class Meta:
        table = "return_step"


class RemarkRow(Scoped):
    """One field sent back with a remark, against version `n`."""

    id = fields.UUIDField(primary_key=True)
    return_id = fields.UUIDField()
    n = fields.IntField()
    field = fields.CharField(40)
    remark = fields.CharField(500)
    by = fields.CharField(64, source_field="by_name")
    at = fields.DatetimeField()

    class Meta:
        table = "return_remark"


class LookRow(Model):
    """Up to which version a reviewer has seen a return, so changes since then can be shown."""

    id = fields.UUIDField(primary_key=True)
    return_id = fields.UUIDField()
    reader_id = fields.UUIDField()
    n = fields.IntField()
    at = fields.DatetimeField()

    class Meta:
        table = "return_look"
        unique_together = (("return_id", "reader_id"),)
